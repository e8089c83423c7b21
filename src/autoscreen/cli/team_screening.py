"""The verbs of ``autoscreen team`` about records that two people read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    record_argument,
    review_argument,
    reviewer_option,
    stage_option,
    verb,
)
from autoscreen.presentation.wording import counted
from autoscreen.records import Label, Stage

if TYPE_CHECKING:
    from autoscreen.evaluation import Interval, PairAgreement
    from autoscreen.review import Review
    from autoscreen.review.team import ReviewTeam

CONFLICTS = (
    Column("id", "id"),
    Column("reviewer", "reviewer"),
    Column("label", "label"),
    Column("reason", "reason"),
    Column("note", "note", shrinks=True),
    Column("title", "title", shrinks=True),
)
AGREEMENT = (
    Column("one", "reviewer"),
    Column("other", "and"),
    Column("n", "both read", right=True),
    Column("agreement", "agreement"),
    Column("kappa", "kappa"),
    Column("AC1", "AC1"),
    Column("PABAK", "PABAK"),
)
EXTRACTION = "extraction"
CHOICE = click.Choice([label.replace(" ", "-") for label in Label], case_sensitive=False)


@verb(
    "double",
    "autoscreen team double rms --share 100",
    "autoscreen team double rms --share 10 --seed 7",
    "autoscreen team double rms --share 0",
    "autoscreen team double rms --share 100 --stage extraction",
)
@review_argument
@click.option(
    "--share",
    required=True,
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Percentage of the records that two reviewers read; 100 is all, 0 turns it off.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the sample.")
@click.option(
    "--stage",
    type=click.Choice([*map(str, Stage), EXTRACTION]),
    default=str(Stage.TITLE_ABSTRACT),
    show_default=True,
    help="Title and abstract, the full texts of the records included there, or data extraction.",
)
@reviewer_option
def double(review: str, share: float, seed: int, stage: str, reviewer: str) -> None:
    """Let two reviewers read each record, or a sample, blinded to each other.

    Agreement is the label; disagreement is a conflict without a label until it is resolved. Earlier
    labels stay. Data are extracted from each study by two people, or by one.
    """
    if stage == EXTRACTION:
        if share not in (0, 100):
            raise click.UsageError("--share is 100 or 0 for data extraction")
        with open_review(review) as opened:
            opened.extraction.set_double(share == 100, reviewer=reviewer)
        click.echo(f"{'two people extract' if share else 'one person extracts'} each study's data")
        return
    with open_review(review) as opened:
        team_of(opened, stage).set_double_screening(share / 100, seed=seed, reviewer=reviewer)
        full_text = stage == Stage.FULL_TEXT
        status = opened.full_text.progress() if full_text else opened.progress()
    click.echo(
        f"two reviewers read {share:g}% of the {'full texts' if full_text else 'records'}; "
        f"{status.pending} "
        f"{'waits' if status.pending == 1 else 'wait'} for a second one, "
        f"{counted(status.conflicts, 'conflict')}"
    )


@verb(
    "conflicts",
    "autoscreen team conflicts rms",
    "autoscreen team conflicts rms --format csv > conflicts.csv",
    "autoscreen team conflicts rms --stage full-text",
)
@review_argument
@stage_option
@format_option
def conflicts(review: str, stage: str, how: str) -> None:
    """List the records on which reviewers or imported files differ, with each decision."""
    with open_review(review) as opened:
        rows: list[dict[str, Any]] = []
        for conflict in team_of(opened, stage).conflicts():
            title = opened.record(conflict.id).record.title
            rows += [
                {
                    "id": conflict.id,
                    "reviewer": decision.reviewer,
                    "label": str(decision.label),
                    "reason": decision.reason,
                    "note": decision.note,
                    "at": decision.at,
                    "title": title,
                }
                for decision in conflict.decisions
            ]
    emit(rows, CONFLICTS, how, empty="no record is in conflict")


@verb("resolve", "autoscreen team resolve rms r17 include --note 'the coil was over the nerve'")
@review_argument
@record_argument
@click.argument("label", type=CHOICE, metavar="LABEL")
@click.option("--note", default="", metavar="TEXT", help="Why; it is kept with the decision.")
@click.option("--reason", default="", metavar="CODE", help="A reason of the protocol to exclude.")
@stage_option
@reviewer_option
def resolve(
    review: str, record: str, label: str, *, note: str, reason: str, stage: str, reviewer: str
) -> None:
    """Resolve a conflict: LABEL becomes the final label."""
    with open_review(review) as opened:
        team = team_of(opened, stage)
        made = team.resolve(record, label, note=note, reason=reason, reviewer=reviewer)
        left = len(team.conflicts())
    click.echo(f"{made.record_id} is resolved: {made.label}; {counted(left, 'conflict')} left")


@verb(
    "agreement",
    "autoscreen team agreement rms",
    "autoscreen team agreement rms --format json",
)
@review_argument
@stage_option
@format_option
def agreement(review: str, stage: str, how: str) -> None:
    """Show the agreement of each two reviewers, also corrected for chance, with 95% intervals.

    It is measured on records that both have read in double screening, by their decisions before
    they could see the other's.
    """
    with open_review(review) as opened:
        rows = [_row(pair, how) for pair in team_of(opened, stage).agreement()]
    emit(rows, AGREEMENT, how, empty="no two reviewers have read the same record")


def team_of(opened: Review, stage: str) -> ReviewTeam:
    """Return what concerns the team at a stage."""
    return opened.full_text.team if stage == Stage.FULL_TEXT else opened.team


def _row(pair: PairAgreement, how: str) -> dict[str, Any]:
    row: dict[str, Any] = {"one": pair.one, "other": pair.other, "n": pair.n}
    for name, value in pair.values.items():
        row |= {name: _interval(value)} if how == "table" else _numbers(name, value)
    return row


def _interval(value: Interval) -> str:
    if math.isnan(value.mean):
        return "undefined"
    return f"{value.mean:.2f} ({value.low:.2f} to {value.high:.2f})"


def _numbers(name: str, value: Interval) -> dict[str, float | None]:
    found = {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}
    return {key: None if math.isnan(number) else number for key, number in found.items()}
