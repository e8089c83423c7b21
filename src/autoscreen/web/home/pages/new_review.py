"""A new review by questions: title, criteria, concepts, exclusion reasons; then records."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.responses import Response

from autoscreen.errors import AutoscreenError, ConflictError
from autoscreen.proposal import similar_protocols
from autoscreen.protocol import Element, Protocol, builtin_protocols, load_protocol, protocol_toml
from autoscreen.review.review_summary import protocol_of
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_visit import HomeVisit
from autoscreen.web.home.new_review_form import NewReviewForm, read_new_review
from autoscreen.web.routes import Route

STEPS = (
    ("title", "Title and question"),
    ("criteria", "Criteria"),
    ("concepts", "Concepts"),
    ("reasons", "Exclusion reasons"),
)
_ASKED = {"title": ("title", "name", "question"), "criteria": ("criteria", "similar")}
"""What each step asks; the others carry it along."""

_MOST = 2 * 1024 * 1024
_FIELDS = 5000


async def form(visit: HomeVisit) -> Response:
    """Show the first question."""
    return await _step(visit, "title", NewReviewForm())


async def answer(visit: HomeVisit) -> Response:
    """Show another step with all answers so far, give the protocol, or create the review."""
    data = await visit.request.form(max_fields=_FIELDS)
    asked, go = str(data.get("step", "title")), str(data.get("go", "create"))
    found = NewReviewForm(title=str(data.get("title", "")), name=str(data.get("name", "")))
    try:
        found = read_new_review(data)
        if go == "title":
            return await _step(visit, go, found)
        if not found.title.strip() or not found.name.strip():
            asked = "title"
        protocol = found.protocol()
        if go == "create":
            return await _create(visit, found.name, protocol)
        return _download(protocol) if go == "protocol" else await _step(visit, go, found)
    except ConflictError as error:
        return await _step(visit, "title", found, problem=visit.message(error))
    except AutoscreenError as error:
        return await _step(visit, asked, found, problem=visit.message(error))


async def _create(visit: HomeVisit, name: str, protocol: Protocol) -> Response:
    review = await asyncio.to_thread(visit.reviews.create, name, protocol, by=visit.visitor.name)
    visit.own(review)
    return visit.redirect(visit.review_path(review.name, "/overview"))


def _download(protocol: Protocol) -> Response:
    return Response(
        protocol_toml(protocol),
        media_type="application/toml",
        headers={"Content-Disposition": f'attachment; filename="{protocol.name}.toml"'},
    )


async def _step(
    visit: HomeVisit, step: str, found: NewReviewForm, *, problem: str = ""
) -> Response:
    names = [name for name, _ in STEPS]
    at = names.index(step) if step in names else 0
    known: Sequence[Protocol] = ()
    if names[at] in ("criteria", "concepts"):
        known = await asyncio.to_thread(_known, visit)
    if names[at] == "concepts":
        chosen = [one for one in known if one.name == found.similar]
        found = await asyncio.to_thread(found.with_proposals, chosen)
    return visit.render(
        f"home/new/{names[at]}.html",
        status=400 if problem else 200,
        form=found,
        problem=problem,
        steps=STEPS,
        asked=_ASKED.get(names[at], ()),
        step=names[at],
        before=names[at - 1] if at else "",
        after=names[at + 1] if at + 1 < len(names) else "",
        known=_ordered(found, known),
        elements=list(Element),
    )


def _known(visit: HomeVisit) -> list[Protocol]:
    """Return the protocols of the reviews that the visitor may see, and those that ship."""
    found = []
    for review in visit.reviews.reviews():
        if visit.role_in(review) is not Role.ANYONE:
            protocol = protocol_of(visit.reviews.file_of(review))
            if protocol is not None and protocol.concepts:
                found.append(protocol)
    named = {one.name for one in found}
    return found + [load_protocol(name) for name in builtin_protocols() if name not in named]


def _ordered(found: NewReviewForm, known: Sequence[Protocol]) -> list[tuple[Protocol, bool]]:
    """Return the protocols, the similar ones first, and whether each is similar."""
    near = similar_protocols(found.title, found.question, known)
    return [(one, True) for one in near] + [(one, False) for one in known if one not in near]


ROUTES = (
    Route(path="/new", handler=form, role=Role.OBSERVER),
    Route(path="/new", handler=answer, role=Role.OBSERVER, method="POST", max_body=_MOST),
)
