"""``autoscreen comment``: the discussion of records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import emit_blocks
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)

if TYPE_CHECKING:
    from autoscreen.review import Review
    from autoscreen.store.comments import Comment

NAMES = ("id", "record", "reviewer", "at", "text", "mentions", "withdrawn", "done")


@verb(
    "comment",
    "autoscreen comment rms r17 '@Bob is this the same trial as r3?'",
    "autoscreen comment rms r17",
    "autoscreen comment rms --mentions",
    "autoscreen comment rms --done 3",
    "autoscreen comment rms --withdraw 3",
)
@review_argument
@click.argument("record", default="", metavar="[RECORD]")
@click.argument("text", default="", metavar="[TEXT]")
@click.option("--mentions", is_flag=True, help="List the comments that mention you.")
@click.option("--done", type=int, metavar="N", help="Mark the mention in comment N as done.")
@click.option("--withdraw", type=int, metavar="N", help="Withdraw your comment N.")
@reviewer_option
@format_option
def command(
    review: str,
    record: str,
    text: str,
    *,
    mentions: bool,
    done: int | None,
    withdraw: int | None,
    reviewer: str,
    how: str,
) -> None:
    """Comment on a record, or list the comments on it.

    RECORD is an id of the review (r17), a PMID or a DOI. @NAME in TEXT mentions a colleague. While
    two reviewers screen a record independently, only the author sees a comment on it.
    """
    chosen = [bool(record), mentions, done is not None, withdraw is not None]
    if sum(chosen) != 1:
        raise click.UsageError("give a RECORD, --mentions, --done N or --withdraw N")
    with open_review(review) as opened:
        comments = opened.comments
        if text:
            _add(opened, record, text, reviewer)
        elif done is not None:
            comments.set_done(done, reviewer=reviewer)
        elif withdraw is not None:
            comments.withdraw(withdraw, reviewer=reviewer)
        found = comments.of(record, reviewer) if record else comments.mentions(reviewer)
    empty = "no comments" if record else f"nothing mentions {reviewer}"
    emit_blocks([_row(one) for one in found], _lines, how, names=NAMES, empty=empty)


def _add(review: Review, record: str, text: str, reviewer: str) -> None:
    from autoscreen.review.review_comments import mentioned

    people = {one.reviewer for one in review.assignments.parts()}
    people |= {one.reviewer for one in review.team.work()}
    review.comments.add(record, text, reviewer=reviewer, people=people)
    if unknown := mentioned(text, people)[1]:
        click.echo(f"nobody here is called {', '.join(unknown)}", err=True)


def _row(one: Comment) -> dict[str, Any]:
    return {
        "id": one.id,
        "record": one.record_id,
        "reviewer": one.reviewer,
        "at": one.at,
        "text": one.text,
        "mentions": list(one.mentions),
        "withdrawn": one.withdrawn,
        "done": one.done,
    }


def _lines(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    head = f"{row['record']}, {row['reviewer'] or 'unknown'}, {row['at']}"
    return [
        (f"comment {row['id']}", head + (" (done)" if row["done"] else "")),
        ("", "withdrawn" if row["withdrawn"] else row["text"]),
    ]
