"""``autoscreen duplicates``: pairs that may be duplicates, for a person to decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import emit_blocks
from autoscreen.cli.common.progress import note
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)

if TYPE_CHECKING:
    from autoscreen.store.possible_duplicates import PossibleDuplicate


NAMES = (
    *("id", "first", "second", "evidence", "state", "decided_by", "decided_at"),
    *("first_title", "second_title"),
)


@verb(
    "duplicates",
    "autoscreen duplicates rms",
    "autoscreen duplicates rms --all --format json",
    "autoscreen duplicates rms --merge 3",
    "autoscreen duplicates rms --keep 4",
    "autoscreen duplicates rms --undo 4",
)
@review_argument
@click.option("--merge", type=int, metavar="N", help="Pair N are duplicates: merge them.")
@click.option("--keep", type=int, metavar="N", help="Pair N are different records: keep both.")
@click.option("--undo", type=int, metavar="N", help="Withdraw the decision on pair N.")
@click.option("--all", "every", is_flag=True, help="Also list the pairs that are decided.")
@reviewer_option
@format_option
def command(
    review: str,
    *,
    merge: int | None,
    keep: int | None,
    undo: int | None,
    every: bool,
    reviewer: str,
    how: str,
) -> None:
    """List possible duplicates that were not merged, and decide on them.

    These pairs are alike, but not enough for an automatic merge. Every decision can be undone.
    Points in the evidence count the fields that agree, weighted by how telling each is, less those
    that differ; from 9 points on, two records are merged unless their identifiers contradict it.
    """
    given = [one for one in (merge, keep, undo) if one is not None]
    if len(given) > 1:
        raise click.UsageError("give only one of --merge, --keep and --undo")
    with open_review(review) as opened:
        pairs = opened.duplicates
        if merge is not None:
            before = pairs.count_conflicts()
            rows = [pairs.merge(merge, reviewer=reviewer)]
            if pairs.count_conflicts() > before:
                note("note: their decisions differ, so the record is a conflict now")
        elif keep is not None:
            rows = [pairs.keep_apart(keep, reviewer=reviewer)]
        elif undo is not None:
            rows = [pairs.undo(undo, reviewer=reviewer)]
        else:
            rows = pairs.all() if every else pairs.pending()
    listed = [_row(one) for one in rows]
    emit_blocks(listed, _lines, how, names=NAMES, empty="no possible duplicates to check")


def _row(pair: PossibleDuplicate) -> dict[str, Any]:
    return {
        "id": pair.id,
        "first": pair.first,
        "second": pair.second,
        "evidence": pair.evidence,
        "state": str(pair.state),
        "decided_by": pair.decided_by,
        "decided_at": pair.decided_at,
        "first_title": pair.titles[0],
        "second_title": pair.titles[1],
    }


def _lines(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    same = row["first_title"] == row["second_title"]
    by = f" by {row['decided_by']}" if row["decided_by"] else ""
    return [
        (f"pair {row['id']}", f"{row['evidence']} ({row['state']}{by})"),
        (f"  {row['first']}", row["first_title"] or "(no title)"),
        (f"  {row['second']}", "the same title" if same else row["second_title"]),
    ]
