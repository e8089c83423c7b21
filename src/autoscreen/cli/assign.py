"""``autoscreen assign``: which records are assigned to whom."""

from __future__ import annotations

import math
from dataclasses import asdict

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)
from autoscreen.presentation.wording import counted

COLUMNS = (
    Column("reviewer", "reviewer"),
    Column("records", "records", right=True),
    Column("done", "done", right=True),
)


@verb(
    "assign",
    "autoscreen assign rms",
    "autoscreen assign rms --split Ann=2 --split Bob=1",
    "autoscreen assign rms --split Ann --split Bob --split Cid --each 2",
    "autoscreen assign rms --to Ann r17 31989485",
    "autoscreen assign rms --release Bob",
)
@review_argument
@click.argument("records", nargs=-1, metavar="[RECORD]...")
@click.option("--to", metavar="NAME", help="Assign the records named to this reviewer.")
@click.option(
    "--split",
    multiple=True,
    metavar="NAME[=SHARE]",
    help="Divide the unscreened, unassigned records; once for each reviewer.",
)
@click.option(
    "--each",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="With --split: to how many reviewers each record goes.",
)
@click.option(
    "--release", metavar="NAME", help="Unassign the records named, or all, not screened by NAME."
)
@reviewer_option
@format_option
def command(
    review: str,
    records: tuple[str, ...],
    *,
    to: str | None,
    split: tuple[str, ...],
    each: int,
    release: str | None,
    reviewer: str,
    how: str,
) -> None:
    """Assign records to reviewers, and list how far each one is.

    RECORD is an id of the review (r17), a PMID or a DOI. An assigned record is given only to those
    it is assigned to, until all of them have decided. Likely relevant records are spread evenly.
    """
    if sum((to is not None, bool(split), release is not None)) > 1:
        raise click.UsageError("give only one of --to, --split and --release")
    if (to is not None) != bool(records) and release is None:
        raise click.UsageError("name records together with --to NAME or --release NAME")
    with open_review(review) as opened:
        known = opened.assignments
        if to is not None:
            added = known.assign(records, to, by=reviewer)
            click.echo(f"{counted(added, 'record')} assigned to {to}", err=True)
        elif release is not None:
            freed = known.release(release, records or None, by=reviewer)
            click.echo(f"{counted(freed, 'record')} of {release} released", err=True)
        elif split:
            known.split(dict(map(_share, split)), each=each, by=reviewer)
        rows, unassigned = list(map(asdict, known.parts())), known.unassigned()
    emit(rows, COLUMNS, how, empty="nothing is assigned")
    if how == "table":
        click.echo(f"{counted(unassigned, 'unscreened record')} assigned to nobody", err=True)


def _share(text: str) -> tuple[str, float]:
    name, equals, share = text.rpartition("=")
    if not equals:
        return text, 1.0
    try:
        return name, float(share)
    except ValueError:
        return name, math.nan  # which is refused with the shares that are not above 0
