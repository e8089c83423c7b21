"""What may be promised of an open review: its audits, and the past reviews."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autoscreen.active import (
    TARGETS,
    AuditCost,
    ExactAudit,
    PastReviewsRule,
    StopDecision,
    StopState,
    advice,
    audit_costs,
)
from autoscreen.records import Label
from autoscreen.review.auditing import Audit, Auditing
from autoscreen.store import Store

_NO_DRAWS = np.zeros(0, dtype=bool)


def costs(store: Store) -> tuple[AuditCost, ...]:
    """List what a proof would cost from here, for each target and certainty."""
    found = sum(one.label is Label.INCLUDE for one in store.decisions.reading_order())
    return audit_costs(found, _unread(store))


def advise(store: Store, auditing: Auditing) -> tuple[StopDecision, ...]:
    """Return for each target what the newest audit proves, and what past reviews say."""
    readings = store.decisions.reading_order()
    drawn = auditing.drawn_records()
    ranked = [one.label is Label.INCLUDE for one in readings if one.record not in drawn]
    relevant, unread = np.array(ranked, dtype=bool), _unread(store)
    # Draws are a sample of what is unread: for past reviews they leave the pool, as if known.
    pool = len(relevant) + unread
    audits = auditing.all()
    if not audits:
        return advice(relevant, pool)
    found = sum(one.label is Label.INCLUDE for one in readings)
    told: list[StopDecision] = []
    for target in TARGETS:
        told += [
            _exact(target, audits[-1], auditing, found=found, unread=unread),
            PastReviewsRule(target)(relevant, pool),
        ]
    return tuple(_with_all_found(one, found) for one in told)


def _unread(store: Store) -> int:
    return store.pool.counts().records - sum(store.decisions.counts().values())


def _exact(
    target: float, audit: Audit, auditing: Auditing, *, found: int, unread: int
) -> StopDecision:
    if audit.end is not None and not audit.proved:
        return _another(target, audit, found=found, unread=unread)
    decided = auditing.decide(audit.number)
    holds = audit.proved and target <= audit.target and not audit.outside
    return replace(
        decided,
        target=target,
        confidence=audit.overall,
        state=StopState.MAY_STOP if holds else StopState.GO_ON,
        position=decided.position if holds else None,
        more=_more(target, audit),
        reason=_sentence(_told(target, audit, decided)),
    )


def _more(target: float, audit: Audit) -> int | None:
    if target > audit.target or (audit.proved and audit.outside):
        return None
    return audit.more


def _another(target: float, last: Audit, *, found: int, unread: int) -> StopDecision:
    """Price a further audit after one that was given up."""
    fresh = ExactAudit(target).judge(_NO_DRAWS, unread, found=found)
    overall = max(0.0, last.overall - (1 - fresh.confidence))
    if fresh.stop or overall > fresh.confidence - 1e-9:
        return fresh
    return replace(
        fresh,
        confidence=overall,
        reason=f"{fresh.reason} It would be audit {last.number + 1}: as one was given up after "
        f"what it had shown, the promise would hold with {overall:.0%} confidence.",
    )


def _told(target: float, audit: Audit, decided: StopDecision) -> str:
    if target > audit.target:
        return (
            f"{_name(audit)} asks for {audit.target:.0%} only; {target:.0%} needs one of its own."
        )
    if audit.proved:
        return _proved(target, audit) + _left_outside(audit)
    if target < audit.target:
        return (
            f"Once audit {audit.number} has proved {audit.target:.0%}, {target:.0%} is proved too."
        )
    waits = ""
    if audit.unsure:
        waits = f" {audit.unsure} of the draws were left as unsure: decide them, the proof waits."
    return (
        f"{_name(audit)}: {audit.drawn:,} of {audit.rest:,} drawn, {audit.finds} relevant. "
        f"{decided.reason}{waits}"
    )


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _name(audit: Audit) -> str:
    return f"audit {audit.number}"


def _proved(target: float, audit: Audit) -> str:
    if not audit.rest - audit.drawn:
        share = f"All {audit.rest:,} records of {_name(audit)} were read"
    else:
        drawn = f"{audit.drawn:,} of the {audit.rest:,} unread records"
        share = f"{_name(audit)} drew {drawn} at random"
    sure = f"{audit.overall:.0%}"
    return (
        f"{share}, {audit.finds} of them relevant: that proves with {sure} confidence that "
        f"{target:.0%} of the relevant records have been found."
    )


def _left_outside(audit: Audit) -> str:
    if not audit.outside:
        return ""
    return (
        f" This says nothing of the {len(audit.outside):,} unread records that are not in the "
        "audit, as they came later: read those too."
    )


def _with_all_found(decided: StopDecision, found: int) -> StopDecision:
    """Count what was found by reading and by audits alike."""
    estimate = decided.estimate
    more = found - estimate.found
    return replace(
        decided,
        estimate=replace(
            estimate,
            found=found,
            low=found,
            total=max(estimate.total + more, found),
            high=max(estimate.high + more, found),
        ),
    )
