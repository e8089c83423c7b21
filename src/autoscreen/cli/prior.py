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


@verb(
    "prior",
    "autoscreen prior rms",
    "autoscreen prior rms --remove 1",
    "autoscreen prior rms --restore 1",
)
@review_argument
@click.option("--remove", type=int, metavar="N", help="File N no longer trains the ranking.")
@click.option("--restore", type=int, metavar="N", help="File N trains the ranking again.")
@reviewer_option
@format_option
def command(
    review: str, *, remove: int | None, restore: int | None, reviewer: str, how: str
) -> None:
    """List prior knowledge: decisions of earlier reviews that train the ranking.

    They are imported by autoscreen import --prior. They are not records of this review and are not
    counted in it.
    """
    if remove is not None and restore is not None:
        raise click.UsageError("give only one of --remove and --restore")
    with open_review(review) as opened:
        known = opened.prior_knowledge
        if remove is not None:
            known.remove(remove, reviewer=reviewer)
        elif restore is not None:
            known.restore(restore, reviewer=reviewer)
        rows = [prior_row(one, how) for one in known.all()]
    emit(rows, COLUMNS, how, empty="there is no prior knowledge")


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
