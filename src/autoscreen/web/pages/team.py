"""The team: members, workload, double screening and agreement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.evaluation import AGREEMENTS, PairAgreement
from autoscreen.presentation.wording import counted
from autoscreen.records import SCREENING_LABELS
from autoscreen.review import Review
from autoscreen.review.reports import Status
from autoscreen.store.assignments import AssignedPart
from autoscreen.store.double_screening import Workload
from autoscreen.store.effective_label import Setting
from autoscreen.web.accounts.members import Account, Role
from autoscreen.web.contributors import people
from autoscreen.web.once_only import SentLink, send_invitation, send_reset
from autoscreen.web.pages.assignments import assignable
from autoscreen.web.pages.sign_in import changed_password
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, SiteVisit, Visit

_ROLES = {"owner": Role.OWNER, "reviewer": Role.REVIEWER, "observer": Role.OBSERVER}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """The review's data about its team."""

    status: Status
    work: list[Workload]
    waiting: dict[str, int]
    agreement: list[PairAgreement]
    settings: list[Setting]
    parts: Sequence[AssignedPart]
    unassigned: int


async def news(visit: Visit) -> Response:
    """Show the current conflicts."""
    counts = await visit.executor.read(lambda review: review.status())
    return visit.render("team/news.html", counts=counts)


async def invite(visit: Visit) -> Response:
    """Create an invitation and show its link once."""
    role = role_of(await visit.field("role"))
    sent = await send_invitation(visit, visit.state.access, role)
    visit.hub.publish("team")
    return await page(visit, sent)


async def reset(visit: Visit) -> Response:
    """Create a link with which a member sets a new password."""
    if visit.state.in_folder:
        raise HTTPException(403)  # the account is one for the whole server
    return await page(visit, await send_reset(visit, await visit.field("name")))


async def add(visit: Visit) -> Response:
    """Set the role in this review of somebody who has an account on this server."""
    name, role = await visit.field("name"), role_of(await visit.field("role"))
    visit.state.access.join(name, role)
    _note(visit, "added a member", f"{name}: {role.word}")
    return visit.redirect("/team", Flash(text=f"{name} is now {role.word} of this review."))


async def withdraw_invitation(visit: Visit) -> Response:
    """Withdraw an invitation."""
    return await invitation_withdrawn(visit, back="/team")


async def invitation_withdrawn(visit: SiteVisit, *, back: str) -> Response:
    """Withdraw the invitation of a form of a review or of the home page."""
    number = await visit.field("invitation")
    if not number.isdecimal():
        raise InputError(f"{number!r} is not an invitation")
    visit.state.access.links.withdraw(int(number))
    _note(visit, "withdrew an invitation", number)
    text = "The invitation was withdrawn. Its link no longer works."
    return visit.redirect(back, Flash(text=text))


async def change_role(visit: Visit) -> Response:
    """Change the role of a member."""
    name, role = await visit.field("name"), role_of(await visit.field("role"))
    try:
        visit.state.access.set_role(name, role)
    except AutoscreenError as error:
        return visit.problem("/team", error)
    _note(visit, "changed a role", f"{name}: {role.word}")
    return visit.redirect("/team", Flash(text=f"{name} is now {role.word}."))


async def leave(visit: Visit) -> Response:
    """Remove a member; their decisions stay."""
    name = await visit.field("name")
    try:
        visit.state.access.leave(name)
    except AutoscreenError as error:
        return visit.problem("/team", error)
    _note(visit, "removed a member", name)
    by = visit.visitor.name
    freed = await visit.executor.act(lambda review: review.assignments.release(name, by=by))
    text = f"{name} was removed. Their decisions are kept."
    if freed:
        text += f" {counted(freed, 'record')} of their part are not assigned any more."
    flash = Flash(text=text, undo="/team/return", values=(("name", name),))
    return visit.redirect("/team", flash)


async def take_back(visit: Visit) -> Response:
    """Restore a removed member."""
    name = await visit.field("name")
    visit.state.access.come_back(name)
    _note(visit, "restored a member", name)
    return visit.redirect("/team", Flash(text=f"{name} is a member again."))


async def change_password(visit: Visit) -> Response:
    """Change the visitor's password and end all their sessions."""
    return await changed_password(visit, back="/team")


async def set_screening(visit: Visit) -> Response:
    """Set the number of reviewers per record."""
    share, seed = await _share(visit), await visit.field("seed", "0")
    if not seed.isdecimal() or len(seed) > _SEED:
        raise InputError(f"{seed!r} is not a valid seed", hint="give a number from 0")
    name = visit.visitor.name
    await visit.executor.act(
        lambda review: review.team.set_double_screening(share, seed=int(seed), reviewer=name)
    )
    _note(visit, "set double screening", f"{100 * share:g}%, seed {seed}")
    visit.hub.publish("counts")
    return visit.redirect("/team", Flash(text=f"Setting saved: {_in_words(share)}."))


async def activity_log(visit: SiteVisit) -> Response:
    """Show the newest entries of the log of a review, or of a server with all its reviews."""
    entries = visit.state.access.log(most=_ENTRIES)
    return visit.render("activity_log.html", entries=entries, most=_ENTRIES)


async def page(visit: Visit, sent: SentLink | None = None) -> Response:
    """Show the team page, with a link that was just made."""
    accounts = visit.state.access.accounts() if visit.state.access.team else []
    facts = await visit.executor.read(lambda review: _facts(review, accounts))
    owner = visit.visitor.role is Role.OWNER
    return visit.render(
        "team/page.html",
        facts=facts,
        people=people(accounts, facts.work, facts.waiting, datetime.now(UTC).date()),
        measures=AGREEMENTS,
        labels=list(SCREENING_LABELS),
        share=facts.settings[-1].share if facts.settings else 0.0,
        invitations=visit.state.access.links.pending() if owner else [],
        others=_others(visit, accounts) if owner and visit.state.in_folder else [],
        sent=sent,
        roles=list(_ROLES),
        owner=owner,
        is_number=lambda value: not math.isnan(value),
        in_words=_in_words,
        assignable=assignable(visit, facts.work),
    )


def _facts(review: Review, accounts: list[Account]) -> _Facts:
    work = review.team.work()
    names = {one.reviewer for one in work}
    names |= {one.name for one in accounts if one.role >= Role.REVIEWER and not one.left_at}
    return _Facts(
        status=review.status(),
        work=work,
        waiting={name: review.team.waiting_for(name) for name in names},
        agreement=review.team.agreement(),
        settings=review.team.settings(),
        parts=review.assignments.parts(),
        unassigned=review.assignments.unassigned(),
    )


def _others(visit: Visit, accounts: list[Account]) -> list[str]:
    """Return who has an account on this server and no role in this review."""
    members = {one.name for one in accounts if not one.left_at}
    return [name for name in visit.state.access.names() if name not in members]


async def _share(visit: Visit) -> float:
    how = await visit.field("how")
    if how in ("none", "all"):
        return float(how == "all")
    percent = await visit.field("percent", "")
    try:
        share = float(percent.replace(",", ".")) / 100
    except ValueError:
        share = math.nan
    if not 0 < share <= 1:
        raise InputError(
            f"{percent!r} is not a valid percentage", hint="give a number above 0, up to 100"
        )
    return share


def _in_words(share: float) -> str:
    if share <= 0:
        return "one reviewer per record"
    if share >= 1:
        return "two reviewers for every record"
    return f"two reviewers for {share:.4%}".rstrip("0%").rstrip(".") + "% of the records"


def role_of(word: str) -> Role:
    """Return the role of a form."""
    if word not in _ROLES:
        raise InputError(f"{word!r} is not a role", hint=f"one of: {', '.join(_ROLES)}")
    return _ROLES[word]


def _note(visit: SiteVisit, what: str, about: str) -> None:
    visit.note(what, about)
    visit.hub.publish("team")


_ENTRIES = 500
"""Entries of the log that are shown."""
_SEED = 9
"""Digits of a seed."""

ROUTES = (
    Route(path="/team", handler=page, role=Role.OBSERVER),
    Route(path="/team/news", handler=news, role=Role.OBSERVER),
    Route(path="/team/log", handler=activity_log, role=Role.OWNER),
    Route(path="/team/invite", handler=invite, role=Role.OWNER, method="POST"),
    Route(path="/team/add", handler=add, role=Role.OWNER, method="POST"),
    Route(path="/team/withdraw", handler=withdraw_invitation, role=Role.OWNER, method="POST"),
    Route(path="/team/reset", handler=reset, role=Role.OWNER, method="POST"),
    Route(path="/team/role", handler=change_role, role=Role.OWNER, method="POST"),
    Route(path="/team/leave", handler=leave, role=Role.OWNER, method="POST"),
    Route(path="/team/return", handler=take_back, role=Role.OWNER, method="POST"),
    Route(path="/team/password", handler=change_password, role=Role.OBSERVER, method="POST"),
    Route(path="/team/screening", handler=set_screening, role=Role.OWNER, method="POST"),
)
