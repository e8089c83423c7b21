"""Data extraction: the included studies, and the form of one beside its texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.records import Record
from autoscreen.report.extraction_export import export_extraction
from autoscreen.review import Review
from autoscreen.review.double_extraction import ExtractionState
from autoscreen.review.extraction_values import SEPARATOR
from autoscreen.review.review_extraction import StudyForm
from autoscreen.text.extraction import Evidence, sentences
from autoscreen.web.accounts.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

_TEXTS = ("title", "abstract")
_EXPORTS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class MarkedText(NamedTuple):
    """A part of a text: one from which values are proposed, with their fields, or another."""

    text: str
    fields: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A text of the study; of a page of a PDF, only the sentences that propose something."""

    name: str
    excerpt: bool
    sentences: Sequence[Sequence[MarkedText]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A study in the list."""

    reports: Sequence[str]
    record: Record
    left: int  # Fields that the visitor has to fill in
    done: int  # People who have filled in all fields, in double extraction
    conflicts: int


async def page(visit: Visit) -> Response:
    """List the included studies with how much of their form is filled in."""
    name = visit.visitor.name

    def work(review: Review) -> dict[str, Any]:
        keys = {field.key for field in review.extraction.fields}
        listed = [
            _Listed(
                reports=study.reports,
                record=review.record(study.reports[0]).record,
                left=study.left_for(name, keys),
                done=len(study.state.done),
                conflicts=len(study.state.conflicts),
            )
            for study in review.extraction.studies()
        ]
        return {
            "fields": len(keys),
            "listed": listed,
            "following": next((one.reports[0] for one in listed if one.left), ""),
            "double": review.extraction.double,
            "agreement": review.extraction.agreement(),
        }

    return visit.render("full_text/extraction.html", **await visit.executor.read(work))


async def one(visit: Visit) -> Response:
    """Show the form of a study; of one that is not included any more, the list."""
    ident, name = visit.path("ident"), visit.visitor.name
    try:
        form = await visit.executor.read(lambda review: review.extraction.form(ident, name))
    except InputError as error:
        return visit.redirect("/extraction", Flash(f"{visit.message(error)}.", kind="problem"))
    return visit.render(
        "full_text/extraction_form.html",
        form=form,
        ident=form.reports[0].id,
        entered=sum(one.entry is not None for one in form.fields),
        sources=list(_sources(form)),
        cut=cut,
        may=visit.visitor.role >= Role.REVIEWER and _may_enter(visit, form.state),
        resolves=_resolves(visit, form.state),
    )


async def enter(visit: Visit) -> Response:
    """Save what a reviewer says about a field, and go to the next field."""
    ident, key, name = visit.path("ident"), visit.path("field"), visit.visitor.name
    act, _, about = (await visit.field("act")).partition(":")
    form = await visit.request.form()
    chosen = [value for value in form.getlist("value") if isinstance(value, str)]
    typed = (await visit.field("typed", "")).strip()

    def work(review: Review) -> str:
        forms = review.extraction
        resolves = _resolves(visit, forms.form(ident, name).state)
        match act:
            case "enter":
                values = SEPARATOR.join([*chosen, *([typed] if typed else [])])
                saved = forms.enter(ident, key, values, reviewer=name, resolve=resolves)
                return f"Saved: {saved}."
            case "absent":
                forms.set_not_reported(ident, key, reviewer=name, resolve=resolves)
                return "Saved: not reported."
            case "use" if resolves:
                return f"Resolved: {forms.resolve(ident, key, about, reviewer=name)}."
            case "reject":
                forms.reject(ident, key, about, reviewer=name)
                return f"Rejected: {about}."
        raise InputError(f"{act!r} is not known", hint="reload the page")

    try:
        text = await visit.executor.act(work)
    except InputError as error:
        flash = Flash(f"{visit.message(error)}.", kind="problem")
        return visit.redirect(f"/extraction/{ident}#field-{key}", flash)
    keys = [one.key for one in await visit.executor.read(lambda review: review.extraction.fields)]
    following = keys[min(keys.index(key) + (act != "reject"), len(keys) - 1)]
    flash = Flash(text, undo=f"/extraction/{ident}/undo")
    return visit.redirect(f"/extraction/{ident}#field-{following}", flash)


async def undo(visit: Visit) -> Response:
    """Withdraw the visitor's newest entry for a study."""
    ident, name = visit.path("ident"), visit.visitor.name
    try:
        done = await visit.executor.act(lambda review: review.extraction.undo(ident, reviewer=name))
    except InputError as error:
        return visit.redirect("/extraction", Flash(f"{visit.message(error)}.", kind="problem"))
    if done is None:
        return visit.redirect(f"/extraction/{ident}", Flash("There was nothing to withdraw."))
    flash = Flash("Withdrawn; it stays in the history.")
    return visit.redirect(f"/extraction/{ident}#field-{done.field}", flash)


async def set_double(visit: Visit) -> Response:
    """Set whether two people extract the data of each study."""
    double, name = await visit.field("how") == "two", visit.visitor.name
    await visit.executor.act(lambda review: review.extraction.set_double(double, reviewer=name))
    visit.note("set double extraction", "two people" if double else "one person")
    who = "two people extract" if double else "one person extracts"
    return visit.redirect("/extraction", Flash(f"Setting saved: {who} the data of each study."))


async def export(visit: Visit) -> Response:
    """Send the extracted values as a file."""
    how = visit.path("format")
    if how not in _EXPORTS:
        raise InputError(f"{how!r} is not a format", hint="choose csv or xlsx")

    def work(review: Review) -> bytes:
        with TemporaryDirectory() as folder:
            file = Path(folder, f"extraction.{how}")
            export_extraction(review, str(file))
            return file.read_bytes()

    content = await visit.executor.read(work)
    headers = {"Content-Disposition": f'attachment; filename="extraction.{how}"'}
    return Response(content, media_type=_EXPORTS[how], headers=headers)


def cut(evidence: Evidence) -> tuple[str, str, str]:
    """Return a sentence before, in and after the words that a value comes from."""
    said, start, end = evidence.sentence, evidence.start, evidence.end
    return said[:start], said[start:end], said[end:]


def _resolves(visit: Visit, state: ExtractionState) -> bool:
    """Return whether the visitor's entries resolve: an owner's, or those of a third person."""
    owner = visit.visitor.role is Role.OWNER
    return state.both_done and (owner or visit.visitor.name not in state.own)


def _may_enter(visit: Visit, state: ExtractionState) -> bool:
    """Return whether the visitor can enter values: not a third person before both are done."""
    two = state.double and len(state.own) == 2
    return not two or state.both_done or visit.visitor.name in state.own


def _sources(form: StudyForm) -> Iterator[_Source]:
    marks: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for state in form.fields:
        for proposal in state.proposals:
            for one in proposal.evidence:
                place = (one.start, one.end, state.field.label)
                marks.setdefault((one.source, one.sentence), []).append(place)
    for passage in form.passages:
        excerpt = not passage.source.endswith(_TEXTS)
        said = sentences(passage.text)
        if excerpt:
            said = [one for one in said if (passage.source, one) in marks]
        if said:
            yield _Source(
                name=passage.source,
                excerpt=excerpt,
                sentences=[
                    list(_marked(one, marks.get((passage.source, one), ()))) for one in said
                ],
            )


def _marked(sentence: str, places: Sequence[tuple[int, int, str]]) -> Iterator[MarkedText]:
    """Cut a sentence at the words that values come from; overlapping ones are one."""
    done = 0
    for start in sorted({start for start, _, _ in places}):
        if start < done:
            continue
        end = max(end for first, end, _ in places if first == start)
        labels = dict.fromkeys(label for first, _, label in places if start <= first < end)
        if start > done:
            yield MarkedText(sentence[done:start])
        yield MarkedText(sentence[start:end], ", ".join(labels))
        done = end
    yield MarkedText(sentence[done:])


ROUTES = (
    Route(path="/extraction", handler=page, role=Role.OBSERVER),
    Route(path="/extraction/double", handler=set_double, role=Role.OWNER, method="POST"),
    Route(path="/extraction/export.{format}", handler=export, role=Role.OBSERVER),
    Route(path="/extraction/{ident}", handler=one, role=Role.OBSERVER),
    Route(path="/extraction/{ident}/undo", handler=undo, role=Role.REVIEWER, method="POST"),
    Route(
        path="/extraction/{ident}/fields/{field}", handler=enter, role=Role.REVIEWER, method="POST"
    ),
)
