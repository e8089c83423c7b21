"""Scores many files of PubMed, on this machine or on a cluster, and joins their alerts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autoscreen.errors import ConfigError
from autoscreen.formats import read
from autoscreen.formats.medline import WRITER
from autoscreen.medline.file_task import FileTask, ModelFile, ScoredFile
from autoscreen.medline.outputs import Outputs, parquet_library, put
from autoscreen.medline.workers import on_cluster, on_this_machine
from autoscreen.ranking import load_model, model_checksum
from autoscreen.records import Record

BELOW = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MedlineRun:
    """What to score, with which models, the output folder, and the workers."""

    files: Sequence[Path]  # In the order in which NCBI wrote them
    models: Sequence[str]  # Names of models that ship, or paths
    folder: Path
    below: float = BELOW  # Results are kept down to this much below the alert threshold
    jobs: int = 1  # Processes on this machine
    scheduler: str = ""  # Address of a Dask scheduler, which then does the work


@dataclass(slots=True)
class MedlineSummary:
    """The outcome of a run."""

    files: int = 0
    known: int = 0  # Of these, scored by an earlier run
    records: int = 0
    lost: int = 0
    unread: int = 0  # Not scored because they have no text in English; the manifests list them
    alerts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)  # One line for each file that was not scored


def score_files(
    run: MedlineRun, hear: Callable[[ScoredFile], None] = lambda one: None
) -> MedlineSummary:
    """
    Score files, and write the summary of all.

    Files that an earlier run scored with the same models are not scored again. A file that cannot
    be scored is reported, and the others are still scored.
    """
    parquet_library()
    outputs = Outputs(run.folder.absolute())
    outputs.tidy()
    models = _models(run.models)
    tasks = [
        FileTask(file=one.absolute(), models=models, folder=outputs.folder, below=run.below)
        for one in run.files
    ]
    done: dict[str, ScoredFile] = {}
    work = on_cluster(tasks, run.scheduler) if run.scheduler else on_this_machine(tasks, run.jobs)
    for one in work:
        done[one.name] = one
        hear(one)
    outputs.tidy()  # a process that crashed leaves an incomplete file
    return _join(outputs, models, [done[task.file.name] for task in tasks])


def _models(names: Sequence[str]) -> tuple[ModelFile, ...]:
    models = []
    for name in names:
        path = str(Path(name).absolute()) if Path(name).name != name or "." in name else name
        models.append(ModelFile(path, load_model(name).name, model_checksum(name)))
    if len({one.name for one in models}) < len(models):
        raise ConfigError("two models have the same name", hint="name each model once")
    return tuple(models)


def _join(
    outputs: Outputs, models: Sequence[ModelFile], files: Sequence[ScoredFile]
) -> MedlineSummary:
    scored = [one.entry for one in files if not one.fault]
    summary = MedlineSummary(
        files=len(scored),
        known=sum(one.known for one in files),
        records=sum(one["records"] for one in scored),
        lost=sum(one["lost"] for one in scored),
        unread=sum(len(one["not English"]) for one in scored),
        faults=[one.fault for one in files if one.fault],
    )
    for model in models:
        alerts = _alerts(outputs, model.name, scored)
        put(outputs.all_alerts(model.name), _writer(alerts))
        summary.alerts[model.name] = len(alerts)
    whole = {
        "models": {one.name: one.checksum for one in models},
        "files": [one["file"] for one in scored],
        "records": summary.records,
        "lost": summary.lost,
        "not English": summary.unread,
        "alerts": summary.alerts,
        "not scored": summary.faults,
    }
    text = json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    put(outputs.folder / "manifest.json", lambda stream: stream.write(text.encode()))
    return summary


def _writer(records: Sequence[Record]) -> Callable[[Any], int]:
    return lambda stream: WRITER.write(records, stream)


def _alerts(outputs: Outputs, model: str, scored: Sequence[dict[str, Any]]) -> list[Record]:
    """Return each alerted record once, in its last version, without those that PubMed deleted."""
    found: dict[str, Record] = {}
    for entry in scored:
        path = outputs.alerts(entry["file"], model)
        if entry["alerts"][model]:
            for number, record in enumerate(_records(path)):
                key = record.pmid or f"{entry['file']} {number}"
                found.pop(key, None)
                found[key] = record
        for pmid in entry["deleted"]:
            found.pop(pmid, None)
    return list(found.values())


def _records(path: Path) -> Iterator[Record]:
    return (one for one in read(path, format=WRITER.name) if isinstance(one, Record))
