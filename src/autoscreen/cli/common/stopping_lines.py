"""What may be said on stopping, for people and for programs."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autoscreen.cli.common.output import Column, format_table
from autoscreen.cli.common.terminal import terminal_width
from autoscreen.presentation.stopping_report import audit_in_force

if TYPE_CHECKING:
    from autoscreen.active import AuditCost, StopDecision
    from autoscreen.presentation.stopping_report import StoppingReport
    from autoscreen.review.auditing import Audit

_WIDEST = 100
_INDENT = " " * 11


def advice_lines(
    report: StoppingReport, costs: Sequence[AuditCost], audits: Sequence[Audit], review: str
) -> list[str]:
    """Return what was found, whether screening may stop, and what more certainty costs."""
    lines = _wrapped("stopping   ", report.headline)
    for text in report.details:
        lines += _wrapped(_INDENT, text)
    if not report.found:
        return lines
    drawn = audit_in_force(audits)
    lines += ["", *textwrap.indent(_table(report, costs, drawn), "  ").splitlines(), ""]
    for note in _notes(report, drawn, review):
        lines += _wrapped("  ", note)
    return lines


def advice_rows(report: StoppingReport) -> list[dict[str, Any]]:
    """Return the advice for each target for JSON; no estimate while it is too early for one."""
    both = zip(report.exact, report.past, strict=True)
    return [_row(one, report) for pair in both for one in pair]


def _row(one: StopDecision, report: StoppingReport) -> dict[str, Any]:
    known = report.estimate is not None or one.estimate.promise == "exact"
    return {
        "rule": one.rule,
        "target": one.target,
        "promise": str(one.promise),
        "confidence": one.confidence,
        "state": str(one.state),
        "stop": one.stop,
        "position": one.position,
        "more": one.more,
        "found": one.estimate.found,
        "estimated_total": round(one.estimate.total, 1) if known else None,
        "total_at_most": round(float(one.estimate.high), 1) if known else None,
        "reason": one.reason,
        "warnings": list(one.warnings),
    }


def cost_rows(costs: Sequence[AuditCost]) -> list[dict[str, Any]]:
    """Return what a proof costs for JSON."""
    return [
        {
            "target": one.target,
            "confidence": one.confidence,
            "records": one.records,
            "saved": one.saved,
        }
        for one in costs
    ]


def cost_table(costs: Sequence[AuditCost]) -> str:
    """Lay out how many records an audit has to draw: a line for each recall."""
    rows = [{"target": name, **cells} for name, cells in _prices(costs).items()]
    columns = [Column("target", "recall"), *_price_columns(costs)]
    return format_table(rows, columns, width=_WIDEST)


def _table(report: StoppingReport, costs: Sequence[AuditCost], drawn: Audit | None) -> str:
    prices = _prices(costs)
    rows = []
    for past, exact in zip(report.past, report.exact, strict=True):
        target = f"{past.target:.0%}"
        row = {"target": target, "past": _answer(past), "audit": _answer(exact)}
        rows.append(row | prices[target])
    columns = [Column("target", "recall"), Column("past", "by past reviews", right=True)]
    if drawn is not None:
        columns.append(Column("audit", f"by audit {drawn.number}", right=True))
    else:
        columns += _price_columns(costs)
    return format_table(rows, columns, width=_WIDEST)


def _answer(one: StopDecision) -> str:
    if one.stop:
        return "may stop"
    return "not by this" if one.more is None else f"{one.more:,} more"


def _prices(costs: Sequence[AuditCost]) -> dict[str, dict[str, str]]:
    rows: dict[str, dict[str, str]] = {}
    for one in costs:
        rows.setdefault(f"{one.target:.0%}", {})[f"{one.confidence:g}"] = f"{one.records:,}"
    return rows


def _price_columns(costs: Sequence[AuditCost]) -> list[Column]:
    certainties = sorted({one.confidence for one in costs})
    return [Column(f"{one:g}", f"proof, {one:.0%} sure", right=True) for one in certainties]


def _notes(report: StoppingReport, drawn: Audit | None, review: str) -> Iterator[str]:
    yield (
        "By past reviews: records still to screen in ranking order, if none is relevant. In 95% of "
        "the finished reviews that were tested, such a stop reached the recall; it is no proof."
    )
    own = report.exact[0]
    if drawn is None:
        yield (
            "Proof: unread records to draw at random, if none is relevant; it does not depend on "
            f"the ranking. To begin: autoscreen audit {shlex.quote(review)} --begin --target 0.95"
        )
    else:
        own = next((one for one in report.exact if one.target == drawn.target), own)
    yield f"For {own.target:.0%} recall: {own.reason}"
    yield from report.warnings


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        width=min(terminal_width(), _WIDEST),
        initial_indent=head,
        subsequent_indent=" " * len(head),
    )
