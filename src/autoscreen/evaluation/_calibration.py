"""Calibration of scores: the probability of relevance, and the threshold for a sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

_SMALLEST_SLOPE = 1e-3
_FARTHEST = 30.0

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """Turns scores into log odds (a line) and probabilities (never exactly 0 or 1)."""

    slope: float
    intercept: float

    def log_odds(self, scores: ArrayLike) -> Vector:
        """Return the calibrated log odds of each score."""
        return self.slope * np.asarray(scores, dtype=np.float64) + self.intercept

    def probability(self, scores: ArrayLike) -> Vector:
        """Return the probability of being relevant for each score."""
        return np.asarray(expit(np.clip(self.log_odds(scores), -_FARTHEST, _FARTHEST)))


def fit_sigmoid(scores: ArrayLike, relevant: ArrayLike) -> Sigmoid:
    """
    Fit a sigmoid to held-out scores (Platt scaling).

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines, section 2: the targets
    are slightly less than certain. Lin, H.-T., Lin, C.-J., Weng, R. (2007). A note on Platt's
    probabilistic outputs for support vector machines. Machine Learning 68, equations 3 and 5.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  (it loads slowly)

    values, labels = np.asarray(scores, dtype=np.float64), np.asarray(relevant, dtype=bool)
    found = int(labels.sum())
    others = len(labels) - found
    target = np.where(labels, (found + 1) / (found + 2), 1 / (others + 2))
    mean, unit = float(values.mean()), float(values.std()) or 1.0
    scaled = (values - mean) / unit

    def loss(line: Vector) -> tuple[float, Vector]:
        log_odds = line[0] * scaled + line[1]
        residual = expit(log_odds) - target
        value = float((np.logaddexp(0, log_odds) - target * log_odds).sum())
        return value, np.array([residual @ scaled, residual.sum()])

    start = np.array([0.0, logit(target.mean())])
    slope, intercept = minimize(loss, start, jac=True, method="L-BFGS-B", tol=1e-12).x
    # Labels too few to calibrate on must not reverse the order of the scores.
    steepness = max(float(slope), _SMALLEST_SLOPE) / unit
    return Sigmoid(steepness, float(intercept) - steepness * mean)


def threshold_at_sensitivity(relevant: Sequence[float] | Vector, sensitivity: float) -> float:
    """Return the highest score that at least this share of the relevant records reach."""
    # 1e-9: a share such as 0.95 of 20 must not lose a record to binary fractions.
    needed = max(1, ceil(sensitivity * len(relevant) - 1e-9))
    return float(np.sort(relevant)[len(relevant) - needed])
