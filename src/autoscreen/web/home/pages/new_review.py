"""A new review by questions: title, criteria, concepts, reasons, earlier review; then records."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from autoscreen.errors import AutoscreenError, ConflictError
from autoscreen.formats import Source
from autoscreen.presentation.prior_words import prior_words
from autoscreen.proposal.similar import similar_protocols
from autoscreen.protocol import Element, Protocol, builtin_protocols, load_protocol, protocol_toml
from autoscreen.review import Review
from autoscreen.review.review_summary import protocol_of
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_visit import HomeVisit
from autoscreen.web.home.new_review_form import NewReviewForm, read_new_review
from autoscreen.web.home.review_drafts import ReviewDrafts
from autoscreen.web.routes import Route
from autoscreen.web.uploaded_files import FILES, uploaded_source
from autoscreen.web.visit import Flash

STEPS = (
    ("title", "Title and question"),
    ("criteria", "Criteria"),
    ("concepts", "Concepts"),
    ("reasons", "Exclusion reasons"),
    ("prior", "Earlier review"),
)
_ASKED = {"title": ("title", "name", "question"), "criteria": ("criteria", "similar")}
"""What each step asks; the others carry it along."""

_MOST = 2 * 1024**3
_FIELDS = 5000


async def form(visit: HomeVisit) -> Response:
    """Show the first question, or the last one of a draft."""
    asked = visit.query("draft")
    if not asked:
        return await _step(visit, "title", NewReviewForm())
    draft = _drafts(visit).get(_number(asked))
    if draft is None:
        raise HTTPException(404)
    return await _step(visit, draft.step, draft.form, draft=draft.id)


async def answer(visit: HomeVisit) -> Response:
    """Show another step with all answers so far, return the protocol, or create the review."""
    async with visit.request.form(max_fields=_FIELDS, max_files=FILES) as data:
        return await _answer(visit, data)


async def _answer(visit: HomeVisit, data: FormData) -> Response:
    asked, go = str(data.get("step", "title")), str(data.get("go", "create"))
    found = NewReviewForm(title=str(data.get("title", "")), name=str(data.get("name", "")))
    draft = _number(str(data.get("draft", "")))
    try:
        found = read_new_review(data)
        if not found.empty:
            shown = go if go in dict(STEPS) else asked
            draft = _drafts(visit).save(draft, shown, found)
        if go == "save":
            return JSONResponse({"draft": draft})
        if go == "title":
            return await _step(visit, go, found, draft=draft)
        if not found.title.strip():
            asked = "title"
        protocol = found.protocol()
        if go == "create":
            return await _create(visit, found.name, protocol, data, draft)
        if go == "protocol":
            return _download(protocol)
        return await _step(visit, go, found, draft=draft)
    except AutoscreenError as error:
        if go == "save":
            raise
        step = "title" if isinstance(error, ConflictError) else asked
        return await _step(visit, step, found, draft=draft, problem=visit.message(error))


async def discard(visit: HomeVisit) -> Response:
    """Delete a draft."""
    number = await visit.field("draft")
    _drafts(visit).discard(_number(number))
    flash = Flash("The draft was deleted.", undo="/new/restore", values=(("draft", number),))
    return visit.redirect("/", flash)


async def restore(visit: HomeVisit) -> Response:
    """Restore a deleted draft."""
    _drafts(visit).discard(_number(await visit.field("draft")), discarded=False)
    return visit.redirect("/", Flash("The draft is back."))


async def _create(
    visit: HomeVisit, name: str, protocol: Protocol, data: FormData, draft: int
) -> Response:
    files = [one for one in data.getlist("file") if isinstance(one, UploadFile) and one.filename]
    sources = [await asyncio.to_thread(uploaded_source, one) for one in files]
    review = await asyncio.to_thread(visit.reviews.create, name, protocol, by=visit.visitor.name)
    visit.own(review)
    _drafts(visit).discard(draft)
    path, column = visit.reviews.file_of(review), str(data.get("label_column", "")).strip()
    by = visit.visitor.name
    flashes = await asyncio.to_thread(_import_prior, visit, path, sources, column=column, by=by)
    return visit.redirect(visit.review_path(review.name, "/overview"), *flashes)


def _import_prior(
    visit: HomeVisit, path: Path, sources: Sequence[Source], *, column: str, by: str
) -> list[Flash]:
    """Import files of an earlier review; one that cannot be read does not stop the others."""
    flashes = []
    with Review.open(path) as review:
        for source in sources:
            try:
                done = review.prior_knowledge.import_file(source, label_column=column, reviewer=by)
                flashes.append(Flash(f"{done.path}: {prior_words(done)}."))
            except AutoscreenError as error:
                text = f"{source.path} was not imported as prior knowledge: {visit.message(error)}"
                flashes.append(Flash(text, kind="problem"))
    return flashes


def _drafts(visit: HomeVisit) -> ReviewDrafts:
    return ReviewDrafts(visit.state.access.file, visit.visitor.name)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _download(protocol: Protocol) -> Response:
    return Response(
        protocol_toml(protocol),
        media_type="application/toml",
        headers={"Content-Disposition": f'attachment; filename="{protocol.name}.toml"'},
    )


async def _step(
    visit: HomeVisit, step: str, found: NewReviewForm, *, draft: int = 0, problem: str = ""
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
        draft=draft or "",
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
    Route(path="/new/discard", handler=discard, role=Role.OBSERVER, method="POST"),
    Route(path="/new/restore", handler=restore, role=Role.OBSERVER, method="POST"),
)
