"""Writes the report of a review: one folder with everything for a paper and its appendix."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import InputError, MissingExtraError
from autoscreen.report.flow_boxes import FlowForm
from autoscreen.report.flow_diagram import flow_svg
from autoscreen.report.flow_pdf import flow_pdf
from autoscreen.report.methods_text import methods_paragraphs
from autoscreen.report.recall_curve import recall_svg
from autoscreen.report.report_blocks import Section, Table, spreadsheet_cells
from autoscreen.report.report_bundle import SCHEMA, crate_metadata, report_bundle
from autoscreen.report.report_docx import write_docx
from autoscreen.report.report_facts import ReportFacts, report_facts
from autoscreen.report.report_page import report_page
from autoscreen.report.report_sections import (
    CHARACTERISTICS,
    RECALL_PICTURE,
    report_sections,
)

if TYPE_CHECKING:
    from autoscreen.review import Review

PAGE, DOCUMENT, SHEET = "index.html", "report.docx", "characteristics.xlsx"
_ABOUT = {
    PAGE: "the report to read",
    RECALL_PICTURE: "relevant records found against records screened",
    "methods.txt": "the methods in plain text",
    "protocol.toml": "the protocol in force",
    "report.json": "the report for programs",
    "report.schema.json": "the schema of report.json",
    DOCUMENT: "the report as a Word document",
    SHEET: "the characteristics of included studies for a spreadsheet",
}
METADATA = "ro-crate-metadata.json"


def write_report(
    review: Review,
    folder: str | Path,
    *,
    since: str = "",
    until: str = "",
    versions: Sequence[str] = (),
    docx: bool = False,
    overwrite: bool = False,
) -> ReportFacts:
    """Write the report of a review as a folder, which is created, and return its content.

    From the day `since` an update is reported; the report is of the end of the day `until`.
    `versions` are the days on which earlier versions of a living review ended. With `overwrite`,
    files of the same names are replaced in a folder that is not empty. `docx` needs python-docx.
    """
    where = Path(folder)
    if where.is_file() or (where.is_dir() and any(where.iterdir()) and not overwrite):
        raise InputError("is not an empty folder", path=str(where), hint="choose another name")
    facts = report_facts(review, since=since, until=until, versions=versions)
    sections = report_sections(facts)
    pictures = {
        **{f"{form.name}.svg": flow_svg(form, title=_title(form, facts)) for form in facts.forms},
        RECALL_PICTURE: recall_svg(facts),
    }
    texts = {
        **pictures,
        **{table.file: table_csv(table) for table in _tables(sections)},
        "methods.txt": "\n\n".join(methods_paragraphs(facts)) + "\n",
        "protocol.toml": facts.versions[-1].text,
        "report.json": _json(report_bundle(facts)),
        "report.schema.json": _json(SCHEMA),
    }
    where.mkdir(parents=True, exist_ok=True)
    binary, left_out = _write_binary(where, facts, sections)
    facts = replace(facts, left_out=left_out)
    if docx:
        write_docx(where / DOCUMENT, facts, sections)
        binary.append(DOCUMENT)
    about = _ABOUT | {
        f"{form.name}.{kind}": form.title for form in facts.forms for kind in ("svg", "pdf")
    }
    files = {name: about.get(name, "a table of the report") for name in (PAGE, *texts, *binary)}
    texts[PAGE] = report_page(
        sections,
        title=facts.protocol.title or facts.name,
        about=_about(facts),
        pictures=pictures,
        files=files,
        left_out=left_out,
    )
    texts[METADATA] = _json(crate_metadata(facts, files))
    for name, text in texts.items():
        (where / name).write_text(text, encoding="utf-8", newline="")
    return facts


def _about(facts: ReportFacts) -> str:
    text = f"Report of the review “{facts.name}”, made on {facts.made[:10]} with autoscreen "
    text += f"{facts.version}. "
    if facts.until:
        text += (
            f"The flow of records is that at the end of {facts.until}; searches, settings and "
            "agreement are those of now. "
        )
    return f"{text}Every number is derived from the log of the review."


def _title(form: FlowForm, facts: ReportFacts) -> str:
    return f"{form.title}: {facts.name}"


def _write_binary(
    where: Path, facts: ReportFacts, sections: Sequence[Section]
) -> tuple[list[str], tuple[str, ...]]:
    """Write the files that need an extra; return their names, and which were left out and why."""
    written, left_out = [], []
    works: dict[str, Callable[[], bytes]] = {SHEET: lambda: _sheet(sections)}
    for form in facts.forms:
        works[f"{form.name}.pdf"] = partial(flow_pdf, form, title=_title(form, facts))
    for name, work in works.items():
        try:
            data = work()
        except (InputError, MissingExtraError) as error:
            left_out.append(f"{name}, because {error}")
            continue
        (where / name).write_bytes(data)
        written.append(name)
    return written, tuple(left_out)


def _tables(sections: Sequence[Section]) -> list[Table]:
    return [
        block
        for section in sections
        for block in section.blocks
        if isinstance(block, Table) and block.file
    ]


def table_csv(table: Table) -> str:
    """Return a table as CSV."""
    stream = StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(table.header)
    writer.writerows(map(spreadsheet_cells, table.rows))
    return stream.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _sheet(sections: Sequence[Section]) -> bytes:
    """Return the characteristics for a spreadsheet."""
    try:
        import openpyxl  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("a spreadsheet", extra="excel") from error
    (table,) = (one for one in _tables(sections) if one.file == CHARACTERISTICS)
    book = openpyxl.Workbook()
    book.active.title = "included"
    for row in (table.header, *table.rows):
        book.active.append(spreadsheet_cells(row))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
