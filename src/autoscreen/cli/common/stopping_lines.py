"""What may be said on stopping, for people and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from autoscreen.cli.common.output import Column, format_table, wrapped
from autoscreen.presentation.stopping_report import EVIDENCE
from autoscreen.presentation.stopping_words import (
    audit_variants,
    decision_reason,
    unlike_words,
    variant_words,
)
from autoscreen.presentation.wording import percent

if TYPE_CHECKING:
    from autoscreen.active import AuditCost, StopDecision
    from autoscreen.presentation.stopping_report import StoppingReport
    from autoscreen.review.auditing import Audit

_WIDEST = 100
_INDENT = " " * 11
_COLUMNS = (
    Column("target", "target"),
    Column("past", "by past reviews"),
    Column("audit", "by random audit"),
)


def advice_lines(report: StoppingReport, *, targets: bool) -> list[str]:
    """Return whether screening may stop; for all targets, and on what evidence, if asked for."""
    lines = wrapped("stopping   ", report.headline)
    for text in (*report.details, *report.warnings):
        lines += wrapped(_INDENT, text)
    if not report.rows:
        return lines
    if not targets:
        return [*lines, f"{_INDENT}--targets shows other targets and the evidence"]
    rows = [
        {
            "target": percent(one.target) + " *" * one.chosen,
            "past": one.past,
            "audit": one.audit,
        }
        for one in report.rows
    ]
    table = format_table(rows, _COLUMNS, width=_WIDEST)
    lines += ["", *textwrap.indent(table, "  ").splitlines(), ""]
    for text in (
        "* the target of this review. The numbers apply if no further relevant record is found.",
        *EVIDENCE,
    ):
        lines += wrapped("  ", text)
    return lines


def advice_rows(report: StoppingReport, audits: Sequence[Audit]) -> list[dict[str, Any]]:
    """Return the advice for each target for JSON; no estimate while it is too early for one."""
    return [_row(one, report, audits) for one in report.decisions]


def _row(one: StopDecision, report: StoppingReport, audits: Sequence[Audit]) -> dict[str, Any]:
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
        "reason": decision_reason(one, audits),
        "warnings": list(unlike_words(one.unlike)),
    }


def cost_rows(costs: Sequence[AuditCost]) -> list[dict[str, Any]]:
    """Return what a proof costs for JSON."""
    return [asdict(one) for one in costs]


def variant_lines(costs: Sequence[AuditCost]) -> list[str]:
    """Return the useful audits, the cheapest first."""
    return [f"  {variant_words(one)}" for one in audit_variants(costs)]
