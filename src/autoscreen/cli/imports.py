"""``autoscreen imports``: what came in with each imported file."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import emit, emit_one
from autoscreen.cli.common.verb import (
    format_option,
    how_to_import,
    open_review,
    review_argument,
    verb,
)
from autoscreen.cli.status import IMPORTS, import_rows
from autoscreen.errors import InputError
from autoscreen.presentation.wording import counted, minute

if TYPE_CHECKING:
    from autoscreen.review import Review

__all__ = ["command"]


@verb(
    "imports",
    "autoscreen imports rms",
    "autoscreen imports rms 3",
    "autoscreen imports rms 3 --format json",
)
@review_argument
@click.argument("number", type=int, required=False, metavar="[N]")
@format_option
def command(review: str, number: int | None, how: str) -> None:
    """List the imported files, or show import N in full.

    In full: counts, format, the columns of a table and what each was read as, every problem with
    its line and record, conflicts, and possible duplicates that were not merged.
    """
    with open_review(review) as opened:
        rows = import_rows(opened.status())
        if number is None:
            if how == "table":
                rows = [{**row, "finished": minute(row["finished"])} for row in rows]
            emit(rows, IMPORTS, how, empty=f"nothing was imported; {how_to_import(review)}")
            return
        row = next((one for one in rows if one["id"] == number), None)
        if row is None:
            raise InputError(
                f"there is no import {number}",
                hint=f"see: autoscreen imports {shlex.quote(review)}",
            )
        emit_one(*_details(opened, row), how)


def _details(review: Review, row: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return an import in full, as values and as lines."""
    problems = review.problems(row["id"])
    pairs = review.duplicates.all(row["id"])
    lines = [
        f"file       {row['file']}, imported {minute(row['finished'])} UTC as {row['format']}",
        f"records    {row['records']}: {row['new']} new, {row['merged']} merged, "
        f"{row['already_there']} already imported, {row['lost']} could not be read",
        f"decisions  {row['labels']}, {counted(row['conflicts'], 'conflict')}",
    ]
    if row["full_text_decisions"]:
        found = counted(row["full_text_decisions"], "full-text decision")
        lines.append(f"full texts {found}")
    lines += [f"column     {column}: {meaning}" for column, meaning in row["columns"].items()]
    lines += [
        f"not read   {column}: looks like decisions" for column in row["unused_label_columns"]
    ]
    lines += [f"{'lost' if one.lost else 'note'}: {one}" for one in problems]
    lines += [
        f"possible duplicate {one.id}: {', '.join(one.sources)}; {one.state}" for one in pairs
    ]
    row["problems"] = [
        {"line": one.line, "record": one.record, "message": one.message, "lost": one.lost}
        for one in problems
    ]
    row["possible_duplicates"] = [
        {"id": one.id, "first": one.first, "second": one.second, "state": str(one.state)}
        for one in pairs
    ]
    return row, lines
