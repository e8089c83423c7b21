"""``autoscreen unmerge``: two records apart again."""

from __future__ import annotations

import click

from autoscreen.cli.common.verb import open_review, review_argument, verb


@verb("unmerge", "autoscreen unmerge rms 3", "autoscreen unmerge rms r212")
@review_argument
@click.argument("merge", metavar="MERGE")
def command(review: str, merge: str) -> None:
    """Undo a merge: both records are separate again.

    MERGE is the number of a merge ('autoscreen merges') or the id of an absorbed record. The two
    are not merged again by a later import.
    """
    with open_review(review) as opened:
        undone = opened.merges.undo(merge)
    click.echo(f"{undone.absorbed} is separate again from {undone.kept}: {undone.absorbed_title}")
