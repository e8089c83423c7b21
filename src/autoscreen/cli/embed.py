"""``autoscreen embed``: sentence embeddings of the records, which improve the ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import emit_one
from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.verb import format_option, open_review, review_argument, verb
from autoscreen.presentation.embedding_words import embedding_words
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from autoscreen.review import Review


@verb(
    "embed",
    "autoscreen embed rms",
    "autoscreen embed rms --jobs 4",
    "autoscreen embed rms --again",
)
@review_argument
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Number of processes, each with about 300 MB of memory.",
)
@click.option("--again", is_flag=True, help="Delete the embeddings, and compute all of them again.")
@format_option
def command(review: str, *, jobs: int, again: bool, how: str) -> None:
    """Compute sentence embeddings, so that the ranking finds similar texts in other words.

    A sentence encoder turns title and abstract of each record into numbers, which are saved in the
    review. It takes about 0.05 seconds per record, and no text leaves the computer. The ranking
    uses the embeddings when all records have one. If you stop it, the embeddings computed so far
    are kept; the next run computes the rest. A review that is open in the browser does this by
    itself.

    It needs the extra: pip install 'autoscreen[semantic]'
    """
    with progress() as tick, open_review(review, tick) as opened:
        if again:
            opened.embeddings.clear()
        computed = opened.embeddings.compute(jobs=jobs, progress=tick)
        row = {"computed": computed, **embedding_row(opened)}
        words = embedding_words(opened.embeddings.coverage())
    lines = [f"computed    {counted(computed, 'sentence embedding')}", f"embeddings  {words}"]
    emit_one(row, lines, how)


def embedding_row(review: Review) -> dict[str, Any]:
    """Return for JSON how many records have a sentence embedding, and since when they are used."""
    coverage = review.embeddings.coverage()
    use = coverage.use
    return {
        "records": coverage.records,
        "embedded": coverage.embedded,
        "complete": coverage.complete,
        "installed": coverage.installed,
        "encoder": use.encoder if use else None,
        "used_since_decision": use.decision if use else None,
    }
