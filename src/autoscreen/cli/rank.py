"""``autoscreen rank``: the records in the best order known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.verb import (
    empty_words,
    format_option,
    open_review,
    review_argument,
    verb,
)
from autoscreen.presentation.wording import citation, percent
from autoscreen.records import StudyDesign

if TYPE_CHECKING:
    from autoscreen.review.priority_screening import RankedRecord

COLUMNS = (
    Column("rank", "rank", right=True),
    Column("id", "id"),
    Column("score", "score", right=True),
    Column("likely", "likely", right=True),
    Column("label", "label"),
    Column("year", "year", right=True),
    Column("design", "design"),
    Column("title", "title", shrinks=True),
    Column("flag", ""),
)


@verb(
    "rank",
    "autoscreen rank rms --top 20",
    "autoscreen rank rms --all --format csv > order.csv",
    "autoscreen rank rms --design randomised --design controlled",
    "autoscreen rank rms --new",
)
@review_argument
@click.option(
    "--top", type=click.IntRange(min=1), default=20, show_default=True, help="How many to show."
)
@click.option("--all", "everything", is_flag=True, help="Show every record.")
@click.option("--unread", is_flag=True, help="Leave out the records that have a label.")
@click.option("--new", is_flag=True, help="Show only unlabelled records imported by the watch.")
@click.option(
    "--design",
    "designs",
    multiple=True,
    type=click.Choice([str(one) for one in StudyDesign]),
    help="Show only records of this study design; may be repeated. The order stays as it is.",
)
@format_option
def command(
    review: str,
    *,
    top: int,
    everything: bool,
    unread: bool,
    new: bool,
    designs: tuple[str, ...],
    how: str,
) -> None:
    """Show the records in ranking order.

    Before any label the order comes from the protocol alone; each label improves it. Records
    without an abstract are ranked on what they have, and flagged. Once twenty records are read,
    "likely" says how many of a hundred such records were relevant in past reviews. Study designs
    are detected from indexing and words; they can be missing or wrong.
    """
    from autoscreen.text import study_designs

    with progress() as tick, open_review(review, tick) as opened:
        ranked = opened.rank(top=None if everything or designs else top, unread=unread, new=new)
        empty = empty_words(opened, review, "nothing new to label" if new else "no record matches")
    if designs:
        ranked = [one for one in ranked if set(designs) & set(study_designs(one.record))]
        ranked = ranked if everything else ranked[:top]
    emit([ranked_row(one) for one in ranked], COLUMNS, how, empty=empty)


def ranked_row(one: RankedRecord) -> dict[str, Any]:
    """Values of a ranked record for a table, JSON and CSV."""
    from autoscreen.text import study_designs

    return {
        "rank": one.rank,
        "id": one.id,
        "score": round(one.score, 6),
        "probability": None if one.probability is None else round(one.probability, 4),
        "likely": "" if one.probability is None else percent(one.probability),
        "label": None if one.label is None else str(one.label),
        "pmid": one.record.pmid,
        "doi": one.record.doi,
        "year": one.record.year,
        "design": [str(design) for design in study_designs(one.record)],
        "title": one.record.title,
        "citation": citation(one.record),
        "has_abstract": one.has_abstract,
        "flag": "" if one.has_abstract else "no abstract",
    }
