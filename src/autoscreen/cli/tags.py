"""``autoscreen tags``: all tags, renamed, merged or deleted."""

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
from autoscreen.presentation.wording import counted

COLUMNS = (Column("tag", "tag", shrinks=True), Column("records", "records", right=True))


@verb(
    "tags",
    "autoscreen tags rms",
    "autoscreen tags rms --rename backgruond background",
    "autoscreen tags rms --delete pilot",
)
@review_argument
@click.option(
    "--rename",
    nargs=2,
    metavar="OLD NEW",
    help="Rename a tag; if there is a tag of the new name, the two are merged.",
)
@click.option("--delete", metavar="TAG", help="Remove a tag from all records.")
@reviewer_option
@format_option
def command(
    review: str, rename: tuple[str, str] | None, delete: str | None, reviewer: str, how: str
) -> None:
    """List all tags with their numbers of records, or change one of them.

    In double screening, tags of records that still wait for a decision are each reviewer's own.
    """
    with open_review(review) as opened:
        if rename:
            act = opened.tags.rename(*rename, reviewer=reviewer)
            click.echo(f"{act.tag!r} is now {rename[1]!r} on {counted(act.records, 'record')}")
        if delete:
            act = opened.tags.delete(delete, reviewer=reviewer)
            click.echo(f"{act.tag!r} was removed from {counted(act.records, 'record')}")
        counts = opened.tags.counts(reviewer)
    if not (rename or delete):
        rows = [{"tag": tag, "records": count} for tag, count in counts.items()]
        emit(rows, COLUMNS, how, empty="no tags yet")
