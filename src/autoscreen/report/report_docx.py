"""The report as a Word document, to copy text from."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import AutoscreenError, MissingExtraError
from autoscreen.pdf.reader import page_image
from autoscreen.report.report_blocks import Block, Listing, Paragraph, Picture, Section, Table
from autoscreen.report.report_facts import ReportFacts

if TYPE_CHECKING:
    from docx.document import Document

_CODE = "Courier New"
_WIDTH = 6
"""Inches of a picture, as wide as the text."""


def write_docx(path: Path, facts: ReportFacts, sections: Sequence[Section]) -> None:
    """Write the document, with the flow diagrams that are beside it as PDF."""
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
            if not (isinstance(block, Picture) and _drawn(document, path.parent, block)):
                _add(document, block)
    document.save(str(path))


def _drawn(document: Document, folder: Path, picture: Picture) -> bool:
    """Add a picture that is also a PDF; return whether it could be."""
    from docx.shared import Inches  # noqa: PLC0415  (an extra)

    file = (folder / picture.file).with_suffix(".pdf")
    if not file.exists():
        return False
    try:
        image = page_image(file, 1)
    except AutoscreenError:
        return False  # the document names the file to insert instead
    document.add_picture(BytesIO(image), width=Inches(_WIDTH))
    for line in (picture.text, *picture.notes):
        document.add_paragraph(line)
    return True


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
