"""``autoscreen show``: one record with its highlights and history."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import emit_one
from autoscreen.cli.common.terminal import colour, terminal_width
from autoscreen.cli.common.terminal_card import READING_WIDTH, card, record_row
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    record_argument,
    review_argument,
    reviewer_option,
    stage_option,
    verb,
)
from autoscreen.presentation.marked_text import highlight_rows
from autoscreen.presentation.reason_words import reason_text
from autoscreen.presentation.wording import minute
from autoscreen.records import Stage

if TYPE_CHECKING:
    from autoscreen.protocol import Reason
    from autoscreen.store.stored_values import Decision


@verb(
    "show",
    "autoscreen show rms r17",
    "autoscreen show rms 31989485 --format json",
    "autoscreen show rms r17 --raw",
    "autoscreen show rms r17 --stage full-text",
)
@review_argument
@record_argument
@stage_option
@reviewer_option
@click.option("--raw", is_flag=True, help="Show the original text from each file.")
@format_option
def command(review: str, record: str, stage: str, reviewer: str, raw: bool, how: str) -> None:
    """Show one record with highlights and the decisions made about it at a stage.

    While the record waits for a second reviewer, these are only your own.
    """
    from autoscreen.text import study_designs

    with open_review(review) as opened:
        found = opened.record(record)
        label = found.label
        if stage == Stage.FULL_TEXT:
            each = {one.id: one.label for one in opened.full_text.records(reviewer)}
            label = each.get(found.id)
        highlights = opened.highlights(record)
        at_stage = opened.full_text if stage == Stage.FULL_TEXT else opened
        history = at_stage.decisions.seen_history(record, reviewer)
        sources = opened.sources(record)
        same_study = opened.reporting.reports_of_same_study(record)
        tags = opened.decisions.tags(record, reviewer)
        reasons = opened.protocol.reasons
    if raw:
        for source in sources:
            click.echo(f"== {source.path}, record {source.ordinal}, {source.record.raw_format}")
            click.echo(source.record.raw.strip("\n"))
        return
    row = {
        **record_row(found.id, found.record),
        "label": None if label is None else str(label),
        "mesh": list(found.record.mesh),
        "keywords": list(found.record.keywords),
        "publication_types": list(found.record.publication_types),
        "notices": [
            {"kind": str(one.kind), "reference": one.reference} for one in found.record.notices
        ],
        "study_designs": [str(one) for one in study_designs(found.record)],
        "tags": tags,
        "same_study": [{"id": one, "registration": number} for one, number in same_study],
        "sources": [{"file": one.path, "record": one.ordinal} for one in sources],
        "highlights": highlight_rows(highlights),
        "history": [_decision(one) for one in history],
    }
    lines = card(found.id, found.record, highlights, width=terminal_width(), paint=colour())
    for name in ("study_designs", "publication_types", "mesh", "keywords", "tags"):
        if row[name]:
            line = f"{name.replace('_', ' ')}: {'; '.join(row[name])}"
            lines += wrap(line, min(terminal_width(), READING_WIDTH), subsequent_indent="  ")
    if same_study:
        named = ", ".join(f"{one} ({number})" for one, number in same_study)
        lines.append(f"reports of the same study: {named}")
    lines += [f"from {one.path}, record {one.ordinal}" for one in sources]
    lines += ["", *(_line(one, reasons) for one in history)] if history else ["", "not read yet"]
    emit_one(row, lines, how)


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "at": one.at,
        "label": None if one.label is None else str(one.label),
        "reviewer": one.reviewer,
        "reason": one.reason,
        "note": one.note,
        "rank": one.rank,
    }


def _line(one: Decision, reasons: Sequence[Reason]) -> str:
    line = f"{minute(one.at)} UTC  {one.label or 'withdrawn'}"
    if one.reason:
        line += f" ({reason_text(one.reason, reasons)})"
    if one.reviewer:
        line += f" by {one.reviewer}"
    return line + (f": {one.note}" if one.note else "")
