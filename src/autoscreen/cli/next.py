"""``autoscreen next``: the record to read now."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.full_text_lines import show_full_text
from autoscreen.cli.common.output import emit_one
from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.terminal import colour, terminal_width
from autoscreen.cli.common.terminal_card import (
    card,
    explanation_row,
    reason_to_read,
    record_row,
    why,
)
from autoscreen.cli.common.verb import (
    empty_words,
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    stage_option,
    verb,
)
from autoscreen.presentation.marked_text import highlight_rows
from autoscreen.records import Stage

if TYPE_CHECKING:
    from autoscreen.ranking import Explanation
    from autoscreen.review.priority_screening import Suggestion


@verb(
    "next",
    "autoscreen next rms",
    "autoscreen next rms --format json",
    "autoscreen next rms --stage full-text",
)
@review_argument
@stage_option
@reviewer_option
@format_option
def command(review: str, stage: str, reviewer: str, how: str) -> None:
    """Show the next record to screen, with highlights, and why it is next.

    It is the most likely relevant unscreened one, or occasionally a random one, marked as such.
    During an audit it is the next draw, without rank or explanation. In double screening, records
    that another reviewer has decided come first. Full texts come in the order of the ranking.
    """
    if stage == Stage.FULL_TEXT:
        show_full_text(review, reviewer, how)
        return
    with progress() as tick, open_review(review, tick) as opened:
        found = opened.next(wait=True, reviewer=reviewer)
        parts = opened.explain(found.ranked.id) if found and found.draw is None else None
        empty = empty_words(opened, review, "nothing left to read")
    if found is None:
        click.echo(empty, err=True)
        if how == "json":
            click.echo("null")
        return
    emit_one(_row(found, parts), _lines(found, parts, review), how)


def _lines(found: Suggestion, parts: Explanation | None, review: str) -> list[str]:
    one = found.ranked
    lines = card(one.id, one.record, found.highlights, width=terminal_width(), paint=colour())
    lines += [
        "",
        f"why next: {reason_to_read(found)}",
        *why(parts, one.record, width=terminal_width()),
        "",
    ]
    return [
        *lines,
        f"label it: autoscreen label {shlex.quote(review)} {one.id} include|exclude|unsure",
    ]


def _row(found: Suggestion, parts: Explanation | None) -> dict[str, Any]:
    one = found.ranked
    return {
        **record_row(one.id, one.record),
        "rank": one.rank,
        "score": round(one.score, 6),
        "probability": None if one.probability is None else round(one.probability, 4),
        "strategy": found.strategy,
        "unread": found.unread,
        "draw": found.draw,
        "behind": found.behind,
        "has_abstract": one.has_abstract,
        "highlights": highlight_rows(found.highlights),
        "explanation": None if parts is None else explanation_row(parts, one.record),
    }
