"""Stopping rules: what may be promised now, on what ground, and what it costs to be surer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from autoscreen.active._exact_audit import audit_boundary, relevant_allowed_to_miss
from autoscreen.active._past_reviews import (
    Calibration,
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

_TOO_EARLY = " It is too early for one: screening on in the order of the ranking is cheaper."


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
    promise: Promise  # What it rests on
    state: StopState  # Whether it holds now, or whether it is too early to say
    # Records read, those of an audit among them, when it first held; None if it does not hold
    position: int | None
    # Further records to read without a find until it holds; None if that is not known
    more: int | None
    estimate: Estimate  # Found and estimated total
    reason: str  # Why, in plain words
    # In what this review is unlike those that the promise was learnt from
    warnings: tuple[str, ...] = ()

    @property
    def stop(self) -> bool:
        """Whether screening may stop."""
        return self.state is StopState.MAY_STOP


class StoppingRule(Protocol):
    """A pure function of what was read, with a name."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def promise(self) -> Promise:
        """What it rests on."""

    def __call__(
        self,
        relevant: NDArray[np.bool_],
        pool: int,
        audit: NDArray[np.bool_] | None = None,
    ) -> StopDecision:
        """Decide."""


@dataclass(frozen=True, slots=True)
class ExactAudit:
    """Stops when a random audit of the unread rest proves the target, see `audit_boundary`."""

    target: float = 0.95  # Recall, above 0 and below 1
    # Probability, 0 to 1, over the draws of the audit alone, that a stop keeps its promise
    confidence: float = 0.95

    @property
    def name(self) -> str:
        """Its name."""
        return "random audit"

    @property
    def promise(self) -> Promise:
        """What it rests on."""
        return Promise.EXACT

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
        return replace(decided, state=StopState.TOO_EARLY, reason=decided.reason + _TOO_EARLY)

    def judge(
        self, drawn: NDArray[np.bool_], rest: int, *, found: int, read: int = 0
    ) -> StopDecision:
        """Decide from what an audit has drawn."""
        at, boundary = self._walk(found, rest, drawn)
        return StopDecision(
            rule=self.name,
            target=self.target,
            confidence=self.confidence,
            promise=self.promise,
            state=StopState.GO_ON if at is None else StopState.MAY_STOP,
            position=read + at if at is not None else None,
            more=0 if at is not None else boundary - len(drawn),
            estimate=exact_estimate(found, rest, drawn, self.confidence),
            reason=self._reason(
                found + int(np.count_nonzero(drawn)), rest, drawn, boundary, stop=at is not None
            ),
        )

    def _walk(self, found: int, rest: int, drawn: NDArray[np.bool_]) -> tuple[int | None, int]:
        """Find the draw at which the audit stopped, if it did, and the boundary in force."""
        places = (*(np.flatnonzero(drawn) + 1).tolist(), math.inf)
        boundary = rest
        for finds, next_find in enumerate(places):
            boundary = audit_boundary(
                rest, found, finds, target=self.target, confidence=self.confidence
            )
            if boundary < next_find:
                return (boundary if boundary <= len(drawn) else None), boundary
        return None, boundary

    def _reason(
        self, found: int, rest: int, drawn: NDArray[np.bool_], boundary: int, *, stop: bool
    ) -> str:
        sure, aim = f"{self.confidence:.0%}", f"{self.target:.0%}"
        if rest == 0:
            return "Everything has been read."
        if stop:
            return (
                f"{boundary:,} of the {rest:,} unread records were drawn at random, which proves "
                f"with {sure} confidence that {aim} of the relevant records have been found."
            )
        if not len(drawn):
            need = (
                f"A proof needs a random audit: {boundary:,} of the {rest:,} unread records drawn "
                f"at random, if none is relevant."
            )
        else:
            need = (
                f"{boundary - len(drawn):,} more records of the random audit are needed, if none "
                f"is relevant."
            )
        return f"{need} {_why(found, self.target)}"


def audit_start_odds(target: float) -> float:
    """
    Return the missed odds from which a random audit pays off.

    Twice what the target allows. Begun earlier, the audit finds too many relevant records; begun
    later, there is little left to save. It bears on the cost alone, never on the proof.
    """
    return 2 * (1 - target) / target


def _why(found: int, target: float) -> str:
    """Return what the number of relevant records found does to the price of a proof."""
    allowed = relevant_allowed_to_miss(found, target)
    aim = f"{target:.0%}"
    if not allowed:
        least = math.ceil(target / (1 - target) - 1e-9)
        return (
            f"Nothing much can be saved: with {found} relevant found, a single missed one "
            f"would bring the recall below {aim}, and to rule out a single one nearly all has to "
            f"be read; from {least} found it gets cheaper."
        )
    return (
        f"With {found} relevant found, {allowed} may be missed and {aim} still be reached; the "
        "more may be missed, the smaller the sample that shows it."
    )


@dataclass(frozen=True, slots=True)
class PastReviewsRule:
    """Stops when so few relevant records seem to be left that past reviews were done by then."""

    target: float = 0.95  # Recall; one of the targets of the calibration
    confidence: float = 0.95  # Share of past reviews, 0 to 1, that a stop keeps its promise in
    # The past reviews; None for those that ship with autoscreen
    calibration: Calibration | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """Its name."""
        return "past reviews"

    @property
    def promise(self) -> Promise:
        """What it rests on."""
        return Promise.CALIBRATED

    def __call__(
        self,
        relevant: NDArray[np.bool_],
        pool: int,
        audit: NDArray[np.bool_] | None = None,
    ) -> StopDecision:
        """Decide; see `StoppingRule`. An audit counts as read, not as a part of the tail."""
        check_counts(relevant, pool, audit)
        past = self.calibration or load_calibration()
        threshold = past.threshold(self.target, confidence=self.confidence)
        held = missed_odds(relevant, pool) < threshold
        position = int(np.argmax(held)) + 1 if held.any() else None
        done = len(relevant) == pool
        if position is None and done:
            position = pool
        more = 0 if position is not None else _more(relevant, pool, threshold)
        return StopDecision(
            rule=self.name,
            target=self.target,
            confidence=self.confidence,
            promise=self.promise,
            state=_state(position, more),
            position=position,
            more=more,
            estimate=estimate_total(relevant, pool, calibration=past),
            reason=self._reason(len(past.reviews), more),
            warnings=() if done else past.unlike(records=pool, relevant=int(relevant.sum())),
        )

    def _reason(self, reviews: int, more: int | None) -> str:
        aim, sure = f"{self.target:.0%}", f"{self.confidence:.0%}"
        if more == 0:
            return (
                f"Stopping here is expected to find {aim} of the relevant records in {sure} of "
                f"reviews like the {reviews} past ones; this is not a proof for this review."
            )
        if more is None:
            return "No relevant record has been found yet, so nothing can be said."
        return (
            f"You can stop after {more:,} more records, in the order of the ranking, "
            f"if none of them is relevant."
        )


def _state(position: int | None, more: int | None) -> StopState:
    if position is not None:
        return StopState.MAY_STOP
    return StopState.TOO_EARLY if more is None else StopState.GO_ON


def _more(relevant: NDArray[np.bool_], pool: int, threshold: float) -> int | None:
    """Count the further records without a find until the odds are below the threshold."""
    if not relevant.any():
        return None
    few, many = 0, pool - len(relevant)
    while few < many:
        middle = (few + many) // 2
        longer = np.concatenate((relevant, np.zeros(middle, dtype=bool)))
        if last_odds(longer, pool) < threshold:
            many = middle
        else:
            few = middle + 1
    return few


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
