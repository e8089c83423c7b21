"""What the order was worth: how early the relevant records came."""

from __future__ import annotations

from collections.abc import Iterable

from autoscreen.records import Label
from autoscreen.review._values import Worth

__all__ = ["worth_of"]

_RECENT = 100


def worth_of(labels: Iterable[Label], *, pool: int) -> Worth:
    """
    Count how early the relevant records were found.

    Parameters
    ----------
    labels
        The label that stands for each record read, in the order of reading.
    pool
        Records in the review.
    """
    relevant = [label is Label.INCLUDE for label in labels]
    found_at = tuple(number for number, good in enumerate(relevant, 1) if good)
    found = len(found_at)
    return Worth(
        read=len(relevant),
        found=found,
        recent=min(len(relevant), _RECENT),
        recent_found=sum(relevant[-_RECENT:]),
        found_at=found_at,
        random=found * (pool + 1) / (found + 1) if found else None,
    )
