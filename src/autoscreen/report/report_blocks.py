"""The parts of a report, for a page or a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from autoscreen.formats import guarded
from autoscreen.records import Record

_CELL = 32_000
"""Characters of a cell; Excel takes 32,767."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Text to be shown exactly as it is, such as a query."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the folder; a document can only name it, because it is an SVG."""

    file: str
    text: str  # Alternative text
    notes: tuple[str, ...] = ()  # Caption


@dataclass(frozen=True, slots=True)
class Link:
    """A cell with a link; a document and CSV have only its text."""

    text: str
    address: str

    def __str__(self) -> str:
        return self.text


Cell = str | int | float | Link | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table, which is also written as CSV if it has a file."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    file: str = ""
    empty: str = "None."
    folded: str = ""  # Heading under which a page shows it folded; empty if it is not


def spreadsheet_cells(row: Iterable[Cell]) -> list[str | float | None]:
    """Return values that no spreadsheet interprets as a formula or rejects as too long."""
    return [
        guarded(str(value))[:_CELL] if isinstance(value, str | Link) else value for value in row
    ]


def doi_link(record: Record) -> Link | None:
    """Return the DOI of a record as a link; None if it has none."""
    doi = record.doi
    return Link(doi, f"https://doi.org/{quote(doi, safe='/:;().-_')}") if doi else None


def pubmed_link(record: Record) -> Link | None:
    """Return the PMID of a record as a link; None if it has none."""
    pmid = record.pmid
    return Link(pmid, f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid)}/") if pmid else None


Block = Paragraph | Listing | Picture | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    key: str
    title: str
    blocks: tuple[Block, ...]
