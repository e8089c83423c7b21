"""Runs and keeps the replays of an evaluation: one file each, never run twice."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoscreen import __version__
from autoscreen.cli.common.peer import ASREVIEW, peer_order, peer_version
from autoscreen.errors import InputError

if TYPE_CHECKING:
    from autoscreen.review import FinishedReview, SimulationPool

__all__ = [
    "COLD",
    "ONE_AND_ONE",
    "OURS",
    "LabelledSet",
    "Task",
    "kept",
    "known_to_the_prior",
    "labelled_sets",
    "run",
    "tasks_of",
    "without_family",
]

OURS = "autoscreen"
ONE_AND_ONE = "1+1"
COLD = "cold"
_LIST = "reviews.csv"
_SUFFIXES = (".csv.gz", ".csv", ".tsv", ".xlsx", ".ris", ".ris.gz")
# The families of the benchmark's reviews, by how their names begin: reviews of one family are
# alike, so what is learnt from one of them must not be measured on another.
_FAMILIES = {
    "Cohen2006": "drug class",
    "CLEF2017": "diagnostic",
    "Spiero_Int": "intervention",
    "Spiero_Prog": "prognosis",
    "RSM2025": "language models",
    "Hall2012_SE": "software",
    "Kitchenham2010_SE": "software",
    "SYNERGY_Radjenovic": "software",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """A review whose labels are known."""

    name: str
    family: str
    path: str
    title: str
    records: int
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One replay."""

    of: LabelledSet
    start: str
    seed: int
    tool: str
    exploration: float | None = None

    def file(self, folder: Path) -> Path:
        """Where its result is kept."""
        name = re.sub(r"[^\w.-]", "_", self.of.name)
        return folder / "replays" / f"{name}__{self.start}__{self.seed}__{self.tool}.json"


def labelled_sets(folder: Path, names: Sequence[str], *, most: int | None) -> list[LabelledSet]:
    """Find the reviews in a folder, the smallest first."""
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


def without_family(sets: Sequence[LabelledSet], folder: Path) -> list[LabelledSet]:
    """Return each review the model that was learnt without its family."""
    given = []
    for one in sets:
        model = folder / f"{one.family.replace(' ', '-')}.json"
        if not model.exists():
            raise InputError(
                f"there is no model without the family {one.family!r}", path=str(model)
            )
        given.append(replace(one, model=str(model)))
    return given


def known_to_the_prior(sets: Sequence[LabelledSet]) -> list[str]:
    """Names of the reviews that the prior which ships has learnt from."""
    from autoscreen.ranking import shipped_model

    learnt = set(shipped_model().trained_on)
    return [one.name for one in sets if one.name in learnt]


def kept(task: Task, folder: Path) -> dict[str, Any] | None:
    """Return the result that the same versions made before; None if there is none."""
    try:
        values: dict[str, Any] = json.loads(task.file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return values if values.get("made_by") == _made_by(task) else None


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
        "name": task.of.name,
        "family": task.of.family,
        "title": task.of.title,
        "start": task.start,
        "seed": task.seed,
        "tool": task.tool,
        "made_by": _made_by(task),
        "records": len(relevant),
        "known": [past.ids[row] for row in known],
        "relevant_at": [at for at, good in enumerate(relevant.tolist(), 1) if good],
        "measures": measure_all(relevant),
        "seconds": round(time.perf_counter() - began, 2),
    }
    _keep(values, task.file(folder))
    return values


def _our_order(task: Task, past: FinishedReview, known: Mapping[int, bool]) -> Any:
    from autoscreen.active import replay

    pool = _pool(task.of)
    rows = replay(
        pool.matrix,
        pool.prior,
        past.relevant,
        known=known,
        seed=task.seed,
        exploration=_exploration(task),
    )
    return past.relevant[rows]


def _exploration(task: Task) -> float:
    from autoscreen.active import EXPLORATION_SHARE

    return EXPLORATION_SHARE if task.exploration is None else task.exploration


def _keep(values: Mapping[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)


def _made_by(task: Task) -> str:
    if task.tool == ASREVIEW:
        return peer_version()
    from autoscreen.resources import resource
    from autoscreen.review import MODEL

    prior = Path(task.of.model) if task.of.model else resource("models", "prior.json")
    ranker = f"{OURS} {__version__} {MODEL} prior {_print_of(prior)}"
    return f"{ranker} exploration {_exploration(task):g}"


@lru_cache
def _print_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


# A process replays the tasks of one review one after the other.
@lru_cache(maxsize=1)
def _past(of: LabelledSet) -> FinishedReview:
    from autoscreen.review import read_finished_review

    return read_finished_review(of.path)


@lru_cache(maxsize=1)
def _pool(of: LabelledSet) -> SimulationPool:
    from autoscreen.protocol import Protocol
    from autoscreen.ranking import load_transfer_model
    from autoscreen.review import pool_of

    model = load_transfer_model(Path(of.model)) if of.model else None
    protocol = Protocol.from_title(of.title) if of.title else None
    return pool_of(_past(of), protocol, model=model)


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
    return next((_FAMILIES[start] for start in _FAMILIES if name.startswith(start)), "other")


def tasks_of(
    sets: Sequence[LabelledSet],
    starts: Sequence[str],
    seeds: int,
    tools: Sequence[str],
    *,
    exploration: float | None = None,
) -> Iterator[Task]:
    """Yield all replays of an evaluation, the smallest reviews first."""
    for of in sets:
        for tool in tools:
            for start in starts:
                for seed in range(1, seeds + 1):
                    yield Task(of=of, start=start, seed=seed, tool=tool, exploration=exploration)
