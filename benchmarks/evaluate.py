"""Replay many finished reviews, and compare with another tool.

    python benchmarks/evaluate.py labelled_sets --out results
    python benchmarks/evaluate.py labelled_sets --peer asreview --seeds 3 --jobs 2 --out results
    python benchmarks/evaluate.py labelled_sets --sets ADHD --sets Opioids --starts cold --out small

The folder holds one labelled file for each review, and optionally reviews.csv with the columns
name, title, records and family. The folder of --out gets table.md, results.csv, results.json and
recall curves as SVG. Sentence embeddings are computed once if the extra [semantic] is installed. A
run that was interrupted continues where it stopped.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from joblib import Parallel, delayed

from _common import skip
from _peer import ASREVIEW, is_installed
from _replays import (
    COLD,
    NO_TITLE,
    ONE_AND_ONE,
    OURS,
    LabelledSet,
    Task,
    for_all_starts,
    kept,
    known_to_the_prior,
    labelled_sets,
    ranker_of,
    run,
    tasks_of,
    with_embeddings,
    without_family,
)
from _tables import write_tables
from autoscreen.active import EXPLORATION_SHARE
from autoscreen.errors import AutoscreenError
from autoscreen.presentation.embedding_words import INSTALL
from autoscreen.sentence_encoder.encoder import is_installed as encoder_is_installed

_STARTS = {"both": [ONE_AND_ONE, COLD]}
_STARTS["all"] = [*_STARTS["both"], *(start + NO_TITLE for start in _STARTS["both"])]

T, Done = TypeVar("T"), TypeVar("Done")


def main(arguments: Sequence[str] | None = None) -> None:
    asked = _parser().parse_args(arguments)
    if asked.folder is None or asked.out is None:
        skip("give a folder of labelled sets, and --out for the results")
    try:
        _evaluate(asked)
    except AutoscreenError as error:
        sys.exit(f"error: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("folder", nargs="?", type=Path, metavar="DIR", help="folder of the labelled sets")
    add("--out", type=Path, metavar="DIR", help="folder for results; its replays are kept")
    add("--peer", choices=[ASREVIEW], help="also run this tool's own code; must be installed")
    add("--seeds", type=_positive, default=1, help="random starts of each review (1)")
    add(
        "--starts",
        choices=[*_STARTS, *_STARTS["all"]],
        default="both",
        help="one relevant and one irrelevant record known (1+1), or none (cold); both ranks with "
        "the titles of reviews.csv, all with and without",
    )
    add("--sets", action="append", default=[], metavar="NAME", help="only this set; repeatable")
    add("--max-records", type=_positive, metavar="N", help="leave out sets with more records")
    add(
        "--left-out",
        type=Path,
        metavar="DIR",
        help="priors that benchmarks/prior.py trained, each without one family of reviews",
    )
    add(
        "--exploration",
        type=_share,
        default=EXPLORATION_SHARE,
        metavar="SHARE",
        help=f"share of the records that autoscreen reads at random ({EXPLORATION_SHARE:g})",
    )
    add("--no-embeddings", action="store_true", help="rank without sentence embeddings")
    add(
        "--quick",
        action="store_true",
        help="refit autoscreen after every label up to 150, then at each 2%% more: less exact",
    )
    add("--jobs", type=_positive, default=1, metavar="N", help="replays at a time (1)")
    return parser


def _evaluate(asked: argparse.Namespace) -> None:
    sets = labelled_sets(asked.folder, asked.sets, most=asked.max_records)
    if asked.left_out:
        sets = without_family(sets, asked.left_out)
    elif learnt := known_to_the_prior(sets):
        _tell(
            f"warning: autoscreen's prior was trained on {len(learnt)} of these reviews, so its "
            "figures are too good; use --left-out with priors that were not"
        )
    if not asked.no_embeddings:
        sets = _embedded(sets, asked.out, jobs=asked.jobs)
    _tell("ranked by " + ", ".join(sorted(set(map(ranker_of, sets)))))
    tools = [OURS, *_peers(asked.peer)]
    starts = _STARTS.get(asked.starts, [asked.starts])
    how = {"exploration": asked.exploration, "quick": asked.quick}
    tasks = list(tasks_of(sets, starts, asked.seeds, tools, **how))
    results = for_all_starts(_results(tasks, asked.out, jobs=asked.jobs))
    if not results:
        raise AutoscreenError("no review could be replayed", hint="the lines above say why")
    print(write_tables(results, asked.out, tools))
    _tell(f"tables and curves are in {asked.out}")


def _embedded(sets: Sequence[LabelledSet], out: Path, *, jobs: int) -> list[LabelledSet]:
    """Return the sets with their sentence embeddings; without the extra as they are."""
    if not encoder_is_installed():
        _tell(f"without sentence embeddings: {INSTALL} improves the ranking")
        return list(sets)
    began, done, found = time.perf_counter(), 0, []
    whole = sum(max(of.records, 1) for of in sets)
    outcomes: Iterable[tuple[LabelledSet, LabelledSet | str]] = Parallel(
        n_jobs=jobs, return_as="generator"
    )(delayed(_attempt)(with_embeddings, of, out) for of in sets)
    for of, outcome in outcomes:
        done += max(of.records, 1)
        spent = time.perf_counter() - began
        _tell(
            f"{of.name}: {outcome if isinstance(outcome, str) else 'sentence embeddings'}; "
            f"about {_duration(spent * (whole - done) / done)} left"
        )
        if not isinstance(outcome, str):
            found.append(outcome)
    return found


def _peers(asked: str | None) -> list[str]:
    if asked and not is_installed():
        _tell(f"warning: {asked} is not installed, so only {OURS} is measured (pip install it)")
        return []
    return [asked] if asked else []


def _results(tasks: Sequence[Task], out: Path, *, jobs: int) -> Iterator[dict[str, Any]]:
    """Yield the kept results, then those of the replays that are run now."""
    todo = []
    for task in tasks:
        if (values := kept(task, out)) is not None:
            yield values
        else:
            todo.append(task)
    if len(todo) < len(tasks):
        _tell(f"replays kept from before: {len(tasks) - len(todo)}")
    yield from _run_all(todo, out, jobs=jobs)


def _run_all(todo: Sequence[Task], out: Path, *, jobs: int) -> Iterator[dict[str, Any]]:
    began = time.perf_counter()
    left = whole = sum(map(_effort, todo))
    outcomes: Iterable[tuple[Task, Any]] = Parallel(n_jobs=jobs, return_as="generator_unordered")(
        delayed(_attempt)(run, task, out) for task in todo
    )
    for number, (task, outcome) in enumerate(outcomes, 1):
        left -= _effort(task)
        spent = time.perf_counter() - began
        text = outcome if isinstance(outcome, str) else f"loss {outcome['measures']['loss']:.3f}"
        _tell(
            f"[{number}/{len(todo)}] {task.of.name} {task.start} seed {task.seed} {task.tool}: "
            f"{text}; about {_duration(spent * left / max(whole - left, 1))} left"
        )
        if not isinstance(outcome, str):
            yield outcome


def _attempt(work: Callable[[T, Path], Done], of: T, out: Path) -> tuple[T, Done | str]:
    """Do one part of the work; an error in one file does not end the others."""
    try:
        return of, work(of, out)
    except AutoscreenError as error:
        return of, f"left out: {error}"


def _effort(task: Task) -> float:
    """Return how long a replay takes, in an arbitrary unit."""
    records = float(max(task.of.records, 1))
    return records * math.sqrt(records) * (10 if task.tool == ASREVIEW else 1)


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, not {text}")
    return int(text)


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"must be between 0 and 1, not {text}")
    return share


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
