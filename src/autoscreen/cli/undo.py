"""``autoscreen undo``: the newest decision withdrawn."""

from __future__ import annotations

import click

from autoscreen.cli.common.verb import (
    open_review,
    review_argument,
    reviewer_option,
    stage_option,
    verb,
)
from autoscreen.errors import InputError
from autoscreen.presentation.wording import counted
from autoscreen.records import Stage


@verb(
    "undo",
    "autoscreen undo rms",
    "autoscreen undo rms --reviewer AA",
    "autoscreen undo rms --stage full-text",
)
@review_argument
@stage_option
@reviewer_option
def command(review: str, stage: str, reviewer: str) -> None:
    """Withdraw your newest decision.

    If it was part of a bulk action, the whole bulk action is undone. Decisions stay in the history
    as withdrawn. Calling it again withdraws the one before.
    """
    with open_review(review) as opened:
        full_text = stage == Stage.FULL_TEXT
        bulk = None if full_text else opened.table.newest_bulk(reviewer)
        if bulk is not None:
            opened.table.undo_many(bulk.id, reviewer=reviewer)
            click.echo(f"withdrawn: {bulk.label} for {counted(bulk.standing, 'record')}")
            return
        withdrawn = (opened.full_text if full_text else opened).decisions.undo(reviewer=reviewer)
        if withdrawn is None:
            raise InputError(
                f"{reviewer or 'this reviewer'} has no decision to withdraw",
                path=str(opened.path),
                hint="name the reviewer with --reviewer",
            )
        title = opened.record(withdrawn.record_id).record.title
    click.echo(f"withdrawn for {withdrawn.record_id}: {title}")
