"""Which records of the review are also in its prior knowledge; it can be computed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autoscreen.records import Label
from autoscreen.store.database import Database, Row
from autoscreen.store.pool import epoch
from autoscreen.store.stored_values import show_id

_SELECT = (
    "SELECT DISTINCT source.record_id, prior_record.id, prior_record.label, file_id, path,"
    " record.title, decision.label FROM prior_copy"
    " JOIN prior_record ON prior_record.id = prior_id JOIN prior_file ON prior_file.id = file_id"
    " JOIN source ON source.id = source_id JOIN record ON record.id = source.record_id"
    " LEFT JOIN decision ON decision.id = record.decision_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorCopy:
    """A record of this review that was decided about in an earlier one."""

    record_id: str
    title: str
    label: Label | None  # The label in this review; None if it has none
    earlier: Label  # What was decided in the earlier review
    file: int  # Number and path of the file of prior knowledge
    path: str


class PriorCopies:
    """The records that a review and its prior knowledge have in common."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def current(self) -> bool:
        """Whether nothing has changed since the copies were saved."""
        saved = self._db.value("SELECT value FROM meta WHERE key = 'prior_copies'")
        return str(saved) == str(epoch(self._db))

    def save(self, pairs: Iterable[tuple[int, int]], *, at_epoch: int) -> None:
        """Save which record of the prior knowledge is which source."""
        with self._db.writing():
            self._db.run("DELETE FROM prior_copy")
            self._db.run_many(
                "INSERT INTO prior_copy (prior_id, source_id) VALUES (?, ?)", sorted(set(pairs))
            )
            self._db.run("UPDATE meta SET value = ? WHERE key = 'prior_copies'", str(at_epoch))

    def all(self) -> Sequence[PriorCopy]:
        """Return the copies that were saved last, in the order of the records."""
        return [_copy(row) for row in self._db.rows(f"{_SELECT} ORDER BY 1, 2")]

    def of(self, number: int) -> Sequence[PriorCopy]:
        """Return the copies of one record that were saved last."""
        rows = self._db.rows(f"{_SELECT} WHERE source.record_id = ? ORDER BY 2", number)
        return [_copy(row) for row in rows]


def _copy(row: Row) -> PriorCopy:
    number, _, earlier, file, path, title, label = row
    return PriorCopy(
        record_id=show_id(number),
        title=title,
        label=Label(label) if label else None,
        earlier=Label(earlier),
        file=file,
        path=path,
    )
