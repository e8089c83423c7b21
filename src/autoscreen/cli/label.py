"""``autoscreen label``: one decision."""

from __future__ import annotations

import click

from autoscreen.cli.common.verb import (
    open_review,
    record_argument,
    review_argument,
    reviewer_option,
    stage_option,
    verb,
)
from autoscreen.presentation.reason_words import reason_text
from autoscreen.records import Label, Stage

CHOICE = click.Choice([label.replace(" ", "-") for label in Label], case_sensitive=False)


@verb(
    "label",
    "autoscreen label rms 31989485 exclude --reason WRONG_TYPE --reviewer AA",
    "autoscreen label rms r17 include",
    "autoscreen label rms 10.1007/s12325-020-01231-2 unsure --note 'ask the second reviewer'",
    "autoscreen label rms r17 exclude --stage full-text --reason WRONG_TYPE",
    "autoscreen label rms r18 not-retrieved --stage full-text",
)
@review_argument
@record_argument
@click.argument("label", type=CHOICE, metavar="LABEL")
@click.option("--reason", default="", metavar="CODE", help="A reason of the protocol to exclude.")
@click.option("--note", default="", metavar="TEXT", help="A note on the decision.")
@stage_option
@reviewer_option
def command(
    review: str, record: str, label: str, *, reason: str, note: str, stage: str, reviewer: str
) -> None:
    """Label a record: include, exclude or unsure.

    RECORD is an id of the review (r17), a PMID or a DOI. LABEL is include, exclude or
    unsure; of a full text also not-retrieved, awaiting-classification or ongoing. The exclusion of
    a full text needs a reason. A later decision replaces the earlier one; both stay in the history.
    """
    with open_review(review) as opened:
        decide = opened.full_text.label if stage == Stage.FULL_TEXT else opened.label
        made = decide(record, label, reviewer=reviewer, reason=reason, note=note)
        title = opened.record(made.record_id).record.title
        why = reason_text(made.reason, opened.protocol.reasons) if made.reason else ""
    because = f" ({why})" if why else ""
    who = made.reviewer or "an unnamed reviewer"
    click.echo(f"{made.record_id} {made.label}{because} by {who}: {title}")
