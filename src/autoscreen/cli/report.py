"""``autoscreen report``: the review as a folder for a paper and its appendix."""

from __future__ import annotations

from pathlib import Path

import click

from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.verb import open_review, review_argument, verb
from autoscreen.presentation.wording import counted


@verb(
    "report",
    "autoscreen report rms",
    "autoscreen report rms --out appendix --format docx",
    "autoscreen report rms --since 2026-01-01",
    "autoscreen report rms --until 2026-06-30 --out as-submitted",
    "autoscreen report rms --version 2025-12-31 --version 2026-06-30",
    "autoscreen report rms --public site",
)
@review_argument
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder to write. [default: REVIEW-report]",
)
@click.option(
    "--format",
    "how",
    type=click.Choice(["html", "docx"]),
    default="html",
    show_default=True,
    help="docx: a Word document too.",
)
@click.option("--since", default="", metavar="DATE", help="Report an update from this day on.")
@click.option(
    "--until", default="", metavar="DATE", help="Report the end of this day. [default: now]"
)
@click.option(
    "--version",
    "versions",
    multiple=True,
    metavar="DATE",
    help="Last day of an earlier version of a living review: adds a diagram of all versions.",
)
@click.option(
    "--public",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Add a version to a public page in this folder instead: static HTML without names of"
    " reviewers or notes; earlier versions are kept.",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
def command(
    review: str,
    *,
    folder: Path | None,
    how: str,
    since: str,
    until: str,
    versions: tuple[str, ...],
    public: Path | None,
    overwrite: bool,
) -> None:
    """Write the report: PRISMA flow diagram, searches, exclusions, methods, software statement.

    Every number is derived from the log of the review; inconsistencies are reported.
    Read index.html; the flow diagram is flow.svg and flow.pdf.
    """
    from autoscreen.report.public_page import publish
    from autoscreen.report.report_folder import write_report

    if public and (folder or since or versions or how != "html" or overwrite):
        raise click.UsageError("--public goes only with --until: its versions are kept there")
    with progress() as tick, open_review(review, tick) as opened:
        where = public or folder or opened.path.with_name(f"{opened.path.stem}-report")
        facts = (
            publish(opened, where, until=until)
            if public
            else write_report(
                opened,
                where,
                since=since,
                until=until,
                versions=versions,
                docx=how == "docx",
                overwrite=overwrite,
            )
        )
    flow = facts.flow
    identified = flow.databases.identified + flow.other.identified
    click.echo(
        f"{where}: {counted(identified, 'record')} identified, "
        f"{counted(flow.studies(), 'study', 'studies')} in {counted(flow.reports(), 'report')} "
        f"included; read {where / 'index.html'}"
    )
    for one in flow.inconsistencies:
        click.echo(f"to check: {one}", err=True)
    for one in facts.left_out:
        click.echo(f"not written: {one}", err=True)
