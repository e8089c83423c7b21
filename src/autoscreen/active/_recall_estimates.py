"""Estimates of the number of relevant records, and the cost of a proof."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from autoscreen.active._exact_audit import audit_boundary, audit_upper_bound
from autoscreen.active._past_reviews import Calibration, load_calibration, missed_odds
from autoscreen.errors import InputError

TARGETS = (0.95, 0.9, 0.8)
"""Recalls that advice is given for."""
_CERTAINTIES = (0.8, 0.9, 0.95, 0.99)


class Promise(StrEnum):
    """The evidence for stopping."""

    EXACT = "exact"
    """Sampling theory; nothing is assumed about the ranking."""
    CALIBRATED = "calibrated"
    """It was right in so many of the past reviews; right for reviews like those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How many relevant records there are."""

    found: int
    total: float  # Estimated number in the pool, at least ``found``
    low: int  # Its interval; ``low`` is what was found
    high: float
    promise: Promise  # The evidence for ``high``

    @property
    def recall(self) -> float:
        """Estimated recall so far, 0 to 1; 1 if there is nothing relevant."""
        return self.found / self.total if self.total else 1.0


def estimate_total(
    relevant: NDArray[np.bool_],
    pool: int,
    audit: NDArray[np.bool_] | None = None,
    *,
    confidence: float = 0.95,
    calibration: Calibration | None = None,
) -> Estimate:
    """
    Estimate how many relevant records there are in the pool.

    With an audit, exact: the finds of the audit extrapolated to all unread records, and
    `audit_upper_bound`. Without: the highest recall at which half of the past reviews, and the
    share ``confidence`` of them, may have stopped; each taken by itself.
    """
    check_counts(relevant, pool, audit)
    drawn = draws_of(audit)
    found, rest = int(np.count_nonzero(relevant)), pool - len(relevant)
    if len(drawn) or not rest:
        return exact_estimate(found, rest, drawn, confidence)
    past = calibration or load_calibration()
    odds = float(missed_odds(relevant, pool).min(initial=math.inf))
    total, high = (_total(past, odds, found, rest, sure) for sure in (0.5, confidence))
    return Estimate(
        found=found, total=total, low=found, high=max(total, high), promise=Promise.CALIBRATED
    )


def _total(past: Calibration, odds: float, found: int, rest: int, confidence: float) -> float:
    """Return the total at the highest recall that the past reviews allow to claim."""
    claimed = [
        target
        for target in past.targets
        if odds < past.odds_threshold(target, confidence=confidence)
    ]
    return min(found / claimed[-1], float(found + rest)) if claimed else float(found + rest)


def exact_estimate(found: int, rest: int, drawn: NDArray[np.bool_], confidence: float) -> Estimate:
    """Extrapolate the finds of an audit to all unread records, with an upper bound."""
    finds = int(np.count_nonzero(drawn))
    known = found + finds
    unread = rest - len(drawn)
    high = known + audit_upper_bound(drawn, rest, confidence=confidence)
    # With no draw, everything that is unread may be relevant.
    left = unread * finds / len(drawn) if len(drawn) else unread
    return Estimate(
        found=known,
        total=min(known + left, high),
        low=known,
        high=high,
        promise=Promise.EXACT,
    )


@dataclass(frozen=True, slots=True)
class AuditCost:
    """The cost of a proof."""

    target: float
    confidence: float  # Probability that it is reached, 0 to 1
    records: int  # Records to draw at random from the unread ones, if none of them proves relevant
    saved: int  # Records that then need not be read


def audit_costs(
    found: int,
    unread: int,
    *,
    targets: Sequence[float] = TARGETS,
    certainties: Sequence[float] = _CERTAINTIES,
) -> tuple[AuditCost, ...]:
    """
    List how many records an audit that finds nothing has to draw, for each confidence.

    Examples
    --------
    >>> audit_costs(100, 2000, targets=(0.95,), certainties=(0.95,))
    (AuditCost(target=0.95, confidence=0.95, records=786, saved=1214),)
    """
    return tuple(
        AuditCost(target, sure, draws, unread - draws)
        for target in targets
        for sure in certainties
        for draws in (audit_boundary(unread, found, 0, target=target, confidence=sure),)
    )


def draws_of(audit: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Return the draws of an audit, none if there is no audit."""
    return np.zeros(0, dtype=bool) if audit is None else audit


def check_counts(relevant: NDArray[np.bool_], pool: int, audit: NDArray[np.bool_] | None) -> None:
    """Refuse more records than there are."""
    read = len(relevant) + len(draws_of(audit))
    if read > pool:
        raise InputError(
            f"{read:,} records were read of a pool of {pool:,}",
            hint="leave prior knowledge out of both, and count every record once",
        )
