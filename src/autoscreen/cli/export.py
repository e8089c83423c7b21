"""``autoscreen export``: records with labels, for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from autoscreen.cli.common.verb import (
    open_review,
    refuse_empty,
    review_argument,
    stage_option,
    verb,
)
from autoscreen.errors import InputError
from autoscreen.presentation.wording import counted
from autoscreen.records import Stage

LABELS = (
    "all",
    *(label.replace(" ", "-") for label in Stage.FULL_TEXT.labels),
    *("labelled", "unlabelled", "pending", "conflict"),
)


@verb(
    "export",
    "autoscreen export rms included.ris --label include",
    "autoscreen export rms everything.xlsx",
    "autoscreen export rms - --as csv | head",
    "autoscreen export rms included.ris --stage full-text --label include",
    "autoscreen export rms earlier.ris --prior",
    "autoscreen export rms --missing-full-texts missing.ris",
    "autoscreen export rms --extraction values.xlsx",
    "autoscreen export rms --handover rms-studies",
)
@review_argument
@click.argument("file", metavar="FILE")
@click.option(
    "--as",
    "write_as",
    metavar="FORMAT",
    help="nbib, ris, bibtex, csv or xlsx. [default: by the file extension]",
)
@click.option(
    "--label",
    type=click.Choice(LABELS),
    default="all",
    show_default=True,
    help="Only the records with this label. unlabelled: nobody has decided; pending: waits for a"
    " second reviewer.",
)
@stage_option
@click.option(
    "--prior",
    is_flag=True,
    help="The records of prior knowledge in use, with their earlier decisions, instead.",
)
@click.option(
    "--missing-full-texts",
    "missing",
    is_flag=True,
    help="Only the records included by title and abstract that have no PDF, for the library;"
    " a note has the id and the decision.",
)
@click.option(
    "--extraction",
    is_flag=True,
    help="The extracted values instead, as .csv or .xlsx: one row for each included study, and the"
    " sentence of each value.",
)
@click.option(
    "--handover",
    is_flag=True,
    help="A folder instead: the reports by full-text decision, as RIS with"
    " their studies and PDFs, for Zotero, EndNote, Covidence, RevMan and EPPI-Reviewer.",
)
@click.option("--overwrite", is_flag=True, help="Replace the file if it already exists.")
def command(
    review: str,
    file: str,
    *,
    write_as: str | None,
    label: str,
    stage: str,
    overwrite: bool,
    **instead: bool,
) -> None:
    """Write records with their labels, reasons and notes for other programs.

    Zotero, EndNote and Mendeley read .ris; spreadsheets read .csv and .xlsx. '-' is standard
    output.
    """
    from autoscreen.report.handover import write_handover

    if instead["handover"]:
        with open_review(review) as opened:
            made = write_handover(opened, file)
        for name, number in made.items():
            click.echo(f"{Path(file, name)}: {counted(number, 'report')}")
        click.echo(f"how each tool imports them: {Path(file, 'README.txt')}")
        return
    if Path(file).is_dir():
        raise InputError("is a folder", path=file, hint=f"add a file name: {Path(file, 'all.ris')}")
    if file != "-" and not overwrite and Path(file).exists():
        raise InputError("already exists", path=file, hint="choose another name or --overwrite")
    prior = instead["prior"]
    if prior and label != "all":
        raise click.UsageError("--label chooses among the records of the review, not with --prior")
    if instead["extraction"] and (label != "all" or prior or instead["missing"]):
        raise click.UsageError("--extraction exports all included studies, without other choices")
    with open_review(review) as opened:
        if instead["extraction"]:
            from autoscreen.report.extraction_export import export_extraction

            studies = export_extraction(opened, file, format=write_as)
            click.echo(f"{studies} studies written to {file}", err=file == "-")
            return
        if prior:
            written = opened.prior_knowledge.export(file, format=write_as)
        elif instead["missing"]:
            written = opened.full_text.files.export_missing(file, format=write_as)
        else:
            refuse_empty(opened, review)
            written = opened.export(file, format=write_as, label=label, stage=stage)
    click.echo(f"{written} records written to {file}", err=file == "-")
