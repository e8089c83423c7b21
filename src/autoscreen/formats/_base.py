"""What every reader and writer of an exchange format agrees on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

from autoscreen.records import Record

if TYPE_CHECKING:
    from autoscreen.formats._source import Source

__all__ = ["Chunk", "Parse", "Problem", "Reader", "Writer", "each_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    Something in a file that a reader could not take as it stands.

    Parameters
    ----------
    path
        The file, as the user named it.
    line
        Line number from 1 on which the trouble begins; None where a format has no lines.
    record
        Number from 1 of the record start in the file; None if it is about the whole file.
    message
        What was wrong and what was done about it, in plain words.
    lost
        True if the record did not come in; False if it came in, mended or without the bad field.
    """

    path: str
    line: int | None
    record: int | None
    message: str
    lost: bool

    def __str__(self) -> str:
        where = self.path
        if self.line is not None:
            where += f", line {self.line}"
        if self.record is not None:
            where += f" (record {self.record})"
        return f"{where}: {self.message}"


class Reader(Protocol):
    """Reads one format; yields for every record start one record or one problem with `lost`."""

    name: str

    def sniff(self, head: str) -> bool:
        """Tell from the first characters of a file whether it is in this format."""
        ...

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and a problem where something had to be mended or was lost."""
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
        mended: list[str] = []
        try:
            record = parse(chunk.text, mended.append)
        except (ValueError, LookupError) as error:
            yield source.problem(f"could not be read: {error}", line=chunk.line, lost=True)
            continue
        if not (record.title or record.abstract):
            mended.append("has neither title nor abstract")
        for message in mended:
            yield source.problem(message, line=chunk.line)
        yield record
