"""The list of reviews."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from starlette.responses import Response

from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_visit import HomeVisit
from autoscreen.web.home.review_drafts import ReviewDrafts
from autoscreen.web.home.review_folder import ListedReview
from autoscreen.web.routes import Route

_AT_ONCE = 4
"""Files that are read at the same time."""
_EXAMPLE = "example"
_ORDERS = {
    "activity": "last activity",
    "name": "name",
    "unread": "records to screen",
}


async def page(visit: HomeVisit) -> Response:
    """Show the reviews."""
    wanted, order = visit.query("q").strip(), visit.query("sort", "activity")
    archived = visit.query("show") == "archived"
    visit.state.remove_expired()
    found = await asyncio.to_thread(_listed, visit)
    shown = [one for one in found if one.review.archived is archived and _has(one, wanted)]
    return visit.render(
        "home/list.html",
        reviews=_sorted(shown, order),
        drafts=[] if archived else ReviewDrafts(visit.state.access.file, visit.visitor.name).all(),
        total=sum(one.review.archived is archived for one in found),
        archived=archived,
        archive=sum(one.review.archived for one in found),
        wanted=wanted,
        order=order,
        orders=_ORDERS,
        deleted=sum(visit.role_in(one.review) is Role.OWNER for one in visit.state.deleted.all()),
    )


async def example(visit: HomeVisit) -> Response:
    """Open the example review; it is made when it is asked for the first time."""
    access = visit.state.access
    number = access.setting("", _EXAMPLE)
    review = visit.reviews.by_number(int(number)) if number else None
    if review is None:
        review = await asyncio.to_thread(visit.reviews.make_example, by=visit.visitor.name)
        access.set_setting("", _EXAMPLE, str(review.id))
        visit.own(review)
    elif visit.role_in(review) is Role.ANYONE:  # another member made it; everybody may see it
        access.within(review.id).join(visit.visitor.name, Role.REVIEWER)
    return visit.redirect(visit.review_path(review.name))


def _listed(visit: HomeVisit) -> list[ListedReview]:
    seen = [one for one in visit.reviews.reviews() if visit.role_in(one) is not Role.ANYONE]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(partial(visit.reviews.listed, reviewer=visit.visitor.name), seen))


def _has(one: ListedReview, wanted: str) -> bool:
    texts = [one.review.name]
    if one.summary:
        texts += [one.summary.name, one.summary.title, one.summary.question]
    text = " ".join(texts).casefold()
    return all(word in text for word in wanted.casefold().split())


def _sorted(reviews: list[ListedReview], order: str) -> list[ListedReview]:
    named = sorted(reviews, key=lambda one: one.review.name.casefold())
    if order == "name":
        return named
    if order == "unread":
        return sorted(named, key=_unread, reverse=True)
    return sorted(named, key=lambda one: one.summary.changed if one.summary else "", reverse=True)


def _unread(one: ListedReview) -> int:
    return one.summary.records - one.summary.labelled if one.summary else 0


ROUTES = (
    Route(path="/", handler=page, role=Role.OBSERVER),
    Route(path="/example", handler=example, role=Role.OBSERVER, method="POST"),
)
