"""``autoscreen study``: which records are reports of one study."""

from __future__ import annotations

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import (
    F,
    VerbGroup,
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)

COLUMNS = (
    Column("study", "study"),
    Column("id", "report"),
    Column("year", "year", right=True),
    Column("title", "title", shrinks=True),
)
note_option = click.option("--note", default="", metavar="TEXT", help="Why; it is kept.")


@click.group("study", cls=VerbGroup, subcommand_metavar="COMMAND [ARGUMENTS]...")
def command() -> None:
    """Group the reports of one study: PRISMA counts studies and reports.

    Records with the same trial registration number are grouped already.
    """


@verb("list", "autoscreen study list rms", "autoscreen study list rms --format csv")
@review_argument
@format_option
def list_(review: str, how: str) -> None:
    """List the studies that have several reports."""
    with open_review(review) as opened:
        rows = [
            {
                "study": study[0],
                "id": ident,
                "year": record.year,
                "title": record.title,
            }
            for study in opened.reporting.studies()
            for ident in study
            for record in [opened.record(ident).record]
        ]
    emit(rows, COLUMNS, how, empty="no study has several reports")


def two_records(function: F) -> F:
    """Add the review and two of its records."""
    records = click.argument("one", metavar="RECORD")(
        click.argument("other", metavar="RECORD")(function)
    )
    return review_argument(records)


@verb("link", "autoscreen study link rms r17 r23 --note 'the same cohort'")
@two_records
@note_option
@reviewer_option
def link(review: str, one: str, other: str, *, note: str, reviewer: str) -> None:
    """Note that two records are reports of one study."""
    with open_review(review) as opened:
        reports = opened.reporting.link(one, other, reviewer=reviewer, note=note)
    click.echo(f"reports of one study: {', '.join(reports)}")


@verb("separate", "autoscreen study separate rms r17 r23 --note 'two sites of one registration'")
@two_records
@note_option
@reviewer_option
def separate(review: str, one: str, other: str, *, note: str, reviewer: str) -> None:
    """Note that two records are reports of different studies."""
    with open_review(review) as opened:
        reports = opened.reporting.link(one, other, same=False, reviewer=reviewer, note=note)
        found = opened.record(other).id
    if found in reports:
        click.echo(f"noted, but other links still join them: {', '.join(reports)}")
        return
    click.echo(f"{', '.join(reports)} and {found} are reports of different studies")


@verb("undo", "autoscreen study undo rms r17 r23")
@two_records
@reviewer_option
def undo(review: str, one: str, other: str, *, reviewer: str) -> None:
    """Withdraw a link or separation of two records: their registration numbers decide again."""
    with open_review(review) as opened:
        reports = opened.reporting.link(one, other, same=None, reviewer=reviewer)
    click.echo(f"withdrawn; reports of one study: {', '.join(reports)}")


for _verb in (list_, link, separate, undo):
    command.add_command(_verb)
