"""Picks records of a pool by what they say and by what was decided about them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from autoscreen.errors import InputError
from autoscreen.records import SCREENING_LABELS, Label
from autoscreen.store import design_tags
from autoscreen.store.annotations import Annotations
from autoscreen.store.assignments import Assignments
from autoscreen.store.database import Database
from autoscreen.store.double_screening import Screening
from autoscreen.store.effective_label import PendingState
from autoscreen.store.pool import stored_from
from autoscreen.store.stored_values import StoredRecord
from autoscreen.store.text_search import catch_up, parse_search
from autoscreen.store.watch_log import Watches

_FIELD = (
    "(SELECT json_extract(coalesce(record.view, content), '$.{field}') FROM source_text"
    " WHERE source_id = record.id)"
)
ORDERS = {
    "came": "",
    "year": "record.year {way} NULLS LAST",
    "title": "record.title COLLATE NOCASE {way}",
    "author": f"{_FIELD.format(field='authors[0]')} COLLATE NOCASE {{way}} NULLS LAST",
    "journal": f"{_FIELD.format(field='journal')} COLLATE NOCASE {{way}} NULLS LAST",
    "decision": "CASE decision.label WHEN 'include' THEN 1 WHEN 'unsure' THEN 2"
    " WHEN 'exclude' THEN 3 END {way} NULLS LAST",
    "decided": "decision.id {way} NULLS LAST",
}
"""What records can be put in order by here, as SQL; the ranks are no table."""

LABELS = ("all", "labelled", "unlabelled", *SCREENING_LABELS, *PendingState)
"""What records can be filtered by in place of a label."""
_STANDS = "LEFT JOIN decision ON decision.id = record.decision_id"
_SEEN = "record.id NOT IN (SELECT value FROM json_each(:hidden))"
_MATCHES = (
    "(SELECT source.record_id FROM source_words"
    " JOIN source ON source.id = source_words.rowid WHERE source_words MATCH :{name})"
)

_IN_FULL_TEXT = (
    "(SELECT source.record_id FROM pdf_words"
    " JOIN attached ON attached.pdf_id = pdf_words.rowid"
    " JOIN source ON source.id = attached.record_id WHERE pdf_words MATCH :{name})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which records are wanted; what is left as it is by default does not choose."""

    text: str = ""  # Words, as `parse_search` understands them
    # ``all``, ``labelled``, ``unlabelled``, a label, ``pending`` or ``conflict``; the last two
    # have no final decision, but are not among the unlabelled
    label: str = "all"
    # Who has decided about the record, in a decision that was not withdrawn
    reviewer: str | None = None
    reason: str = ""  # Code of the reason
    import_id: int | None = None  # The file that it came with, also among others
    from_year: int | None = None  # Years of publication, both inclusive
    to_year: int | None = None
    no_abstract: bool = False  # Only those without an abstract
    since: str = ""  # Only those that were new on this day or later; ISO 8601
    merged: bool = False  # Only those that were merged of several sources
    # Only those of this study design, as in `autoscreen.text.StudyDesign`; several may apply
    design: str = ""
    watched: bool = False  # Only those that the watch imported and nobody has labelled
    tag: str = ""  # Only those with this tag
    noted: bool = False  # Only those with a note or comment
    assigned: str = ""  # Only those assigned to this reviewer
    unassigned: bool = False  # Only those assigned to nobody
    # Who looks: records that another one has decided about, and that wait for this one as the
    # second reviewer, look unread. None sees what there is.
    viewer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What can be chosen by, with the number of records that have it."""

    # By label, and those without one by why they have none, which is empty if nobody read them
    labels: dict[str, int]
    reasons: dict[str, int]  # By code, and by name
    reviewers: dict[str, int]
    # Number and file of each import, and the records that it brought, before merging
    imports: tuple[tuple[int, str, int], ...]
    without_abstract: int  # Records without an abstract, and records of several sources
    merged: int
    years: tuple[int, int] | None  # The first and the last year; None if no record has one
    # By study design; empty while many records have yet to be looked at for it
    designs: dict[str, int]
    watched: int  # Records that the watch imported and nobody has labelled
    tags: dict[str, int]  # By tag, in alphabetical order
    noted: int  # Records with a note or comment
    assigned: dict[str, int]  # By whom they are assigned to


@dataclass(frozen=True, slots=True)
class BrowsedRecord:
    """A record of the pool with what reviewers wrote on it."""

    stored: StoredRecord
    open: PendingState | None
    tags: tuple[str, ...]
    notes: tuple[str, ...]
    comments: int


class Browse:
    """The pool as a table."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def index(self, *, enough: Callable[[], bool] | None = None) -> None:
        """Index the words of records that came in since this was last done, and their designs."""
        catch_up(self._db, enough=enough)
        design_tags.catch_up(self._db, enough=enough)

    def numbers(
        self,
        filters: Filters,
        *,
        order: str = "came",
        descending: bool = False,
        keep: int | None = None,
    ) -> list[int]:
        """Return the records that are wanted."""
        if filters.text:
            catch_up(self._db)
        if filters.design:
            design_tags.check(filters.design)
            design_tags.catch_up(self._db)
        names: dict[str, Any] = {
            "keep": keep,
            "hidden": json.dumps(self._hidden(filters.viewer)),
        }
        if filters.watched:
            names["watched"] = json.dumps(sorted(Watches(self._db).new_records()))
        conditions = [*_conditions(filters, names), *self._annotated(filters, names)]
        where = " AND ".join(conditions) or "1"
        way = "DESC" if descending else "ASC"
        # Without an order to keep to, SQLite may read the shortest index that there is.
        by = f" ORDER BY {ORDERS[order].format(way=way)}, record.id" if order != "came" else ""
        rows = self._db.named(
            f"SELECT record.id FROM record {_STANDS} WHERE ({where}) OR record.id = :keep{by}",  # noqa: S608
            names,
        )
        numbers = [row[0] for row in rows]
        return numbers if by else sorted(numbers, reverse=descending)

    def rows(self, numbers: Sequence[int], *, viewer: str | None = None) -> list[BrowsedRecord]:
        """Return records in the order asked for, with what the viewer may see of each."""
        rows = self._db.rows(
            "SELECT screened.*, open FROM screened JOIN record ON record.id = screened.id"
            " WHERE screened.id IN (SELECT value FROM json_each(?))",
            json.dumps(list(numbers)),
        )
        hidden = set(self._hidden(viewer))
        said = Annotations(self._db, viewer)
        found = {
            row[0]: BrowsedRecord(
                stored=stored_from(row),
                open=PendingState(row[-1]) if row[-1] and row[0] not in hidden else None,
                tags=tuple(said.tags.get(row[0], ())),
                notes=tuple(said.notes.get(row[0], ())),
                comments=len(said.comments.get(row[0], ())),
            )
            for row in rows
        }
        return [found[number] for number in numbers if number in found]

    def choices(self, *, viewer: str | None = None) -> Choices:
        """Return what there is to choose by."""
        db, hidden = self._db, json.dumps(self._hidden(viewer))
        # Each count reads an index, not the records: this is asked for with every page.
        decided = db.rows(
            "SELECT decision.label, reason, count(*) FROM record"
            " JOIN decision ON decision.id = record.decision_id"
            " WHERE record.decision_id IS NOT NULL GROUP BY 1, 2"
        )
        waiting = db.rows(
            "SELECT open, count(*) FROM record WHERE open IS NOT NULL"
            " AND id NOT IN (SELECT value FROM json_each(?)) GROUP BY 1",
            hidden,
        )
        said = Annotations(db, viewer)
        labels = _summed([*((label, count) for label, _, count in decided), *waiting])
        unread = int(db.value("SELECT count(*) FROM record")) - sum(labels.values())
        years = db.rows("SELECT (SELECT min(year) FROM record), (SELECT max(year) FROM record)")[0]
        return Choices(
            labels={"": unread, **labels} if unread else labels,
            reasons=_summed((reason, count) for _, reason, count in decided if reason),
            reviewers=self._reviewers(hidden),
            imports=tuple(
                (number, path, count)
                for number, path, count in db.rows(
                    "SELECT id, path, added + merged FROM import_run ORDER BY id"
                )
            ),
            without_abstract=int(db.value("SELECT count(*) FROM record WHERE has_abstract = 0")),
            merged=int(
                db.value("SELECT count(DISTINCT record_id) FROM source WHERE id <> record_id")
            ),
            years=None if years[0] is None else years,
            designs=design_tags.counts(db),
            watched=len(Watches(db).new_records()),
            tags=dict(sorted(Counter(chain.from_iterable(said.tags.values())).items())),
            noted=len(said.notes.keys() | said.comments.keys()),
            assigned={one.reviewer: one.records for one in Assignments(db).parts()},
        )

    def _annotated(self, filters: Filters, names: dict[str, Any]) -> Iterator[str]:
        """Yield the conditions on words, tags and notes, and note their values by name."""
        if not (filters.text.strip() or filters.tag or filters.noted):
            return
        said = Annotations(self._db, filters.viewer)
        if filters.tag:
            names["tagged"] = json.dumps(
                [n for n, tags in said.tags.items() if filters.tag in tags]
            )
            yield "record.id IN (SELECT value FROM json_each(:tagged))"
        if filters.noted:
            names["noted"] = json.dumps(sorted(said.notes.keys() | said.comments.keys()))
            yield "record.id IN (SELECT value FROM json_each(:noted))"
        wanted = parse_search(filters.text)
        if filters.text.strip() and not wanted:
            yield "0"  # a search without words finds nothing, and must not label everything
        for at, one in enumerate(wanted):
            names[f"said{at}"] = json.dumps(sorted(said.records_with(one.terms)))
            either = f"record.id IN (SELECT value FROM json_each(:said{at}))"  # noqa: S608
            if one.match:
                names[f"words{at}"] = one.match
                either += f" OR record.id IN {_MATCHES.format(name=f'words{at}')}"
            if one.in_full_text:
                names[f"full{at}"] = one.in_full_text
                either += f" OR record.id IN {_IN_FULL_TEXT.format(name=f'full{at}')}"
            yield f"NOT ({either})" if one.negative else f"({either})"

    def _reviewers(self, hidden: str) -> dict[str, int]:
        rows = self._db.rows(
            "SELECT reviewer, count(DISTINCT source.record_id) FROM standing"
            " JOIN source ON source.id = standing.record_id AND standing.stage = 'title-abstract'"
            " WHERE source.record_id NOT IN (SELECT value FROM json_each(?)) GROUP BY 1 ORDER BY 1",
            hidden,
        )
        return dict(rows)

    def _hidden(self, viewer: str | None) -> list[int]:
        return [] if viewer is None else Screening(self._db).waiting_for(viewer)


def _conditions(filters: Filters, names: dict[str, Any]) -> Iterator[str]:
    """Yield what has to hold, as SQL, and note its values by name."""
    if filters.label not in LABELS:
        raise InputError(
            f"{filters.label!r} is not a label", hint=f"choose one of: {', '.join(LABELS)}"
        )
    if filters.label == "labelled":
        yield "decision.id IS NOT NULL"
    elif filters.label == "unlabelled":
        yield f"decision.id IS NULL AND (open IS NULL OR NOT {_SEEN})"
    elif filters.label in tuple(PendingState):
        names["open"] = filters.label
        yield f"open = :open AND {_SEEN}"
    elif filters.label != "all":
        names["label"] = Label(filters.label)
        yield "decision.label = :label"
    for column, sql in _SIMPLE.items():
        value = getattr(filters, column)
        if value not in (None, "", False) or (column == "reviewer" and value is not None):
            names.setdefault(column, value)
            yield sql


_SIMPLE = {
    "reviewer": "record.id IN (SELECT source.record_id FROM standing"  # noqa: S608
    " JOIN source ON source.id = standing.record_id"
    f" WHERE reviewer = :reviewer AND stage = 'title-abstract') AND {_SEEN}",
    "reason": "decision.reason = :reason",
    "import_id": "record.id IN (SELECT record_id FROM source WHERE import_id = :import_id)",
    "from_year": "record.year >= :from_year",
    "to_year": "record.year <= :to_year",
    "no_abstract": "has_abstract = 0",
    "merged": "view IS NOT NULL",
    "design": "instr(designs, ',' || :design || ',')",
    "watched": "record.id IN (SELECT value FROM json_each(:watched))",
    "assigned": "record.id IN (SELECT source.record_id FROM assignment"
    " JOIN source ON source.id = assignment.record_id WHERE assignment.reviewer = :assigned)",
    "unassigned": "record.id NOT IN (SELECT source.record_id FROM assignment"
    " JOIN source ON source.id = assignment.record_id)",
    "since": "record.id IN (SELECT source.id FROM source"
    " JOIN import_run ON import_run.id = import_id WHERE finished >= :since)",
}


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for name, count in pairs:
        total[name] = total.get(name, 0) + count
    return total
