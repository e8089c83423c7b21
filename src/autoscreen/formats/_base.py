"""What every reader and writer of an exchange format agrees on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO, NamedTuple, Protocol, TypeVar

from autoscreen.errors import LimitError, RecordLossError
from autoscreen.formats._final_checks import checked, garbled_text
from autoscreen.formats._problem import Problem
from autoscreen.formats._source import Source
from autoscreen.records import Record

Outcome = TypeVar("Outcome")


class Reader(Protocol):
    """Reads one format; yields for every record start one record or one problem with `lost`."""

    name: str

    def sniff(self, head: str) -> bool:
        """Return whether a file is in this format, judged by its first characters."""
        ...

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and a problem where something had to be repaired or was lost."""
        ...


class Writer(Protocol):
    """Writes one format so that reading it gives the same records."""

    name: str
    suffix: str

    def write(self, records: Iterable[Record], stream: IO[bytes]) -> int:
        """Write all records and return how many."""
        ...


class Chunk(NamedTuple):
    """The text of one record as it stands in the file, and the number of its first line."""

    line: int | None
    text: str


Parse = Callable[[str, Callable[[str], None]], Record]
"""Makes a record of the text of one; calls its second argument with what it had to mend; raises
ValueError or LookupError if it can make none."""


def each_record(
    source: Source, chunks: Iterable[Chunk | Problem], parse: Parse
) -> Iterator[Record | Problem]:
    """Parse a file that was cut into records, and account for every piece."""
    for chunk in chunks:
        if isinstance(chunk, Problem):
            yield chunk
            continue
        source.starts += 1
        repaired: list[str] = []
        try:
            record = checked(parse(chunk.text, repaired.append), repaired.append)
        except (ValueError, LookupError) as error:
            yield source.problem(f"could not be read: {error}", line=chunk.line, lost=True)
            continue
        if not (record.title or record.abstract):
            repaired.append("has neither title nor abstract")
        for message in repaired:
            yield source.problem(message, line=chunk.line)
        yield record


def accounted(
    source: Source, results: Iterable[Outcome | Problem], name: str
) -> Iterator[Outcome | Problem]:
    """Yield what a reader finds, and make sure that every record that begins is accounted for."""
    source.starts = imported = lost = garbled = 0
    first: tuple[int, str] = (0, "")
    try:
        for result in results:
            if isinstance(result, Problem):
                lost += result.lost
            else:
                imported += 1
                if isinstance(result, Record) and (example := garbled_text(result)):
                    first = first if garbled else (source.starts, example)
                    garbled += 1
            yield result
    except LimitError as limit:
        if not imported:
            raise
        source.starts += 1
        lost += 1
        message = f"{limit.message}; neither it nor what follows was read; {limit.hint}"
        yield source.problem(message, line=limit.line, lost=True)
    if garbled:
        records = "1 record has" if garbled == 1 else f"{garbled} records, from this one on, have"
        message = f"{records} garbled letters, such as {first[1]!r}: export them again as UTF-8"
        yield Problem(path=source.path, line=None, record=first[0], message=message, lost=False)
    yield from source.problems
    if source.starts != imported + lost:
        raise RecordLossError(
            f"{source.starts} records begin here, but {imported} were read and {lost} lost",
            path=source.path,
            hint="please report this as a bug of autoscreen",
        )
    if not source.starts:
        yield source.problem(f"contains no record, although it looks like {name}")
