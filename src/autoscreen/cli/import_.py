"""``autoscreen import``: export files into a review."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from autoscreen.cli.common.exit_codes import STOPPED, USER, interrupted_by_sigterm, say
from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)
from autoscreen.cli.prior import COLUMNS as PRIOR_COLUMNS
from autoscreen.cli.prior import prior_row
from autoscreen.errors import InputError
from autoscreen.presentation.wording import counted, only_pmids

if TYPE_CHECKING:
    from autoscreen.formats import Problem
    from autoscreen.review import Review
    from autoscreen.store.prior_knowledge import PriorFile
    from autoscreen.store.stored_values import ImportRun

T = TypeVar("T")
SUMMARY = 5
"""Problems shown for a file unless all are asked for."""
COLUMNS = (
    Column("file", "file", shrinks=True, keep_end=True),
    Column("format", "format"),
    Column("records", "records", right=True),
    Column("new", "new", right=True),
    Column("merged", "merged", right=True),
    Column("already_there", "already there", right=True),
    Column("lost", "lost", right=True),
    Column("labels", "labels", right=True),
    Column("conflicts", "conflicts", right=True),
    Column("problems", "problems", right=True),
)


@verb(
    "import",
    "autoscreen import rms pubmed.nbib embase.ris wos.bib endnote.xml cochrane.csv",
    "autoscreen import rms pubmed26n1220.xml.gz --strict",
    "curl -s https://example.org/export.ris | autoscreen import rms -",
    "autoscreen import rms earlier-review.csv --prior",
)
@review_argument
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--as",
    "format",
    metavar="FORMAT",
    help="Read every file as this format instead of recognising it by its content.",
)
@click.option("--strict", is_flag=True, help="Refuse a file with any problem, and say which.")
@click.option(
    "--labels/--no-labels",
    default=True,
    show_default=True,
    help="Import the screening decisions found in the files.",
)
@click.option(
    "--label-column",
    default="",
    metavar="NAME",
    help="Read the decisions from this column of a table instead of choosing it by its name.",
)
@click.option(
    "--prior",
    is_flag=True,
    help="Prior knowledge: use the decisions of an earlier review to train the ranking only.",
)
@click.option(
    "--problems",
    type=click.Choice(["summary", "all"]),
    default="summary",
    show_default=True,
    help=f"Show the first {SUMMARY} problems of each file, or all of them.",
)
@reviewer_option
@format_option
def command(
    review: str,
    files: tuple[str, ...],
    *,
    labels: bool,
    prior: bool,
    problems: str,
    reviewer: str,
    how: str,
    **reading: Any,
) -> None:
    """Import records from export files.

    Reads MEDLINE/nbib, PubMed XML, RIS, BibTeX, EndNote XML, Web of Science, CSV, TSV, Excel and
    lists of PMIDs, each also as .gz. A file is recognised by its content; '-' is standard input.
    Duplicates are merged, and every merge can be seen and undone.

    All readable records of a damaged file are imported; the others are listed on standard error.
    If a file cannot be imported, the others still are, and the exit code is 1.

    With --prior, included and excluded records of an earlier review train the ranking. They are
    not records of this review and are not counted in it; see autoscreen prior.
    """
    if prior and not labels:
        raise click.UsageError("--prior needs the decisions: leave --no-labels out")
    if prior:
        _import_prior(review, files, {**reading, "reviewer": reviewer}, problems, how)
        return

    def import_one(opened: Review, file: str) -> ImportRun:
        with progress() as tick:
            return opened.import_files([file], labels=labels, **reading, progress=tick)[0]

    with open_review(review) as opened, interrupted_by_sigterm():
        reports = _each(files, lambda file: import_one(opened, file), lambda: len(opened.imports()))
        pending = opened.duplicates.count_pending()
    emit([_row(report, whole=how == "json") for report in reports], COLUMNS, how, empty="")
    for report in reports:
        if how == "table" and labels:
            _show_columns(report)
        _show_problems(report.path, report.problems, everything=problems == "all")
        if report.format == "pmids" and report.new:
            fetch = shlex.join(["autoscreen", "search", review, "--pmids", report.path])
            click.echo(f"{report.path}: {only_pmids(report.new)}; get them: {fetch}", err=True)
    if made := sum(report.conflicts for report in reports):
        found = f"{counted(made, 'conflict')}: see autoscreen team conflicts {shlex.quote(review)}"
        click.echo(found, err=True)
    imported = sum(one.starts > one.lost for one in reports)
    if how == "table" and pending:
        click.echo(
            f"{counted(pending, 'possible duplicate')} to check:"
            f" autoscreen duplicates {shlex.quote(review)}",
            err=True,
        )
    if how == "table" and imported:
        click.echo(f"next: autoscreen rank {shlex.quote(review)}", err=True)
    _end(imported, files)


def _end(imported: int, files: tuple[str, ...]) -> None:
    if imported < len(files):
        if len(files) > 1:
            say(f"{imported} of {counted(len(files), 'file')} imported")
        raise click.exceptions.Exit(USER)


def _import_prior(
    review: str, files: tuple[str, ...], options: dict[str, Any], problems: str, how: str
) -> None:
    def import_one(opened: Review, file: str) -> PriorFile:
        with progress() as tick:
            return opened.prior_knowledge.import_file(file, **options, progress=tick)

    with open_review(review) as opened, interrupted_by_sigterm():
        known = opened.prior_knowledge
        made = _each(files, lambda file: import_one(opened, file), lambda: len(known.all()))
        found = {one.id: known.problems(one.id) for one in made}
    emit(
        [prior_row(one, how) for one in made],
        PRIOR_COLUMNS,
        how,
        empty="",
    )
    for one in made:
        if one.unused:
            click.echo(
                f"{one.path}: {counted(one.unused, 'record')} without a clear decision not used",
                err=True,
            )
        _show_problems(one.path, found[one.id], everything=problems == "all")
    _end(len(made), files)


def _each(
    files: tuple[str, ...], import_one: Callable[[str], T], imported: Callable[[], int]
) -> list[T]:
    reports: list[T] = []
    before = imported()
    for file in files:
        try:
            reports.append(import_one(file))
        except KeyboardInterrupt:
            whole = imported() - before
            outcome = "nothing of this file" if whole == len(reports) else "all of this file"
            rest = f"; {counted(len(reports), 'file')} before it" if reports else ""
            say(f"{file}: stopped; {outcome} was imported{rest}")
            raise click.exceptions.Exit(STOPPED) from None
        except InputError as error:
            say(str(error))
    return reports


def _row(report: ImportRun, *, whole: bool) -> dict[str, Any]:
    problems = [
        {"line": one.line, "record": one.record, "message": one.message, "lost": one.lost}
        for one in report.problems
    ]
    return {
        "file": report.path,
        "format": report.format,
        "records": report.starts,
        "new": report.new,
        "merged": report.merged,
        "already_there": report.already_there,
        "lost": report.lost,
        "labels": report.labels,
        "conflicts": report.conflicts,
        "full_text_decisions": report.full_text,
        "label_column": report.label_column,
        "unused_label_columns": list(report.unused_label_columns),
        "problems": problems if whole else len(problems),
    }


def _show_columns(report: ImportRun) -> None:
    """Name the column of decisions where there was a choice, and what became of full texts."""
    unused = ", ".join(map(repr, report.unused_label_columns))
    if unused or report.full_text:
        columns = "columns" if ", " in report.label_column else "column"
        used = f"{columns} {report.label_column!r}" if report.label_column else "no column"
        rest = f", not from {unused}; see --label-column" if unused else " (title and abstract)"
        click.echo(f"{report.path}: decisions from {used}{rest}", err=True)
    if report.full_text:
        found = counted(report.full_text, "full-text decision")
        click.echo(f"{report.path}: {found} imported", err=True)


def _show_problems(path: str, problems: Sequence[Problem], *, everything: bool) -> None:
    shown = problems if everything else problems[:SUMMARY]
    for problem in shown:
        click.echo(f"{'lost' if problem.lost else 'note'}: {problem}", err=True)
    if more := len(problems) - len(shown):
        click.echo(f"{path}: {counted(more, 'more problem')}, shown by --problems all", err=True)
