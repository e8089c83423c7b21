"""``autoscreen second-look``: exclusions that the other labels speak against."""

from __future__ import annotations

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import format_option, open_review, review_argument, verb
from autoscreen.cli.rank import ranked_row

COLUMNS = (
    Column("rank", "", right=True),
    Column("id", "id"),
    Column("score", "score", right=True),
    Column("year", "year", right=True),
    Column("title", "title", shrinks=True),
    Column("flag", ""),
)


@verb(
    "second-look",
    "autoscreen second-look rms",
    "autoscreen second-look rms --top 50 --format csv > again.csv",
)
@review_argument
@click.option(
    "--top", type=click.IntRange(min=1), default=20, show_default=True, help="How many to show."
)
@format_option
def command(review: str, top: int, how: str) -> None:
    """Show the exclusions that deserve a second look.

    Each excluded record is scored by a ranker that did not see its label; those that the other
    labels contradict most strongly come first. Nothing is changed: 'autoscreen show' shows a
    record, 'autoscreen label' decides again.
    """
    with open_review(review) as opened:
        found = opened.second_look(top=top)
    emit([ranked_row(one) for one in found], COLUMNS, how, empty="nothing is excluded yet")
