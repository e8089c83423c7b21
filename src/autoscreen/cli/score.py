"""``autoscreen score``: the records of files by a saved model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.exit_codes import USER
from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.progress import Ticker, progress
from autoscreen.cli.common.record_files import FileRecord, FilesRead, FileText, read_texts
from autoscreen.cli.common.verb import format_option, verb
from autoscreen.presentation.score_parts import strongest_parts
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from autoscreen.ranking import ScreeningModel
    from autoscreen.review.record_scoring import RecordScore

Ranked = list[tuple["RecordScore", FileText]]

WHY = 5
COLUMNS = (
    Column("rank", "rank", right=True),
    Column("score", "score", right=True),
    Column("probability", "prob.", right=True),
    Column("alert", "alert"),
    Column("pmid", "PMID", right=True),
    Column("year", "year", right=True),
    Column("design", "design"),
    Column("title", "title", shrinks=True),
    Column("why", "why", shrinks=True),
)


@verb(
    "score",
    "autoscreen score rms-pnp new.nbib",
    "autoscreen score rms-pnp new.nbib embase.ris --format csv > scored.csv",
    "autoscreen score models/my-rms.json new.nbib --alerts --format json",
    "curl -s https://example.org/export.ris | autoscreen score rms-pnp -",
)
@click.argument("model", metavar="MODEL")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--as",
    "read_as",
    metavar="FORMAT",
    help="Read every file as this format instead of recognising it by its content.",
)
@click.option(
    "--threshold",
    type=float,
    metavar="SCORE",
    help="Alert records with at least this score. [default: the threshold of the model]",
)
@click.option("--alerts", is_flag=True, help="Only the records that are alerted.")
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="How many rows the table shows; JSON and CSV always hold all.",
)
@click.option("--all", "everything", is_flag=True, help="Show every record in the table.")
@click.option(
    "--explain-all",
    is_flag=True,
    help="Reasons for every row of JSON and CSV, not only for alerted records; slower.",
)
@click.option(
    "--prevalence",
    type=click.FloatRange(min=0, max=1, min_open=True, max_open=True),
    metavar="SHARE",
    help="Expected share of relevant records in these files. [default: as in the training]",
)
@format_option
def command(model: str, files: tuple[str, ...], *, how: str, **asked: Any) -> None:
    """Score the records of files by a saved model.

    MODEL is the name of a model that ships with autoscreen, or the path of a model's .json file. No
    review is needed and nothing is stored. A record's score does not depend on the others, and
    abstract and index terms may be missing. The highest scores come first; a record in two files is
    listed twice. Records that cannot be read are listed on standard error. The reasons are those of
    the table's rows and, in JSON and CSV, of the alerted ones.

    A record in another language is scored by what it has in English: a translated title, an
    abstract, index terms. One without any of these is not scored, and listed last.

    The probability holds where relevant records are as rare as in the training of the model; say
    how rare they are here with --prevalence.
    """
    from autoscreen.ranking import load_model
    from autoscreen.text.english import NOT_ENGLISH

    loaded = load_model(model)
    found = FilesRead()
    with progress() as tick:
        if asked["alerts"] or (how == "table" and not asked["everything"]):
            scored, unread, ranked = _best(loaded, files, asked, found, tick)
            others: list[FileText] = []
        else:
            ranked, others = _all(loaded, files, asked, found, tick)
            scored, unread = len(ranked), len(others)
    if found.failed and not scored + unread:
        raise click.exceptions.Exit(USER)
    alerted = sum(one.alert for one, _ in ranked)
    order = ranked[:alerted] if asked["alerts"] else ranked
    shown = order[: asked["top"]] if how == "table" and not asked["everything"] else order
    with progress(total=len(shown)) as tick:
        rows = []
        for rank, (one, text) in enumerate(shown, 1):
            explained = one.alert or how == "table" or asked["explain_all"]
            rows.append(_scored_row(rank, one, text.whole(), loaded, explained=explained))
            tick("explaining", 1)
    rows += [_record_row(None, None, text.whole()) | {"why": [NOT_ENGLISH]} for text in others]
    emit(rows, COLUMNS, how, empty="no record is alerted" if scored else "no record")
    threshold = loaded.threshold if asked["threshold"] is None else asked["threshold"]
    _close(scored, alerted, threshold, hidden=(alerted if asked["alerts"] else scored) - len(shown))
    if unread:
        click.echo(f"{counted(unread, 'record')} {NOT_ENGLISH}", err=True)
    if found.failed or not scored + unread:
        raise click.exceptions.Exit(USER)


def _best(
    model: ScreeningModel,
    files: tuple[str, ...],
    asked: dict[str, Any],
    found: FilesRead,
    tick: Ticker,
) -> tuple[int, int, Ranked]:
    """Return how many records are scored, how many are not, and what is shown or alerted."""
    from autoscreen.review.record_scoring import best_scores

    best = best_scores(
        model,
        read_texts(files, asked["read_as"], tick, found, fast=True),
        least=0 if asked["alerts"] else asked["top"],
        threshold=asked["threshold"],
        prevalence=asked["prevalence"],
    )
    return best.scored, best.unread, best.best


def _all(
    model: ScreeningModel,
    files: tuple[str, ...],
    asked: dict[str, Any],
    found: FilesRead,
    tick: Ticker,
) -> tuple[Ranked, list[FileText]]:
    """Return all records that are scored, best first, and those that are not."""
    from autoscreen.review.record_scoring import score_records
    from autoscreen.text.english import has_english

    every = list(read_texts(files, asked["read_as"], tick, found, fast=False))
    texts = [one for one in every if has_english(one)]
    ranked = score_records(
        model,
        [one.whole().record for one in texts],
        threshold=asked["threshold"],
        prevalence=asked["prevalence"],
        progress=tick,
    )
    return [(one, texts[one.at]) for one in ranked], [one for one in every if not has_english(one)]


def _scored_row(
    rank: int, score: RecordScore, one: FileRecord, model: ScreeningModel, *, explained: bool
) -> dict[str, Any]:
    return _record_row(rank, score, one) | {"why": _why(model, one) if explained else []}


def _record_row(rank: int | None, score: RecordScore | None, one: FileRecord) -> dict[str, Any]:
    from autoscreen.text import study_designs

    record = one.record
    return {
        "rank": rank,
        "score": None if score is None else score.score,
        "probability": None if score is None else score.probability,
        "alert": score is not None and score.alert,
        "pmid": record.pmid,
        "doi": record.doi,
        "id": record.source_key or record.accession,
        "year": record.year,
        "design": [str(design) for design in study_designs(record)],
        "title": record.title,
        "has_abstract": bool(record.abstract),
        "why": [],
        "file": one.file,
        "record": one.number,
    }


def _why(model: ScreeningModel, one: FileRecord) -> list[str]:
    parts = strongest_parts(model.explain(one.record), WHY)
    return [f"{part.name} {part.value:+.1f}" for part in parts]


def _close(scored: int, alerted: int, threshold: float, *, hidden: int) -> None:
    summary = (
        f"{counted(scored, 'record')} scored, {alerted} alerted (score {threshold:.2f} or more)"
    )
    more = f"; {hidden} not shown, --all shows them" if hidden else ""
    click.echo(summary + more, err=True)
