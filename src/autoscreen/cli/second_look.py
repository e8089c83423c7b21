"""``autoscreen second-look``: decisions that the other labels contradict."""

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
    "autoscreen second-look rms --included",
)
@review_argument
@click.option(
    "--top", type=click.IntRange(min=1), default=20, show_default=True, help="How many to show."
)
@click.option("--included", is_flag=True, help="Check the included records instead.")
@format_option
def command(review: str, top: int, included: bool, how: str) -> None:
    """Show the exclusions, or the inclusions, that may be mistakes.

    Each excluded (with --included: included) record is scored by a ranker that did not see its
    label; those that the other labels contradict most strongly come first. Nothing is changed:
    'autoscreen show' shows a record, 'autoscreen label' changes the decision.
    """
    label = "include" if included else "exclude"
    with open_review(review) as opened:
        found = opened.ranking.second_look(top=top, label=label)
    emit([ranked_row(one) for one in found], COLUMNS, how, empty=f"nothing is {label}d yet")
