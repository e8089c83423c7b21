"""``autoscreen citations``: works that cite the included studies, and those that they cite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import emit_one
from autoscreen.cli.common.progress import note, progress
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    search_limits,
    verb,
)
from autoscreen.cli.search import show_report
from autoscreen.errors import InputError
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscreen.records import Record
    from autoscreen.sources.openalex_client import OpenAlex

DIRECTIONS = ("both", "citing", "cited")  # those of review.citation_search, which loads numpy


@verb(
    "citations",
    "autoscreen citations rms --dry-run",
    "autoscreen citations rms",
    "autoscreen citations rms --direction citing",
)
@review_argument
@click.option("--dry-run", is_flag=True, help="Show how many works there are; nothing is stored.")
@click.option(
    "--direction",
    type=click.Choice(DIRECTIONS),
    default=DIRECTIONS[0],
    show_default=True,
    help="Works that cite the included studies, works cited by them, or both.",
)
@search_limits
@format_option
def command(review: str, *, dry_run: bool, direction: str, most: int, anew: bool, how: str) -> None:
    """Import works that cite the included studies or are cited by them.

    The included studies are looked up in OpenAlex by PMID or DOI. All works that cite them, and all
    that they cite, are imported together; then they are ranked and screened like other records.
    After an interruption the same command resumes. The search is logged for your report; see
    autoscreen searches.

    OpenAlex receives the PMIDs and DOIs of the included studies, and so which ones you have
    included.
    A free API key is needed for more than a few requests a day: OPENALEX_API_KEY.
    """
    from autoscreen.sources.openalex_client import OpenAlex

    wanted: dict[str, Any] = {"citing": direction != "cited", "cited": direction != "citing"}
    with open_review(review) as opened:
        studies = [one.record for one in opened.records("include")]
        client = OpenAlex(say=note)
        if dry_run:
            _preview(client, studies, wanted, how)
            return
        with progress() as tick:
            report = opened.searches.citations(
                client, studies, **wanted, anew=anew, most=most, progress=tick
            )
    show_report(report, review, how)


def _preview(client: OpenAlex, studies: Sequence[Record], wanted: dict[str, Any], how: str) -> None:
    """Show how many works there are."""
    if not studies:
        raise InputError("no study is included yet", hint="include studies first")
    found = client.citations(studies, **wanted)
    row = {
        "included": len(studies),
        "known": found.known,
        "unknown": list(found.unknown),
        "citing": len(found.citing),
        "cited": len(found.cited),
        "works": len(found.ids),
    }
    lines = [
        f"included   {counted(len(studies), 'study', 'studies')}, {found.known} in OpenAlex",
        f"citing     {counted(len(found.citing), 'work')}",
        f"cited      {counted(len(found.cited), 'work')}",
        f"together   {counted(len(found.ids), 'work')}",
    ]
    emit_one(row, lines, how)
    for one in found.unknown:
        note(f"note: not in OpenAlex: {one}")
    if how == "table":
        click.echo("nothing was stored; without --dry-run the works are imported", err=True)
