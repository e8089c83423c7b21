"""Stopping advice for an open review: its audits, and the past reviews."""

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
    load_calibration,
)
from autoscreen.errors import InputError
from autoscreen.records import Label
from autoscreen.review.auditing import Audit, Auditing
from autoscreen.store import Store

_NO_DRAWS = np.zeros(0, dtype=bool)


def costs(store: Store) -> tuple[AuditCost, ...]:
    """List the cost of a proof from here, for each target and confidence."""
    found = sum(one.label is Label.INCLUDE for one in store.decisions.reading_order())
    return audit_costs(found, _unread(store), targets=targets(store))


def cost(store: Store, target: float, confidence: float) -> AuditCost:
    """Return the cost of a proof from here, at one confidence."""
    found = sum(one.label is Label.INCLUDE for one in store.decisions.reading_order())
    return audit_costs(found, _unread(store), targets=(target,), certainties=(confidence,))[0]


def targets(store: Store) -> tuple[float, ...]:
    """Return the targets that advice is given for, the highest first."""
    return tuple(sorted({*TARGETS, store.targets.current()}, reverse=True))


def check_target(target: float) -> None:
    """Refuse a target for which past reviews show nothing."""
    known = [one for one in load_calibration().targets if one < 1]
    if target not in known:
        choices = ", ".join(f"{one:.0%}" for one in known)
        raise InputError(
            f"{target:.0%} is not a target that past reviews say something of",
            hint=f"choose one of: {choices}",
        )


def advise(store: Store, auditing: Auditing) -> tuple[StopDecision, ...]:
    """Return for each target what the newest audit proves and what past reviews show."""
    readings = store.decisions.reading_order()
    drawn = auditing.drawn_records()
    ranked = [one.label is Label.INCLUDE for one in readings if one.record not in drawn]
    relevant, unread = np.array(ranked, dtype=bool), _unread(store)
    # Draws are a sample of what is unread: for past reviews they leave the pool, as if known.
    pool = len(relevant) + unread
    audits = auditing.all()
    if not audits:
        return advice(relevant, pool, targets=targets(store))
    found = sum(one.label is Label.INCLUDE for one in readings)
    decisions: list[StopDecision] = []
    for target in targets(store):
        decisions += [
            _exact(target, audits[-1], auditing, found=found, unread=unread),
            PastReviewsRule(target)(relevant, pool),
        ]
    return tuple(_with_all_found(one, found) for one in decisions)


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
    )


def _more(target: float, audit: Audit) -> int | None:
    if target > audit.target or (audit.proved and audit.outside):
        return None
    return audit.more


def _another(target: float, last: Audit, *, found: int, unread: int) -> StopDecision:
    """Price a further audit after one that was ended early."""
    fresh = ExactAudit(target).judge(_NO_DRAWS, unread, found=found)
    overall = max(0.0, last.overall - (1 - fresh.confidence))
    if fresh.stop or overall > fresh.confidence - 1e-9:
        return fresh
    return replace(fresh, confidence=overall)


def _with_all_found(decided: StopDecision, found: int) -> StopDecision:
    """Count the relevant records found by screening and by audits."""
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
