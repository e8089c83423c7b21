"""The report as a Word document, to copy text from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import MissingExtraError
from autoscreen.report.report_blocks import Block, Listing, Paragraph, Picture, Section, Table
from autoscreen.report.report_facts import ReportFacts

if TYPE_CHECKING:
    from docx.document import Document

_CODE = "Courier New"


def write_docx(path: Path, facts: ReportFacts, sections: Sequence[Section]) -> None:
    """Write the document; pictures are separate files, which Word can insert."""
    try:
        import docx  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("a Word document", extra="report") from error
    document = docx.Document()
    document.core_properties.title = f"Report: {facts.name}"
    document.core_properties.author = "autoscreen"
    document.add_heading(facts.protocol.title or facts.name, level=0)
    for section in sections:
        document.add_heading(section.title, level=1)
        for block in section.blocks:
            _add(document, block)
    document.save(str(path))


def _add(document: Document, block: Block) -> None:
    match block:
        case Paragraph(text):
            document.add_paragraph(text)
        case Picture(file, text, notes):
            for line in (f"[Insert {file}: {text}]", *notes):
                document.add_paragraph(line)
        case Listing(text):
            run = document.add_paragraph().add_run(text)
            run.font.name = _CODE
        case Table(rows=()):
            document.add_paragraph(block.empty)
        case Table():
            table = document.add_table(rows=1, cols=len(block.header), style="Table Grid")
            for cell, name in zip(table.rows[0].cells, block.header, strict=True):
                cell.text = name
            for row in block.rows:
                for cell, value in zip(table.add_row().cells, row, strict=True):
                    cell.text = "" if value is None else str(value)
