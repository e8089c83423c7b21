"""``autoscreen audit``: the proof that enough was found."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import emit_one
from autoscreen.cli.common.stopping_lines import cost_rows, cost_table
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscreen.active import AuditCost
    from autoscreen.review.auditing import Audit


@verb(
    "audit",
    "autoscreen audit rms",
    "autoscreen audit rms --begin --target 0.9",
    "autoscreen audit rms --end --note 'begun too early'",
)
@review_argument
@click.option("--begin", is_flag=True, help="Begin an audit of all unread records.")
@click.option("--end", is_flag=True, help="End the audit that is going on.")
@click.option(
    "--target",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="The recall that it is to prove.",
)
@click.option(
    "--confidence",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="With which confidence.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    help="Seed of the draws, to replay an audit. [default: a fresh one, which is kept]",
)
@click.option("--note", default="", metavar="TEXT", help="Why it ends.")
@reviewer_option
@format_option
def command(review: str, *, begin: bool, end: bool, how: str, **options: Any) -> None:
    """Prove by a random audit of the unread records that enough was found.

    Without an option: what a proof would cost, and how far an audit is. After --begin, 'next'
    and 'screen-terminal' give the draws of the audit; what it finds counts as found, and 'status'
    says when the proof is complete. It assumes nothing of the ranking. One that is given up
    before that costs confidence: the next one is a second chance to be wrong.
    """
    if begin and end:
        raise click.UsageError("--begin and --end do not go together")
    with open_review(review) as opened:
        if begin:
            asked = {key: options[key] for key in ("target", "confidence", "seed", "reviewer")}
            opened.audits.begin(**asked)
        elif end:
            opened.audits.end(reviewer=options["reviewer"], note=options["note"])
        audits, costs = opened.audits.all(), opened.audits.costs()
    going_on = bool(audits) and audits[-1].end is None
    row = {
        "audits": [audit_row(one) for one in audits],
        "costs": [] if going_on else cost_rows(costs),
    }
    emit_one(row, _lines(review, audits, () if going_on else costs), how)


def audit_lines(audits: Sequence[Audit]) -> list[str]:
    """Return how far each audit is, and what it has proved."""
    return [line for one in audits for line in _lines_of(one)]


def audit_row(one: Audit) -> dict[str, Any]:
    """Return the values of an audit for JSON."""
    return {
        "number": one.number,
        "begun": one.at,
        "reviewer": one.reviewer,
        "target": one.target,
        "confidence": one.confidence,
        "confidence_of_all": round(one.overall, 6),
        "seed": one.seed,
        "records": one.rest,
        "found_before": one.found,
        "drawn": one.drawn,
        "relevant": one.finds,
        "unsure": one.unsure,
        "more": one.more,
        "proved": one.proved,
        "outside": list(one.outside),
        "ended": one.end.at if one.end else None,
        "note": one.end.note if one.end else "",
    }


def _lines(review: str, audits: Sequence[Audit], costs: Sequence[AuditCost]) -> list[str]:
    lines = audit_lines(audits)
    if costs:
        lines += [""] if lines else []
        unread = costs[0].records + costs[0].saved
        lines += [
            f"records to draw at random of the {unread:,} unread ones, if none of them is relevant",
            *cost_table(costs).splitlines(),
            f"begin one: autoscreen audit {shlex.quote(review)} --begin --target 0.95",
        ]
    elif audits and audits[-1].proved:
        lines += [f"end it: autoscreen audit {shlex.quote(review)} --end"]
    elif audits:
        name = shlex.quote(review)
        lines += [f"go on:  autoscreen next {name}, or autoscreen screen-terminal {name}"]
    return lines


def _lines_of(one: Audit) -> list[str]:
    begun = f"{one.at[:16].replace('T', ' ')} UTC" + f" by {one.reviewer}" * bool(one.reviewer)
    lines = [
        f"audit {one.number}    begun {begun} with seed {one.seed}",
        f"           of {one.rest:,} unread records, to prove {one.target:.0%} recall with "
        f"{one.overall:.0%} confidence",
        f"           {one.drawn:,} drawn, {one.finds} relevant; {_state(one)}",
    ]
    if one.overall < one.confidence:
        lines.append(
            "           an earlier audit was begun before it, so the errors of both are counted"
        )
    if one.unsure and not one.proved:
        unsure = counted(one.unsure, "draw")
        lines.append(f"           {unsure} left as unsure: the proof waits until it is decided")
    if one.outside and (one.end is None or one.proved):
        unread = counted(len(one.outside), "unread record")
        lines.append(f"           {unread} came later and {_is(one.outside)} no part of it")
    return lines


def _is(ids: Sequence[str]) -> str:
    return "is" if len(ids) == 1 else "are"


def _state(one: Audit) -> str:
    if one.proved:
        return f"{one.target:.0%} is proved" + (", and it was ended" if one.end else "")
    if one.end is not None:
        why = f" ({one.end.note})" if one.end.note else ""
        return f"given up {one.end.at[:16].replace('T', ' ')} UTC{why}, so nothing is proved"
    return f"{one.more:,} more without a relevant one complete the proof"
