"""``autoscreen merges``: which records were taken for the same publication, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autoscreen.cli.common.output import emit_blocks
from autoscreen.cli.common.verb import format_option, open_review, review_argument, verb

NAMES = (
    *("id", "kept", "absorbed", "evidence", "at", "undone_at"),
    *("kept_title", "absorbed_title"),
)


@verb("merges", "autoscreen merges rms", "autoscreen merges rms --format csv > merges.csv")
@review_argument
@format_option
def command(review: str, how: str) -> None:
    """List every merge with its evidence.

    Two records are merged when they are the same publication. Each merge can be undone with
    'autoscreen unmerge'. Points in the evidence count the fields that agree, weighted by how
    telling each is, less those that differ; from 9 on, similar records are merged.
    """
    with open_review(review) as opened:
        rows = [asdict(merge) for merge in opened.merges.all()]
    emit_blocks(rows, _lines, how, names=NAMES, empty="no record was merged")


def _lines(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    same = row["kept_title"] == row["absorbed_title"]
    undone = [("undone", row["undone_at"])] if row["undone_at"] else []
    return [
        (f"merge {row['id']}", row["evidence"]),
        (f"  {row['kept']}", row["kept_title"] or "(no title)"),
        (f"  {row['absorbed']}", "the same title" if same else row["absorbed_title"]),
        *undone,
    ]
