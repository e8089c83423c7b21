"""The summary of a review for lists: read quickly from its file, without a ranker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autoscreen.errors import AutoscreenError
from autoscreen.protocol import Protocol, parse_protocol, protocol_heading
from autoscreen.records import Label
from autoscreen.store import Store
from autoscreen.store.effective_label import PendingState

__all__ = ["ReviewSummary", "protocol_of", "summarise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSummary:
    """The progress of a review, and what waits for a reviewer."""

    name: str
    title: str
    question: str
    records: int
    labelled: int
    include: int
    conflicts: int
    pending: int  # Records in double screening that wait for a second reviewer
    waiting: int  # Those of them that wait for the person who asks
    changed: str  # When something was last decided, imported or changed, ISO 8601 in UTC


def summarise(path: Path, reviewer: str) -> ReviewSummary:
    """Return the progress of the review in a file, and what waits for a reviewer."""
    store = Store.look_into(path)
    try:
        title, question = protocol_heading(store.protocol()[0])
        counts = store.progress()
        pending = counts.still_open[PendingState.PENDING]
        return ReviewSummary(
            name=store.name,
            title=title,
            question=question,
            records=counts.records,
            labelled=sum(counts.labels.values()),
            include=counts.labels[Label.INCLUDE],
            conflicts=counts.still_open[PendingState.CONFLICT],
            pending=pending,
            waiting=len(store.screening.waiting_for(reviewer)) if pending else 0,
            changed=store.last_change(),
        )
    finally:
        store.close()


def protocol_of(path: Path) -> Protocol | None:
    """Return the protocol of the review in a file; None if the file cannot be read."""
    try:
        store = Store.look_into(path)
    except AutoscreenError:  # the list of reviews says why
        return None
    try:
        text, origin = store.protocol()
        return parse_protocol(text, origin=origin)
    finally:
        store.close()
