"""Replays of finished reviews, each kept in a file of its own so that none is run twice."""

from __future__ import annotations

import csv
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from _families import family_of, model_name
from _peer import ASREVIEW, peer_order, peer_version
from autoscreen._version import __version__
from autoscreen.active import EXPLORATION_SHARE, replay
from autoscreen.active._replay import USUAL_REFITS, Refits
from autoscreen.errors import InputError
from autoscreen.evaluation import measure_all
from autoscreen.progress_callback import no_progress
from autoscreen.protocol import Protocol
from autoscreen.ranking import shipped_model
from autoscreen.ranking._transfer_model import load_transfer_model
from autoscreen.resources import resource
from autoscreen.review.finished_review import (
    FinishedReview,
    SimulationPool,
    draw_start,
    pool_of,
    read_finished_review,
)
from autoscreen.review.learner import MODEL, MODEL_WITH_SENTENCES
from autoscreen.review.sentence_embeddings import encode_records
from autoscreen.sentence_encoder.encoder import ENCODER_NAME, load_encoder

OURS = "autoscreen"
ONE_AND_ONE = "1+1"
COLD = "cold"
NO_TITLE = "-no-title"
"""Ending of the name of a start from which autoscreen ranks without the review's title."""
QUICK_REFITS = Refits(every=150, growth=0.02)
_LIST = "reviews.csv"
_SUFFIXES = (".csv.gz", ".csv", ".tsv", ".xlsx", ".ris", ".ris.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """A review whose labels are known; `model` is the prior that ranks it (empty: the shipped)."""

    name: str
    family: str
    path: str
    title: str
    records: int
    model: str = ""
    embeddings: str = ""  # File of its sentence embeddings; empty to rank without


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One replay to run."""

    of: LabelledSet
    start: str
    seed: int
    tool: str
    exploration: float = EXPLORATION_SHARE
    quick: bool = False  # Whether autoscreen is refitted less often than usual

    @property
    def ranked_with(self) -> LabelledSet:
        """Return the set, without its title if the start says so."""
        return replace(self.of, title="") if self.start.endswith(NO_TITLE) else self.of

    def file(self, folder: Path) -> Path:
        """Return the file that keeps its result."""
        tool = self.tool
        if tool == OURS and self.of.embeddings:
            tool += "+sentences"
        name = f"{_file_name(self.of)}__{self.start}__{self.seed}__{tool}.json"
        return folder / "replays" / name


def labelled_sets(
    folder: Path, names: Sequence[str] = (), *, most: int | None = None
) -> list[LabelledSet]:
    """Return the labelled sets of a folder, the smallest first."""
    if not folder.is_dir():
        raise InputError("there is no such folder", path=str(folder))
    listed = _read_list(folder / _LIST)
    found = {}
    for path in sorted(folder.iterdir()):
        suffix = next((s for s in _SUFFIXES if path.name.endswith(s)), None)
        if suffix and path.name != _LIST:
            name = path.name.removesuffix(suffix)
            found[name] = _labelled_set(name, path, listed.get(name, {}))
    if missing := sorted(set(names) - set(found)):
        raise InputError(f"there is no set {', '.join(missing)}", path=str(folder))
    chosen = [one for name, one in found.items() if not names or name in names]
    chosen = [one for one in chosen if most is None or one.records <= most]
    if not chosen:
        raise InputError("holds no set of labelled records", path=str(folder))
    return sorted(chosen, key=lambda one: (one.records, one.name))


def without_family(sets: Sequence[LabelledSet], folder: Path) -> list[LabelledSet]:
    """Return the sets, each with the prior that was trained without its family."""
    return [replace(one, model=str(_model_without(one.family, folder))) for one in sets]


def with_embeddings(of: LabelledSet, folder: Path) -> LabelledSet:
    """Return a set with its sentence embeddings, computed unless the folder has them already."""
    key = sha256(f"{_hash_of(Path(of.path))} {ENCODER_NAME}".encode()).hexdigest()[:12]
    path = folder / "embeddings" / f"{_file_name(of)}__{key}.npy"
    if not path.exists():
        rows = encode_records(finished(of).records, _encoder(), no_progress)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.new.npy")
        np.save(unfinished, rows)
        unfinished.replace(path)
    return replace(of, embeddings=str(path))


def ranker_of(of: LabelledSet) -> str:
    """Return the name of autoscreen's ranker for a set."""
    return MODEL_WITH_SENTENCES if of.embeddings else MODEL


def known_to_the_prior(sets: Sequence[LabelledSet]) -> list[str]:
    """Return the names of the reviews that the shipped prior was trained on."""
    trained_on = set(shipped_model().trained_on)
    return [one.name for one in sets if one.name in trained_on]


def tasks_of(
    sets: Sequence[LabelledSet],
    starts: Sequence[str],
    seeds: int,
    tools: Sequence[str],
    *,
    exploration: float = EXPLORATION_SHARE,
    quick: bool = False,
) -> Iterator[Task]:
    """Yield all replays of an evaluation, in the order of the sets."""
    for of in sets:
        for tool in tools:
            # ASReview does not use the title: one replay serves both starts.
            own = starts if tool == OURS else sorted({_with_title(start) for start in starts})
            for start in own:
                for seed in range(1, seeds + 1):
                    yield Task(
                        of=of,
                        start=start,
                        seed=seed,
                        tool=tool,
                        exploration=exploration,
                        quick=quick,
                    )


def for_all_starts(results: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Add the results of other tools to the starts without a title, which only autoscreen has."""
    listed = list(results)
    untitled = {one["start"] for one in listed if one["start"].endswith(NO_TITLE)}
    added = [
        {**one, "start": start}
        for one in listed
        if one["tool"] != OURS
        for start in sorted(untitled)
        if one["start"] == _with_title(start)
    ]
    return listed + added


def kept(task: Task, folder: Path) -> dict[str, Any] | None:
    """Return the result that the same versions left in the folder, or None."""
    try:
        values: dict[str, Any] = json.loads(task.file(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return values if values.get("made_by") == _made_by(task) else None


def run(task: Task, folder: Path) -> dict[str, Any]:
    """Replay a review and keep the result."""
    began = time.perf_counter()
    past = finished(task.of)
    known = start_labels(task.of, task.start, task.seed)
    if task.tool == ASREVIEW:
        rows = peer_order(past, known, seed=task.seed)
    else:
        rows = reading_order(task, known)
    relevant = past.relevant[rows]
    values = {
        "name": task.of.name,
        "family": task.of.family,
        "title": task.ranked_with.title,
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


def start_labels(of: LabelledSet, start: str, seed: int) -> Mapping[int, bool]:
    """Return the rows whose labels are known before a replay begins."""
    if _with_title(start) == COLD:
        return {}
    past = finished(of)
    if int(past.relevant.sum()) == 1:
        raise InputError("its only relevant record would be known from the start", path=of.path)
    return draw_start(past.relevant, random_state=seed)


def reading_order(task: Task, known: Mapping[int, bool]) -> NDArray[np.int64]:
    """Return the rows in the order in which autoscreen reads them."""
    of = pool(task.ranked_with)
    return replay(
        of.matrix,
        of.prior,
        finished(task.of).relevant,
        known=known,
        random_state=task.seed,
        exploration=task.exploration,
        refits=QUICK_REFITS if task.quick else USUAL_REFITS,
    )


def finished(of: LabelledSet) -> FinishedReview:
    """Read the records and labels of a set."""
    return _read(of.path)


# A process replays the tasks of one review one after the other.
_read = lru_cache(maxsize=1)(read_finished_review)


@lru_cache(maxsize=2)
def pool(of: LabelledSet) -> SimulationPool:
    """Return the features and the prior of a set, ranked from its title."""
    model = load_transfer_model(Path(of.model)) if of.model else None
    protocol = Protocol.from_title(of.title) if of.title else None
    embeddings = np.load(of.embeddings) if of.embeddings else None
    return pool_of(finished(of), protocol, model=model, embeddings=embeddings)


_encoder = lru_cache(load_encoder)


def _with_title(start: str) -> str:
    return start.removesuffix(NO_TITLE)


def _file_name(of: LabelledSet) -> str:
    return re.sub(r"[^\w.-]", "_", of.name)


def _model_without(of: str, folder: Path) -> Path:
    path = folder / model_name(of)
    if not path.exists():
        raise InputError(f"there is no model without the family {of!r}", path=str(path))
    return path


def _keep(values: Mapping[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)


def _made_by(task: Task) -> str:
    if task.tool == ASREVIEW:
        return peer_version()
    prior = Path(task.of.model) if task.of.model else resource("models", "prior.json")
    ranker = f"{OURS} {__version__} {ranker_of(task.of)} prior {_hash_of(prior)}"
    if task.of.embeddings:
        ranker += f" encoder {ENCODER_NAME}"
    refits = " quick" if task.quick else ""
    return f"{ranker} exploration {task.exploration:g}{refits}"


@lru_cache
def _hash_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def _read_list(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row.get("name", ""): row for row in csv.DictReader(stream)}


def _labelled_set(name: str, path: Path, listed: Mapping[str, str]) -> LabelledSet:
    records = listed.get("records", "")
    return LabelledSet(
        name=name,
        family=listed.get("family") or family_of(name),
        path=str(path),
        title=listed.get("title", ""),
        records=int(records) if records.isdecimal() else 0,
    )
