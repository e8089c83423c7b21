"""Sign-in, sign-out and invitations; the same for one review and for many."""

from __future__ import annotations

import asyncio
import hmac
import math

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from autoscreen.errors import AutoscreenError
from autoscreen.web.accounts.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, SiteVisit

_AFTER_NEW = "/sign-in?after=password"
"""Where whoever has a new password signs in with it; without a session there is no flash."""


async def start(visit: SiteVisit) -> Response:
    """Sign in with the start link, which works once."""
    if not _is_start_token(visit, visit.path("token")):
        if visit.visitor.role is not Role.ANYONE:  # the link again, when signed in
            return RedirectResponse("/", status_code=303)
        return visit.render("sign_in/used.html", status=403)
    if visit.state.access.team:
        return visit.render("sign_in/first.html", token=visit.state.start_token, text="")
    visit.state.start_token = ""
    return _signed_in(visit, visit.state.reviewer, account=False)


async def first_owner(visit: SiteVisit) -> Response:
    """Create the first account, an owner."""
    token, name = await visit.field("token"), await visit.field("name")
    password = await visit.field("password")
    if not visit.state.access.team or not _is_start_token(visit, token):
        raise HTTPException(403)
    visit.state.start_token = ""  # before the wait, during which it may be submitted again
    try:
        await asyncio.to_thread(visit.state.access.add_account, name, password, Role.OWNER)
    except Exception as error:
        visit.state.start_token = token
        if not isinstance(error, AutoscreenError):
            raise
        return visit.render(
            "sign_in/first.html", status=400, token=token, text=visit.message(error)
        )
    visit.state.access.note(name, "created the first account", address=visit.address)
    return _signed_in(visit, " ".join(name.split()), account=True)


async def sign_in_form(visit: SiteVisit) -> Response:
    """Show the form; a person working alone is asked to use the link."""
    if not visit.state.access.team:
        return visit.render("sign_in/used.html", status=401)
    return visit.render("sign_in/sign_in.html", name="", text="", after=visit.query("after"))


async def sign_in(visit: SiteVisit) -> Response:
    """Check name and password."""
    if not visit.state.access.team:
        raise HTTPException(404)
    name, password = await visit.field("name"), await visit.field("password")
    client = name, visit.address
    if (pause := visit.state.attempts.start(*client)) > 0:
        raise HTTPException(429, headers={"Retry-After": str(math.ceil(pause))})
    found = await asyncio.to_thread(visit.state.access.check, name, password)
    if found is None:
        visit.state.access.note(name[:80], "could not sign in", address=visit.address)
        text = "Wrong name or password."
        return visit.render("sign_in/sign_in.html", status=403, name=name, text=text, after="")
    visit.state.attempts.succeeded(*client)
    visit.state.access.note(found, "signed in", address=visit.address)
    return _signed_in(visit, found, account=True)


async def sign_out(visit: SiteVisit) -> Response:
    """End this session."""
    visit.state.access.end_session(visit.visitor.session)
    visit.state.access.note(visit.visitor.name, "signed out", address=visit.address)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(visit.state.cookie)
    return response


async def invitation(visit: SiteVisit) -> Response:
    """Show the form for a new account."""
    token = visit.path("token")
    invited = visit.state.access.links.invited(token)
    if invited is None or not visit.state.access.team:
        return visit.render("sign_in/ended.html", status=404)
    return visit.render(
        "sign_in/invitation.html",
        token=token,
        invited_to=visit.state.invited_to(invited),
        name=invited.person,
        text="",
    )


async def accept(visit: SiteVisit) -> Response:
    """Create the account and sign in."""
    token, name = visit.path("token"), await visit.field("name")
    links = visit.state.access.links
    invited = links.invited(token)
    if invited is None or not visit.state.access.team:
        return visit.render("sign_in/ended.html", status=404)
    password = await visit.field("password")
    try:
        await asyncio.to_thread(links.accept, token, name, password)
    except AutoscreenError as error:
        return visit.render(
            "sign_in/invitation.html",
            status=400,
            token=token,
            invited_to=visit.state.invited_to(invited),
            name=name,
            text=visit.message(error),
        )
    visit.state.access.note(name, "accepted an invitation", address=visit.address)
    visit.hub.publish("team")
    return _signed_in(visit, " ".join(name.split()), account=True)


async def accept_as_member(visit: SiteVisit) -> Response:
    """Accept an invitation with the account that is signed in."""
    visit.state.access.links.accept_as(visit.path("token"), visit.visitor.name)
    visit.note("accepted an invitation")
    visit.hub.publish("team")
    return visit.redirect("/")


async def new_password(visit: SiteVisit) -> Response:
    """Show the form for a new password, which an owner's link opens once."""
    name = visit.state.access.links.reset_name(visit.path("token"))
    if name is None or not visit.state.access.team:
        return visit.render("sign_in/reset_ended.html", status=404)
    token = visit.path("token")
    return visit.render("sign_in/reset.html", token=token, name=name, text="")


async def set_new_password(visit: SiteVisit) -> Response:
    """Set the new password and go to the page to sign in."""
    links, token = visit.state.access.links, visit.path("token")
    name = links.reset_name(token)
    if name is None or not visit.state.access.team:
        return visit.render("sign_in/reset_ended.html", status=404)
    try:
        await asyncio.to_thread(links.reset, token, await visit.field("password"))
    except AutoscreenError as error:
        text = visit.message(error)
        return visit.render("sign_in/reset.html", status=400, token=token, name=name, text=text)
    visit.state.access.note(name, "set a new password with a link", address=visit.address)
    return visit.redirect(_AFTER_NEW)


async def changed_password(visit: SiteVisit, *, back: str) -> Response:
    """Change the visitor's password and end all their sessions; `back` shows a problem."""
    access, name = visit.state.access, visit.visitor.name
    if not access.team:
        raise HTTPException(404)
    client = name, visit.address
    old, new = await visit.field("old"), await visit.field("new")
    if (pause := visit.state.attempts.start(*client)) > 0:
        raise HTTPException(429, headers={"Retry-After": str(math.ceil(pause))})
    if await asyncio.to_thread(access.check, name, old) is None:
        return visit.redirect(back, Flash("The current password is wrong.", kind="problem"))
    visit.state.attempts.succeeded(*client)
    try:
        await asyncio.to_thread(access.set_password, name, new)
    except AutoscreenError as error:
        return visit.problem(back, error)
    visit.note("changed their password")
    return visit.redirect(f"{visit.server}{_AFTER_NEW}")


def _is_start_token(visit: SiteVisit, token: str) -> bool:
    kept = visit.state.start_token
    return bool(kept) and hmac.compare_digest(token.encode(), kept.encode())


def _signed_in(visit: SiteVisit, name: str, *, account: bool) -> Response:
    token = visit.state.access.begin_session(name, account=account)
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        visit.state.cookie,
        token,
        max_age=30 * 24 * 3600,
        httponly=True,
        secure=visit.secure,
        samesite="lax",
    )
    return response


ROUTES = (
    Route(path="/start/{token}", handler=start, role=Role.ANYONE),
    Route(path="/first", handler=first_owner, role=Role.ANYONE, method="POST"),
    Route(path="/sign-in", handler=sign_in_form, role=Role.ANYONE),
    Route(path="/sign-in", handler=sign_in, role=Role.ANYONE, method="POST"),
    Route(path="/sign-out", handler=sign_out, role=Role.OBSERVER, method="POST"),
    Route(path="/invitation/{token}", handler=invitation, role=Role.ANYONE),
    Route(path="/invitation/{token}", handler=accept, role=Role.ANYONE, method="POST"),
    Route(
        path="/invitation/{token}/member",
        handler=accept_as_member,
        role=Role.OBSERVER,
        method="POST",
    ),
    Route(path="/reset/{token}", handler=new_password, role=Role.ANYONE),
    Route(path="/reset/{token}", handler=set_new_password, role=Role.ANYONE, method="POST"),
)
