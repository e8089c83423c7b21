"""Runs and keeps the replays of an evaluation: one file each, never run twice."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoscreen import __version__
from autoscreen.cli._peer import ASREVIEW, peer_order, peer_version
from autoscreen.errors import InputError

if TYPE_CHECKING:
    from autoscreen.review import PastReview, Pool

__all__ = [
    "COLD",
    "ONE_AND_ONE",
    "OURS",
    "LabelledSet",
    "Task",
    "kept",
    "labelled_sets",
    "run",
    "tasks_of",
]

OURS = "autoscreen"
ONE_AND_ONE = "1+1"
COLD = "cold"
_LIST = "reviews.csv"
_SUFFIXES = (".csv.gz", ".csv", ".tsv", ".xlsx", ".ris", ".ris.gz")
# Names of families of the sets in the benchmark, by how the set's name begins; reviews of one
# family look alike, so a mean over families says more than one over reviews.
_FAMILIES = (
    ("Cohen", "drug class"),
    ("CLEF", "Cochrane diagnostic"),
    ("Spiero_Int", "Cochrane intervention"),
    ("Spiero_Prog", "prognosis"),
    ("RSM", "language models"),
    ("Hall2012_SE", "software engineering"),
    ("Kitchenham2010_SE", "software engineering"),
    ("SYNERGY_Radjenovic", "software engineering"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """
    A review whose labels are known.

    Parameters
    ----------
    name, family
        Its name, and the family of reviews it belongs to.
    path
        The file of its records.
    title
        Title of the review; empty if it is not known.
    records
        How many it has, if that is known before it is read; else 0.
    """

    name: str
    family: str
    path: str
    title: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """
    One replay.

    Parameters
    ----------
    of
        Which review.
    start, seed
        From what.
    tool
        Who ranks.
    """

    of: LabelledSet
    start: str
    seed: int
    tool: str

    def file(self, folder: Path) -> Path:
        """Where its result is kept."""
        name = re.sub(r"[^\w.-]", "_", self.of.name)
        return folder / "replays" / f"{name}__{self.start}__{self.seed}__{self.tool}.json"


def labelled_sets(folder: Path, names: Sequence[str], *, most: int | None) -> list[LabelledSet]:
    """
    Find the reviews in a folder, the smallest first.

    Parameters
    ----------
    folder
        Holds one file a review, and maybe ``reviews.csv`` with the columns name, title, records
        and family.
    names
        Which to take; empty for all.
    most
        Leave out those with more records, as far as ``reviews.csv`` says how many they have.

    Raises
    ------
    InputError
        If there is none, or one that was named is not there.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", path=str(folder))
    told = _told(folder / _LIST)
    found = {}
    for path in sorted(folder.iterdir()):
        suffix = next((s for s in _SUFFIXES if path.name.endswith(s)), None)
        if suffix and path.name != _LIST:
            name = path.name.removesuffix(suffix)
            found[name] = _labelled_set(name, path, told.get(name, {}))
    if missing := sorted(set(names) - set(found)):
        raise InputError(f"there is no set {', '.join(missing)}", path=str(folder))
    kept = [one for name, one in found.items() if not names or name in names]
    kept = [one for one in kept if most is None or one.records <= most]
    if not kept:
        raise InputError("holds no set of labelled records", path=str(folder))
    return sorted(kept, key=lambda one: (one.records, one.name))


def kept(task: Task, folder: Path) -> dict[str, Any] | None:
    """Give the result that the same versions made before; None if there is none."""
    try:
        values: dict[str, Any] = json.loads(task.file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return values if values.get("made_by") == _made_by(task.tool) else None


def run(task: Task, folder: Path) -> dict[str, Any]:
    """Replay a review and keep the result."""
    from autoscreen.evaluation import measure_all
    from autoscreen.review import draw_start

    began = time.perf_counter()
    past = _past(task.of)
    if task.start == ONE_AND_ONE and int(past.relevant.sum()) == 1:
        raise InputError(
            "its only relevant record would be known from the start", path=task.of.path
        )
    known = draw_start(past.relevant, seed=task.seed) if task.start == ONE_AND_ONE else {}
    if task.tool == ASREVIEW:
        relevant = past.relevant[peer_order(past, known, seed=task.seed)]
    else:
        relevant = _our_order(task, past, known)
    values = {
        **{name: value for name, value in asdict(task.of).items() if name != "path"},
        "start": task.start,
        "seed": task.seed,
        "tool": task.tool,
        "made_by": _made_by(task.tool),
        "records": len(relevant),
        "known": [past.ids[row] for row in known],
        "relevant_at": [at for at, good in enumerate(relevant.tolist(), 1) if good],
        "measures": measure_all(relevant),
        "seconds": round(time.perf_counter() - began, 2),
    }
    _keep(values, task.file(folder))
    return values


def _our_order(task: Task, past: PastReview, known: Mapping[int, bool]) -> Any:
    from autoscreen.review import simulate

    return simulate(past, _pool(task.of), known=known, seed=task.seed).relevant


def _keep(values: Mapping[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)


def _made_by(tool: str) -> str:
    if tool == ASREVIEW:
        return peer_version()
    from autoscreen.review import MODEL

    return f"{OURS} {__version__} {MODEL}"


# A process replays the tasks of one review one after the other.
@lru_cache(maxsize=1)
def _past(of: LabelledSet) -> PastReview:
    from autoscreen.review import read_past_review

    return read_past_review(of.path)


@lru_cache(maxsize=1)
def _pool(of: LabelledSet) -> Pool:
    from autoscreen.protocol import Protocol
    from autoscreen.review import pool_of

    return pool_of(_past(of), Protocol.from_title(of.title) if of.title else None)


def _told(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row.get("name", ""): row for row in csv.DictReader(stream)}


def _labelled_set(name: str, path: Path, told: Mapping[str, str]) -> LabelledSet:
    records = told.get("records", "")
    return LabelledSet(
        name=name,
        family=told.get("family") or _family(name),
        path=str(path),
        title=told.get("title", ""),
        records=int(records) if records.isdecimal() else 0,
    )


def _family(name: str) -> str:
    return next((family for start, family in _FAMILIES if name.startswith(start)), "other")


def tasks_of(
    sets: Sequence[LabelledSet], starts: Sequence[str], seeds: int, tools: Sequence[str]
) -> Iterator[Task]:
    """
    Yield all replays of an evaluation, the smallest reviews first.

    Parameters
    ----------
    sets, starts, tools
        What to replay, from what, and who ranks.
    seeds
        How many seeds, from 1.
    """
    for of in sets:
        for tool in tools:
            for start in starts:
                for seed in range(1, seeds + 1):
                    yield Task(of=of, start=start, seed=seed, tool=tool)
