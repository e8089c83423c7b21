"""The report of the review, as a ZIP file to download."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from autoscreen.report.report_folder import write_report
from autoscreen.review import Review
from autoscreen.web.jobs.job_report import JobReport


def run(review: str, options: Mapping[str, Any], report: JobReport) -> dict[str, Any]:
    """Write the report folder and pack it."""
    report("writing the report", 0)
    with tempfile.TemporaryDirectory() as made, Review.open(review) as opened:
        folder = Path(made) / "report"
        facts = write_report(
            opened,
            folder,
            since=options["since"],
            until=options["until"],
            versions=options["versions"],
            docx=options["docx"],
        )
        name = _pack(folder, Path(options["folder_"]), options["job"])
    columns = (facts.flow.databases, facts.flow.other)
    return {
        "identified": sum(column.identified for column in columns),
        "studies": facts.flow.studies(),
        "reports": facts.flow.reports(),
        "inconsistencies": list(facts.flow.inconsistencies),
        "left_out": list(facts.left_out),
        "files": [name],
    }


def _pack(folder: Path, target: Path, job: int) -> str:
    name = f"report-{job}.zip"
    target.mkdir(exist_ok=True)
    part = target / f".{name}.part"
    with ZipFile(part, "w", ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, f"report/{path.name}")
    part.replace(target / name)
    return name
