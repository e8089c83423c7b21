"""``autoscreen target``: the recall at which a review may stop."""

from __future__ import annotations

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)
from autoscreen.presentation.wording import minute, percent

COLUMNS = (
    Column("recall", "target"),
    Column("at", "set (UTC)"),
    Column("reviewer", "by"),
    Column("reason", "reason", shrinks=True),
)


@verb(
    "target",
    "autoscreen target rms",
    "autoscreen target rms 0.9 --reason 'scoping review'",
)
@review_argument
@click.argument("recall", required=False, type=click.FloatRange(0, 1, min_open=True, max_open=True))
@click.option("--reason", default="", metavar="TEXT", help="The reason for this target.")
@reviewer_option
@format_option
def command(review: str, *, recall: float | None, reason: str, reviewer: str, how: str) -> None:
    """Show or set the target recall: the share of the relevant records to find before stopping.

    It is 0.95 until it is set. Every change is kept with its reason, and the advice on stopping is
    for the newest one.
    """
    with open_review(review) as opened:
        if recall is not None:
            opened.audits.set_target(recall, reason=reason, reviewer=reviewer)
        rows = [
            {
                "recall": percent(one.target) if how == "table" else one.target,
                "at": minute(one.at) if how == "table" else one.at,
                "reviewer": one.reviewer,
                "reason": one.reason,
            }
            for one in opened.audits.targets()
        ]
        current = opened.audits.target
    emit(rows, COLUMNS, how, empty=f"never set; the target is {percent(current)}")
