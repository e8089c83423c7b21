"""Reports on the records, imports and state of a review; frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from autoscreen.records import Label, Record
from autoscreen.store import show_id
from autoscreen.store.stored_values import ImportRun, StoredRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """A record of a review with its current decision."""

    id: str  # Its id in this review, e.g. ``r17``; it stays.
    record: Record  # Its content, the best of all its sources
    label: Label | None  # The label; None if it is unlabelled
    reason: str  # What was said with the label; empty if it is unlabelled
    note: str
    reviewer: str
    at: str  # When it was labelled, ISO 8601 in UTC; empty if it is unlabelled


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingPerformance:
    """How well the ranking has worked so far, counted over the decisions made in this review."""

    read: int  # Records that were read here; labels that came with files do not count
    found: int  # Relevant ones among them, i.e. those that were included.
    recent: int  # The last records read, at most 100, and the relevant ones among these
    recent_found: int
    # For each relevant record, the number of records read when it was found, from 1
    found_at: tuple[int, ...]
    # Records that one would expect to read in random order to find as many, if there are no others
    # in the pool: ``found * (pool + 1) / (found + 1)``. None before the first.
    random: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingProgress:
    """How far reading has come."""

    records: int  # Records, each with its duplicates counted once
    include: int  # Records by their current label
    exclude: int
    unsure: int
    pending: int  # Records in double screening that wait for a second reviewer, or for a resolution
    conflicts: int
    double: float  # The share of the records that two read, 0 to 1; 0 is off

    @property
    def labelled(self) -> int:
        """Records with a label."""
        return self.include + self.exclude + self.unsure

    @property
    def unread(self) -> int:
        """Records that nobody has decided about."""
        return self.records - self.labelled - self.pending - self.conflicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of a review."""

    name: str  # Name of the review, its file, and the title of its protocol
    path: str
    protocol: str
    records: int  # Records, each with its duplicates counted once, and those with an abstract
    with_abstract: int
    include: int  # Records by their current label
    exclude: int
    unsure: int
    imports: tuple[ImportRun, ...]  # The imported files, oldest first
    merges: int
    # Who decided here, in alphabetical order; empty means a person working alone
    reviewers: tuple[str, ...]
    behind: int  # Decisions that the stored order does not know yet
    performance: RankingPerformance  # How well the ranking has worked so far
    # Records without a label that wait for a second reviewer, and about which two differ
    pending: int = 0
    conflicts: int = 0

    @property
    def labelled(self) -> int:
        """Records with a label."""
        return self.include + self.exclude + self.unsure

    @property
    def unlabelled(self) -> int:
        """Records without a label."""
        return self.records - self.labelled

    @property
    def unscreened(self) -> int:
        """Records without a label that nobody has decided about."""
        return self.unlabelled - self.pending - self.conflicts


def shown(stored: StoredRecord) -> ReviewRecord:
    """Show a stored record as reviewers see it."""
    decision = stored.decision
    return ReviewRecord(
        id=show_id(stored.number),
        record=stored.record,
        label=decision.label if decision else None,
        reason=decision.reason if decision else "",
        note=decision.note if decision else "",
        reviewer=decision.reviewer if decision else "",
        at=decision.at if decision else "",
    )
