"""``autoscreen explain``: what moved a record up and down."""

from __future__ import annotations

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    record_argument,
    review_argument,
    verb,
)

COLUMNS = (
    Column("value", "value", right=True),
    Column("source", "source"),
    Column("name", "name", shrinks=True),
    Column("detail", "mostly", shrinks=True),
)


@verb(
    "explain",
    "autoscreen explain rms r17",
    "autoscreen explain rms 31989485 --top 50 --format json",
)
@review_argument
@record_argument
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="How many words and concepts to name; the rest is one line.",
)
@format_option
def command(review: str, record: str, top: int, how: str) -> None:
    """Show which words and concepts moved a record up and down.

    The values add up to the record's score.
    """
    with progress() as tick, open_review(review, tick) as opened:
        explanation = opened.explain(record, top=top)
        ident = opened.record(record).id
    rows = [
        {"source": p.source, "name": p.name, "value": round(p.value, 6), "detail": p.detail}
        for p in explanation.parts
    ]
    emit(rows, COLUMNS, how)
    if how == "table":
        click.echo(f"score of {ident} (the sum): {explanation.score:.3f}")
