"""``autoscreen audit``: the proof that enough was found."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit, emit_one
from autoscreen.cli.common.stopping_lines import cost_rows, variant_lines
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    refuse_empty,
    review_argument,
    reviewer_option,
    verb,
)
from autoscreen.errors import InputError
from autoscreen.presentation.stopping_words import audit_terms
from autoscreen.presentation.wording import counted, minute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscreen.active import AuditCost
    from autoscreen.review import Review
    from autoscreen.review.auditing import Audit


TOO_EARLY = (
    "Too early for a random audit: it would have to draw nearly all unread records. Continue "
    "screening in ranked order."
)


@verb(
    "audit",
    "autoscreen audit rms",
    "autoscreen audit rms --begin --target 0.9 --confidence 0.9",
    "autoscreen audit rms --end --note 'begun too early'",
)
@review_argument
@click.option("--begin", is_flag=True, help="Begin an audit of all unread records.")
@click.option("--end", is_flag=True, help="End the current audit.")
@click.option(
    "--target",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="The recall to prove. [default: the target of the review]",
)
@click.option(
    "--confidence",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="The confidence of the proof, such as 0.95.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    help="Seed of the draws, to replay an audit. [default: a new one, which is stored]",
)
@click.option("--note", default="", metavar="TEXT", help="The reason for ending it.")
@click.option("--yes", is_flag=True, help="Begin without asking.")
@reviewer_option
@format_option
def command(review: str, *, begin: bool, end: bool, how: str, **options: Any) -> None:
    """Confirm by a random audit of the unscreened records that enough was found.

    Without an option: which audits are useful, the cheapest first, and the progress of one.
    --begin shows the cost and the consequences, and asks for confirmation. Then everybody gets the
    sampled records first; relevant ones among them count as found. 'status' shows when the audit is
    complete. It does not depend on the ranking. Each further audit lowers the confidence.
    """
    if begin and end:
        raise click.UsageError("use --begin or --end, not both")
    with open_review(review) as opened:
        refuse_empty(opened, review)
        if begin:
            _begin(opened, options)
        elif end:
            opened.audits.end(reviewer=options["reviewer"], note=options["note"])
        audits, costs = opened.audits.all(), opened.audits.costs()
        early = all(
            one.state == "too early" for one in opened.audits.advice() if one.promise == "exact"
        )
    going_on = bool(audits) and audits[-1].end is None
    shown = () if going_on or early else costs
    if how == "csv":
        emit([audit_row(one) for one in audits], (Column("number", "audit"),), how)
        return
    row = {"audits": [audit_row(one) for one in audits], "costs": cost_rows(shown)}
    lines = [*audit_lines(audits), TOO_EARLY] if early else _lines(review, audits, shown)
    emit_one(row, lines, how)


def _begin(opened: Review, options: dict[str, Any]) -> None:
    """Show what an audit costs and changes, ask, and begin it."""
    if not opened.progress().unread:
        raise InputError("all records are screened; nothing is left to audit")
    target = options["target"] or opened.audits.target
    cost = opened.audits.cost(target=target, confidence=options["confidence"])
    if not options["yes"]:
        terms = audit_terms(cost, opened.audits.all())
        for line in (terms.promise, *terms.consequences):
            click.echo(line, err=True)
        if not sys.stdin.isatty():
            raise InputError("the audit was not begun", hint="confirm it with --yes")
        click.confirm("Begin the audit?", abort=True, err=True)
    asked = {key: options[key] for key in ("confidence", "seed", "reviewer")}
    opened.audits.begin(target=target, **asked)


def audit_lines(audits: Sequence[Audit]) -> list[str]:
    """Return how far each audit is, and what it has proved."""
    return [line for one in audits for line in _lines_of(one)]


def audit_row(one: Audit) -> dict[str, Any]:
    """Return the values of an audit for JSON."""
    return {
        "number": one.number,
        "begun": one.at,
        "reviewer": one.reviewer,
        "target": one.target,
        "confidence": one.confidence,
        "confidence_of_all": round(one.overall, 6),
        "seed": one.seed,
        "records": one.rest,
        "found_before": one.found,
        "drawn": one.drawn,
        "relevant": one.finds,
        "unsure": one.unsure,
        "more": one.more,
        "proved": one.proved,
        "outside": list(one.outside),
        "ended": one.end.at if one.end else None,
        "note": one.end.note if one.end else "",
    }


def _lines(review: str, audits: Sequence[Audit], costs: Sequence[AuditCost]) -> list[str]:
    lines = audit_lines(audits)
    if costs:
        lines += [""] if lines else []
        unread = costs[0].records + costs[0].saved
        variants = variant_lines(costs)
        lines += [
            f"records to draw at random of the {unread:,} unread ones, if none is relevant:",
            *(
                variants
                or ["  an audit would have to draw nearly all of them; continue screening instead"]
            ),
        ]
        if variants:
            name = shlex.quote(review)
            begin = "--begin --target 0.9 --confidence 0.9"
            lines.append(f"begin one: autoscreen audit {name} {begin}")
    elif audits and audits[-1].proved:
        lines += [f"end it: autoscreen audit {shlex.quote(review)} --end"]
    elif audits:
        name = shlex.quote(review)
        lines += [f"continue:  autoscreen next {name}, or autoscreen screen-terminal {name}"]
    return lines


def _lines_of(one: Audit) -> list[str]:
    begun = f"{minute(one.at)} UTC" + f" by {one.reviewer}" * bool(one.reviewer)
    lines = [
        f"audit {one.number}    begun {begun} with seed {one.seed}",
        f"           of {one.rest:,} unread records, to prove {one.target:.0%} recall with "
        f"{one.overall:.0%} confidence",
        f"           {one.drawn:,} drawn, {one.finds} relevant; {_state(one)}",
    ]
    if one.overall < one.confidence:
        lines.append(
            "           an earlier audit was begun before it, so the errors of both are counted"
        )
    if one.unsure and not one.proved:
        unsure = counted(one.unsure, "draw")
        lines.append(f"           {unsure} marked unsure: the proof waits until it is decided")
    if one.outside and (one.end is None or one.proved):
        unread = counted(len(one.outside), "unread record")
        lines.append(f"           {unread} imported later {_is(one.outside)} not part of it")
    return lines


def _is(ids: Sequence[str]) -> str:
    return "is" if len(ids) == 1 else "are"


def _state(one: Audit) -> str:
    if one.proved:
        return f"{one.target:.0%} is proved" + (", and it was ended" if one.end else "")
    if one.end is not None:
        why = f" ({one.end.note})" if one.end.note else ""
        return f"ended early {minute(one.end.at)} UTC{why}, so nothing is proved"
    return f"{one.more:,} more without a relevant one complete the proof"
