"""``autoscreen evaluate``: many finished reviews, beside another tool's own code."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from autoscreen.cli.common.output import counted
from autoscreen.cli.common.peer import ASREVIEW, is_installed
from autoscreen.cli.common.replays import (
    COLD,
    ONE_AND_ONE,
    OURS,
    Task,
    kept,
    known_to_the_prior,
    labelled_sets,
    run,
    tasks_of,
    without_family,
)
from autoscreen.cli.common.verb import verb
from autoscreen.errors import AutoscreenError

__all__ = ["command"]


@verb(
    "evaluate",
    "autoscreen evaluate labelled_sets --out results",
    "autoscreen evaluate labelled_sets --peer asreview --seeds 3 --jobs 2 --out results",
    "autoscreen evaluate labelled_sets --sets ADHD --sets Opioids --starts cold --out results",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder for results; replays that are there already are not run again.",
)
@click.option(
    "--peer",
    type=click.Choice([ASREVIEW]),
    help="Run this tool's own code on the same records and labels; it must be installed.",
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How many starts to draw for each review.",
)
@click.option(
    "--starts",
    type=click.Choice(["both", ONE_AND_ONE, COLD]),
    default="both",
    show_default=True,
    help="One relevant and one irrelevant record known (1+1), or none (cold).",
)
@click.option("--sets", "names", metavar="NAME", multiple=True, help="Only this set; repeatable.")
@click.option("--max-records", type=click.IntRange(min=1), help="Leave out sets with more records.")
@click.option(
    "--left-out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Priors that were each learnt without one family of reviews (FAMILY.json).",
)
@click.option(
    "--exploration",
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="Share of the records that autoscreen reads at random. [default: as in a review]",
)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Replays at a time."
)
def command(folder: Path, *, out: Path, **options: Any) -> None:
    """Replay many finished reviews, and compare with another tool.

    DIR holds one labelled file a review, and maybe reviews.csv with the columns name, title,
    records and family. Results are in the folder of --out: table.md, results.csv, results.json
    and recall curves as SVG. A run that was stopped goes on where it was.
    """
    sets = labelled_sets(folder, options["names"], most=options["max_records"])
    if options["left_out"]:
        sets = without_family(sets, options["left_out"])
    elif learnt := known_to_the_prior(sets):
        click.echo(
            f"warning: autoscreen's prior has learnt from {len(learnt)} of these reviews, so the "
            "figures are too good; --left-out takes priors that have not",
            err=True,
        )
    tools = [OURS, *_peers(options["peer"])]
    starts = [ONE_AND_ONE, COLD] if options["starts"] == "both" else [options["starts"]]
    share = options["exploration"]
    tasks = list(tasks_of(sets, starts, options["seeds"], tools, exploration=share))
    results = list(_results(tasks, out, jobs=options["jobs"]))
    if not results:
        raise AutoscreenError("no review could be replayed", hint="the lines above say why")
    from autoscreen.cli.common.tables import write_tables

    click.echo(write_tables(results, out, tools))
    click.echo(f"tables and curves are in {out}", err=True)


def _peers(asked: str | None) -> list[str]:
    if asked and not is_installed():
        click.echo(
            f"warning: {asked} is not installed, so only {OURS} is measured (pip install {asked})",
            err=True,
        )
        return []
    return [asked] if asked else []


def _results(tasks: Sequence[Task], out: Path, *, jobs: int) -> Iterator[dict[str, Any]]:
    """Yield what was kept, then what is run now, telling how long it will take."""
    todo = []
    for task in tasks:
        if (values := kept(task, out)) is not None:
            yield values
        else:
            todo.append(task)
    if len(todo) < len(tasks):
        click.echo(f"{counted(len(tasks) - len(todo), 'replay')} kept from before", err=True)
    yield from _run_all(todo, out, jobs=jobs)


def _run_all(todo: Sequence[Task], out: Path, *, jobs: int) -> Iterator[dict[str, Any]]:
    from joblib import Parallel, delayed

    began = time.perf_counter()
    left = sum(map(_effort, todo))
    whole = left
    outcomes: Iterable[tuple[Task, Any]] = Parallel(n_jobs=jobs, return_as="generator_unordered")(
        delayed(_attempt)(task, out) for task in todo
    )
    for number, (task, outcome) in enumerate(outcomes, 1):
        left -= _effort(task)
        spent = time.perf_counter() - began
        said = outcome if isinstance(outcome, str) else f"loss {outcome['measures']['loss']:.3f}"
        click.echo(
            f"[{number}/{len(todo)}] {task.of.name} {task.start} seed {task.seed} {task.tool}: "
            f"{said}; about {_span(spent * left / max(whole - left, 1))} left",
            err=True,
        )
        if not isinstance(outcome, str):
            yield outcome


def _attempt(task: Task, out: Path) -> tuple[Task, dict[str, Any] | str]:
    """Run one replay; what is wrong with one file does not end the others."""
    try:
        return task, run(task, out)
    except AutoscreenError as error:
        return task, f"left out: {error}"


def _effort(task: Task) -> float:
    """How long a replay takes, in any unit."""
    records = float(max(task.of.records, 1))
    return records * math.sqrt(records) * (10 if task.tool == ASREVIEW else 1)


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"
