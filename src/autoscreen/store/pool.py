"""The records of a review: what is screened, and the sources that it was merged from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autoscreen.records import Record
from autoscreen.store.database import Database, Row
from autoscreen.store.decisions import decision_from
from autoscreen.store.effective_label import PendingState
from autoscreen.store.record_codec import verified
from autoscreen.store.record_identity import find_record, find_records, reports_of_same_study
from autoscreen.store.stored_values import FullTextRow, SourceRow, StoredRecord

_WHICH = (
    "SELECT * FROM screened WHERE id > :after AND (:1 = 'all' OR label = :1"
    " OR :1 = 'labelled' AND decision_id IS NOT NULL"
    " OR :1 = 'unlabelled' AND decision_id IS NULL"
    " AND id NOT IN (SELECT id FROM record WHERE open IS NOT NULL)"
    " OR id IN (SELECT id FROM record WHERE open = :1)) ORDER BY id LIMIT :size"
)

_FULL_TEXTS = (
    "SELECT record.id, coalesce(view, content),"
    " CASE WHEN view IS NULL THEN checksum ELSE view_checksum END, full_text_open, entry.*"
    " FROM record JOIN source_text ON source_text.source_id = record.id"
    " JOIN decision ON decision.id = record.decision_id AND decision.label = 'include'"
    " LEFT JOIN entry ON entry.id = record.full_text_id ORDER BY record.id"
)
_FULL_TEXT_COUNTS = (
    "SELECT coalesce(later.label, full_text_open, ''), count(*) FROM record"
    " JOIN decision ON decision.id = record.decision_id AND decision.label = 'include'"
    " LEFT JOIN decision AS later ON later.id = full_text_id GROUP BY 1"
)


@dataclass(frozen=True, slots=True)
class PoolCounts:
    """How many records there are."""

    records: int
    with_abstract: int


def epoch(db: Database) -> int:
    """Return the number of the pool's present state."""
    return int(db.value("SELECT value FROM meta WHERE key = 'epoch'"))


def changed(db: Database) -> None:
    """Note that records, the protocol or the sentence embeddings that the ranking uses changed."""
    db.run("UPDATE meta SET value = value + 1 WHERE key = 'epoch'")


class Pool:
    """The records of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def epoch(self) -> int:
        """Return a number that grows when what the ranking reads changes, but not with labels."""
        return epoch(self._db)

    def find(self, ident: str) -> int:
        """Return the number of the record with this id, PMID or DOI."""
        return find_record(self._db, ident)

    def find_all(self, idents: Iterable[str]) -> list[int]:
        """Return the number of each of these records, as `find` does."""
        return find_records(self._db, idents)

    def reports_of_same_study(self, number: int) -> list[tuple[int, str]]:
        """Return other records with a registration number of this one, and the number."""
        return reports_of_same_study(self._db, number)

    def counts(self) -> PoolCounts:
        """Count the records."""
        found: dict[int, int] = dict(
            self._db.rows("SELECT has_abstract, count(*) FROM record GROUP BY 1")
        )
        return PoolCounts(sum(found.values()), found.get(1, 0))

    def is_empty(self) -> bool:
        """Whether there is no record; counting a million of them would take a while."""
        return not self._db.value("SELECT EXISTS (SELECT 1 FROM record)")

    def ids(self) -> list[int]:
        """Return the numbers of all records, in the order in which they came."""
        return [row[0] for row in self._db.rows("SELECT id FROM record ORDER BY id")]

    def record(self, number: int) -> StoredRecord:
        """Return a record by the number that `find` gave; its raw text is with its `sources`."""
        return stored(self._db, number)

    def records(self, which: str = "all") -> Iterator[StoredRecord]:
        """Yield records in the order in which they came."""
        return map(stored_from, self._db.paged(_WHICH, which))

    def full_texts(self) -> list[FullTextRow]:
        """Return the records that title and abstract included, in the order in which they came."""
        return [
            FullTextRow(
                number=number,
                record=verified(content, checksum, number),
                decision=None if entry[0] is None else decision_from(tuple(entry)),
                open=None if still_open is None else PendingState(still_open),
            )
            for number, content, checksum, still_open, *entry in self._db.rows(_FULL_TEXTS)
        ]

    def full_text_counts(self) -> dict[str, int]:
        """Count these records by label of their full text, by why they have none, or by ''."""
        return dict(self._db.rows(_FULL_TEXT_COUNTS))

    def has_source_after(self, source: int) -> bool:
        """Whether anything was imported after a source."""
        return bool(self._db.value("SELECT EXISTS (SELECT 1 FROM source WHERE id > ?)", source))

    def is_included(self, number: int) -> bool:
        """Whether title and abstract included a record."""
        return bool(
            self._db.value(
                "SELECT EXISTS (SELECT 1 FROM record JOIN decision ON decision.id = decision_id"
                " WHERE record.id = ? AND label = 'include')",
                number,
            )
        )

    def contents(self) -> Iterator[tuple[int, Record]]:
        """Yield number and content of all records in the order in which they came."""
        sql = "SELECT id, content, checksum FROM screened WHERE id > :after ORDER BY id LIMIT :size"
        for number, content, checksum in self._db.paged(sql):
            yield number, verified(content, checksum, number)

    def sources(self, number: int) -> list[SourceRow]:
        """Return what each file said about a record, with the raw text, oldest first."""
        rows = self._db.rows(
            "SELECT source.id, path, ordinal, content, checksum, raw, raw_format FROM source"
            " JOIN source_text ON source_text.source_id = source.id"
            " JOIN import_run ON import_run.id = import_id"
            " WHERE record_id = ? ORDER BY source.id",
            number,
        )
        return [_source(row) for row in rows]


def stored(db: Database, number: int) -> StoredRecord:
    """Return one record with its decision."""
    return stored_from(db.rows("SELECT * FROM screened WHERE id = ?", number)[0])


def stored_from(row: Row) -> StoredRecord:
    """Make a record of a row of the view ``screened``."""
    return StoredRecord(
        number=row[0],
        record=verified(row[1], row[2], row[0]),
        decision=None if row[3] is None else decision_from(row[3:]),
    )


def _source(row: Row) -> SourceRow:
    number, path, ordinal, content, checksum, raw, raw_format = row
    record = verified(content, checksum, number, raw=raw, raw_format=raw_format)
    return SourceRow(number=number, path=path, ordinal=ordinal, record=record)
