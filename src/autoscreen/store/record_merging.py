"""Merges records in the tables, many at a time, and computes their rows again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby

from autoscreen.dedup import combine
from autoscreen.records import Record
from autoscreen.store.database import Database
from autoscreen.store.decisions import decision_from
from autoscreen.store.effective_label import refresh_all
from autoscreen.store.record_codec import checksum_of, encode, verified
from autoscreen.store.stored_values import Decision

_BATCH = 500


def join(db: Database, pairs: Iterable[tuple[int, int, str]], import_id: int | None) -> int:
    """Merge pairs of sources with what holds them, and give how many merges that took."""
    pairs = list(pairs)
    heads = _MergedRecords(db, {number for one, other, _ in pairs for number in (one, other)})
    at = db.time()
    merges: list[tuple[int, int, int | None, str, str]] = []
    for one, other, evidence in pairs:
        kept, absorbed = sorted((heads.of(one), heads.of(other)))
        if kept != absorbed:
            merges.append((kept, absorbed, import_id, evidence + heads.differ(kept, absorbed), at))
            heads.unite(kept, absorbed)
    db.run_many(
        "INSERT INTO merge (kept, absorbed, import_id, evidence, at, decision)"
        " VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM decision))",
        merges,
    )
    gone = [absorbed for _, absorbed, *_ in merges]
    db.run_many(
        "UPDATE source SET record_id = ? WHERE record_id = ?",
        [(heads.of(number), number) for number in gone],
    )
    db.run_many("DELETE FROM record WHERE id = ?", [(number,) for number in gone])
    rebuild(db, sorted({heads.of(number) for number in gone}))
    return len(merges)


def rebuild(db: Database, numbers: Sequence[int]) -> None:
    """Compute the rows of records again from their sources."""
    for first in range(0, len(numbers), _BATCH):
        some = json.dumps(numbers[first : first + _BATCH])
        rows = db.rows(
            "SELECT record_id, content, checksum, source.id FROM source"
            " JOIN source_text ON source_text.source_id = source.id"
            " WHERE record_id IN (SELECT value FROM json_each(?)) ORDER BY record_id, source.id",
            some,
        )
        db.run_many(
            "INSERT INTO record (id, title, year, pmid, doi, has_abstract, view,"
            " view_checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO"
            " UPDATE SET title = excluded.title,"
            " year = excluded.year, pmid = excluded.pmid, doi = excluded.doi,"
            " has_abstract = excluded.has_abstract, view = excluded.view,"
            " view_checksum = excluded.view_checksum",
            [
                (number, *_columns([verified(*source) for _, *source in sources]))
                for number, sources in groupby(rows, key=lambda row: row[0])
            ],
        )
    refresh_all(db, numbers)


def _columns(
    sources: list[Record],
) -> tuple[str, int | None, str | None, str | None, bool, str | None, int | None]:
    record = combine(sources)
    shown = record.title, record.year, record.pmid, record.doi, bool(record.abstract)
    if len(sources) == 1:
        return *shown, None, None
    view = encode(record)
    return *shown, view, checksum_of(view)


class _MergedRecords:
    """Which record holds a source, and its decision in force, while records are merged."""

    def __init__(self, db: Database, numbers: set[int]) -> None:
        wanted = json.dumps(sorted(numbers))
        self._head: dict[int, int] = dict(
            db.rows(
                "SELECT id, record_id FROM source WHERE id IN (SELECT value FROM json_each(?))",
                wanted,
            )
        )
        self._standing: dict[int, Decision] = {
            row[0]: decision_from(row[1:])
            for row in db.rows(
                "SELECT DISTINCT record.id, entry.* FROM source"
                " JOIN record ON record.id = source.record_id"
                " JOIN entry ON entry.id = record.decision_id"
                " WHERE source.id IN (SELECT value FROM json_each(?))",
                wanted,
            )
        }

    def of(self, number: int) -> int:
        """Follow a source, or a record that was merged, to the record that holds it now."""
        while (above := self._head.get(number, number)) != number:
            number = above
        return number

    def unite(self, kept: int, absorbed: int) -> None:
        self._head[absorbed] = kept
        both = [self._standing[n] for n in (kept, absorbed) if n in self._standing]
        if both:
            self._standing[kept] = max(both, key=lambda decision: decision.id)

    def differ(self, one: int, other: int) -> str:
        """Note in the evidence that two records have different labels, if they do."""
        mine, theirs = self._standing.get(one), self._standing.get(other)
        if mine is None or theirs is None or mine.label == theirs.label:
            return ""
        return f"; labels differ: {_said(mine)}, {_said(theirs)}; both are kept"


def _said(decision: Decision) -> str:
    who = f" by {decision.reviewer}" if decision.reviewer else ""
    return f"{decision.record_id} {decision.label}{who}"
