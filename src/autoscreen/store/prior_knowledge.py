"""Records of earlier reviews with their labels: they train the ranking and count nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autoscreen.errors import InputError, SchemaError
from autoscreen.formats import Problem
from autoscreen.records import Label, Record
from autoscreen.store.database import Database, Row
from autoscreen.store.pool import changed
from autoscreen.store.record_codec import checksum_of, decode, encode
from autoscreen.store.stored_values import as_problems

_FILES = """
SELECT prior_file.id, path, format, sha256, starts, unused, lost,
  (SELECT count(*) FROM prior_problem WHERE file_id = prior_file.id),
  (SELECT count(*) FROM prior_record WHERE file_id = prior_file.id AND label = 'include'),
  (SELECT count(*) FROM prior_record WHERE file_id = prior_file.id AND label = 'exclude'),
  first.at, first.reviewer, newest.in_use, newest.at, newest.reviewer
FROM prior_file
JOIN prior_act first ON first.id = (SELECT min(id) FROM prior_act WHERE file_id = prior_file.id)
JOIN prior_act newest ON newest.id = (SELECT max(id) FROM prior_act WHERE file_id = prior_file.id)
ORDER BY prior_file.id
"""
_RECORDS = """
SELECT id, label, content, checksum FROM prior_record
WHERE id > :after AND file_id IN (SELECT value FROM json_each(:1)) ORDER BY id LIMIT :size
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorFile:
    """A file of an earlier review whose decisions train the ranking."""

    id: int
    path: str
    format: str
    sha256: str
    starts: int  # Records in the file: included + excluded + unused + lost
    included: int
    excluded: int
    unused: int  # Without a decision, unsure, or with decisions that differ
    lost: int  # Could not be read
    problems: int  # Problems in the file, see `PriorKnowledge.problems`
    at: str  # When it was imported, ISO 8601 in UTC, and by whom
    reviewer: str
    in_use: bool  # False once it was removed
    changed_at: str  # When it was last removed or restored, and by whom
    changed_by: str


class PriorKnowledge:
    """The prior knowledge of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self,
        path: str,
        format: str,
        *,
        sha256: str,
        records: Iterable[tuple[Label, Record]],
        unused: int,
        problems: Sequence[Problem],
        reviewer: str,
    ) -> PriorFile:
        """Add the labelled records of a file, all of them or none."""
        rows = [(str(label), encode(record)) for label, record in records]
        lost = sum(problem.lost for problem in problems)
        db = self._db
        with db.writing():
            number = db.run(
                "INSERT INTO prior_file (path, format, sha256, starts, unused, lost)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                *(path, format, sha256, len(rows) + unused + lost, unused, lost),
            )
            db.run_many(
                "INSERT INTO prior_record (file_id, label, content, checksum) VALUES (?, ?, ?, ?)",
                [(number, label, content, checksum_of(content)) for label, content in rows],
            )
            db.run_many(
                "INSERT INTO prior_problem (file_id, line, record, message, lost)"
                " VALUES (?, ?, ?, ?, ?)",
                [(number, p.line, p.record, p.message, p.lost) for p in problems],
            )
            self._act(number, reviewer, in_use=True)
        return self.get(number)

    def use(self, number: int, reviewer: str, *, in_use: bool) -> PriorFile:
        """Remove a file from the prior knowledge, or restore it; the ranking is made again."""
        with self._db.writing():
            if self.get(number).in_use is not in_use:
                self._act(number, reviewer, in_use=in_use)
        return self.get(number)

    def _act(self, number: int, reviewer: str, *, in_use: bool) -> None:
        self._db.run(
            "INSERT INTO prior_act (file_id, in_use, reviewer, at) VALUES (?, ?, ?, ?)",
            *(number, in_use, reviewer, self._db.time()),
        )
        changed(self._db)

    def all(self) -> list[PriorFile]:
        """Return all files, also removed ones, oldest first."""
        return [_file(row) for row in self._db.rows(_FILES)]

    def get(self, number: int) -> PriorFile:
        """Return one file by its number."""
        for one in self.all():
            if one.id == number:
                return one
        raise InputError(
            f"there is no prior knowledge with the number {number}", hint="see: autoscreen prior"
        )

    def problems(self, number: int) -> list[Problem]:
        """Return what could not be read, or was repaired, in one file."""
        rows = self._db.rows(
            "SELECT path, line, record, message, prior_problem.lost FROM prior_problem"
            " JOIN prior_file ON prior_file.id = file_id WHERE file_id = ?"
            " ORDER BY prior_problem.id",
            number,
        )
        return as_problems(rows)

    def records(self) -> Iterator[tuple[Label, Record]]:
        """Yield the labelled records of all files in use, in the order of import."""
        for _, label, record in self.numbered():
            yield label, record

    def numbered(self, file: int | None = None) -> Iterator[tuple[int, Label, Record]]:
        """Yield the labelled records of one file, or of all in use, each with its number."""
        used = [one.id for one in self.all() if one.in_use] if file is None else [file]
        for number, label, content, checksum in self._db.paged(_RECORDS, str(used)):
            if checksum_of(content) != checksum:
                raise SchemaError(
                    f"prior knowledge {number} is damaged (its checksum differs)",
                    hint="restore a copy of the review, or remove the file: autoscreen prior",
                )
            yield number, Label(label), decode(content)


def _file(row: Row) -> PriorFile:
    number, path, format, sha256, starts, unused, lost, problems, *rest = row
    included, excluded, at, reviewer, in_use, changed_at, changed_by = rest
    return PriorFile(
        id=number,
        path=path,
        format=format,
        sha256=sha256,
        starts=starts,
        included=included,
        excluded=excluded,
        unused=unused,
        lost=lost,
        problems=problems,
        at=at,
        reviewer=reviewer,
        in_use=bool(in_use),
        changed_at=changed_at,
        changed_by=changed_by,
    )
