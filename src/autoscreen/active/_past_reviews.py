"""The calibrated promise: a threshold that was right in enough of the past reviews."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtrc

from autoscreen.active._exact_audit import relevant_allowed_to_miss
from autoscreen.errors import ConfigError
from autoscreen.resources import resource

_LOOKS_AT_ONCE = 1024
"""Bounds the memory: looks times finds."""
_SHORTEST_TAIL = 4
"""The shortest tail of the reading that a rate is taken from is one part in so many of it."""


def missed_odds(relevant: NDArray[np.bool_], pool: int) -> NDArray[np.float64]:
    """
    Estimate, after every record read, the relevant unread ones per relevant one found.

    Notes
    -----
    After n records, r of them relevant, the rate of relevant ones since any earlier relevant one
    is (k + 1) / w, by the rule of succession, with k relevant among the last w records. The
    smallest of these rates with w at least n / 4, times the unread records, over r. Shorter tails
    say too often that nothing is left, because relevant records come in clusters. The ranking gets
    worse further down, so that the rate is too high for the unread records: how far the number can
    be trusted is learnt from past reviews. The tails are those of Callaghan & Müller-Hansen (2020,
    doi:10.1186/s13643-020-01521-4).
    """
    after = np.concatenate(([0], np.flatnonzero(relevant) + 1))
    odds = np.full(len(relevant), np.inf)
    for count in range(1, len(after)):
        end = int(after[count + 1]) - 1 if count + 1 < len(after) else len(relevant)
        for first in range(int(after[count]), end + 1, _LOOKS_AT_ONCE):
            read = np.arange(first, min(first + _LOOKS_AT_ONCE, end + 1))
            since = read[:, None] - after[None, : count + 1]
            long = since * _SHORTEST_TAIL >= read[:, None]
            rates = np.arange(count + 1, 0, -1) / np.where(long, since, np.nan)
            odds[read - 1] = np.nanmin(rates, axis=1) * (pool - read) / count
    return odds


def last_odds(relevant: NDArray[np.bool_], pool: int) -> float:
    """Return the last of the missed odds alone, which is quick."""
    begun = np.concatenate(([0], np.flatnonzero(relevant) + 1))
    since = len(relevant) - begun
    long = since * _SHORTEST_TAIL >= len(relevant)
    rates = np.arange(len(begun), 0, -1)[long] / since[long]
    return float(rates.min()) * (pool - len(relevant)) / (len(begun) - 1)


def chance_of_missing(
    odds: NDArray[np.float64], found: NDArray[np.int64], target: float
) -> NDArray[np.float64]:
    """
    Return the probability that more relevant records are unread than a target recall allows.

    It takes their number as Poisson with the mean estimated by the missed odds, and 1 as long as
    nothing was found. The true number varies more: how far the probability can be trusted is
    learnt from past reviews.
    """
    most = int(found.max(initial=0))
    allowed = np.array([relevant_allowed_to_miss(count, target) for count in range(most + 1)])
    expected = np.where(found > 0, odds, 0.0) * found
    return np.where(found > 0, pdtrc(allowed[found], expected), 1.0)


@dataclass(frozen=True, slots=True)
class PastReview:
    """The data of one finished review for stopping rules."""

    name: str
    family: str  # Kind of review; a rule is measured on families that it was not calibrated on
    records: int
    relevant: int
    # For each target, the critical chance of each of its reading orders
    critical: dict[float, tuple[float, ...]]
    # Likewise the critical missed odds, which estimates are made from: with few records found the
    # chance is near 1 until nearly everything is
    odds: dict[float, tuple[float, ...]] = field(default_factory=dict)


class Quantity(StrEnum):
    """The quantities by which reviews are compared."""

    RECORDS = "records"
    RELEVANT = "relevant records"
    SHARE = "share of relevant records"


@dataclass(frozen=True, slots=True)
class Unlike:
    """A quantity of a review that is outside the range of the past ones."""

    what: Quantity
    value: float
    least: float  # The range of the past reviews
    most: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The past reviews a threshold is taken from."""

    reviews: Sequence[PastReview]  # The reviews; several reading orders of one share its weight
    # For a target, the factor up to 1 that lowers its threshold, so that it also holds for kinds of
    # reviews that are not among these; 1 where it is not named
    margins: Mapping[float, float] = field(default_factory=dict)

    @property
    def targets(self) -> tuple[float, ...]:
        """The targets that there are numbers for, ascending."""
        return tuple(sorted(self.reviews[0].critical))

    def without(self, families: Collection[str]) -> Calibration:
        """Leave out families of reviews."""
        kept = [past for past in self.reviews if past.family not in families]
        return replace(self, reviews=kept)

    def stop_below(self, target: float, *, confidence: float = 0.95) -> float:
        """Return the chance below which reading may stop: the threshold, lowered by the margin."""
        return self.threshold(target, confidence=confidence) * self.margins.get(target, 1.0)

    def threshold(self, target: float, *, confidence: float = 0.95) -> float:
        """
        Return the chance of missing below which enough of the past reviews had reached the target.

        References
        ----------
        Angelopoulos, Bates, Fisch, Lei & Schuster (2022), Conformal risk control,
        arXiv:2208.02814, equation 4: the loss of a review is the share of its reading orders that
        would have stopped too early, at most 1.
        """
        if target not in self.targets:
            known = ", ".join(f"{one:g}" for one in self.targets)
            raise ConfigError(
                f"no calibration for a recall of {target:g}", hint=f"choose one of {known}"
            )
        return _right_in_enough([past.critical[target] for past in self.reviews], confidence)

    def odds_threshold(self, target: float, *, confidence: float = 0.95) -> float:
        """Return the missed odds below which enough of the past reviews had reached the target."""
        return _right_in_enough([past.odds[target] for past in self.reviews], confidence)

    def unlike(self, *, records: int, relevant: int) -> tuple[Unlike, ...]:
        """Return each way in which a review is unlike all the past ones."""
        shares = [past.relevant / past.records for past in self.reviews]
        within = (
            (Quantity.RECORDS, records, [past.records for past in self.reviews]),
            (Quantity.RELEVANT, relevant, [past.relevant for past in self.reviews]),
            (Quantity.SHARE, relevant / max(records, 1), shares),
        )
        return tuple(
            Unlike(what, value, min(past), max(past))
            for what, value, past in within
            if not min(past) <= value <= max(past)
        )


def _right_in_enough(critical: Sequence[Sequence[float]], confidence: float) -> float:
    """Return the threshold by conformal risk control, from the values of each review's orders."""
    values = np.array([one for many in critical for one in many])
    weights = np.array([1 / len(many) for many in critical for _ in many])
    budget = (1 - confidence) * (len(critical) + 1) - 1
    if budget < 0:
        return 0.0
    rising = np.argsort(values, kind="stable")
    spent = np.cumsum(weights[rising])
    over = int(np.searchsorted(spent, budget + 1e-9, side="right"))
    return float(values[rising[over]]) if over < len(values) else math.inf


@cache
def load_calibration() -> Calibration:
    """Read the past reviews that ship with autoscreen."""
    stored = json.loads(resource("data", "stopping", "calibration.json").read_text("utf-8"))
    return Calibration(
        tuple(
            PastReview(
                name=past["name"],
                family=past["family"],
                records=past["records"],
                relevant=past["relevant"],
                critical=_by_target(past["critical"]),
                odds=_by_target(past["odds"]),
            )
            for past in stored["reviews"]
        ),
        {float(target): margin for target, margin in stored["margins"].items()},
    )


def _by_target(stored: Mapping[str, Sequence[float | None]]) -> dict[float, tuple[float, ...]]:
    """Return stored values; JSON has no infinity, and null means "reached at the first find"."""
    return {
        float(target): tuple(math.inf if one is None else one for one in many)
        for target, many in stored.items()
    }
