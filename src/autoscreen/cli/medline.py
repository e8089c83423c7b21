"""``autoscreen medline``: all of PubMed, from the files that NCBI publishes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autoscreen.cli.common.exit_codes import USER, say
from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.verb import VerbGroup, verb
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from autoscreen.medline.run import MedlineSummary


@click.group("medline", cls=VerbGroup, subcommand_metavar="COMMAND [ARGUMENTS]...")
def command() -> None:
    """Score all of PubMed, file by file.

    The files are those of https://ftp.ncbi.nlm.nih.gov/pubmed/: the folder baseline holds every
    record, once a year; the folder updatefiles has the new, revised and deleted records of each
    day.
    """


@verb(
    "score",
    "autoscreen medline score rms-pnp --files baseline/ --out scores/ --jobs 2",
    "autoscreen medline score rms-pnp models/mine.json --files baseline/ --out scores/",
    "autoscreen medline score rms-pnp --files /net/baseline --out /net/scores "
    "--scheduler tcp://10.0.0.1:8786",
)
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
@click.option(
    "--files",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder with files of PubMed, such as pubmed26n0001.xml.gz.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder for the scores and alerts; it is created.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many files are scored at once, each in its own process.",
)
@click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS",
    help="Dask scheduler whose workers score the files instead; they must see both folders.",
)
@click.option(
    "--below",
    type=click.FloatRange(min=0),
    default=2.0,
    show_default=True,
    metavar="SCORE",
    help="Keep scores down to this much below the alert threshold.",
)
def score(
    models: tuple[str, ...], *, files: Path, out: Path, jobs: int, scheduler: str, below: float
) -> None:
    """Score every record of PubMed by saved models.

    The alerts of each model are in OUT/alerts-MODEL.nbib, ready to import into a review. Their
    scores, and those just below the threshold, are in OUT/results as Parquet. The manifests name
    each file with its checksum, its counts and the models.

    You can stop it at any time: the same command resumes. A file that is damaged or cannot be
    scored is reported, and the exit code is then 1; the others are still scored.
    """
    from autoscreen.medline.run import MedlineRun, score_files
    from autoscreen.pubmed import files_of_pubmed

    found = files_of_pubmed(files)
    with progress(total=len(found), unit=" files") as tick:
        summary = score_files(
            MedlineRun(
                files=found,
                models=models,
                folder=out,
                below=below,
                jobs=jobs,
                scheduler=scheduler,
            ),
            lambda one: tick("scoring", 1),
        )
    _show(summary, out)
    if summary.faults:
        raise click.exceptions.Exit(USER)


def _show(summary: MedlineSummary, out: Path) -> None:
    from autoscreen.text.english import NOT_ENGLISH

    for fault in summary.faults:
        say(fault)
    known = f", {summary.known} of them before" if summary.known else ""
    lost = f", {counted(summary.lost, 'record')} could not be read" if summary.lost else ""
    click.echo(
        f"{counted(summary.files, 'file')} scored{known}: "
        f"{counted(summary.records, 'record')}{lost}"
    )
    if summary.unread:
        click.echo(f"{counted(summary.unread, 'record')} {NOT_ENGLISH}; the manifests name them")
    for model, alerts in summary.alerts.items():
        click.echo(f"{model}: {counted(alerts, 'alert')} in {out / f'alerts-{model}.nbib'}")


command.add_command(score)
