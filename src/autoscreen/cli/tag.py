"""``autoscreen tag``: a tag on records."""

from __future__ import annotations

import click

from autoscreen.cli.common.verb import open_review, review_argument, reviewer_option, verb
from autoscreen.presentation.wording import counted


@verb(
    "tag",
    "autoscreen tag rms background r17 r18",
    "autoscreen tag rms 'to translate' 31989485 --remove",
)
@review_argument
@click.argument("tag", metavar="TAG")
@click.argument("records", nargs=-1, required=True, metavar="RECORD...")
@click.option("--remove", is_flag=True, help="Remove the tag instead of adding it.")
@reviewer_option
def command(review: str, tag: str, records: tuple[str, ...], remove: bool, reviewer: str) -> None:
    """Add a tag to records, or remove it.

    RECORD is an id of the review (r17), a PMID or a DOI. TAG is any text; quote it if it has
    spaces.
    """
    with open_review(review) as opened:
        act = opened.tags.tag_many(records, tag, on=not remove, reviewer=reviewer)
    done = "removed from" if remove else "added to"
    click.echo(f"{tag!r} {done} {counted(act.records if act else 0, 'record')}")
