"""How many records there are, and how many of them are screened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autoscreen.records import SCREENING_LABELS, Label
from autoscreen.store.database import Database
from autoscreen.store.effective_label import PendingState

# One statement: another process may write between two.
_COUNTS = (
    "SELECT 'record', has_abstract, count(*) FROM record GROUP BY 2"
    " UNION ALL SELECT 'label', decision.label, count(*) FROM record"
    " JOIN decision ON decision.id = record.decision_id GROUP BY 2"
    " UNION ALL SELECT 'open', open, count(*) FROM record WHERE open IS NOT NULL GROUP BY 2"
    " UNION ALL SELECT 'double', NULL,"
    " coalesce((SELECT share FROM double_screening WHERE stage = 'title-abstract'"
    " ORDER BY id DESC LIMIT 1), 0.0)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressCounts:
    """The records of a review by their state, at one moment."""

    records: int
    with_abstract: int
    labels: Mapping[Label, int]  # Records with each label
    still_open: Mapping[PendingState, int]  # Records with a decision that have no label
    double: float  # The share of the records that two read


def progress_counts(db: Database) -> ProgressCounts:
    """Count the records by their state."""
    found = {(kind, value): count for kind, value, count in db.rows(_COUNTS)}
    with_abstract = int(found.get(("record", 1), 0))
    return ProgressCounts(
        records=with_abstract + int(found.get(("record", 0), 0)),
        with_abstract=with_abstract,
        labels={label: int(found.get(("label", label), 0)) for label in SCREENING_LABELS},
        still_open={state: int(found.get(("open", state), 0)) for state in PendingState},
        double=float(found["double", None]),
    )
