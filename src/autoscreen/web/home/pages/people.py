"""The people of a server: accounts, roles, invitations and links for a new password."""

from __future__ import annotations

from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.web.accounts.account_file import SERVER
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_visit import HomeVisit
from autoscreen.web.once_only import SentLink, send_invitation, send_reset
from autoscreen.web.pages.team import activity_log, invitation_withdrawn, role_of
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash


async def invite(visit: HomeVisit) -> Response:
    """Create an invitation to the server or to one of its reviews."""
    number, role = await visit.field("review"), role_of(await visit.field("role"))
    review = visit.reviews.by_number(int(number)) if number.isdecimal() else None
    if number and review is None:
        raise InputError("there is no such review", hint="load the page again")
    access = visit.state.access.within(review.id if review else SERVER)
    if review is None and role is not Role.OWNER:
        role = Role.OBSERVER  # on the server alone it says only that there is an account
    sent = await send_invitation(visit, access, role)
    return await page(visit, sent)


async def withdraw(visit: HomeVisit) -> Response:
    """Withdraw an invitation."""
    return await invitation_withdrawn(visit, back="/people")


async def reset(visit: HomeVisit) -> Response:
    """Create a link with which a person sets a new password."""
    return await page(visit, await send_reset(visit, await visit.field("name")))


async def change_role(visit: HomeVisit) -> Response:
    """Make a person an owner of the server, or no longer one."""
    name, owner = await visit.field("name"), await visit.field("owner") == "1"
    role = Role.OWNER if owner else Role.OBSERVER
    try:
        visit.state.access.set_role(name, role)
    except AutoscreenError as error:
        return visit.problem("/people", error)
    visit.note("changed a role", f"{name}: {'owner of the server' if owner else 'member'}")
    text = f"{name} is {'now' if owner else 'no longer'} an owner of this server."
    return visit.redirect("/people", Flash(text=text))


async def remove(visit: HomeVisit) -> Response:
    """Remove an account from the server; the decisions of the person stay."""
    name = await visit.field("name")
    try:
        visit.state.access.leave(name)
    except AutoscreenError as error:
        return visit.problem("/people", error)
    visit.note("removed an account", name)
    text = f"{name} can no longer sign in. Their decisions are kept."
    flash = Flash(text=text, undo="/people/return", values=(("name", name),))
    return visit.redirect("/people", flash)


async def take_back(visit: HomeVisit) -> Response:
    """Restore a removed account."""
    name = await visit.field("name")
    visit.state.access.come_back(name)
    visit.note("restored an account", name)
    return visit.redirect("/people", Flash(text=f"{name} can sign in again."))


async def page(visit: HomeVisit, sent: SentLink | None = None) -> Response:
    """Show the people, with a link that was just made."""
    access = visit.state.access
    names = {one.id: one.name for one in visit.reviews.reviews()}
    accounts = access.accounts() if access.team else []
    roles = {
        one.name: [
            (names[number], role.word)
            for number, role in access.roles(one.name).items()
            if number in names
        ]
        for one in accounts
    }
    return visit.render(
        "home/people.html",
        accounts=accounts,
        roles=roles,
        reviews=names,
        pending=[(one, visit.state.invited_to(one)) for one in access.links.pending()],
        sent=sent,
    )


ROUTES = (
    Route(path="/people", handler=page, role=Role.OWNER),
    Route(path="/people/log", handler=activity_log, role=Role.OWNER),
    Route(path="/people/invite", handler=invite, role=Role.OWNER, method="POST"),
    Route(path="/people/withdraw", handler=withdraw, role=Role.OWNER, method="POST"),
    Route(path="/people/reset", handler=reset, role=Role.OWNER, method="POST"),
    Route(path="/people/role", handler=change_role, role=Role.OWNER, method="POST"),
    Route(path="/people/remove", handler=remove, role=Role.OWNER, method="POST"),
    Route(path="/people/return", handler=take_back, role=Role.OWNER, method="POST"),
)
