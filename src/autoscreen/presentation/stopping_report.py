"""Whether screening may stop: one report for the pages, the terminal and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscreen.presentation.stopping_words import (
    audit_answer,
    audit_in_force,
    bound,
    past_answer,
    unlike_words,
)
from autoscreen.presentation.wording import counted, grouped, percent

if TYPE_CHECKING:
    from autoscreen.active import Estimate, StopDecision, StopState
    from autoscreen.review.auditing import Audit

EVIDENCE = (
    "“Past reviews” says that in 95 of 100 completed reviews a stop at this point had found the "
    "target; that is no proof for this review.",
    "“Random audit” is a proof: a random sample of the unscreened records is screened, and nothing "
    "is assumed of the ranking.",
)
"""The two kinds of evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """What each kind of evidence shows for one target."""

    target: float
    past: str
    audit: str
    chosen: bool  # Whether it is the target of the review


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingReport:
    """The advice in words; no estimate while it is too early for one."""

    state: StopState  # For the target of the review
    target: float
    headline: str
    found: int
    estimate: Estimate | None
    details: tuple[str, ...]
    rows: tuple[TargetRow, ...]  # The highest target first; empty while it is too early
    decisions: tuple[StopDecision, ...]  # As given, for programs
    warnings: tuple[str, ...]
    may_audit: bool  # Whether an audit is useful for one of the targets


def stopping_report(
    advice: Sequence[StopDecision],
    unread: int,
    audits: Sequence[Audit],
    target: float,
    *,
    included: int = 0,
) -> StoppingReport:
    """Return the report on the advice for each target, with so many records unread and included."""
    past = {one.target: one for one in advice if one.promise == "calibrated"}
    exact = {one.target: one for one in advice if one.promise == "exact"}
    estimate = past[target].estimate
    shown = estimate if _means_something(estimate, unread) else None
    state = _state((exact[target], past[target]), shown)
    early = state == "too early"
    return StoppingReport(
        state=state,
        target=target,
        headline=_headline(exact[target], past[target], shown, (unread, audits)),
        found=estimate.found,
        estimate=shown,
        details=(
            *(_details(shown, exact[target], audits) if unread and (audits or not early) else ()),
            *_not_counted(included - estimate.found),
        ),
        rows=()
        if early or not unread
        else tuple(
            TargetRow(
                target=one,
                past=past_answer(past[one]),
                audit=audit_answer(exact[one], audits),
                chosen=one == target,
            )
            for one in sorted(past, reverse=True)
        ),
        decisions=tuple(advice),
        warnings=() if early else unlike_words(past[target].unlike),
        may_audit=any(one.state != "too early" for one in exact.values()),
    )


def _not_counted(others: int) -> tuple[str, ...]:
    if others < 1:
        return ()
    are = "is" if others == 1 else "are"
    return (
        f"{counted(others, 'other included record')} {are} not counted here: imported or bulk "
        "decisions do not show how well the ranking finds relevant records.",
    )


def _means_something(estimate: Estimate, unread: int) -> bool:
    """Return whether past reviews say what is missing at worst, and that it is not most records."""
    known = estimate.high - estimate.found < max(unread, 1)
    return bool(estimate.found) and known and 2 * (estimate.total - estimate.found) <= unread


def _state(decisions: Sequence[StopDecision], shown: Estimate | None) -> StopState:
    from autoscreen.active import StopState  # noqa: PLC0415

    if any(one.stop for one in decisions):
        return StopState.MAY_STOP
    return StopState.TOO_EARLY if shown is None else StopState.GO_ON


def _headline(
    exact: StopDecision,
    past: StopDecision,
    shown: Estimate | None,
    now: tuple[int, Sequence[Audit]],
) -> str:
    unread, audits = now
    found, aim = past.estimate.found, percent(past.target)
    if not unread:
        return f"All records have been screened: {counted(found, 'relevant record')} found."
    if exact.stop:
        number = audits[-1].number if audits else 1
        return (
            f"You may stop for {aim}: audit {number} shows with {percent(exact.confidence)} "
            f"confidence that at least {aim} of the relevant records were found."
        )
    if past.stop:
        return (
            f"You may stop for {aim}: in 95 of 100 completed reviews, a stop at this point had "
            f"found at least {aim} of the relevant records."
        )
    if shown is None:
        so_far = counted(found, "relevant record") if found else "no relevant record"
        return f"Too early to say: {so_far} found so far."
    return f"Not yet: {_share_found(shown)}; {_what_is_left(exact, past, audits)}."


def _share_found(shown: Estimate) -> str:
    return f"about {percent(shown.recall)} found, at worst {percent(shown.found / shown.high)}"


def _what_is_left(exact: StopDecision, past: StopDecision, audits: Sequence[Audit]) -> str:
    drawn, aim = audit_in_force(audits), percent(past.target)
    if drawn is not None and not drawn.proved and exact.more is not None:
        more = counted(exact.more, "more record")
        return f"audit {drawn.number} needs {more} for its proof of {percent(drawn.target)}"
    assert past.more is not None  # something was found
    return f"for a target of {aim} read about {grouped(past.more)} more"


def _details(
    shown: Estimate | None, exact: StopDecision, audits: Sequence[Audit]
) -> tuple[str, ...]:
    lines = []
    if shown is not None:
        lines.append(
            f"{counted(shown.found, 'relevant record')} found; about {grouped(shown.total)} "
            f"expected, {grouped(shown.high)} at most."
        )
    return (*lines, *bound(exact, audits))
