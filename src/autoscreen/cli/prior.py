"""``autoscreen prior``: decisions of earlier reviews that train the ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)
from autoscreen.presentation.wording import minute

if TYPE_CHECKING:
    from autoscreen.store.prior_copies import PriorCopy
    from autoscreen.store.prior_knowledge import PriorFile

COLUMNS = (
    Column("id", "number", right=True),
    Column("file", "file", shrinks=True, keep_end=True),
    Column("included", "included", right=True),
    Column("excluded", "excluded", right=True),
    Column("not_used", "not used", right=True),
    Column("lost", "lost", right=True),
    Column("problems", "problems", right=True),
    Column("state", "state"),
    Column("reviewer", "by"),
    Column("at", "since (UTC)"),
)
COPIES = (
    Column("id", "id"),
    Column("earlier", "earlier review"),
    Column("label", "this review"),
    Column("file", "file", shrinks=True, keep_end=True),
    Column("title", "title", shrinks=True),
)


@verb(
    "prior",
    "autoscreen prior rms",
    "autoscreen prior rms --remove 1",
    "autoscreen prior rms --restore 1",
    "autoscreen prior rms --copies",
)
@review_argument
@click.option("--remove", type=int, metavar="N", help="File N no longer trains the ranking.")
@click.option("--restore", type=int, metavar="N", help="File N trains the ranking again.")
@click.option("--copies", is_flag=True, help="List the records of this review that are in it, too.")
@reviewer_option
@format_option
def command(
    review: str, *, remove: int | None, restore: int | None, copies: bool, reviewer: str, how: str
) -> None:
    """List prior knowledge: decisions of earlier reviews that train the ranking.

    They are imported by autoscreen import --prior. They are not records of this review and are not
    counted in it. One that is also a record of this review is screened like all others; --copies
    lists it with both decisions.
    """
    if sum((remove is not None, restore is not None, copies)) > 1:
        raise click.UsageError("give only one of --remove, --restore and --copies")
    with open_review(review) as opened:
        known = opened.prior_knowledge
        if remove is not None:
            known.remove(remove, reviewer=reviewer)
        elif restore is not None:
            known.restore(restore, reviewer=reviewer)
        if copies:
            common = [_copy_row(one) for one in known.copies()]
            emit(common, COPIES, how, empty="no record is in both")
            return
        rows = [prior_row(one, how) for one in known.all()]
    emit(rows, COLUMNS, how, empty="there is no prior knowledge")


def _copy_row(copy: PriorCopy) -> dict[str, Any]:
    return {
        "id": copy.record_id,
        "earlier": str(copy.earlier),
        "label": None if copy.label is None else str(copy.label),
        "file": copy.path,
        "title": copy.title,
    }


def prior_row(file: PriorFile, how: str) -> dict[str, Any]:
    """Return a file of an earlier review as a row."""
    return {
        "id": file.id,
        "file": file.path,
        "format": file.format,
        "records": file.starts,
        "included": file.included,
        "excluded": file.excluded,
        "not_used": file.unused,
        "lost": file.lost,
        "problems": file.problems,
        "state": "in use" if file.in_use else "removed",
        "reviewer": file.changed_by,
        "at": minute(file.changed_at) if how == "table" else file.changed_at,
    }
