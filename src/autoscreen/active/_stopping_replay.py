"""Where each stopping rule would have ended a replayed review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autoscreen.active._exact_audit import audit_boundary
from autoscreen.active._past_reviews import missed_odds
from autoscreen.active._recall_estimates import TARGETS, Promise
from autoscreen.active._stopping_rules import PastReviewsRule, audit_start_odds

ReplayedRule = Callable[[NDArray[np.bool_], int], int | None]
"""From the labels in reading order and the size of the pool, the number of records after which to
stop; None to read everything."""


def replay_stopping_rules(
    relevant: NDArray[np.bool_],
    pool: int,
    known: Mapping[int, bool],
    *,
    random_state: int = 0,
    rules: Mapping[str, ReplayedRule] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """
    Return the position of each rule, and what it cost and found.

    For each target and promise, and for each further rule, ``rule``, ``target``, ``promise``,
    ``position`` (records read at the stop, those of the audit among them), ``recall`` and
    ``work_saved``, both 0 to 1. Empty if nothing is relevant.
    """
    unknown = pool - len(known)
    total = int(np.count_nonzero(relevant))
    if not total:
        return []
    stops = []
    for target in TARGETS:
        read, found = replay_audit(relevant, target, np.random.default_rng(random_state))
        stops.append(_stop("random audit", target, Promise.EXACT, (read, found, total, unknown)))
        rule = PastReviewsRule(target)
        at = rule(relevant, unknown).position or unknown
        seen = int(np.count_nonzero(relevant[:at]))
        stops.append(_stop(rule.name, target, rule.promise, (at, seen, total, unknown)))
    for name, given in rules.items():
        position = given(relevant, unknown)
        at = unknown if position is None else max(0, min(int(position), unknown))
        seen = int(np.count_nonzero(relevant[:at]))
        stops.append(_stop(name, None, None, (at, seen, total, unknown)))
    return stops


def _stop(
    rule: str, target: float | None, promise: Promise | None, counts: tuple[int, int, int, int]
) -> dict[str, Any]:
    read, found, total, pool = counts
    return {
        "rule": rule,
        "target": target,
        "promise": promise and promise.value,
        "position": read,
        "recall": found / total,
        "work_saved": 1 - read / pool,
    }


def replay_audit(
    relevant: NDArray[np.bool_], target: float, dice: np.random.Generator
) -> tuple[int, int]:
    """Read in the order of the ranking until an audit pays, then draw until it may stop."""
    ready = missed_odds(relevant, len(relevant)) <= audit_start_odds(target)
    start = int(np.argmax(ready)) + 1 if ready.any() else len(relevant)
    found, rest = int(np.count_nonzero(relevant[:start])), len(relevant) - start
    places = np.flatnonzero(dice.permutation(relevant[start:])) + 1
    finds = 0
    while True:
        draws = audit_boundary(rest, found, finds, target=target)
        if finds == len(places) or places[finds] > draws:
            return start + draws, found + finds
        finds += 1
