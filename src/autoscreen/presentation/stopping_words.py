"""The wording of stopping advice: each rule, each audit, its cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscreen.presentation.wording import counted, grouped, percent

if TYPE_CHECKING:
    from autoscreen.active import AuditCost, StopDecision, Unlike
    from autoscreen.review.auditing import Audit

TARGET_CHOICES = (0.99, 0.97, 0.95, 0.9, 0.85, 0.8, 0.7)
"""Targets that a page offers; past reviews say something of each."""
_SHARE = "share of relevant records"
_WORTH_WHILE = 0.1
"""Share of the unread records that an audit should at least save to be offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditTerms:
    """What an audit promises, costs and changes, to be read before it begins."""

    promise: str
    consequences: tuple[str, ...]


def audit_in_force(audits: Sequence[Audit]) -> Audit | None:
    """Return the newest audit, unless it was ended without a proof."""
    newest = audits[-1] if audits else None
    return newest if newest and (newest.end is None or newest.proved) else None


def past_answer(one: StopDecision) -> str:
    """Return in a few words what past reviews show for a target."""
    if one.stop:
        return "may stop"
    return "too early to say" if one.more is None else f"about {grouped(one.more)} more"


def audit_answer(one: StopDecision, audits: Sequence[Audit]) -> str:
    """Return in a few words what an audit proves of a target, or would have to draw."""
    drawn = audit_in_force(audits)
    if one.stop:
        return "proved"
    if drawn is not None and one.target > drawn.target:
        return "needs an audit of its own"
    if drawn is not None and drawn.proved:
        return f"not for {counted(len(drawn.outside), 'record')} imported later"
    if one.state == "too early":
        return "too early for one"
    assert one.more is not None
    if drawn is None:
        return f"would draw {grouped(one.more)}"
    waits = f", and {grouped(drawn.unsure)} unsure to decide" if drawn.unsure else ""
    return f"{grouped(one.more)} more to draw{waits}"


def decision_reason(one: StopDecision, audits: Sequence[Audit]) -> str:
    """Return in one sentence the evidence for the advice of a rule."""
    aim, sure = percent(one.target), percent(one.confidence)
    if one.promise == "exact":
        few = "" if one.stop or one.allowed else f" {_none_to_miss(one)}"
        return f"Random audit, {sure} confidence: {audit_answer(one, audits)}.{few}"
    if one.stop:
        return (
            f"A stop here found {aim} of the relevant records in {sure} of reviews like the "
            f"{one.reviews} past ones."
        )
    if one.more is None:
        return "No relevant record has been found yet."
    return f"{grouped(one.more)} more records in ranking order, if none of them is relevant."


def _none_to_miss(one: StopDecision) -> str:
    found = one.estimate.found
    return (
        f"With {grouped(found)} found, a single missed one would bring the recall below "
        f"{percent(one.target)}, and to rule that out nearly all records have to be screened."
    )


def bound(exact: StopDecision, audits: Sequence[Audit]) -> list[str]:
    """Return what the current audit shows about relevant records still missing."""
    drawn = audit_in_force(audits)
    if drawn is None or not drawn.drawn:
        return []
    high = (drawn.found + drawn.finds) / drawn.target if drawn.proved else exact.estimate.high
    most = max(math.floor(high + 1e-9) - exact.estimate.found, 0)
    return [
        f"Audit {drawn.number} shows with {percent(drawn.overall)} confidence that no more than "
        f"{grouped(most)} relevant {'record is' if most == 1 else 'records are'} missing."
    ]


def unlike_words(found: Sequence[Unlike]) -> tuple[str, ...]:
    """Return one sentence on how a review differs from the past ones; none if it does not."""
    if not found:
        return ()
    each = "; ".join(
        f"{_amount(one, one.value)} {_what(one)} here, {_amount(one, one.least)} to "
        f"{_amount(one, one.most)} there"
        for one in found
    )
    return (f"This review differs from the past ones, so their evidence is weak: {each}.",)


def _amount(one: Unlike, value: float) -> str:
    return f"{value:.2%}" if one.what == _SHARE else grouped(value)


def _what(one: Unlike) -> str:
    return "relevant" if one.what == _SHARE else one.what


def audit_variants(costs: Sequence[AuditCost]) -> list[AuditCost]:
    """Return the useful audits, the cheapest first; of equal ones the one that proves most."""
    kept = [one for one in costs if one.saved >= _WORTH_WHILE * (one.records + one.saved)]
    return sorted(kept, key=lambda one: (one.records, -one.target, -one.confidence))


def variant_words(one: AuditCost) -> str:
    """Return what an audit costs and shows, in one line."""
    return (
        f"about {counted(one.records, 'record')}: at least {percent(one.target)} found, with "
        f"{percent(one.confidence)} confidence"
    )


def audit_terms(one: AuditCost, audits: Sequence[Audit]) -> AuditTerms:
    """Return what a reviewer should know before an audit begins."""
    unread = one.records + one.saved
    number = len(audits) + 1
    spent = 1 - audits[-1].overall if audits else 0.0
    overall = max(0.0, one.confidence - spent)
    return AuditTerms(
        promise=f"Audit {number} tests, with {percent(overall)} confidence, whether at least "
        f"{percent(one.target)} of the relevant records were found.",
        consequences=(
            f"Price: {grouped(one.records)} of the {counted(unread, 'unscreened record')}, drawn "
            "at random. Each relevant one among them raises the number.",
            "Everybody's queue changes: all reviewers get the drawn records first, without rank "
            "and reasons, until the audit is complete or an owner ends it.",
            "It is recorded and cannot be deleted. Each further audit lowers the confidence, "
            "because each is another chance to be wrong"
            + (
                f": without the earlier ones it would be {percent(one.confidence)}."
                if spent
                else "."
            ),
        ),
    )
