"""Reads and writes the exchange formats of literature databases and reference managers.

A format is one module with a `READER` and, if it can be written, a `WRITER`. The
format is detected by content, in the order of `READERS`.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from autoscreen.errors import ConfigError, FormatError, InputError, ReadWarning
from autoscreen.extensions import extension, extension_names
from autoscreen.formats import (
    bibtex,
    clinicaltrials,
    cochrane,
    endnote_xml,
    europe_pmc,
    jats,
    medline,
    openalex,
    ovid,
    pmids,
    pubmed_text,
    pubmed_xml,
    refer,
    refworks,
    ris,
    table,
    wos,
    xlsx,
)
from autoscreen.formats._base import Reader, Writer, accounted
from autoscreen.formats._clean import doi, plain, pmid
from autoscreen.formats._columns import label_columns
from autoscreen.formats._decision_words import label_of
from autoscreen.formats._problem import Problem
from autoscreen.formats._refusals import refusal, unsupported
from autoscreen.formats._sheet import guarded
from autoscreen.formats._source import NO_COLUMNS, Source, TableColumns, open_source
from autoscreen.records import Record

__all__ = [
    "NO_COLUMNS",
    "WRITERS",
    "Problem",
    "Source",
    "TableColumns",
    "Writer",
    "detect",
    "doi",
    "guarded",
    "label_columns",
    "label_of",
    "open_source",
    "plain",
    "pmid",
    "read",
    "read_records",
    "warn_of",
    "write",
]

READERS: tuple[Reader, ...] = (
    pubmed_xml.READER,
    endnote_xml.READER,
    jats.READER,
    europe_pmc.READER,
    clinicaltrials.READER,
    openalex.READER,
    xlsx.READER,
    medline.READER,
    ris.READER,
    wos.READER,
    refworks.READER,
    ovid.READER,
    cochrane.READER,
    refer.READER,
    bibtex.READER,
    pubmed_text.READER,
    pmids.READER,
    table.READER,
)
"""In the order in which they are tried: the most specific first."""

WRITERS: tuple[Writer, ...] = (
    medline.WRITER,
    ris.WRITER,
    bibtex.WRITER,
    table.WRITER,
    xlsx.WRITER,
)


def read(
    path: str | Path | IO[bytes] | Source, *, format: str | None = None
) -> Iterator[Record | Problem]:
    """
    Yield the records of a file as they are read, and what was wrong with any of them.

    For every record that begins in the file either the record or a problem with `lost`. Other
    problems name what was repaired. The file is not held in memory.
    """
    source = path if isinstance(path, Source) else open_source(path)
    if source.read is not None:
        return iter(source.read)
    if format and (error := refusal(source)):
        raise error
    name = format or detect(source)
    readers = {reader.name: reader for reader in _readers()}
    if name not in readers:
        raise FormatError(f"{name!r} is not a supported file format", hint=_choices(readers))
    return accounted(source, readers[name].read(source), name)


def read_records(
    path: str | Path | IO[bytes] | Source, *, format: str | None = None
) -> list[Record]:
    """
    Return the records of a file.

    Parameters
    ----------
    path
        A file, ``-`` for standard input, or a binary stream; gzip is decompressed.
    format
        Name of a reader; by default the content decides.

    Warns
    -----
    ReadWarning
        If a record could not be read or had to be repaired; its ``problems`` lists each one.

    Raises
    ------
    InputError
        If the file cannot be opened.
    FormatError
        If no reader knows the format.
    RecordLossError
        If the reader lost a record without reporting it: a bug.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    for one in read(path, format=format):
        if isinstance(one, Record):
            records.append(one)
        else:
            problems.append(one)
    warn_of(problems)
    return records


def warn_of(problems: Sequence[Problem]) -> None:
    """Issue one `ReadWarning` for all problems of a file, if there are any."""
    if problems:
        # Level 3 is the line that called the function that reads.
        warnings.warn(ReadWarning(problems), stacklevel=3)


def detect(source: Source) -> str:
    """Return the name of the format of a file, detected by its content."""
    if error := refusal(source):
        raise error
    head = source.head()
    if not head.strip():
        reason = source.problems[0].message if source.problems else "the file is empty"
        raise FormatError(reason, path=source.path)
    for reader in _readers():
        if reader.sniff(head):
            return reader.name
    raise unsupported(source, head, (reader.name for reader in _readers()))


def write(records: Iterable[Record], path: str | Path, *, format: str | None = None) -> int:
    """
    Write records to a file, all or nothing, and return how many.

    Parameters
    ----------
    records
        What to write.
    path
        The file, which is replaced if it exists; ``-`` for standard output.
    format
        Name of a writer; by default the file's extension decides.

    Raises
    ------
    FormatError
        If no writer has that name or extension.
    InputError
        If the file cannot be written; an older file of that name is then unchanged.
    """
    writer = _writer(str(path), format)
    if str(path) == "-":
        count = writer.write(records, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return count
    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            count = writer.write(records, stream)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path=str(path)) from error
    finally:
        part.unlink(missing_ok=True)
    return count


def _readers() -> tuple[Reader, ...]:
    """Return all readers; those of installed packages come before lists and tables."""
    group = "autoscreen.readers"
    added = tuple(extension(group, name) for name in extension_names(group))
    if taken := {one.name for one in added} & {one.name for one in READERS}:
        raise ConfigError(
            f"an installed package offers a reader named {min(taken)!r}, which is built in",
            hint="uninstall the package",
        )
    return READERS[:-2] + added + READERS[-2:]


def _writer(path: str, format: str | None) -> Writer:
    suffix = Path(path).suffix.lower()
    for writer in WRITERS:
        if writer.name == format or (format is None and writer.suffix == suffix):
            return writer
    hint = _choices(f"{writer.name} ({writer.suffix})" for writer in WRITERS)
    asked = repr(format) if format else f"files that end in {suffix!r}"
    raise FormatError(f"{asked} cannot be written", path="" if path == "-" else path, hint=hint)


def _choices(names: Iterable[str]) -> str:
    return f"choose one of: {', '.join(names)}"
