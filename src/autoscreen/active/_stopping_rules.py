"""Stopping rules: what they promise, on which evidence, and at which cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from autoscreen.active._exact_audit import audit_boundary, relevant_allowed_to_miss
from autoscreen.active._past_reviews import (
    Calibration,
    Unlike,
    chance_of_missing,
    last_odds,
    load_calibration,
    missed_odds,
)
from autoscreen.active._recall_estimates import (
    TARGETS,
    Estimate,
    Promise,
    check_counts,
    draws_of,
    estimate_total,
    exact_estimate,
)


class StopState(StrEnum):
    """What a stopping rule advises."""

    TOO_EARLY = "too early"
    GO_ON = "go on"
    MAY_STOP = "may stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDecision:
    """Whether reading may stop."""

    rule: str  # Name of the rule
    target: float  # Recall that the stop promises
    confidence: float  # How often the promise holds, 0 to 1
    promise: Promise  # Its evidence
    state: StopState  # Whether it holds now, or whether it is too early to say
    # Records read, those of an audit among them, when it first held; None if it does not hold
    position: int | None
    # Further records to read without a find until it holds; None if that is not known
    more: int | None
    estimate: Estimate  # Found and estimated total
    rest: int = 0  # Records that an audit is of; 0 for a rule without one
    # Relevant records that may be unread with the target still reached; 0 for a rule without audit
    allowed: int = 0
    reviews: int = 0  # Past reviews that the promise was learnt from
    # The ways in which this review is unlike all of these
    unlike: tuple[Unlike, ...] = ()

    @property
    def stop(self) -> bool:
        """Whether screening may stop."""
        return self.state is StopState.MAY_STOP


class StoppingRule(Protocol):
    """A pure function of what was read, with a name."""

    name: ClassVar[str]
    promise: ClassVar[Promise]  # Its evidence

    def __call__(
        self,
        relevant: NDArray[np.bool_],
        pool: int,
        audit: NDArray[np.bool_] | None = None,
    ) -> StopDecision:
        """Decide from the labels in reading order, the size of the pool, and an audit's draws."""


@dataclass(frozen=True, slots=True)
class ExactAudit:
    """Stops when a random audit of the unread records proves the target, see `audit_boundary`."""

    name: ClassVar[str] = "random audit"
    promise: ClassVar[Promise] = Promise.EXACT

    target: float = 0.95  # Recall, above 0 and below 1
    # Probability, 0 to 1, over the draws of the audit alone, that a stop keeps its promise
    confidence: float = 0.95

    def __call__(
        self,
        relevant: NDArray[np.bool_],
        pool: int,
        audit: NDArray[np.bool_] | None = None,
    ) -> StopDecision:
        """Decide; see `StoppingRule`."""
        check_counts(relevant, pool, audit)
        drawn = draws_of(audit)
        decided = self.judge(
            drawn, pool - len(relevant), found=int(np.count_nonzero(relevant)), read=len(relevant)
        )
        worth_while = (missed_odds(relevant, pool) <= audit_start_odds(self.target)).any()
        if decided.stop or len(drawn) or worth_while:
            return decided
        return replace(decided, state=StopState.TOO_EARLY)

    def judge(
        self, drawn: NDArray[np.bool_], rest: int, *, found: int, read: int = 0
    ) -> StopDecision:
        """Decide from what an audit has drawn."""
        at, boundary = self._walk(found, rest, drawn)
        known = found + int(np.count_nonzero(drawn))
        return StopDecision(
            rule=self.name,
            target=self.target,
            confidence=self.confidence,
            promise=self.promise,
            state=StopState.GO_ON if at is None else StopState.MAY_STOP,
            position=read + at if at is not None else None,
            more=0 if at is not None else boundary - len(drawn),
            estimate=exact_estimate(found, rest, drawn, self.confidence),
            rest=rest,
            allowed=relevant_allowed_to_miss(known, self.target),
        )

    def _walk(self, found: int, rest: int, drawn: NDArray[np.bool_]) -> tuple[int | None, int]:
        """Find the draw at which the audit stopped, if it did, and the boundary that applied."""
        places = (*(np.flatnonzero(drawn) + 1).tolist(), math.inf)
        boundary = rest
        for finds, next_find in enumerate(places):
            boundary = audit_boundary(
                rest, found, finds, target=self.target, confidence=self.confidence
            )
            if boundary < next_find:
                return (boundary if boundary <= len(drawn) else None), boundary
        return None, boundary


def audit_start_odds(target: float) -> float:
    """
    Return the missed odds from which a random audit pays off.

    Begun earlier, the audit finds too many relevant records; begun later, there is little left to
    save. It affects only the cost, never the proof.
    """
    return 3 * (1 - target) / target


@dataclass(frozen=True, slots=True)
class PastReviewsRule:
    """Stops when so few relevant records seem to be left that past reviews were complete."""

    name: ClassVar[str] = "past reviews"
    promise: ClassVar[Promise] = Promise.CALIBRATED

    target: float = 0.95  # Recall; one of the targets of the calibration
    confidence: float = 0.95  # Share of past reviews, 0 to 1, that a stop keeps its promise in
    # The past reviews; None for those that ship with autoscreen
    calibration: Calibration | None = field(default=None, repr=False)

    def __call__(
        self,
        relevant: NDArray[np.bool_],
        pool: int,
        audit: NDArray[np.bool_] | None = None,
    ) -> StopDecision:
        """Decide; see `StoppingRule`. An audit counts as read, not as a part of the tail."""
        check_counts(relevant, pool, audit)
        past = self.calibration or load_calibration()
        threshold = past.stop_below(self.target, confidence=self.confidence)
        odds, found = missed_odds(relevant, pool), np.cumsum(relevant, dtype=np.int64)
        held = chance_of_missing(odds, found, self.target) < threshold
        position = int(np.argmax(held)) + 1 if held.any() else None
        done = len(relevant) == pool
        if position is None and done:
            position = pool
        more = 0 if position is not None else self._more(relevant, pool, threshold)
        return StopDecision(
            rule=self.name,
            target=self.target,
            confidence=self.confidence,
            promise=self.promise,
            state=_state(position, more),
            position=position,
            more=more,
            estimate=estimate_total(relevant, pool, calibration=past),
            reviews=len(past.reviews),
            unlike=() if done else past.unlike(records=pool, relevant=int(relevant.sum())),
        )

    def _more(self, relevant: NDArray[np.bool_], pool: int, threshold: float) -> int | None:
        """Count the further records without a find until the chance is below the threshold."""
        found = relevant.sum(keepdims=True)
        if not found[0]:
            return None
        few, many = 0, pool - len(relevant)
        while few < many:
            middle = (few + many) // 2
            longer = np.concatenate((relevant, np.zeros(middle, dtype=bool)))
            odds = np.array([last_odds(longer, pool)])
            if chance_of_missing(odds, found, self.target)[0] < threshold:
                many = middle
            else:
                few = middle + 1
        return few


def _state(position: int | None, more: int | None) -> StopState:
    if position is not None:
        return StopState.MAY_STOP
    return StopState.TOO_EARLY if more is None else StopState.GO_ON


def advice(
    relevant: NDArray[np.bool_],
    pool: int,
    audit: NDArray[np.bool_] | None = None,
    *,
    targets: Sequence[float] = TARGETS,
    calibration: Calibration | None = None,
) -> tuple[StopDecision, ...]:
    """Return for each target and promise whether reading may stop, and what is missing."""
    rules: list[StoppingRule] = []
    for target in targets:
        rules += [ExactAudit(target), PastReviewsRule(target, calibration=calibration)]
    return tuple(rule(relevant, pool, audit) for rule in rules)
