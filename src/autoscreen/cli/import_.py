"""``autoscreen import``: export files into a review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli._output import Column, emit
from autoscreen.cli._progress import progress
from autoscreen.cli._verb import format_option, open_review, review_argument, verb

if TYPE_CHECKING:
    from autoscreen.review import ImportReport

__all__ = ["command"]

SUMMARY = 5
"""Problems shown for a file unless all are asked for."""
COLUMNS = (
    Column("file", "file", shrinks=True),
    Column("format", "format"),
    Column("records", "records", right=True),
    Column("new", "new", right=True),
    Column("merged", "merged", right=True),
    Column("already_there", "already there", right=True),
    Column("lost", "lost", right=True),
    Column("labels", "labels", right=True),
    Column("problems", "problems", right=True),
)


@verb(
    "import",
    "autoscreen import rms pubmed.nbib embase.ris wos.bib endnote.xml cochrane.csv",
    "autoscreen import rms pubmed26n1220.xml.gz --strict",
    "curl -s https://example.org/export.ris | autoscreen import rms -",
)
@review_argument
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--as",
    "read_as",
    metavar="FORMAT",
    help="Read every file as this format instead of recognising it by its content.",
)
@click.option("--strict", is_flag=True, help="Refuse a file with any problem, and say which.")
@click.option(
    "--labels/--no-labels",
    default=True,
    show_default=True,
    help="Take over screening decisions that stand in the files.",
)
@click.option(
    "--problems",
    type=click.Choice(["summary", "all"]),
    default="summary",
    show_default=True,
    help=f"Show the first {SUMMARY} problems of each file, or all of them.",
)
@format_option
def command(
    review: str,
    files: tuple[str, ...],
    *,
    read_as: str | None,
    strict: bool,
    labels: bool,
    problems: str,
    how: str,
) -> None:
    """Bring export files into a review.

    Reads MEDLINE/nbib, PubMed XML, RIS, BibTeX, EndNote XML, Web of Science, CSV, TSV, Excel and
    lists of PMIDs, each also as .gz. A file is recognised by its content; '-' is standard input.
    Records that are there already are merged, and every merge can be seen and undone.

    A damaged file gives all its good records; what could not be read is listed on standard error.
    """
    with open_review(review) as opened, progress() as tick:
        reports = opened.import_files(
            files, format=read_as, strict=strict, labels=labels, progress=tick
        )
    emit([_row(report, all_of_them=how == "json") for report in reports], COLUMNS, how)
    for report in reports:
        _show_problems(report, everything=problems == "all")
    if not any(report.new + report.merged + report.already_there for report in reports):
        raise click.exceptions.Exit(1)
    if how == "table":
        click.echo(f"next: autoscreen rank {review}", err=True)


def _row(report: ImportReport, *, all_of_them: bool) -> dict[str, Any]:
    listed: Sequence[Any] = [
        {"line": p.line, "record": p.record, "message": p.message, "lost": p.lost}
        for p in report.problems
    ]
    return {
        "file": report.path,
        "format": report.format,
        "records": report.starts,
        "new": report.new,
        "merged": report.merged,
        "already_there": report.already_there,
        "lost": report.starts - report.new - report.merged - report.already_there,
        "labels": report.labels,
        "problems": listed if all_of_them else len(listed),
    }


def _show_problems(report: ImportReport, *, everything: bool) -> None:
    shown = report.problems if everything else report.problems[:SUMMARY]
    for problem in shown:
        click.echo(f"{'lost' if problem.lost else 'mended'}: {problem}", err=True)
    if more := len(report.problems) - len(shown):
        click.echo(f"{report.path}: {more} more problems, shown by --problems all", err=True)
