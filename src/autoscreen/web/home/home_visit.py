"""A request for a page of the home of many reviews, and what all of them share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

from autoscreen.web.accounts.account_file import SERVER
from autoscreen.web.accounts.members import Invitation, Role
from autoscreen.web.event_stream import Hub
from autoscreen.web.executor import ReviewExecutor
from autoscreen.web.home.deleted_reviews import DeletedReviews
from autoscreen.web.home.open_reviews import OpenReviews
from autoscreen.web.home.review_folder import ReviewFolder
from autoscreen.web.home.review_registry import RegisteredReview
from autoscreen.web.templates import Navigation
from autoscreen.web.visit import ServerState, SiteState, SiteVisit


def review_path(name: str, page: str = "/") -> str:
    """Return the path of a page of a review."""
    return f"/r/{quote(name, safe='')}{page}"


@dataclass(slots=True, kw_only=True)
class HomeState(SiteState):
    """The state of a server with a folder of reviews."""

    folder: ReviewFolder
    opened: OpenReviews = field(init=False)
    deleted: DeletedReviews = field(init=False)

    def __post_init__(self) -> None:
        self.opened = OpenReviews(self.review_state)
        self.deleted = DeletedReviews(self.folder, self.access.file.now)

    def invited_to(self, invitation: Invitation) -> str:
        """Return in words what an invitation is for."""
        if invitation.review == SERVER:
            owner = invitation.role is Role.OWNER
            return "as owner of this server" if owner else "to this server"
        names = {one.id: one.name for one in self.folder.registry.all()}
        return f"to {names.get(invitation.review, 'a deleted review')} as {invitation.role.word}"

    def review_state(self, review: RegisteredReview, executor: ReviewExecutor) -> ServerState:
        """Return the state of a review of this folder that is served."""
        return ServerState(
            executor=executor,
            access=self.access.within(review.id),
            hub=Hub(),
            attempts=self.attempts,
            cookie=self.cookie,
            start_token="",
            reviewer=self.reviewer,
            in_folder=True,
            flashes=self.flashes,
        )

    def remove_expired(self) -> None:
        """Remove for good what was deleted long ago."""
        for one in self.deleted.remove_expired():
            about = f"{one.name}, deleted on {one.deleted[:10]} by {one.deleted_by}"
            self.access.note("autoscreen", "removed a deleted review for good", about=about)

    def stop_news(self) -> None:
        """End the event streams of open pages, so that the server can stop."""
        self.hub.close()
        self.opened.stop_news()


class HomeVisit(SiteVisit):
    """One request for a page of the home."""

    state: HomeState
    many = True

    @property
    def navigation(self) -> Navigation:  # type: ignore[override]
        """Path and name of each page that the head of the home pages links to, in this order."""
        people = self.state.access.team and self.visitor.role is Role.OWNER
        links = (("/", "Reviews"), ("/people", "People"), ("/settings", "Settings"))
        return tuple(one for one in links if people or one[0] != "/people")

    @property
    def reviews(self) -> ReviewFolder:
        """The folder of reviews."""
        return self.state.folder

    def role_in(self, review: RegisteredReview) -> Role:
        """Return what the visitor may do in a review."""
        if self.visitor.role is Role.OWNER:
            return Role.OWNER
        return self.roles.get(review.id, Role.ANYONE)

    def own(self, review: RegisteredReview, *, what: str = "created a review") -> None:
        """Make the visitor owner of a review that they have just made."""
        if self.state.access.team:
            self.state.access.within(review.id).join(self.visitor.name, Role.OWNER)
        self.note(what, review.name)

    @cached_property
    def roles(self) -> dict[int, Role]:
        """The visitor's roles, by review."""
        return self.state.access.roles(self.visitor.name)

    def review_path(self, name: str, page: str = "/") -> str:
        """Return the path of a page of a review."""
        return review_path(name, page)
