"""The stage of full texts in the terminal: the next one, and the progress."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import emit_one
from autoscreen.cli.common.terminal import colour, terminal_width
from autoscreen.cli.common.terminal_card import card, record_row
from autoscreen.cli.common.verb import open_review
from autoscreen.presentation.marked_text import highlight_rows
from autoscreen.presentation.wording import counted, grouped

if TYPE_CHECKING:
    from autoscreen.review.full_text import FullTextProgress


def show_full_text(review: str, reviewer: str, how: str) -> None:
    """Show the next record whose full text is to be assessed."""
    with open_review(review) as opened:
        ident = opened.full_text.next(reviewer)
        progress = opened.full_text.progress()
        if ident is None:
            click.echo(nothing_left(progress), err=True)
            if how == "json":
                click.echo("null")
            return
        found, highlights = opened.record(ident), opened.highlights(ident)
    record = found.record
    lines = card(ident, record, highlights, width=terminal_width(), paint=colour())
    links = [f"https://doi.org/{record.doi}"] if record.doi else []
    links += [f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"] if record.pmid else []
    lines += ["", *links, f"full texts: {progress_words(progress)}"]
    command = f"autoscreen label {shlex.quote(review)} {ident} --stage full-text"
    lines.append(f"label it: {command} include|exclude|not-retrieved|... --reason CODE")
    row: dict[str, Any] = {
        **record_row(ident, record),
        "left": progress.left,
        "highlights": highlight_rows(highlights),
    }
    emit_one(row, lines, how)


def nothing_left(progress: FullTextProgress) -> str:
    """Return why there is no full text to assess."""
    if not progress.records:
        return "no record is included by title and abstract yet"
    return f"nothing left to assess: {progress_words(progress)}"


def progress_words(progress: FullTextProgress) -> str:
    """Return one line on how far the stage of full texts has come."""
    given = ", ".join(f"{grouped(n)} {label}" for label, n in progress.labels.items() if n)
    line = f"{grouped(progress.left)} of {grouped(progress.records)} left"
    line += f"; {given}" if given else ""
    if progress.pending or progress.conflicts:
        waits = "waits" if progress.pending == 1 else "wait"
        line += f"; {progress.pending} {waits} for a second reviewer, "
        line += counted(progress.conflicts, "conflict")
    return line


def progress_row(progress: FullTextProgress) -> dict[str, Any]:
    """Return the same as values."""
    return {
        "records": progress.records,
        **{label.replace(" ", "_"): count for label, count in progress.labels.items()},
        "pending": progress.pending,
        "conflicts": progress.conflicts,
        "left": progress.left,
    }
