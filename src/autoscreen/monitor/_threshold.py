"""Chooses from which score on a record is an alert, and what a score means; pure numbers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import floor

from autoscreen.monitor._values import Threshold

__all__ = ["ENOUGH", "chance_of", "choose"]

ENOUGH = 20
"""Relevant and other records that it takes: of fewer, 95 % is nearly always all of them."""

_ALIKE = 50
"""Records with the nearest scores that say what a score is worth."""


def choose(
    relevant: Sequence[float], others: Sequence[float], *, sensitivity: float, ground: str
) -> Threshold | None:
    """
    Choose the highest score that enough of the relevant records reach.

    Parameters
    ----------
    relevant, others
        Scores of labelled records by a ranker that did not see their labels.
    sensitivity
        Share of the relevant records that has to reach it, above 0 to 1.
    ground
        Where the records come from, as it stands after "relevant records".

    Returns
    -------
    Threshold or None
        None if there are fewer than `ENOUGH` of either.

    Examples
    --------
    >>> chosen = choose(range(100), range(-50, 50), sensitivity=0.95, ground="the past")
    >>> chosen.score, chosen.relevant_above, chosen.others_above
    (5.0, 95, 0.45)
    """
    if min(len(relevant), len(others)) < ENOUGH:
        return None
    # 1e-9: a share such as 0.95 of 20 must not lose a record to binary fractions.
    allowed = floor((1 - sensitivity) * len(relevant) + 1e-9)
    score = float(sorted(relevant)[allowed])
    return Threshold(
        score=score,
        sensitivity=sensitivity,
        relevant=len(relevant),
        relevant_above=sum(one >= score for one in relevant),
        others_above=sum(one >= score for one in others) / len(others),
        ground=ground,
    )


def chance_of(score: float, labelled: Sequence[tuple[float, bool]]) -> float:
    """
    Share of relevant records among the labelled ones that score most alike.

    Parameters
    ----------
    score
        Of the record in question.
    labelled
        Held-out score and whether it is relevant, by rising score; at least one.
    """
    at = bisect_left(labelled, score, key=lambda one: one[0])
    low = max(0, min(at - _ALIKE // 2, len(labelled) - _ALIKE))
    alike = labelled[low : low + _ALIKE]
    # Laplace: no record is certain to be relevant, or certain not to be.
    return (sum(good for _, good in alike) + 1) / (len(alike) + 2)
