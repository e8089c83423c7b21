"""Imported files: the records being imported, and the log of each import."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import PurePath
from typing import Any

from autoscreen._version import __version__
from autoscreen.dedup import MatchFields
from autoscreen.formats import NO_COLUMNS, Problem, TableColumns
from autoscreen.records import Record
from autoscreen.store.database import Database, Row
from autoscreen.store.duplicate_index import (
    MANY,
    DuplicateIndex,
    Related,
    add_to_index,
    block_rows,
    sharing_with_many,
    word_rows,
)
from autoscreen.store.effective_label import NOBODY
from autoscreen.store.match_keys import encode_key
from autoscreen.store.pool import changed
from autoscreen.store.record_codec import checksum_of, encode, pack, unpack
from autoscreen.store.record_identity import identifiers
from autoscreen.store.record_tags import imported_tags
from autoscreen.store.stored_values import ImportRun, as_problems

_BATCH = 500
_INCOMING = """
CREATE TEMP TABLE incoming (
  n INTEGER PRIMARY KEY, ordinal INTEGER, content TEXT, raw_format TEXT, raw BLOB,
  title TEXT, year INTEGER, pmid TEXT, doi TEXT, has_abstract INTEGER, key TEXT,
  checksum INTEGER, key_checksum INTEGER
);
CREATE TEMP TABLE incoming_identifier (n INTEGER, kind TEXT, value TEXT);
CREATE TEMP TABLE incoming_tag (n INTEGER, tag TEXT);
CREATE TEMP TABLE incoming_block (key INTEGER, place INTEGER, n INTEGER);
CREATE TEMP TABLE incoming_word (key INTEGER, n INTEGER);
"""
_TABLES = (
    *("incoming", "incoming_identifier", "incoming_tag"),
    *("incoming_block", "incoming_word"),
)
_RUN = (
    "SELECT id, path, format, sha256, started, finished, starts, added, merged, already_there,"
    " lost, labels, conflicts, columns, full_text, label_column, unused_label_columns"
    " FROM import_run WHERE (?1 IS NULL OR id = ?1) ORDER BY id"
)


class ImportBuffer:
    """The records of one file while it is imported.

    They wait in a temporary table of this connection, so that a large file needs little memory and
    no other process waits while it is read.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: list[tuple[Any, ...]] = []
        self._identifiers: list[tuple[int, str, str]] = []
        self._tags: list[tuple[int, str]] = []
        self._blocks: list[tuple[int, int, int]] = []
        self._words: list[tuple[int, int]] = []
        self.count = 0
        db.run_script(_INCOMING)

    def add(self, record: Record, ordinal: int, key: MatchFields) -> int:
        """Take a record and give its number from 1 in this import."""
        self.count += 1
        content, written = encode(record), encode_key(key)
        self._waiting.append(
            (
                *(self.count, ordinal, content, record.raw_format, pack(record.raw)),
                *(record.title, record.year, record.pmid, record.doi, bool(record.abstract)),
                *(written, checksum_of(content), checksum_of(written)),
            )
        )
        self._identifiers += [(self.count, *identifier) for identifier in identifiers(record)]
        self._tags += [(self.count, tag) for tag in imported_tags(record.tags)]
        self._blocks += block_rows(self.count, key)
        self._words += word_rows(self.count, key)
        if len(self._waiting) == _BATCH:
            self.flush()
        return self.count

    def flush(self) -> None:
        """Move what waits in memory to the temporary table."""
        self._db.run_many(
            "INSERT INTO incoming VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._waiting
        )
        self._db.run_many("INSERT INTO incoming_identifier VALUES (?, ?, ?)", self._identifiers)
        self._db.run_many("INSERT INTO incoming_tag VALUES (?, ?)", self._tags)
        self._db.run_many("INSERT INTO incoming_block VALUES (?, ?, ?)", self._blocks)
        self._db.run_many("INSERT INTO incoming_word VALUES (?, ?)", self._words)
        self._waiting, self._identifiers, self._tags = [], [], []
        self._blocks, self._words = [], []

    def discard(self) -> None:
        """Forget the records; what was imported stays."""
        self._db.run_script("".join(f"DROP TABLE {name};\n" for name in _TABLES))


class Imports:
    """The imports of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def next_number(self) -> int:
        """Return the number that the next record to come in will have."""
        return int(self._db.value("SELECT coalesce(max(id), 0) + 1 FROM source"))

    def seen(self, sha256: str) -> dict[bytes, int]:
        """Return the records of earlier imports of this file, by their `digest`."""
        rows = self._db.rows(
            "SELECT raw, content, record_id FROM import_run"
            " JOIN source ON source.import_id = import_run.id"
            " JOIN source_text ON source_text.source_id = source.id WHERE sha256 = ?",
            sha256,
        )
        return {_digest(unpack(raw), content): record for raw, content, record in rows}

    def seen_in_search(self, number: int) -> dict[bytes, int]:
        """Return records of PubMed that a search found again, by their `digest`."""
        rows = self._db.rows(
            "SELECT raw, content, record_id FROM source"
            " JOIN source_text ON source_text.source_id = source.id"
            " WHERE raw_format = 'pubmed-xml' AND source.id IN (SELECT source_id FROM identifier"
            " WHERE kind = 'pmid' AND value IN"
            " (SELECT identifier FROM search_hit WHERE search_id = ?))",
            number,
        )
        return {_digest(unpack(raw), content): record for raw, content, record in rows}

    def seen_in_database(self, number: int, raw_format: str) -> dict[bytes, int]:
        """Return records that earlier searches of a database brought, by their `digest`."""
        rows = self._db.rows(
            "SELECT raw, content, record_id FROM source"
            " JOIN source_text ON source_text.source_id = source.id"
            " WHERE raw_format = ? AND import_id IN (SELECT import_id FROM search_hit"
            " WHERE identifier IN (SELECT identifier FROM search_hit WHERE search_id = ?))",
            *(raw_format, number),
        )
        return {_digest(unpack(raw), content): record for raw, content, record in rows}

    def related(self, new: Sequence[MatchFields]) -> Related:
        """Return the sources that a search for duplicates of `new` has to look at."""
        return DuplicateIndex(self._db).related(new)

    def open(
        self,
        path: str,
        format: str,
        *,
        sha256: str,
        started: str,
        starts: int,
        already_there: int = 0,
        problems: Sequence[Problem] = (),
        columns: TableColumns = NO_COLUMNS,
    ) -> int:
        """Begin the log of an import, inside a transaction, and return its number."""
        lost = sum(problem.lost for problem in problems)
        number = self._db.run(
            "INSERT INTO import_run (path, format, sha256, started, finished, starts, added,"
            " merged, already_there, lost, labels, full_text, conflicts, columns, label_column,"
            " unused_label_columns) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0, 0, 0, ?, ?, ?)",
            *(path, format, sha256, started, started, starts, starts - already_there - lost),
            *(already_there, lost, _json(columns.read), columns.decisions, _json(columns.unused)),
        )
        self._add_problems(number, problems)
        return number

    def _add_problems(self, number: int, problems: Iterable[Problem]) -> None:
        self._db.run_many(
            "INSERT INTO problem (import_id, line, record, message, lost) VALUES (?, ?, ?, ?, ?)",
            [(number, p.line, p.record, p.message, p.lost) for p in problems],
        )

    def mark_addition(self, number: int) -> None:
        """Note that an import is what a person added to a record that was there."""
        self._db.run("UPDATE import_run SET addition = 1 WHERE id = ?", number)

    def take(self, number: int, incoming: ImportBuffer) -> list[Problem]:
        """Make records of all that is on its way in, and return what the report has to say."""
        db = self._db
        incoming.flush()
        base = self.next_number() - 1
        db.run(
            "INSERT INTO source (id, import_id, ordinal, record_id)"
            " SELECT n + ?1, ?2, ordinal, n + ?1 FROM incoming ORDER BY n",
            *(base, number),
        )
        db.run(
            "INSERT INTO source_text SELECT n + ?, content, raw_format, raw, checksum FROM incoming"
            " ORDER BY n",
            base,
        )
        db.run(
            "INSERT INTO record (id, title, year, pmid, doi, has_abstract)"
            " SELECT n + ?, title, year, pmid, doi, has_abstract FROM incoming ORDER BY n",
            base,
        )
        db.run(
            "INSERT OR IGNORE INTO identifier SELECT kind, value, n + ? FROM incoming_identifier",
            base,
        )
        db.run(
            "INSERT INTO tagging (record_id, tag, is_on, reviewer, at)"
            " SELECT n + ?, tag, 1, ?, ? FROM incoming_tag ORDER BY n",
            *(base, f"{NOBODY}{PurePath(self._path_of(number)).name}", db.time()),
        )
        db.run(
            "INSERT INTO match_key SELECT n + ?, ?, key, key_checksum FROM incoming ORDER BY n",
            *(base, __version__),
        )
        add_to_index(db, base)
        if incoming.count:
            changed(db)
        many = sharing_with_many(db)
        message = (
            f"records that share a title, a page or the like with more than {MANY:,} others:"
            f" {many:,}; of these others only the most similar were compared, so that duplicates"
            " may be left"
        )
        path = self._path_of(number)
        said = Problem(path=path, line=None, record=None, message=message, lost=False)
        problems = [said] if many else []
        self._add_problems(number, problems)
        return problems

    def _path_of(self, number: int) -> str:
        return str(self._db.value("SELECT path FROM import_run WHERE id = ?", number))

    def close(
        self, number: int, *, labels: int, full_text: int = 0, conflicts: int = 0
    ) -> ImportRun:
        """Complete the log of an import after its merges, and give it."""
        merged = self._db.value(
            "SELECT count(*) FROM source WHERE import_id = ? AND record_id <> id", number
        )
        self._db.run(
            "UPDATE import_run SET finished = ?, merged = ?, added = added - ?, labels = ?,"
            " full_text = ?, conflicts = ? WHERE id = ?",
            *(self._db.time(), merged, merged, labels, full_text, conflicts, number),
        )
        return _run(self._db.rows(_RUN, number)[0])

    def all(self) -> list[ImportRun]:
        """Return all imports, oldest first."""
        return [_run(row) for row in self._db.rows(_RUN, None)]

    def problems(self, number: int) -> list[Problem]:
        """Return what could not be read, or was repaired, in one import."""
        rows = self._db.rows(
            "SELECT path, line, record, message, problem.lost FROM problem"
            " JOIN import_run ON import_run.id = import_id WHERE import_id = ?"
            " ORDER BY problem.id",
            number,
        )
        return as_problems(rows)


def digest(record: Record) -> bytes:
    """Return a fingerprint by which the same record of the same file is known again."""
    return _digest(record.raw, encode(record))


def _digest(raw: str, content: str) -> bytes:
    return blake2b((raw or content).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _run(row: Row) -> ImportRun:
    number, path, name, sha256, started, finished, starts, added, merged, there, lost, *rest = row
    labels, conflicts, columns, full_text, label_column, unused = rest
    return ImportRun(
        id=number,
        path=path,
        format=name,
        sha256=sha256,
        started=started,
        finished=finished,
        starts=starts,
        new=added,
        merged=merged,
        already_there=there,
        lost=lost,
        labels=labels,
        conflicts=conflicts,
        columns=tuple((column, meaning) for column, meaning in json.loads(columns)),
        full_text=full_text,
        label_column=label_column,
        unused_label_columns=tuple(json.loads(unused)),
    )
