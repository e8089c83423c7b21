"""One review file and what it stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self
from zlib import crc32, decompress
from zlib import error as ZlibError

from autoscreen._version import __version__
from autoscreen.records import Stage
from autoscreen.store.assignments import Assignments
from autoscreen.store.attachments import Attachments
from autoscreen.store.audits import Audits
from autoscreen.store.bulk_decisions import Bulks
from autoscreen.store.comments import Comments
from autoscreen.store.database import Clock, Database, system_clock
from autoscreen.store.decisions import Decisions
from autoscreen.store.double_screening import Screening
from autoscreen.store.embeddings import Embeddings
from autoscreen.store.extracted_values import ExtractedValues
from autoscreen.store.imports import ImportBuffer, Imports
from autoscreen.store.job_log import JobLog
from autoscreen.store.merges import Merges
from autoscreen.store.migrations import MIGRATIONS
from autoscreen.store.page_state import Pages
from autoscreen.store.pool import Pool, changed
from autoscreen.store.possible_duplicates import PossibleDuplicates
from autoscreen.store.prior_copies import PriorCopies
from autoscreen.store.prior_knowledge import PriorKnowledge
from autoscreen.store.progress_counts import ProgressCounts, progress_counts
from autoscreen.store.rankings import Rankings
from autoscreen.store.record_filters import Browse
from autoscreen.store.record_tags import Tags
from autoscreen.store.reporting import Reporting
from autoscreen.store.review_file import create_file, look_into, open_file, review_path
from autoscreen.store.review_history import ReviewHistory
from autoscreen.store.row_checksums import check_decisions, damaged_rows
from autoscreen.store.search_log import Searches
from autoscreen.store.stopping_targets import StoppingTargets
from autoscreen.store.stored_values import ProtocolVersion
from autoscreen.store.watch_log import Watches

_SOURCES = (
    "SELECT source_id, CAST(content AS BLOB), source_text.checksum, raw,"
    " CAST(key AS BLOB), match_key.checksum, record_id, path, ordinal FROM source_text"
    " LEFT JOIN match_key USING (source_id) LEFT JOIN source ON source.id = source_id"
    " LEFT JOIN import_run ON import_run.id = import_id"
    " WHERE source_id > :after ORDER BY source_id LIMIT :size"
)
_VIEWS = (
    "SELECT id, CAST(view AS BLOB), view_checksum FROM record WHERE view IS NOT NULL"
    " AND id > :after ORDER BY id LIMIT :size"
)
# Compared only where the text itself is whole JSON.
_COPIES = (
    "SELECT id, CAST(title AS BLOB), year, CAST(pmid AS BLOB), CAST(coalesce("
    "json_extract(text, '$.title'), '') AS BLOB), json_extract(text, '$.year'),"
    " CAST(json_extract(text, '$.pmid') AS BLOB) FROM (SELECT id, title, year, pmid,"
    " coalesce(view, content) AS text FROM record JOIN source_text ON source_id = id"
    " WHERE id > :after AND json_valid(coalesce(view, content)) ORDER BY id LIMIT :size)"
)
_LAST_CHANGE = (
    "SELECT max(coalesce((SELECT at FROM decision ORDER BY id DESC LIMIT 1), ''),"
    " coalesce((SELECT finished FROM import_run ORDER BY id DESC LIMIT 1), ''),"
    " coalesce((SELECT at FROM prior_act ORDER BY id DESC LIMIT 1), ''),"
    " (SELECT at FROM protocol ORDER BY id DESC LIMIT 1))"
)
WAIT = 30.0
"""Seconds that a process waits for another one that is writing."""


class Store:
    """
    An open review file, for one thread.

    What was written is on the disk when a method returns. As a context manager it closes the file.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.pool = Pool(db)
        self.browse = Browse(db)
        self.decisions = Decisions(db)
        self.screening = Screening(db)
        self.full_text_decisions = Decisions(db, Stage.FULL_TEXT)
        self.full_text_screening = Screening(db, Stage.FULL_TEXT)
        self.bulks = Bulks(db)
        self.merges = Merges(db)
        self.duplicates = PossibleDuplicates(db)
        self.imports = Imports(db)
        self.rankings = Rankings(db)
        self.embeddings = Embeddings(db)
        self.audits = Audits(db)
        self.targets = StoppingTargets(db)
        self.searches = Searches(db)
        self.watches = Watches(db)
        self.pages = Pages(db)
        self.jobs = JobLog(db)
        self.assignments = Assignments(db)
        self.tags = Tags(db)
        self.prior_copies = PriorCopies(db)
        self.comments = Comments(db)
        self.prior_knowledge = PriorKnowledge(db)
        self.attachments = Attachments(db)
        self.extraction = ExtractedValues(db)
        self.reporting = Reporting(db)
        self.history = ReviewHistory(db)

    @classmethod
    def create(
        cls, path: str | Path, *, name: str, protocol: str, origin: str, now: Clock = system_clock
    ) -> Self:
        """Make a new review file and open it."""
        where = review_path(path)

        def fill(db: Database) -> None:
            facts = {"name": name, "created": db.time(), "epoch": "1"}
            db.run_many("INSERT INTO meta VALUES (?, ?)", facts.items())
            _add_protocol(db, protocol, origin)

        create_file(where, fill, migrations=MIGRATIONS, program=__version__, now=now)
        return cls.open(where, now=now)

    @classmethod
    def open(cls, path: str | Path, *, now: Clock = system_clock, wait: float = WAIT) -> Self:
        """Open a review file."""
        where = review_path(path)
        return cls(open_file(where, wait=wait, now=now, migrations=MIGRATIONS, program=__version__))

    @classmethod
    def look_into(cls, path: Path, *, now: Clock = system_clock) -> Self:
        """Open a review file to count what is in it; nothing can be written."""
        return cls(look_into(path, now=now, migrations=MIGRATIONS))

    def reopen(self) -> Self:
        """Open the same file once more, for use in another thread."""
        return type(self)(Database(self.path, wait=self._db.wait, now=self._db.now))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The file."""
        return self._db.path

    @property
    def name(self) -> str:
        """Name of the review."""
        return str(self._db.value("SELECT value FROM meta WHERE key = 'name'"))

    def rename(self, name: str) -> None:
        """Rename the review; the name of its file stays."""
        self._db.run("UPDATE meta SET value = ? WHERE key = 'name'", name)

    def time(self) -> str:
        """Return the time now, as it is stored."""
        return self._db.time()

    def back_up(self, target: Path) -> None:
        """Copy the whole review to a new file, consistent while others write."""
        self._db.back_up(target)

    def progress(self) -> ProgressCounts:
        """Count the records by their state."""
        return progress_counts(self._db)

    def last_change(self) -> str:
        """Return when something was last decided, imported or changed in the protocol."""
        return str(self._db.value(_LAST_CHANGE))

    def decisions_of(self, stage: Stage) -> Decisions:
        """Return the decisions of a stage."""
        return self.full_text_decisions if stage is Stage.FULL_TEXT else self.decisions

    def screening_of(self, stage: Stage) -> Screening:
        """Return the double screening of a stage."""
        return self.full_text_screening if stage is Stage.FULL_TEXT else self.screening

    def writing(self) -> AbstractContextManager[None]:
        """Do all that is written inside the block as a whole or not at all."""
        return self._db.writing()

    def reading(self) -> AbstractContextManager[None]:
        """Read all that is read inside the block as it is at one moment."""
        return self._db.reading()

    def incoming(self) -> ImportBuffer:
        """Prepare to import the records of a file."""
        return ImportBuffer(self._db)

    def protocol(self) -> tuple[str, str]:
        """Return the TOML text of the protocol in force, and where it came from."""
        text, origin = self._db.rows("SELECT text, origin FROM protocol ORDER BY id DESC LIMIT 1")[
            0
        ]
        return str(text), str(origin)

    def set_protocol(self, text: str, origin: str, *, reviewer: str = "", note: str = "") -> None:
        """Put a new version of the protocol in force; the earlier ones are kept."""
        with self._db.writing():
            _add_protocol(self._db, text, origin, reviewer, note)
            changed(self._db)

    def protocol_version(self) -> int:
        """Return the number of the version of the protocol that is in force."""
        return int(self._db.value("SELECT max(id) FROM protocol"))

    def protocol_versions(self) -> list[ProtocolVersion]:
        """Return each version of the protocol that was ever applied, newest first."""
        rows = self._db.rows(
            "SELECT id, text, origin, at, reviewer, note FROM protocol ORDER BY id DESC"
        )
        return [
            ProtocolVersion(id=n, text=text, origin=origin, at=at, reviewer=reviewer, note=note)
            for n, text, origin, at, reviewer, note in rows
        ]

    def damage(self) -> list[str]:
        """Return what is wrong with the file after checking all of it; empty if it is intact."""
        found = [str(row[0]) for row in self._db.rows("PRAGMA integrity_check")]
        broken = self._db.rows("PRAGMA foreign_key_check")
        return [
            *(line for line in found if line != "ok"),
            *(
                f"row {row} of {table} refers to a missing row of {parent}"
                for table, row, parent, _ in broken
            ),
            *damaged_rows(self._db),
            *self._damaged_texts(),
        ]

    def check_decisions(self) -> None:
        """Raise a SchemaError if a decision differs from its checksum."""
        check_decisions(self._db)

    def _damaged_texts(self) -> Iterator[str]:
        for row in self._db.paged(_SOURCES):
            _, content, checksum, raw, key, key_checksum, record, path, ordinal = row
            where = f"of record r{record} (record {ordinal} of {path})"
            try:
                whole = crc32(content) == checksum and bool(decompress(raw) or True)
            except ZlibError:
                whole = False
            if not whole:
                yield f"the text {where} is damaged"
            if key is None or crc32(key) != key_checksum:
                yield f"the match key {where} is damaged"
        for number, view, checksum in self._db.paged(_VIEWS):
            if crc32(view) != checksum:
                yield f"the text of record r{number} is damaged"
        for number, *shown in self._db.paged(_COPIES):
            if shown[:3] != shown[3:]:
                yield f"the title, year or PMID of record r{number} differs from its text"
        yield from self.attachments.damage()
        yield from self.embeddings.damage()


def _add_protocol(db: Database, text: str, origin: str, reviewer: str = "", note: str = "") -> None:
    db.run(
        "INSERT INTO protocol (text, origin, at, reviewer, note) VALUES (?, ?, ?, ?, ?)",
        *(text, origin, db.time(), reviewer, note),
    )
