"""Confidence intervals: of a mean, and of a proportion."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its interval."""

    mean: float  # The mean of the values
    low: float  # Ends of the interval; equal to the mean if there is one value only
    high: float


def clopper_pearson(found: int, total: int, *, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a proportion (Clopper and Pearson 1934, Biometrika 26)."""
    tail = (1 - level) / 2
    low = float(betaincinv(found, total - found + 1, tail)) if found else 0.0
    high = float(betaincinv(found + 1, total - found, 1 - tail)) if found < total else 1.0
    return low, high
