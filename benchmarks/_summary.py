"""Tables over many reviews: means of means, and paired comparisons of two rankers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autoscreen.evaluation._intervals import Interval
from autoscreen.evaluation._measures import MEASURES, Measure

__all__ = ["Comparison", "Result", "bootstrap_interval", "compare", "means"]

_EQUAL = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The measures of one replay."""

    review: str  # Which review, and the family that it belongs to
    family: str
    start: str  # What was known before: ``1+1`` or ``cold``
    seed: int  # Seed of the start
    tool: str
    measures: Mapping[str, float]  # Values by the name of the measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One measure of two rankers on the same reviews, starts and seeds."""

    measure: Measure
    ours: float  # Means over the reviews
    theirs: float
    difference: Interval  # Mean of ours minus theirs over the reviews, with its interval
    better: int  # On how many reviews ours is better and worse
    worse: int
    reviews: int  # How many reviews both have

    @property
    def change(self) -> float:
        """The difference as a share of theirs."""
        return self.difference.mean / self.theirs if self.theirs else 0.0


def means(results: Iterable[Result]) -> dict[tuple[str, str, str], dict[str, float]]:
    """Mean over the seeds of each review, by review, start and tool."""
    gathered: dict[tuple[str, str, str], list[Result]] = defaultdict(list)
    for one in sorted(results, key=lambda one: (one.review, one.start, one.tool, one.seed)):
        gathered[one.review, one.start, one.tool].append(one)
    return {
        key: {
            measure.name: float(np.mean([one.measures[measure.name] for one in ones]))
            for measure in MEASURES
        }
        for key, ones in gathered.items()
    }


def compare(results: Sequence[Result], ours: str, theirs: str) -> list[Comparison]:
    """Compare two rankers, measure by measure, on what both have replayed."""
    replays = [{_key(one) for one in results if one.tool == tool} for tool in (ours, theirs)]
    both = replays[0] & replays[1]
    table = means(one for one in results if _key(one) in both)
    pairs = [
        (values, table[review, start, theirs])
        for (review, start, tool), values in table.items()
        if tool == ours
    ]
    return [_comparison(measure, pairs) for measure in MEASURES] if pairs else []


def _key(result: Result) -> tuple[str, str, int]:
    return result.review, result.start, result.seed


def _comparison(
    measure: Measure, pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]]
) -> Comparison:
    ours = np.array([one[measure.name] for one, _ in pairs])
    theirs = np.array([other[measure.name] for _, other in pairs])
    gains = ours - theirs if measure.higher_is_better else theirs - ours
    return Comparison(
        measure=measure,
        ours=float(ours.mean()),
        theirs=float(theirs.mean()),
        difference=bootstrap_interval(ours - theirs),
        better=int((gains > _EQUAL).sum()),
        worse=int((gains < -_EQUAL).sum()),
        reviews=len(pairs),
    )


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
