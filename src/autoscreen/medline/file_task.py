"""Scores one file of PubMed by some models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autoscreen.errors import AutoscreenError, InputError, ModelError
from autoscreen.formats import Problem, Source, open_source
from autoscreen.formats.pubmed_scan import ScannedRecord, scan
from autoscreen.medline.outputs import Outputs, checksum
from autoscreen.pubmed import expected_md5
from autoscreen.ranking import ScorePass, ScreeningModel, load_model, model_checksum
from autoscreen.records import Record
from autoscreen.text.english import NOT_ENGLISH, has_english

_BATCH = 1000
_SHOWN = 20


class ModelFile(NamedTuple):
    """A saved model."""

    path: str  # Its name if it ships with autoscreen, or its path
    name: str
    checksum: str  # Its checksum when the run began


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTask:
    """What to score, with which models, and the output folder."""

    file: Path
    models: tuple[ModelFile, ...]
    folder: Path
    below: float  # Results are kept down to this much below the alert threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredFile:
    """The outcome of one file."""

    name: str
    entry: dict[str, Any] = field(default_factory=dict)  # As in the manifest; empty if it failed
    fault: str = ""  # Why it could not be scored, in one line
    known: bool = False  # It was scored before and is unchanged


class _Kept(NamedTuple):
    model: int
    score: float
    record: Record


def score_file(task: FileTask) -> ScoredFile:
    """Score a file unless that was done before; an error is returned, never raised."""
    name = task.file.name
    try:
        head = _head(task)
        outputs = Outputs(task.folder)
        old = outputs.read_entry(name)
        if old is not None and head.items() <= old.items() and outputs.whole(old):
            return ScoredFile(name=name, entry=old, known=True)
        return ScoredFile(name=name, entry=_score(task, head, outputs))
    except (AutoscreenError, OSError) as error:
        return ScoredFile(name=name, fault=f"{name}: {error}".replace(f"{name}: {name}", name))


def _head(task: FileTask) -> dict[str, Any]:
    """Return everything that the outputs of a file depend on."""
    expected = expected_md5(task.file)
    if expected is not None and checksum(task.file, "md5") != expected:
        raise InputError(
            "is not what its checksum says: damaged, or not whole",
            path=task.file.name,
            hint="download it again",
        )
    return {
        "file": task.file.name,
        "sha256": checksum(task.file),
        "models": {one.name: one.checksum for one in task.models},
        "below": task.below,
    }


def _score(task: FileTask, head: dict[str, Any], outputs: Outputs) -> dict[str, Any]:
    models, fast = _loaded(task.models)
    if any(model_checksum(one.path) != one.checksum for one in task.models):
        raise ModelError("a model has changed since the run began", hint="run the command again")
    floors = [model.threshold - task.below for model in models]
    source = open_source(task.file)
    counts = {"records": 0, "lost": 0}
    unread: list[Record] = []
    problems: list[str] = []
    kept: list[_Kept] = []
    for every in _batches(source, counts, problems):
        batch = [one for one in every if has_english(one)]
        unread += [one.record(problems.append) for one in every if not has_english(one)]
        for number, rows in enumerate(fast.candidates(batch, floors)):
            texts = [batch[at] for at in rows.tolist()]
            scores = models[number].decision_function(texts).tolist()
            kept += [
                _Kept(number, score, text.record(problems.append))
                for score, text in zip(scores, texts, strict=True)
                if score >= floors[number]
            ]
    if source.damage:
        raise InputError(source.damage, path=task.file.name, hint="download it again")
    entry = _write(head, outputs, models, kept, unread) | {
        **counts,
        "deleted": list(source.deleted),
        "not English": [one.pmid or "" for one in unread],
        "problems": problems[:_SHOWN],
    }
    outputs.write_entry(task.file.name, entry)
    return entry


def _batches(
    source: Source, counts: dict[str, int], problems: list[str]
) -> Iterator[list[ScannedRecord]]:
    def records() -> Iterator[ScannedRecord]:
        for one in scan(source):
            if isinstance(one, Problem):
                counts["lost"] += one.lost
                problems.append(str(one))
            else:
                counts["records"] += 1
                yield one

    stream = records()
    while batch := list(islice(stream, _BATCH)):
        yield batch


def _write(
    head: dict[str, Any],
    outputs: Outputs,
    models: tuple[ScreeningModel, ...],
    kept: list[_Kept],
    unread: list[Record],
) -> dict[str, Any]:
    """Write the outputs of a file, and return its entry in the manifest."""
    name = head["file"]
    kept.sort(key=lambda one: (one.model, -one.score, one.record.pmid or ""))
    rows = [_row(models[one.model], one) for one in kept]
    rows += [_about(one) | {"alert": False, "note": NOT_ENGLISH} for one in unread]
    written = [outputs.write_results(name, rows)]
    alerts = {}
    for number, model in enumerate(models):
        own = [one.record for one in kept if one.model == number and _alerted(model, one)]
        alerts[model.name] = len(own)
        if own:
            written.append(outputs.write_alerts(name, model.name, own))
    return head | {
        "alerts": alerts,
        "kept": len(kept),
        "outputs": {str(path.relative_to(outputs.folder)): checksum(path) for path in written},
    }


def _alerted(model: ScreeningModel, one: _Kept) -> bool:
    return one.score >= model.threshold


def _row(model: ScreeningModel, one: _Kept) -> dict[str, Any]:
    (chance,) = model.probability(np.array([one.score])).tolist()
    return {
        "model": model.name,
        "score": one.score,
        "probability": chance,
        "alert": _alerted(model, one),
        **_about(one.record),
    }


def _about(record: Record) -> dict[str, Any]:
    return {"pmid": record.pmid, "year": record.year, "title": record.title}


@lru_cache(maxsize=2)
def _loaded(files: tuple[ModelFile, ...]) -> tuple[tuple[ScreeningModel, ...], ScorePass]:
    models = tuple(load_model(one.path) for one in files)
    return models, ScorePass(models)
