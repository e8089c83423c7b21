"""What a report consists of, whether it becomes a page or a document."""

from __future__ import annotations

from dataclasses import dataclass


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
class Table:
    """A table, which is also written as CSV if it has a file."""

    header: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]
    file: str = ""
    empty: str = "None."
    folded: str = ""  # Words that unfold it on a page, where it is long and repeats a picture


Block = Paragraph | Listing | Picture | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    key: str
    title: str
    blocks: tuple[Block, ...]
