"""``autoscreen simulate``: what autoscreen would have saved in a review that is done."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit, write_json
from autoscreen.cli.common.progress import progress
from autoscreen.cli.common.verb import open_review, verb
from autoscreen.errors import InputError
from autoscreen.presentation.embedding_words import INSTALL
from autoscreen.presentation.prior_words import REPLAYED_FROM, prior_unused
from autoscreen.presentation.simulation_report import (
    reading_needed,
    simulation_sentence,
    stop_outcomes,
)
from autoscreen.presentation.wording import counted, percent

if TYPE_CHECKING:
    from autoscreen.protocol import Protocol
    from autoscreen.review.finished_review import FinishedReview
    from autoscreen.review.simulation import Simulation

_PROBLEMS_SHOWN = 5
NEEDED = (
    Column("target", "of the relevant", right=True),
    Column("found", "found", right=True),
    Column("read", "records read", right=True),
    Column("unread", "need not be read", right=True),
)
STOPS = (
    Column("rule", "rule"),
    Column("target", "target", right=True),
    Column("read", "stops after", right=True),
    Column("recall", "found", right=True),
    Column("saved", "reading saved", right=True),
)


@verb(
    "simulate",
    'autoscreen simulate past_review.csv.gz --title "Drugs for ADHD" --out order.json',
    "autoscreen simulate past_review.csv.gz --protocol mine.toml --cold --out order.json",
    "autoscreen simulate rms.autoscreen --unlabelled irrelevant",
    "autoscreen simulate past_review.xlsx --label-column label_abstract --prior 17 --prior 204",
)
@click.argument("path", metavar="FILE")
@click.option("--title", metavar="TEXT", help="Title of the review.")
@click.option("--protocol", metavar="PROTOCOL", help="A built-in protocol or a TOML file.")
@click.option(
    "--prior",
    "priors",
    metavar="ID",
    multiple=True,
    help="A record whose label is known before the start; repeat it for each record.",
)
@click.option("--cold", is_flag=True, help="Start without any label.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Seed of the two records to start from and of the random records.",
)
@click.option("--label-column", metavar="NAME", default="", help="The column of the labels.")
@click.option(
    "--unlabelled",
    type=click.Choice(["refuse", "irrelevant"]),
    default="refuse",
    show_default=True,
    help="What to do with records without a label.",
)
@click.option(
    "--exploration",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Share of the records read at random. [default: as in a review]",
)
@click.option(
    "--ranker",
    metavar="NAME",
    help="Rank by an estimator that an installed package offers. [default: autoscreen's own]",
)
@click.option(
    "--stopping-rule",
    "rules",
    metavar="NAME",
    multiple=True,
    help="Also replay a stopping rule that an installed package offers; may be repeated.",
)
@click.option(
    "--no-embeddings", is_flag=True, help="Rank without sentence embeddings, which is faster."
)
@click.option(
    "--out", metavar="FILE", help="Write order, measures and stopping points to this file as JSON."
)
@click.option(
    "--format",
    "how",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="A summary to read, or all of it as JSON.",
)
def command(
    path: str,
    *,
    title: str | None,
    protocol: str | None,
    priors: tuple[str, ...],
    cold: bool,
    out: str | None,
    how: str,
    **options: Any,
) -> None:
    """Replay a finished review, to see what autoscreen would have saved.

    FILE is a labelled export (CSV, XLSX, RIS ...) or a review file (rms.autoscreen). The labels
    are revealed one by one in the order of the ranking, and a summary shows how much screening this
    would have saved. --out and --format json give the order, its measures and where each stopping
    rule would have stopped. The start is one relevant and one irrelevant record drawn by the seed,
    the records of --prior, or nothing (--cold). Without --title or --protocol a review file is
    ranked by its own protocol, and an export by its records alone.

    With the extra [semantic] the ranking uses sentence embeddings, as a review does; they take
    about a twentieth of a second per record. The output names the ranker.
    """
    from autoscreen.review.learner import MODEL

    if cold and priors:
        raise click.UsageError("--cold uses no label, so it cannot be combined with --prior")
    if title and protocol:
        raise click.UsageError("use --title or --protocol, not both: a protocol has a title")
    asked = _protocol(title, protocol)
    if Path(path).suffix == ".autoscreen":
        past, own = _read_review(path, options)
        asked = asked or own
    else:
        past = _read(path, options)
    done = _replayed(past, asked, _known(past, priors, cold, options), options)
    values = _values(done)
    if out is not None and out != "-":
        _write(values, out)
    if how == "json" or out == "-":
        write_json(values)
    else:
        _summarise(done)
    _show(past, done)
    if done.ranker == MODEL and not options["no_embeddings"]:
        click.echo(f"without sentence embeddings: {INSTALL} improves the ranking", err=True)


def _rounded(values: Mapping[str, float]) -> dict[str, float | None]:
    """Round values for JSON, which has no word for what is not a number."""
    return {name: None if math.isnan(value) else round(value, 6) for name, value in values.items()}


def _read(path: str, options: Mapping[str, Any]) -> FinishedReview:
    from autoscreen.review.finished_review import read_finished_review

    past = read_finished_review(
        path,
        label_column=options["label_column"],
        unlabelled_irrelevant=options["unlabelled"] == "irrelevant",
    )
    for problem in past.problems[:_PROBLEMS_SHOWN]:
        click.echo(f"warning: {problem}", err=True)
    if len(past.problems) > _PROBLEMS_SHOWN:
        rest = len(past.problems) - _PROBLEMS_SHOWN
        click.echo(f"warning: and {counted(rest, 'more problem')} in this file", err=True)
    if len(past.label_columns) > 1:
        first, *others = past.label_columns
        click.echo(
            f"labels are those of the column {first}, and where it is empty those of "
            f"{', '.join(others)}; --label-column uses one column only",
            err=True,
        )
    _tell_unlabelled(past)
    return past


def _read_review(path: str, options: Mapping[str, Any]) -> tuple[FinishedReview, Protocol | None]:
    from autoscreen.review.finished_review import as_finished_review

    if options["label_column"]:
        raise click.UsageError("--label-column is for a labelled export: a review has decisions")
    with open_review(path) as opened:
        past = as_finished_review(
            opened, unlabelled_irrelevant=options["unlabelled"] == "irrelevant"
        )
        if unused := prior_unused(opened.prior_knowledge.all(), REPLAYED_FROM):
            click.echo(unused, err=True)
        _tell_unlabelled(past)
        return past, opened.protocol


def _tell_unlabelled(past: FinishedReview) -> None:
    if past.unlabelled:
        without = counted(past.unlabelled, "record")
        click.echo(f"{without} without a label: counted as irrelevant", err=True)


def _protocol(title: str | None, protocol: str | None) -> Protocol | None:
    from autoscreen.protocol import Protocol, load_protocol

    if protocol:
        return load_protocol(protocol)
    return Protocol.from_title(title) if title else None


def _known(
    past: FinishedReview, priors: tuple[str, ...], cold: bool, options: Mapping[str, Any]
) -> dict[int, bool]:
    from autoscreen.review.finished_review import draw_start

    if cold:
        return {}
    if priors:
        known = {row: bool(past.relevant[row]) for row in map(past.row, priors)}
    else:
        known = dict(draw_start(past.relevant, random_state=options["seed"]))
    if sum(known.values()) == int(past.relevant.sum()):
        raise InputError(
            "all relevant records are known before the start, so nothing is left to find",
            path=past.path,
            hint="give other records with --prior, or start with --cold",
        )
    return known


def _replayed(
    past: FinishedReview,
    protocol: Protocol | None,
    known: Mapping[int, bool],
    options: Mapping[str, Any],
) -> Simulation:
    from autoscreen.active import EXPLORATION_SHARE
    from autoscreen.extensions import extension
    from autoscreen.review.simulation import simulate

    share, ranker = options["exploration"], options["ranker"]
    estimator = extension("autoscreen.rankers", ranker)() if ranker else None
    rules = {name: extension("autoscreen.stopping_rules", name) for name in options["rules"]}
    with progress(total=len(past.records)) as tick:
        done = simulate(
            past,
            protocol,
            known=known,
            random_state=options["seed"],
            ranker=estimator,
            stopping_rules=rules,
            exploration=EXPLORATION_SHARE if share is None else share,
            embeddings=not options["no_embeddings"],
            progress=tick,
        )
    return replace(done, ranker=ranker) if ranker else done


def _values(done: Simulation) -> dict[str, Any]:
    return {
        "order": list(done.order),
        "measures": _rounded(done.measures),
        "stops": [dict(stop) for stop in done.stops],
        "ranker": done.ranker,
    }


def _write(values: Mapping[str, Any], out: str) -> None:
    try:
        Path(out).write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=out) from error


def _summarise(done: Simulation) -> None:
    """Write the result in a sentence and two tables."""
    relevant = done.relevant.tolist()
    click.echo(f"{simulation_sentence(relevant)}\n")
    needed = [
        {
            "target": percent(one.target),
            "found": one.found,
            "read": one.read,
            "unread": one.unread,
        }
        for one in reading_needed(relevant)
    ]
    emit(needed, NEEDED, "table")
    stops = [
        {
            "rule": one.rule,
            "target": "" if one.target is None else percent(one.target),
            "read": one.read,
            "recall": percent(one.recall),
            "saved": percent(one.saved),
        }
        for one in stop_outcomes(done.stops)
    ]
    click.echo("\nWhere a stopping rule would have ended the reading:\n")
    emit(stops, STOPS, "table")
    click.echo(f"\nRanked by {done.ranker}.")


def _show(past: FinishedReview, done: Simulation) -> None:
    """Return what came out, beside the file."""
    relevant, read = int(done.relevant.sum()), len(done.order)
    click.echo(
        f"{counted(len(past.records), 'record')}, {len(past.records) - read} known before, "
        f"{relevant} relevant to find",
        err=True,
    )
    click.echo("  ".join(f"{name} {value:.3f}" for name, value in done.measures.items()), err=True)
