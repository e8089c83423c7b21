"""``autoscreen merges``: which records were taken for the same publication, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import format_option, open_review, review_argument, verb

if TYPE_CHECKING:
    from autoscreen.store.stored_values import MergeEntry

COLUMNS = (
    Column("id", "merge", right=True),
    Column("kept", "kept"),
    Column("absorbed", "absorbed"),
    Column("evidence", "evidence", shrinks=True),
    Column("kept_title", "title", shrinks=True),
    Column("absorbed_title", "title of the absorbed", shrinks=True),
    Column("undone_at", "undone"),
)


@verb("merges", "autoscreen merges rms", "autoscreen merges rms --format csv > merges.csv")
@review_argument
@format_option
def command(review: str, how: str) -> None:
    """List every merge with its evidence.

    Two records are merged when they are the same publication. Each merge can be undone with
    'autoscreen unmerge'.
    """
    with open_review(review) as opened:
        rows = [_row(merge) for merge in opened.merges.all()]
    emit(rows, COLUMNS, how, empty="no record was merged")


def _row(merge: MergeEntry) -> dict[str, Any]:
    return {
        "id": merge.id,
        "kept": merge.kept,
        "absorbed": merge.absorbed,
        "evidence": merge.evidence,
        "at": merge.at,
        "undone_at": merge.undone_at,
        "kept_title": merge.kept_title,
        "absorbed_title": merge.absorbed_title,
    }
