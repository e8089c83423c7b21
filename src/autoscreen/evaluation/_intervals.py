"""Confidence intervals: of a mean over reviews, and of a proportion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its interval."""

    mean: float  # The mean of the values
    low: float  # Ends of the interval; equal to the mean if there is one value only
    high: float


def bootstrap_interval(
    differences: Sequence[float] | NDArray[np.float64],
    *,
    random_state: int = 0,
    repeats: int = 10_000,
    level: float = 0.95,
) -> Interval:
    """
    Return the interval of the mean of paired differences, by resampling the reviews.

    References
    ----------
    Efron, B., Tibshirani, R. (1993). An Introduction to the Bootstrap, chapter 13 (the percentile
    interval). Reviews are drawn, not records: they are what the mean is to hold for.
    """
    values = np.asarray(differences, dtype=np.float64)
    if not len(values) or not np.isfinite(values).all():
        raise ValueError("differences must be one or more finite numbers")
    draws = np.random.default_rng(random_state).integers(len(values), size=(repeats, len(values)))
    low, high = np.quantile(values[draws].mean(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(values.mean()), float(low), float(high))


def clopper_pearson(found: int, total: int, *, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a proportion (Clopper and Pearson 1934, Biometrika 26)."""
    tail = (1 - level) / 2
    low = float(betaincinv(found, total - found + 1, tail)) if found else 0.0
    high = float(betaincinv(found + 1, total - found, 1 - tail)) if found < total else 1.0
    return low, high
