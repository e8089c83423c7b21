"""``autoscreen origin``: the database or register that each import came from."""

from __future__ import annotations

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)

COLUMNS = (
    Column("import", "import", right=True),
    Column("kind", "kind"),
    Column("name", "name"),
    Column("records", "records", right=True),
    Column("duplicates", "duplicates", right=True),
    Column("file", "file", shrinks=True, keep_end=True),
)
KINDS = ("database", "register", "website", "organisation", "citation-searching", "other")


@verb(
    "origin",
    "autoscreen origin rms",
    "autoscreen origin rms 2 Embase",
    "autoscreen origin rms 3 ClinicalTrials.gov --kind register",
    "autoscreen origin rms 4 'reference lists' --kind citation-searching",
)
@review_argument
@click.argument("number", metavar="[IMPORT]", type=int, required=False)
@click.argument("name", metavar="[NAME]", default="")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="database",
    show_default=True,
    help="What it is, as PRISMA 2020 tells them apart.",
)
@reviewer_option
@format_option
def command(
    review: str, number: int | None, name: str, *, kind: str, reviewer: str, how: str
) -> None:
    """List which database or register each import came from, or set it for one.

    The flow diagram counts the records of each. Without a setting the search, the format or the
    name of the file says it.
    """
    with open_review(review) as opened:
        if number is not None:
            opened.reporting.set_origin(number, kind.replace("-", " "), name, reviewer=reviewer)
        flow = opened.reporting.flow()
    rows = [
        {
            "import": one.import_id,
            "kind": str(one.origin.kind),
            "name": one.origin.name,
            "records": one.records,
            "duplicates": one.duplicates,
            "file": one.path,
        }
        for column in (flow.databases, flow.other)
        for one in column.imports
    ]
    emit(rows, COLUMNS, how, empty="nothing was imported yet")
