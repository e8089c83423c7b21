"""``autoscreen origin``: the database or register that each import came from."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TextIO

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
    Column("platform", "platform"),
    Column("searched", "searched"),
    Column("file", "file", shrinks=True, keep_end=True),
)
KINDS = ("database", "register", "website", "organisation", "citation-searching", "other")


@verb(
    "origin",
    "autoscreen origin rms",
    "autoscreen origin rms 2 Embase",
    "autoscreen origin rms 2 Embase --platform Ovid --searched 2026-01-12 --query embase.txt",
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
    help="The kind of source, as in PRISMA 2020.",
)
@click.option("--platform", metavar="TEXT", help="Where it was searched, such as Ovid.")
@click.option("--searched", metavar="DATE", help="The day of the search.")
@click.option("--limits", metavar="TEXT", help="Limits of the search and why, or 'none'.")
@click.option(
    "--query",
    type=click.File(encoding="utf-8", lazy=True),
    metavar="FILE",
    help="A text file with the search exactly as it was run; '-' is standard input.",
)
@reviewer_option
@format_option
def command(
    review: str,
    number: int | None,
    name: str,
    *,
    kind: str,
    query: TextIO | None,
    reviewer: str,
    how: str,
    **search: str | None,
) -> None:
    """List which database or register each import came from, or set it for one.

    The flow diagram counts the records of each. Without a setting it is taken from the search, the
    format or the name of the file. The search appendix of the report has the platform, day, limits
    and query of a search that was run elsewhere; omitted options keep their values.
    """
    given = {key: value for key, value in search.items() if value is not None}
    if query is not None:
        given["query"] = query.read()
    if given and number is None:
        raise click.UsageError("name the import whose search this is; its number is in the list")
    with open_review(review) as opened:
        reporting = opened.reporting
        if number is not None:
            noted = replace(reporting.search_of(number), **given)
            origin = kind.replace("-", " ")
            reporting.set_origin(number, origin, name, search=noted, reviewer=reviewer)
        flow = opened.reporting.flow()
    rows = [
        {
            "import": one.import_id,
            "kind": str(one.origin.kind),
            "name": one.origin.name,
            "records": one.records,
            "duplicates": one.duplicates,
            **asdict(one.origin.search),
            "file": one.path,
        }
        for column in (flow.databases, flow.other)
        for one in column.imports
    ]
    emit(rows, COLUMNS, how, empty="nothing was imported yet")
