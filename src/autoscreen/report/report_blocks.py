"""What a report consists of, whether it becomes a page or a document."""

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
    """A picture of the folder; it is scalable, so that a document can only name it."""

    file: str
    text: str  # What it shows, for whoever cannot see it
    notes: tuple[str, ...] = ()  # What is written below it


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to an address; a document and CSV have its text alone."""

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
    folded: str = ""  # Words that unfold it on a page, where it is long and repeats a picture


def spreadsheet_cells(row: Iterable[Cell]) -> list[str | float | None]:
    """Return values that no spreadsheet takes for a formula or finds too long."""
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
