"""Reads the records of files for verbs that need no review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import click

from autoscreen.cli.common.exit_codes import say
from autoscreen.errors import InputError

if TYPE_CHECKING:
    from autoscreen.formats import Problem
    from autoscreen.formats.pubmed_scan import ScannedRecord
    from autoscreen.progress_callback import Progress
    from autoscreen.records import Record


class FileRecord(NamedTuple):
    """A record and its place in the file."""

    file: str
    number: int
    record: Record


class FileText(NamedTuple):
    """What a model reads of a record, and where it stood."""

    file: str
    number: int
    read: Record | ScannedRecord

    @property
    def title(self) -> str:
        """Title."""
        return self.read.title

    @property
    def abstract(self) -> str:
        """Abstract."""
        return self.read.abstract

    @property
    def index_terms(self) -> tuple[str, ...]:
        """MeSH headings and keywords."""
        return self.read.index_terms

    @property
    def mesh(self) -> tuple[str, ...]:
        """MeSH headings."""
        return self.read.mesh

    @property
    def publication_types(self) -> tuple[str, ...]:
        """Publication types."""
        return self.read.publication_types

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the publication."""
        return self.read.languages

    def whole(self) -> FileRecord:
        """Read the whole record."""
        from autoscreen.formats.pubmed_scan import ScannedRecord

        record = self.read
        if isinstance(record, ScannedRecord):
            record = record.record(lambda message: _note(f"{self.file}, {self.number}: {message}"))
        return FileRecord(self.file, self.number, record)


@dataclass(slots=True)
class FilesRead:
    """What came of some files."""

    records: list[FileRecord] = field(default_factory=list)
    lost: int = 0
    failed: int = 0


def read_files(files: Sequence[str], read_as: str | None, tick: Progress) -> FilesRead:
    """Read records, and list on stderr what could not be read."""
    found = FilesRead()
    for one in read_texts(files, read_as, tick, found, fast=False):
        found.records.append(one.whole())
    return found


def read_texts(
    files: Sequence[str], read_as: str | None, tick: Progress, found: FilesRead, *, fast: bool
) -> Iterator[FileText]:
    """Read records one by one, of PubMed XML if need be only what a model reads."""
    for file in files:
        try:
            for one in _each(file, read_as, fast=fast):
                if isinstance(one, FileText):
                    yield one
                    tick("reading", 1)
                else:
                    found.lost += one
        except InputError as error:
            say(str(error))
            found.failed += 1


def _each(file: str, read_as: str | None, *, fast: bool) -> Iterator[FileText | bool]:
    """Return each record, and True for each that is lost."""
    from autoscreen.formats import Problem

    number = 0
    for one in _outcomes(file, read_as, fast=fast):
        if isinstance(one, Problem):
            _note(f"{'lost' if one.lost else 'note'}: {one}")
            number += one.lost
            yield one.lost
        else:
            number += 1
            yield FileText(file, number, one)


def _outcomes(
    file: str, read_as: str | None, *, fast: bool
) -> Iterator[Record | ScannedRecord | Problem]:
    from autoscreen.formats import detect, open_source, read
    from autoscreen.formats.pubmed_scan import scan
    from autoscreen.formats.pubmed_xml import READER

    source = open_source(file)
    name = read_as or detect(source)
    return scan(source) if fast and name == READER.name else read(source, format=name)


def _note(line: str) -> None:
    click.echo(line, err=True)
