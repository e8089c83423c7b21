"""
One request: the visitor, what is open, and ways to respond.

A `SiteVisit` is for pages that belong to no review, such as the one to sign in; a `Visit` is for
those of a review.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.review import Review
from autoscreen.review.screening_session import ScreeningSession
from autoscreen.web.accounts.accounts import Accounts
from autoscreen.web.accounts.members import Invitation, Role, Visitor
from autoscreen.web.event_stream import Hub
from autoscreen.web.executor import ReviewExecutor
from autoscreen.web.jobs.job_runner import JobRunner
from autoscreen.web.network.proxy import PREFIX
from autoscreen.web.protocol_drafts import Drafts
from autoscreen.web.pubmed_lookup import Ask, ask_pubmed
from autoscreen.web.reader_settings import COOKIE, read_settings
from autoscreen.web.record_leases import Leases
from autoscreen.web.templates import NAVIGATION, Navigation, render

if TYPE_CHECKING:
    from autoscreen.web.accounts.sign_in_limit import SignInLimit

_FOLDERS = re.compile(r"(?<![\w:/\\.])(?:[A-Za-z]:)?[/\\](?:[^\s:'\"/\\]+[/\\])+")
"""Folders of an absolute path; not a part of an address or of a DOI."""

PART = "x-autoscreen-part"
"""The header by which the script asks for a part of a page instead of the whole."""


@dataclass(frozen=True, slots=True)
class Flash:
    """A message on the visitor's next page."""

    text: str
    kind: str = "done"
    undo: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class SiteState:
    """The state that all pages of a running server share."""

    access: Accounts
    hub: Hub
    attempts: SignInLimit
    cookie: str
    start_token: str
    reviewer: str = ""
    flashes: dict[str, list[Flash]] = field(default_factory=lambda: defaultdict(list))

    def visitor(self, token: str, *, visits: bool = True) -> Visitor:
        """Return whose session this is, with the role here."""
        return self.access.visitor(token, visits=visits)

    def invited_to(self, invitation: Invitation) -> str:
        """Return in words what an invitation is for."""
        return f"as {invitation.role.word}"


@dataclass(slots=True, kw_only=True)
class ServerState(SiteState):
    """The state of a review that is served."""

    executor: ReviewExecutor
    leases: Leases = field(default_factory=Leases)
    pubmed: Ask = ask_pubmed
    in_folder: bool = False
    """Whether it is one of many reviews, which have a home page."""
    screening: dict[str, ScreeningSession] = field(
        default_factory=lambda: defaultdict(ScreeningSession)
    )
    pool_seen: int = -1
    """State of the records at the last look for missing sentence embeddings."""
    pool_tried: int = -1
    """That for which they were last started without being asked for."""
    drafts: Drafts = field(init=False)
    jobs: JobRunner = field(init=False)

    @property
    def working(self) -> bool:
        """Whether a task that somebody started is running, such as an import."""
        return self.executor.working or self.jobs.busy

    @property
    def idle(self) -> bool:
        """Whether no import or long task is running in the review."""
        return self.executor.idle and not self.jobs.busy

    def __post_init__(self) -> None:
        self.drafts = Drafts(self.executor, self.hub)
        self.jobs = JobRunner(self.executor, self.hub)


def _to_do(review: Review, name: str) -> Navigation:
    """Return address and name of what waits for a decision, for the head of the page."""
    conflicts, pairs = review.progress().conflicts, len(review.duplicates.pending())
    full_text = review.full_text.team.conflicts_left()
    mentions = sum(not one.done for one in review.comments.mentions(name))
    found = (
        ("/team/conflicts", "Conflicts", conflicts),
        ("/full-text/conflicts", "Full-text conflicts", full_text),
        ("/duplicates", "Duplicates", pairs),
        ("/mentions", "Mentions", mentions),
    )
    return tuple((path, f"{name} ({number:,})") for path, name, number in found if number)


class SiteVisit:
    """One request."""

    navigation: Navigation = ()
    """Path and name of each page that the head of the page links to."""
    many = False
    """Whether the server has many reviews, and this is a page of the server itself."""
    server = ""
    """What goes before the path of a page that belongs to the server and not to a review."""

    def __init__(self, request: Request, state: SiteState, visitor: Visitor) -> None:
        self.request = request
        self.state = state
        self.visitor = visitor
        self.newest_event = state.hub.newest
        """Number of the newest event when the request came: what is shown is no older."""
        self.to_do: Navigation = ()
        """Address and name of what waits for a decision, linked in the head of the page."""

    async def prepare(self) -> None:
        """Look up what the head of a page shows."""

    @property
    def title(self) -> str:
        """The title in the head of the page."""
        return "autoscreen"

    @property
    def folder(self) -> str:
        """The folder of this machine that the server works in."""
        return str(self.state.access.path.parent)

    @property
    def hub(self) -> Hub:
        """Events for open pages: ``visit.hub.publish("label", record="r17")``."""
        return self.state.hub

    @property
    def part(self) -> bool:
        """Whether the script asks, and wants a part of a page."""
        return PART in self.request.headers

    @property
    def address(self) -> str:
        """Network address of the visitor."""
        return self.request.client.host if self.request.client else ""

    @property
    def secure(self) -> bool:
        """Whether the visitor came by HTTPS, here or to the proxy."""
        return self.request.url.scheme == "https"

    @property
    def site_path(self) -> str:
        """Path of the server as the visitor knows it: empty, or such as ``/screening``."""
        return str(self.request.scope.get(PREFIX, ""))

    @property
    def site(self) -> str:
        """Address of the server as the visitor knows it, without a slash at the end."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}{self.site_path}"

    @property
    def settings(self) -> dict[str, str]:
        """The display settings of the reader."""
        return read_settings(self.request.cookies.get(COOKIE, ""))

    def note(self, what: str, about: str = "") -> None:
        """Add a line to the log."""
        self.state.access.note(self.visitor.name, what, about=about, address=self.address)

    def path(self, name: str) -> str:
        """Return a part of the path, such as ``ident`` of ``/records/{ident}``."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        """Return a value of the query."""
        return self.request.query_params.get(name, default)

    async def form(self) -> FormData:
        """Return the submitted values of the form."""
        return await self.request.form()

    async def field(self, name: str, default: str | None = None) -> str:
        """Return one text of the form."""
        value = (await self.request.form()).get(name, default)
        if not isinstance(value, str):
            raise InputError(f"the form has no field {name!r}", hint="reload the page")
        return value

    def message(self, error: Exception) -> str:
        """Return the message of an error; folders of this machine are for owners only."""
        # Without the path of the file, which is not for pages.
        text = AutoscreenError.__str__(error) if isinstance(error, AutoscreenError) else str(error)
        if self.visitor.role < Role.OWNER:
            text = text.replace(f"{self.folder}{os.sep}", "")
            text = _FOLDERS.sub("", text)
        return text[:1].upper() + text[1:]

    def render(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Answer with a page, or a part of one."""
        return HTMLResponse(
            render(template, visit=self, visitor=self.visitor, settings=self.settings, **values),
            status_code=status,
        )

    def redirect(self, path: str, *flashes: Flash) -> Response:
        """Send the browser to a page after a form."""
        self.flash(*flashes)
        return RedirectResponse(path, status_code=303)

    def problem(self, path: str, error: AutoscreenError) -> Response:
        """Redirect to a page that shows what was wrong."""
        return self.redirect(path, Flash(text=self.message(error), kind="problem"))

    def flash(self, *flashes: Flash) -> None:
        """Show messages on the next page that the visitor loads."""
        self.state.flashes[self.visitor.session] += flashes

    def take_flashes(self) -> list[Flash]:
        """Return and clear the messages to show now."""
        return self.state.flashes.pop(self.visitor.session, [])


class Visit(SiteVisit):
    """One request for a page of a review."""

    state: ServerState
    navigation = NAVIGATION

    @property
    def executor(self) -> ReviewExecutor:
        """The open review: ``await visit.executor.read(lambda review: review.status())``."""
        return self.state.executor

    async def prepare(self) -> None:
        """Look up what waits for a decision."""
        self.to_do = await self.executor.read(lambda review: _to_do(review, self.visitor.name))

    @property
    def title(self) -> str:
        """Name of the review."""
        return self.executor.name

    @property
    def server(self) -> str:  # type: ignore[override]
        """What goes before the path of a page that belongs to the server and not to the review."""
        return self.site if self.state.in_folder else ""
