"""``autoscreen screen-terminal``: reading and labelling with single keys."""

from __future__ import annotations

from autoscreen.cli.common.keyboard import Keys
from autoscreen.cli.common.terminal import colour, terminal_width
from autoscreen.cli.common.verb import (
    open_review,
    refuse_empty,
    review_argument,
    reviewer_option,
    stage_option,
    verb,
)
from autoscreen.cli.terminal_session import Session
from autoscreen.records import Stage


@verb(
    "screen-terminal",
    "autoscreen screen-terminal rms",
    "autoscreen screen-terminal rms --reviewer AA",
    "autoscreen screen-terminal rms --stage full-text",
)
@review_argument
@stage_option
@reviewer_option
def command(review: str, stage: str, reviewer: str) -> None:
    """Screen in the terminal with single keys.

    i include, e exclude and then the key of the reason, u unsure, n note, s skip for now, z undo,
    ? help, q quit. A full text has r not retrieved, w awaiting classification and o ongoing too,
    and its exclusion needs a reason. A decision is saved before the next record shows. Where
    standard input is no terminal, each line is one key.
    """
    with open_review(review) as opened, Keys() as keys:
        refuse_empty(opened, review)
        Session(
            review=opened,
            reviewer=reviewer,
            keys=keys,
            width=terminal_width(),
            paint=colour(),
            full_text=stage == Stage.FULL_TEXT,
        ).run()
