"""Reads the records of files for verbs that need no review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from autoscreen.cli.common.exit_codes import say
from autoscreen.errors import InputError

if TYPE_CHECKING:
    from autoscreen.progress_callback import Progress
    from autoscreen.records import Record


class FileRecord(NamedTuple):
    """A record and its place in the file."""

    file: str
    number: int
    record: Record


class FilesRead(NamedTuple):
    """What came of some files."""

    records: list[FileRecord]
    lost: int
    failed: int


def read_files(files: Sequence[str], read_as: str | None, tick: Progress) -> FilesRead:
    """Read records, and list on stderr what could not be read."""
    records: list[FileRecord] = []
    lost = failed = 0
    for file in files:
        try:
            for one in _each(file, read_as):
                if isinstance(one, FileRecord):
                    records.append(one)
                    tick("reading", 1)
                else:
                    lost += one
        except InputError as error:
            say(str(error))
            failed += 1
    return FilesRead(records, lost, failed)


def _each(file: str, read_as: str | None) -> Iterator[FileRecord | bool]:
    """Return each record, and True for each that is lost."""
    from autoscreen.formats import Problem, read

    number = 0
    for one in read(file, format=read_as):
        if isinstance(one, Problem):
            click.echo(f"{'lost' if one.lost else 'note'}: {one}", err=True)
            number += one.lost
            yield one.lost
        else:
            number += 1
            yield FileRecord(file, number, one)
