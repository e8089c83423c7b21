"""Chooses from which score on a record is an alert, and what a score means; pure numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, floor

from autoscreen.monitor.digest import Threshold

__all__ = ["ENOUGH", "calibrate", "choose"]

ENOUGH = 20
"""Relevant and other records that it takes: of fewer, 95 % is nearly always all of them."""

_COST = 100.0
_FAR = 30.0


def choose(
    relevant: Sequence[float], others: Sequence[float], *, sensitivity: float, ground: str
) -> Threshold | None:
    """Choose the highest score that enough of the relevant records reach."""
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


def calibrate(labelled: Sequence[tuple[float, bool]]) -> Callable[[float], float]:
    """
    Learn what a score means from records that are labelled.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines, section 2: a sigmoid,
    fitted to targets that are never quite certain.
    """
    import numpy as np  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    scores = np.array([[score] for score, _ in labelled])
    relevant = np.array([good for _, good in labelled])
    found, others = int(relevant.sum()), int((~relevant).sum())
    # Each record counts as relevant in part, and in the other part as not.
    share = np.where(relevant, (found + 1) / (found + 2), 1 / (others + 2))
    model = LogisticRegression(C=_COST)
    model.fit(
        np.concatenate((scores, scores)),
        np.repeat([True, False], len(scores)),
        sample_weight=np.concatenate((share, 1 - share)),
    )
    slope, offset = max(float(model.coef_[0, 0]), 0.0), float(model.intercept_[0])
    return lambda score: 1 / (1 + exp(-max(-_FAR, min(_FAR, slope * score + offset))))
