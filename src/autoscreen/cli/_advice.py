"""What may be said on stopping, for people and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autoscreen.cli._terminal import terminal_width

if TYPE_CHECKING:
    from autoscreen.active import StopDecision

__all__ = ["advice_lines", "advice_row"]

_PROMISES = {"exact": "proof", "calibrated": "past reviews"}
_WIDEST = 100


def advice_lines(advice: Sequence[StopDecision]) -> list[str]:
    """Say in words what was found of how much, and for each promise whether reading may stop."""
    calibrated = [one for one in advice if one.promise == "calibrated"]
    lines = [_estimated(calibrated[0])]
    for one in advice:
        told = f"{'may stop' if one.stop else 'go on'}: {one.reason}"
        head = f"  {one.target:.0%} recall, {_PROMISES[one.promise]:<12}  "
        lines += textwrap.wrap(
            told,
            width=min(terminal_width(), _WIDEST),
            initial_indent=head,
            subsequent_indent=" " * len(head),
        )
    warnings = dict.fromkeys(warning for one in advice for warning in one.warnings)
    return lines + [f"  note: {warning}" for warning in warnings]


def advice_row(one: StopDecision) -> dict[str, Any]:
    """Give the values of a piece of advice for JSON."""
    return {
        "rule": one.rule,
        "target": one.target,
        "promise": str(one.promise),
        "confidence": one.confidence,
        "stop": one.stop,
        "position": one.position,
        "more": one.more,
        "found": one.estimate.found,
        "estimated_total": round(one.estimate.total, 1),
        "total_at_most": round(float(one.estimate.high), 1),
        "reason": one.reason,
        "warnings": list(one.warnings),
    }


def _estimated(one: StopDecision) -> str:
    found = one.estimate
    if not found.found:
        return "stopping   nothing relevant found here yet, so nothing can be said"
    return (
        f"stopping   {found.found} found of an estimated {found.total:.0f} relevant "
        f"({found.low} to {found.high:.0f}); going by past reviews"
    )
