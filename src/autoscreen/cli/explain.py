"""``autoscreen explain``: why a record has its score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit, emit_one, format_table
from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.terminal import colour, terminal_width
from autoscreen.cli.common.terminal_card import explanation_row, part_rows, why
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    record_argument,
    review_argument,
    verb,
)
from autoscreen.presentation.score_parts import score_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autoscreen.ranking import Explanation
    from autoscreen.review.reports import ReviewRecord

COLUMNS = (
    Column("name", "part of the score", shrinks=True),
    Column("value", "adds", right=True),
    Column("words", "mostly by the words", shrinks=True),
)


@verb(
    "explain",
    "autoscreen explain rms r17",
    "autoscreen explain rms r17 --parts",
    "autoscreen explain rms 31989485 --format json",
)
@review_argument
@record_argument
@click.option("--parts", is_flag=True, help="List every part of the score, not only the groups.")
@format_option
def command(review: str, record: str, *, parts: bool, how: str) -> None:
    """Explain why a record has its rank.

    One sentence names what the record mentions and which screened records it is similar to. The
    table below it is exact: its values, read from top to bottom, add up to the score. JSON and CSV
    always hold every part.
    """
    with progress() as tick, open_review(review, tick) as opened:
        explanation = opened.explain(record)
        found = opened.record(record)
    if how == "csv":
        emit(part_rows(explanation), COLUMNS, how)
        return
    row = {
        "id": found.id,
        "score": round(explanation.score, 6),
        **explanation_row(explanation, found.record),
    }
    emit_one(row, _lines(explanation, found, parts=parts), how)


def _lines(explanation: Explanation, found: ReviewRecord, *, parts: bool) -> Iterator[str]:
    width = terminal_width()
    yield f"{found.id}  {found.record.title}"
    yield from why(explanation, found.record, width=width)
    yield ""
    rows = list(_rows(explanation, parts=parts))
    yield format_table(rows, COLUMNS, width=width, bold=colour())
    if not parts:
        yield "--parts lists every part"


def _rows(explanation: Explanation, *, parts: bool) -> Iterator[dict[str, Any]]:
    for group in score_groups(explanation, everything=True):
        if not parts:
            strongest = [entry.name for entry in group.entries if entry.name][:3]
            words = strongest if group.name.startswith("Words ") else []
            yield {"name": group.name, "value": f"{group.value:+.3f}", "words": ", ".join(words)}
            continue
        yield {"name": f"{group.name} ({group.value:+.3f}):", "value": "", "words": ""}
        for entry in group.entries:
            yield {
                "name": f"  {entry.name or 'every record'}",
                "value": f"{entry.value:+.3f}",
                "words": ", ".join(entry.words),
            }
    yield {"name": "Score, the sum", "value": f"{explanation.score:+.3f}", "words": ""}
