"""The pool as a table: which records, in what order, a page at a time; and acts on many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import InputError
from autoscreen.formats import write
from autoscreen.review.export import with_decision
from autoscreen.review.open_review import OpenReview
from autoscreen.review.reports import ReviewRecord, shown
from autoscreen.review.user_input import clean_input
from autoscreen.store import show_id
from autoscreen.store.bulk_decisions import Bulk
from autoscreen.store.effective_label import PendingState
from autoscreen.store.record_filters import ORDERS, Choices, Filters

if TYPE_CHECKING:
    from autoscreen.review.rank_index import RankIndex

SORTS = ("rank", *ORDERS)
"""What a table can be put in order by."""
MOST_AT_ONCE = 2000
"""Records that can be labelled in one act: a slip must stay small enough to be looked over."""
_STEP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuery:
    """Which records, in what order."""

    filters: Filters = field(default_factory=Filters)
    # One of `SORTS`; ``decided`` is by the newest decision, ``came`` by the order of import.
    # Records that lack what they are ordered by come last.
    sort: str = "rank"
    descending: bool = False  # Turn the order round: the least likely, the newest or the last first


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A record as a line of the table."""

    shown: ReviewRecord  # The record with its current label
    # Why it has no label although somebody decided about it; None if that is not so
    open: PendingState | None
    # Its place in the newest order, from 1, and its score; None if that order lacks it
    rank: int | None
    score: float | None
    # What the viewer may see of the tags, and of the notes of all reviewers; number of comments
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    comments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """Some lines of a table."""

    rows: tuple[TableRow, ...]
    total: int  # Records in the whole table
    first: int  # Place in the table of the first line, from 1; 0 if there is none
    # Ids to give to `RecordsTable.page` for the page before and after; empty if there is none
    before: str
    after: str


class RecordsTable:
    """The records as a table: search, filters, bulk labels and export."""

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store

    def page(
        self,
        query: TableQuery,
        *,
        after: str = "",
        before: str = "",
        size: int = 50,
        places: RankIndex | None = None,
    ) -> TablePage:
        """Return one page of the records that match, by default the first.

        `after` and `before` are the last record of the previous page or the first of the next one,
        which may have left the table since. `places` is the order to rank by, if newer than the
        review file.
        """
        places = places or self._opened.places()
        numbers = self._numbers(query, places)
        start = 0
        if after:
            start = self._position(after, numbers, query, places, past=True)
        elif before:
            start = max(0, self._position(before, numbers, query, places, past=False) - size)
        some = numbers[start : start + size]
        rows = tuple(self._rows(some, places, query.filters.viewer))
        more = start + size < len(numbers)
        return TablePage(
            rows=rows,
            total=len(numbers),
            first=start + 1 if some else 0,
            before=show_id(some[0]) if some and start else "",
            after=show_id(some[-1]) if some and more else "",
        )

    def select(self, query: TableQuery, *, places: RankIndex | None = None) -> list[str]:
        """Return the ids of all records that match, in their order."""
        return [show_id(number) for number in self._numbers(query, places or self._opened.places())]

    def choices(self, *, viewer: str | None = None) -> Choices:
        """Return the values of each filter, with counts."""
        return self._store.browse.choices(viewer=viewer)

    def label_many(
        self,
        idents: Iterable[str],
        label: str,
        *,
        reviewer: str = "",
        reason: str = "",
        note: str = "",
    ) -> Bulk:
        """Label many records alike in one action, which `undo_many` undoes as a whole."""
        numbers = list(dict.fromkeys(self._store.pool.find_all(idents)))
        if not 0 < len(numbers) <= MOST_AT_ONCE:
            raise InputError(
                f"{len(numbers)} records were chosen",
                hint=f"choose 1 to {MOST_AT_ONCE} to label at once",
            )
        verdict = self._opened.verdict(label, reviewer=reviewer, reason=reason, note=note)
        places = self._opened.places()
        return self._store.bulks.add({n: places.of(n) for n in numbers}, verdict)

    def undo_many(self, number: int, *, reviewer: str = "") -> Bulk:
        """Undo a bulk action; the labels before it are valid again."""
        return self._store.bulks.undo(number, clean_input(reviewer))

    def newest_bulk(self, reviewer: str) -> Bulk | None:
        """Return the bulk action that a reviewer's newest decision was part of, if it was."""
        return self._store.bulks.newest_of(clean_input(reviewer))

    def bulk_of(self, decision: int) -> Bulk | None:
        """Return the bulk action that a decision of this number was part of, if it was."""
        return self._store.bulks.holding(decision)

    def bulks(self) -> list[Bulk]:
        """Return the bulk actions, newest first."""
        return self._store.bulks.all()

    def export(
        self,
        query: TableQuery,
        path: str | Path,
        *,
        format: str | None = None,
        places: RankIndex | None = None,
    ) -> int:
        """Write the records of a table in its order, and return their number."""
        places = places or self._opened.places()
        numbers = self._numbers(query, places)
        self._opened.store.check_decisions()
        said, reasons = self._opened.each_decision(), self._opened.reason_texts
        rows = (
            with_decision(
                row.shown,
                row.rank,
                said.get(row.shown.id, ()) if row.open or row.shown.label else (),
                row.tags,
                reasons=reasons,
            )
            for row in self._rows(numbers, places, query.filters.viewer)
        )
        return write(rows, path, format=format)

    def index(self, *, enough: Callable[[], bool]) -> None:
        """Index new records for the search; otherwise the first search does.

        It leaves time for others to write, and so takes longer. It stops when `enough` is true;
        what was done until then is kept.
        """
        self._store.browse.index(enough=enough)

    def labels_per_day(self) -> Mapping[str, Mapping[str, int]]:
        """Return for each day, in the time zone of this machine, how often each label was given."""
        return self._store.decisions.per_day()

    def _numbers(
        self, query: TableQuery, places: RankIndex, *, keep: int | None = None
    ) -> list[int]:
        if query.sort not in SORTS:
            raise InputError(
                f"{query.sort!r} is not a sort order", hint=f"one of: {', '.join(SORTS)}"
            )
        by_rank = query.sort == "rank"
        found = self._store.browse.numbers(
            query.filters,
            order="came" if by_rank else query.sort,
            descending=query.descending and not by_rank,
            keep=keep,
        )
        return places.sorted(found, descending=query.descending) if by_rank else found

    def _position(
        self,
        ident: str,
        numbers: Sequence[int],
        query: TableQuery,
        places: RankIndex,
        *,
        past: bool,
    ) -> int:
        """Return how many rows precede a record, also if it has left the table."""
        number = self._store.pool.find(ident)
        if number in numbers:
            return numbers.index(number) + past
        return self._numbers(query, places, keep=number).index(number)

    def _rows(
        self, numbers: Iterable[int], places: RankIndex, viewer: str | None
    ) -> Iterator[TableRow]:
        waiting = iter(numbers)
        while some := list(islice(waiting, _STEP)):
            for one in self._store.browse.rows(some, viewer=viewer):
                place = places.of(one.stored.number)
                yield TableRow(
                    shown=shown(one.stored),
                    open=one.open,
                    rank=place.rank,
                    score=place.score,
                    tags=one.tags,
                    notes=one.notes,
                    comments=one.comments,
                )
