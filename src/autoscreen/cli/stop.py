"""``autoscreen stop``: the end of screening of title and abstract."""

from __future__ import annotations

import click

from autoscreen.cli.common.verb import open_review, review_argument, reviewer_option, verb
from autoscreen.presentation.wording import counted, minute


@verb(
    "stop",
    "autoscreen stop rms --note 'the audit proved 95%'",
    "autoscreen stop rms --other-reason --note 'the funding ended'",
    "autoscreen stop rms --resume",
)
@review_argument
@click.option(
    "--other-reason", is_flag=True, help="The stop does not follow the ranking and its advice."
)
@click.option("--resume", is_flag=True, help="Resume screening of the remaining records.")
@click.option("--note", default="", metavar="TEXT", help="Why; it is kept and reported.")
@reviewer_option
def command(review: str, *, other_reason: bool, resume: bool, note: str, reviewer: str) -> None:
    """Record for the report that the remaining records will not be screened.

    PRISMA counts them as marked as ineligible by automation tools, or with --other-reason as
    removed for other reasons. Nothing is labelled; records that are imported later are screened.
    """
    with open_review(review) as opened:
        reporting = opened.reporting
        if resume:
            reporting.resume_screening(reviewer=reviewer, note=note)
            click.echo("screening goes on: the records that were left out are to be screened")
            return
        made = reporting.stop_screening(automation=not other_reason, reviewer=reviewer, note=note)
        flow = reporting.flow()
    left = sum(
        column.automation + column.removed_by_stop for column in (flow.databases, flow.other)
    )
    click.echo(f"screening stopped at {minute(made.at)} UTC; {counted(left, 'record')} left out")
