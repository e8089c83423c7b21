"""Searches of a database: what was asked, what it found, and what is still to be fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoscreen._version import __version__
from autoscreen.store.database import Database, Row
from autoscreen.store.record_codec import pack, unpack

_RUNS = """
SELECT search.id, kind, database, platform, query, translation, warnings, date_type, since, until,
  search.found, slices, search.started, search.finished, status,
  count(identifier), count(content), count(import_id)
FROM search LEFT JOIN search_hit ON search_id = search.id
WHERE (?1 IS NULL OR search.id = ?1) GROUP BY search.id ORDER BY search.id
"""
_OPEN = ("running", "partial")
PUBMED = "PubMed"
"""Name of the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSearch:
    """A search as it was made."""

    # ``"query"``; ``"pmids"`` for records asked for by their PMIDs; ``"citations"`` for works that
    # cite studies or are cited by them; ``"watch"`` for a query that the watch asked
    kind: str
    database: str  # What was searched, and through what
    platform: str
    query: str  # Exactly what was asked, and how the database understood it
    translation: str = ""
    warnings: Sequence[str] = ()  # What the database said about the query
    date_type: str = ""  # Which days were asked for, ISO 8601; empty without a limit
    since: str = ""
    until: str = ""
    found: int  # Records found, as the database counts them
    slices: int = 1  # Parts in which it was asked
    started: str  # When, ISO 8601 in UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRun(NewSearch):
    """A search and what became of it."""

    id: int  # Its number in this review
    finished: str  # When it was over, ISO 8601 in UTC; empty before
    # ``"running"`` until all was asked for; then ``"done"``, or ``"partial"`` if records did not
    # come; ``"incomplete"`` if they did not come a second time either; ``"abandoned"`` if another
    # search took its place
    status: str
    named: int  # Records that the database named
    waiting: int  # Records that came and are not yet in the review
    imported: int  # Records that came and were imported
    # Those of them that the review did not have, those that were merged with another one, and those
    # that had come before exactly as they are
    new: int
    merged: int
    unchanged: int

    @property
    def fetched(self) -> int:
        """Records that came."""
        return self.waiting + self.imported

    @property
    def missing(self) -> int:
        """Records that were found but did not come."""
        return max(self.found, self.named) - self.fetched


class Searches:
    """The searches of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def open(self, search: NewSearch, pmids: Sequence[str]) -> int:
        """Log a search with all that it found, and give its number."""
        with self._db.writing():
            number = self._db.run(
                "INSERT INTO search (kind, database, platform, query, translation, warnings,"
                " date_type, since, until, found, slices, started, status, program)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?)",
                *(search.kind, search.database, search.platform, search.query),
                *(search.translation, json.dumps(list(search.warnings), ensure_ascii=False)),
                *(search.date_type, search.since, search.until, search.found, search.slices),
                *(search.started, __version__),
            )
            self._db.run_many(
                "INSERT INTO search_hit (search_id, ordinal, identifier) VALUES (?, ?, ?)",
                ((number, ordinal, pmid) for ordinal, pmid in enumerate(pmids, 1)),
            )
        return number

    def unfinished(
        self, kind: str, query: str, since: str, until: str, *, database: str = PUBMED
    ) -> int | None:
        """Return the newest search for the same if some of its records have yet to come."""
        row = self._db.row(
            "SELECT id, status FROM search WHERE kind = ? AND query = ? AND since = ?"
            " AND until = ? AND database = ? ORDER BY id DESC LIMIT 1",
            *(kind, query, since, until, database),
        )
        return int(row[0]) if row and row[1] in _OPEN else None

    def todo(self, number: int) -> list[str]:
        """Return the PMIDs whose records have not come, in the order of the search."""
        rows = self._db.rows(
            "SELECT identifier FROM search_hit WHERE search_id = ? AND content IS NULL"
            " AND import_id IS NULL ORDER BY ordinal",
            number,
        )
        return [pmid for (pmid,) in rows]

    def keep(self, number: int, records: Mapping[str, str]) -> None:
        """Keep records that came until all have come; they are on the disk when this returns."""
        with self._db.writing():
            self._db.run_many(
                "UPDATE search_hit SET content = ? WHERE search_id = ? AND identifier = ?"
                " AND import_id IS NULL",
                ((pack(xml), number, pmid) for pmid, xml in records.items()),
            )

    def add(self, number: int, records: Mapping[str, str], cursor: str) -> None:
        """Keep one page of a search that comes page by page, and where the next one begins."""
        with self._db.writing():
            last = self._db.value(
                "SELECT coalesce(max(ordinal), 0) FROM search_hit WHERE search_id = ?", number
            )
            had = {
                name
                for (name,) in self._db.rows(
                    "SELECT identifier FROM search_hit WHERE search_id = ?", number
                )
            }
            new = [(name, record) for name, record in records.items() if name not in had]
            self._db.run_many(
                "INSERT INTO search_hit (search_id, ordinal, identifier, content)"
                " VALUES (?, ?, ?, ?)",
                (
                    (number, ordinal, name, pack(record))
                    for ordinal, (name, record) in enumerate(new, last + 1)
                ),
            )
            self._db.run("UPDATE search SET cursor = ? WHERE id = ?", cursor, number)

    def cursor(self, number: int) -> str:
        """Return where a search goes on; empty if at its beginning."""
        return str(self._db.value("SELECT cursor FROM search WHERE id = ?", number))

    def recount(self, number: int, found: int, warning: str) -> None:
        """Note that the database counts another number of records than at first."""
        with self._db.writing():
            said = json.loads(
                str(self._db.value("SELECT warnings FROM search WHERE id = ?", number))
            )
            self._db.run(
                "UPDATE search SET found = ?, warnings = ? WHERE id = ?",
                *(found, json.dumps([*said, warning], ensure_ascii=False), number),
            )

    def waiting(self, number: int) -> Iterator[str]:
        """Yield the XML of the records that came and are not yet imported, in order."""
        for _, content in self._db.paged(
            "SELECT ordinal, content FROM search_hit WHERE search_id = :1 AND content IS NOT NULL"
            " AND ordinal > :after ORDER BY ordinal LIMIT :size",
            number,
        ):
            yield unpack(content)

    def imported(self, number: int, import_id: int) -> None:
        """Note that what waited is in the review; inside the transaction that brought it in."""
        self._db.run(
            "UPDATE search_hit SET content = NULL, import_id = ?"
            " WHERE search_id = ? AND content IS NOT NULL",
            *(import_id, number),
        )

    def close(self, number: int, status: str) -> None:
        """Return what became of a search; what was kept of an abandoned one is let go."""
        with self._db.writing():
            if status == "abandoned":
                self._db.run("UPDATE search_hit SET content = NULL WHERE search_id = ?", number)
            self._db.run(
                "UPDATE search SET status = ?, finished = ? WHERE id = ?",
                *(status, self._db.time(), number),
            )

    def run(self, number: int) -> SearchRun:
        """Return one search."""
        return self._run(self._db.rows(_RUNS, number)[0])

    def all(self) -> list[SearchRun]:
        """Return all searches, oldest first."""
        return [self._run(row) for row in self._db.rows(_RUNS, None)]

    def watched(self) -> list[tuple[int, NewSearch]]:
        """Return what the watch asked, oldest first, with the number of its run."""
        rows = self._db.rows(
            "SELECT run_id, platform, watch_search.query, translation, warnings, date_type, since,"
            " found, at FROM watch_search JOIN watch_run ON watch_run.id = run_id"
            " ORDER BY at, date_type"
        )
        return [
            (
                int(run),
                NewSearch(
                    kind="watch",
                    database=PUBMED,
                    platform=platform,
                    query=query,
                    translation=translation,
                    warnings=tuple(json.loads(warnings)),
                    date_type=kind,
                    since=since,
                    until="",
                    found=found,
                    slices=1,
                    started=at,
                ),
            )
            for run, platform, query, translation, warnings, kind, since, found, at in rows
        ]

    def _run(self, row: Row) -> SearchRun:
        new, merged, unchanged = self._db.rows(
            "SELECT coalesce(sum(added), 0), coalesce(sum(merged), 0),"
            " coalesce(sum(already_there), 0) FROM import_run"
            " WHERE id IN (SELECT import_id FROM search_hit WHERE search_id = ?)",
            row[0],
        )[0]
        names = (
            "id kind database platform query translation warnings date_type since until found"
            " slices started finished status named waiting imported"
        )
        values: dict[str, Any] = dict(zip(names.split(), row, strict=True))
        values["warnings"] = tuple(json.loads(values["warnings"]))
        values["finished"] = values["finished"] or ""
        return SearchRun(**values, new=new, merged=merged, unchanged=unchanged)
