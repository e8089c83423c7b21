"""Whether screening may stop: one report for the pages, the terminal and JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscreen.presentation.wording import counted, grouped, percent

if TYPE_CHECKING:
    from autoscreen.active import Estimate, StopDecision, StopState
    from autoscreen.review.auditing import Audit


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingReport:
    """The advice in plain sentences; no estimate while it is too early for one."""

    state: StopState
    headline: str
    found: int
    estimate: Estimate | None
    details: tuple[str, ...]
    past: tuple[StopDecision, ...]
    exact: tuple[StopDecision, ...]
    warnings: tuple[str, ...]


def stopping_report(
    advice: Sequence[StopDecision], unread: int, audits: Sequence[Audit]
) -> StoppingReport:
    """Return the report on the advice for each target, with so many records unread."""
    past = tuple(one for one in advice if one.promise == "calibrated")
    exact = tuple(one for one in advice if one.promise == "exact")
    estimate = past[0].estimate
    shown = estimate if _means_something(estimate, unread) else None
    state = _state(advice, shown)
    return StoppingReport(
        state=state,
        headline=_headline(advice, estimate.found, shown, unread),
        found=estimate.found,
        estimate=shown,
        details=(*_if_stopped_now(shown, unread), *_bound(exact, audits)),
        past=past,
        exact=exact,
        warnings=tuple(dict.fromkeys(text for one in advice for text in one.warnings)),
    )


def audit_in_force(audits: Sequence[Audit]) -> Audit | None:
    """Return the newest audit, unless it was ended without a proof."""
    newest = audits[-1] if audits else None
    return newest if newest and (newest.end is None or newest.proved) else None


def _means_something(estimate: Estimate, unread: int) -> bool:
    """Return whether fewer than half of the unread records would have to be relevant."""
    return bool(estimate.found) and 2 * (estimate.total - estimate.found) <= unread


def _state(advice: Sequence[StopDecision], shown: Estimate | None) -> StopState:
    from autoscreen.active import StopState  # noqa: PLC0415

    if any(one.stop for one in advice):
        return StopState.MAY_STOP
    return StopState.TOO_EARLY if shown is None else StopState.GO_ON


def _headline(
    advice: Sequence[StopDecision], found: int, shown: Estimate | None, unread: int
) -> str:
    if not unread:
        return f"All records have been screened: {_relevant(found)} found."
    stops = [one for one in advice if one.stop]
    if stops:
        best = max(stops, key=lambda one: (one.target, one.promise == "exact"))
        ground = "proved by a random audit" if best.promise == "exact" else "by past reviews"
        told = f"You can stop at {percent(best.target)} recall, {ground}: "
    elif shown is None:
        told = "Too early to say when to stop: "
    else:
        told = "Continue screening: "
    if shown is None:
        return f"{told}{_relevant(found) if found else 'no relevant record'} found."
    return (
        f"{told}{_relevant(found)} found of about {grouped(shown.total)} expected "
        f"({grouped(shown.low)} to {grouped(shown.high)}, judging by past reviews)."
    )


def _relevant(number: int) -> str:
    return counted(number, "relevant record")


def _if_stopped_now(shown: Estimate | None, unread: int) -> list[str]:
    if shown is None or not unread:
        return []
    missed = shown.total - shown.found
    about = "probably none" if missed < 0.5 else f"about {grouped(missed)}"
    most = math.floor(shown.high - shown.found + 1e-9)
    limit = (
        "the maximum cannot be estimated yet"
        if most >= unread
        else f"in 95 of 100 reviews no more than {most:,}"
    )
    return [f"If you stop now, {about} of the relevant records will be missed; {limit}."]


def _bound(exact: Sequence[StopDecision], audits: Sequence[Audit]) -> list[str]:
    drawn = audit_in_force(audits)
    if drawn is None or not drawn.drawn:
        return []
    estimate = exact[0].estimate
    high = estimate.high
    if drawn.proved:
        high = (drawn.found + drawn.finds) / drawn.target
    most = max(math.floor(high + 1e-9) - estimate.found, 0)
    verb = "proves" if drawn.proved else "shows"
    sure = percent(drawn.overall)
    return [f"Audit {drawn.number} {verb} with {sure} confidence that no more than {most:,} are."]
