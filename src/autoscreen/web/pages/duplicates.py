"""Possible duplicates, one pair at a time, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from starlette.responses import Response

from autoscreen.errors import ConflictError, InputError
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.store.possible_duplicates import PairState, PossibleDuplicate
from autoscreen.web.accounts.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

__all__ = ["ROUTES"]

_MOST_WORDS = 1500
"""Longer texts are shown without marks: comparing them word by word would take too long."""
_FIELDS = [
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "abstract",
]


class _Part(NamedTuple):
    text: str
    differs: bool


class _Field(NamedTuple):
    """One field of both records."""

    name: str
    first: Sequence[_Part]
    second: Sequence[_Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A pair as the template shows it."""

    pair: PossibleDuplicate
    fields: Sequence[_Field]
    files: tuple[str, str]
    left: int
    after: int | None
    last: PossibleDuplicate | None


async def first(visit: Visit) -> Response:
    """Go to the first pair on which nobody has decided."""
    pending = await visit.executor.read(lambda review: review.duplicates.pending())
    if not pending:
        return visit.redirect("/merges", Flash(text="There are no possible duplicates to check."))
    return visit.redirect(f"/duplicates/{pending[0].id}")


async def page(visit: Visit) -> Response:
    """Show a pair."""
    number, name = _number(visit), visit.visitor.name
    shown = await visit.executor.read(lambda review: _shown(review, number, name))
    return visit.render(
        "records/duplicates.html", shown=shown, may=visit.visitor.role >= Role.REVIEWER
    )


async def decide(visit: Visit) -> Response:
    """Save the decision on a pair and show the next."""
    number, name = _number(visit), visit.visitor.name
    outcome = await visit.field("outcome")
    if outcome not in ("merge", "keep"):
        raise InputError("the form is invalid", hint="reload the page")

    def work(review: Review) -> tuple[PossibleDuplicate, int | None, bool]:
        pairs = review.duplicates
        before = pairs.count_conflicts()
        act = pairs.merge if outcome == "merge" else pairs.keep_apart
        done = act(number, reviewer=name)
        differ = pairs.count_conflicts() > before
        return done, _after(pairs.pending(), number), differ

    try:
        done, after, differ = await visit.executor.act(work)
    except ConflictError as error:
        flash = Flash(text=visit.message(error), kind="problem")
        return visit.redirect(f"/duplicates/{number}", flash)
    visit.hub.publish("counts")
    one, other = done.sources
    text = f"{one} and {other} "
    text += "were merged." if outcome == "merge" else "are kept as different records."
    if differ:
        visit.hub.publish("conflict")
        text += " Their decisions differ, so the record is a conflict now."
    flash = Flash(text=text, undo=f"/duplicates/{number}/undo")
    return visit.redirect(f"/duplicates/{after}" if after else "/duplicates", flash)


async def undo(visit: Visit) -> Response:
    """Withdraw the decision on a pair and show it again."""
    number, name = _number(visit), visit.visitor.name
    await visit.executor.act(lambda review: review.duplicates.undo(number, reviewer=name))
    visit.hub.publish("counts")
    return visit.redirect(f"/duplicates/{number}", Flash(text="The decision was withdrawn."))


def _number(visit: Visit) -> int:
    text = visit.path("number")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise InputError(f"there is no possible duplicate {text[:20]!r}")
    return int(text)


def _shown(review: Review, number: int, name: str) -> _Pair:
    pair = review.duplicates.get(number)
    pending = review.duplicates.pending()
    decided = [
        one
        for one in review.duplicates.all()
        if one.state is not PairState.PENDING and one.decided_by == name and one.decided_at
    ]
    found = [
        next(one for one in review.sources(ident) if one.number == int(ident[1:]))
        for ident in pair.sources
    ]
    return _Pair(
        pair=pair,
        fields=_compared(found[0].record, found[1].record),
        files=(found[0].path, found[1].path),
        left=len(pending),
        after=_after(pending, number),
        last=max(decided, key=lambda one: one.decided_at, default=None),
    )


def _after(pending: Sequence[PossibleDuplicate], number: int) -> int | None:
    """Return the next pair to decide on; after the last one, the first."""
    others = [one.id for one in pending if one.id != number]
    return next((one for one in others if one > number), others[0] if others else None)


def _compared(first: Record, second: Record) -> list[_Field]:
    """Return the fields that either record has, with the words that differ."""
    fields = []
    for name in _FIELDS:
        one, other = (_text(getattr(record, name)) for record in (first, second))
        if one or other:
            fields.append(_Field(name, *_differences(one, other)))
    return fields


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _differences(one: str, other: str) -> tuple[list[_Part], list[_Part]]:
    first, second = one.split(), other.split()
    if not first or not second or max(len(first), len(second)) > _MOST_WORDS:
        return [_Part(one, False)], [_Part(other, False)]
    sides: tuple[list[_Part], list[_Part]] = ([], [])
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        for side, words in zip(sides, (first[a:b], second[c:d]), strict=True):
            if words:
                side.append(_Part(" ".join(words), kind != "equal"))
    return sides


ROUTES = (
    Route(path="/duplicates", handler=first, role=Role.OBSERVER),
    Route(path="/duplicates/{number}", handler=page, role=Role.OBSERVER),
    Route(path="/duplicates/{number}", handler=decide, role=Role.REVIEWER, method="POST"),
    Route(path="/duplicates/{number}/undo", handler=undo, role=Role.REVIEWER, method="POST"),
)
