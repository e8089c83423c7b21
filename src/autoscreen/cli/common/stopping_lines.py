"""What may be said on stopping, for people and for programs."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autoscreen.cli.common.output import Column, format_table
from autoscreen.cli.common.terminal import terminal_width

if TYPE_CHECKING:
    from autoscreen.review import Audit, AuditCost, StopDecision

__all__ = ["advice_lines", "advice_row", "cost_rows", "cost_table"]

_WIDEST = 100
_INDENT = " " * 11


def advice_lines(
    advice: Sequence[StopDecision], costs: Sequence[AuditCost], audits: Sequence[Audit], review: str
) -> list[str]:
    """Return what was found of how much, whether reading may stop, and what certainty costs."""
    found = advice[0].estimate.found
    if not found:
        return _told("stopping   ", "nothing relevant was found here yet, so nothing can be said")
    drawn = audits[-1] if audits and (audits[-1].end is None or audits[-1].proved) else None
    lines = _left(advice, costs, drawn)
    lines += ["", *textwrap.indent(_table(advice, costs, drawn), "  ").splitlines(), ""]
    for note in _notes(advice, drawn, review):
        lines += _told("  ", note)
    return lines


def advice_row(one: StopDecision) -> dict[str, Any]:
    """Return the values of a piece of advice for JSON."""
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


def _left(
    advice: Sequence[StopDecision], costs: Sequence[AuditCost], drawn: Audit | None
) -> list[str]:
    """Return how much is expected, and what would stay unread."""
    e = next(one.estimate for one in advice if one.promise == "calibrated")
    missed, unread = e.total - e.found, costs[0].records + costs[0].saved
    about = "probably none" if missed < 0.5 else f"about {missed:,.0f}"
    lines = _told(
        "stopping   ",
        f"{e.found:,} relevant found of about {e.total:,.0f}, as past reviews went on from here",
    )
    lines += _told(
        _INDENT,
        f"if you stop now, {about} of the relevant records will stay unread, "
        + _at_most(math.floor(e.high - e.found + 1e-9), unread),
    )
    if drawn is not None and drawn.drawn:
        lines += _told(_INDENT, f"{_bound(advice, drawn)}, with {drawn.overall:.0%} confidence")
    return lines


def _at_most(most: int, unread: int) -> str:
    if most >= unread:
        return "and how many at most cannot be said yet"
    return f"in 95 of 100 reviews no more than {most:,}"


def _bound(advice: Sequence[StopDecision], drawn: Audit) -> str:
    e = next(one.estimate for one in advice if one.promise == "exact")
    if drawn.proved:
        most = math.floor((drawn.found + drawn.finds) / drawn.target + 1e-9) - e.found
        return f"audit {drawn.number} proves that no more than {max(most, 0):,} do"
    most = math.floor(e.high - e.found + 1e-9)
    return f"the draws of audit {drawn.number} show that no more than {most:,} do"


def _table(advice: Sequence[StopDecision], costs: Sequence[AuditCost], drawn: Audit | None) -> str:
    rows = []
    prices = _prices(costs)
    for target in dict.fromkeys(one.target for one in advice):
        exact, past = (
            next(one for one in advice if one.target == target and one.promise == promise)
            for promise in ("exact", "calibrated")
        )
        row = {"target": f"{target:.0%}", "past": _answer(past), "audit": _answer(exact)}
        rows.append(row | prices[f"{target:.0%}"])
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


def _notes(advice: Sequence[StopDecision], drawn: Audit | None, review: str) -> Iterator[str]:
    yield (
        "by past reviews: so many more in the order of the ranking, if none is relevant. Stops "
        "like this reached the recall in 95% of the finished reviews that were looked at; of this "
        "one they prove nothing."
    )
    exact = [one for one in advice if one.promise == "exact"]
    if drawn is None:
        yield (
            "proof: so many of the unread records drawn at random, if none is relevant; it holds "
            f"whatever the ranking did. Begin: autoscreen audit {review} --begin --target 0.95"
        )
        yield from _too_few(exact)
        if any("too early" in one.reason for one in exact):
            yield "It is too early for a proof: reading on in the order of the ranking is cheaper."
    else:
        own = next((one for one in exact if one.target == drawn.target), exact[0])
        yield own.reason
    yield from dict.fromkeys(warning for one in advice for warning in one.warnings)


def _too_few(exact: Sequence[StopDecision]) -> Iterator[str]:
    """Return why nothing can be saved where a single missed record breaks the recall."""
    found = exact[0].estimate.found
    broken = [one.target for one in exact if found * (1 - one.target) / one.target < 1 - 1e-9]
    if broken:
        aims = " and ".join(f"{target:.0%}" for target in sorted(broken))
        least = math.ceil(max(broken) / (1 - max(broken)) - 1e-9)
        yield (
            f"Why a proof of {aims} saves next to nothing: with {found} found, one missed record "
            "is one too many, and to rule out a single one nearly all has to be read. "
            f"From {least} found on, {max(broken):.0%} gets cheaper."
        )


def _told(head: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        width=min(terminal_width(), _WIDEST),
        initial_indent=head,
        subsequent_indent=" " * len(head),
    )
