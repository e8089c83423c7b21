"""What a review tells about its records, imports and state; frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from autoscreen.records import Label, Record
from autoscreen.store import ImportRun, StoredRecord, show_id

__all__ = ["RankingPerformance", "ReviewRecord", "Status", "shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    """
    A record of a review with the decision that stands.

    Parameters
    ----------
    id
        Its id in this review, e.g. ``r17``; it stays.
    record
        Its content, the best of all its sources.
    label
        The label; None if it is unlabelled.
    reason, note, reviewer
        What was said with the label; empty if it is unlabelled.
    at
        When it was labelled, ISO 8601 in UTC; empty if it is unlabelled.
    """

    id: str
    record: Record
    label: Label | None
    reason: str
    note: str
    reviewer: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingPerformance:
    """
    What the order has been worth so far, counted over the decisions made in this review.

    Parameters
    ----------
    read
        Records that were read here; labels that came with files do not count.
    found
        Relevant ones among them, i.e. those that were included.
    recent, recent_found
        The last records read, at most 100, and the relevant ones among these.
    found_at
        For each relevant record, the number of records read when it was found, from 1.
    random
        Records that one would expect to read in random order to find as many, if there are no
        others in the pool: ``found * (pool + 1) / (found + 1)``. None before the first.
    """

    read: int
    found: int
    recent: int
    recent_found: int
    found_at: tuple[int, ...]
    random: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingProgress:
    """
    How far reading has come.

    Parameters
    ----------
    records
        Records, each with its duplicates counted once.
    include, exclude, unsure
        Records by the label that stands.
    pending, conflicts
        Records in double screening that wait for a second reviewer, or for a resolution.
    """

    records: int
    include: int
    exclude: int
    unsure: int
    pending: int
    conflicts: int

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
    """
    Where a review stands.

    Parameters
    ----------
    name, path, protocol
        Name of the review, its file, and the title of its protocol.
    records, with_abstract
        Records, each with its duplicates counted once, and those with an abstract.
    include, exclude, unsure
        Records by the label that stands.
    pending, conflicts
        Records without a label that wait for a second reviewer, and about which two differ.
    imports
        The files that were brought in, oldest first.
    merges
        Merges in force.
    reviewers
        Who decided here, in alphabetical order; empty stands for a person working alone.
    behind
        Decisions that the stored order does not know yet.
    worth
        What the order has been worth so far.
    """

    name: str
    path: str
    protocol: str
    records: int
    with_abstract: int
    include: int
    exclude: int
    unsure: int
    imports: tuple[ImportRun, ...]
    merges: int
    reviewers: tuple[str, ...]
    behind: int
    worth: RankingPerformance
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
