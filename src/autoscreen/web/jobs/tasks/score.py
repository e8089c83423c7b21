"""The records of an uploaded file, scored by a saved model."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autoscreen.errors import InputError
from autoscreen.formats import Problem, guarded, open_source, read
from autoscreen.presentation.score_parts import strongest_parts
from autoscreen.ranking import ScreeningModel, load_model
from autoscreen.records import Record
from autoscreen.review.record_scoring import RecordScore, score_records
from autoscreen.text.english import NOT_ENGLISH, has_english
from autoscreen.web.jobs.job_report import JobReport

_SHOWN = 100
_PROBLEMS = 20
_REASONS = 5
_COLUMNS = (
    *("rank", "score", "probability", "alert", "pmid", "doi", "year", "title"),
    *("for", "against", "note"),
)


def run(review: str, options: Mapping[str, Any], report: JobReport) -> dict[str, Any]:
    """Score the file; all records go to a CSV file, the best to the page."""
    model = load_model(options["model_"])
    every, problems = _read(options, report)
    if not every:
        raise InputError("the file has no records", hint="choose an export of records")
    records = [one for one in every if has_english(one)]
    unread = [one for one in every if not has_english(one)]
    ranked = score_records(model, records, progress=report)
    folder = Path(options["folder_"])
    name = f"scored-{options['job']}.csv"
    folder.mkdir(exist_ok=True)
    part = folder / f".{name}.part"
    best = _write(part, model, records, ranked, unread, report)
    part.replace(folder / name)
    return {
        "records": len(records),
        "not_english": len(unread),
        "alerts": sum(one.alert for one in ranked),
        "threshold": model.threshold,
        "lost": sum(one.lost for one in problems),
        "problems": [str(one) for one in problems[:_PROBLEMS]],
        "best": best,
        "files": [name],
    }


def _read(options: Mapping[str, Any], report: JobReport) -> tuple[list[Record], list[Problem]]:
    records: list[Record] = []
    problems: list[Problem] = []
    with Path(options["upload_"]).open("rb") as stream:
        for one in read(open_source(stream, name=options["file"])):
            if isinstance(one, Record):
                records.append(one)
                report("reading", 1)
            else:
                problems.append(one)
    return records, problems


def _write(
    path: Path,
    model: ScreeningModel,
    records: Sequence[Record],
    ranked: Sequence[RecordScore],
    unread: Sequence[Record],
    report: JobReport,
) -> list[dict[str, Any]]:
    """Write all records, best first; return those for the page. These and alerts have reasons."""
    best: list[dict[str, Any]] = []
    report("explaining", 0)
    report.expect(len(ranked))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, _COLUMNS)
        writer.writeheader()
        for rank, one in enumerate(ranked, 1):
            explained = one.alert or rank <= _SHOWN
            row = {"rank": rank, **_row(model, records[one.at], one, explained=explained)}
            writer.writerow({name: _cell(value) for name, value in row.items()})
            if rank <= _SHOWN:
                best.append(row)
            report("explaining", 1)
        for record in unread:
            row = {**_names(record), "alert": False, "note": NOT_ENGLISH}
            writer.writerow({name: _cell(value) for name, value in row.items()})
    return best


def _row(
    model: ScreeningModel, record: Record, one: RecordScore, *, explained: bool
) -> dict[str, Any]:
    reasons = strongest_parts(model.explain(record), _REASONS) if explained else []
    return {
        "score": round(one.score, 3),
        "probability": one.probability,
        "alert": one.alert,
        **_names(record),
        "for": [part.name for part in reasons if part.value > 0],
        "against": [part.name for part in reasons if part.value < 0],
    }


def _names(record: Record) -> dict[str, Any]:
    return {
        "pmid": record.pmid or "",
        "doi": record.doi or "",
        "year": record.year,
        "title": record.title,
    }


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return guarded(value) if isinstance(value, str) else value
