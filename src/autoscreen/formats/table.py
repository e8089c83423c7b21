"""Tables as text (CSV, TSV, with semicolons): a record a row, or, from Embase, a field a row."""

from __future__ import annotations

import csv
import re
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from itertools import islice
from typing import IO, NamedTuple

from autoscreen.errors import FormatError
from autoscreen.formats._column_names import normal
from autoscreen.formats._columns import Columns
from autoscreen.formats._decision_words import is_decision_word
from autoscreen.formats._final_checks import checked
from autoscreen.formats._problem import Problem
from autoscreen.formats._refusals import unsupported
from autoscreen.formats._sheet import HEADER, row_of, unguarded
from autoscreen.formats._source import Source
from autoscreen.records import Record

_DELIMITERS = ",\t;|"
_NO_DELIMITER = "\x1f"  # for tables of one column, whose titles may hold any of the others
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?\s*$", re.IGNORECASE)
_ONE_COLUMN = re.compile(r"\"?\s*(?:title|doi|pmid)\s*\"?$", re.IGNORECASE)
_LONGEST_ROW = 2 << 20  # characters of a row of several lines; a mark left open ends there
_HEADER_WITHIN = 12  # lines; some exports put a title or the search before it
_BACKSLASHED = re.compile(r"[^\\,;\t]\\\"[^,;\t\n]")
_DOUBLED = re.compile(r"[^,;\t\n]\"\"[^,;\t\n]")
_MOST_VALUES = 20  # of a column of decisions that are named one by one
_LINES = 5
_ROWS = 4
_EMBASE_FIRST = "title"
_EMBASE = frozenset(
    """abstract|article language|author names|date of publication|doi|embase accession id
    full record entry date|issn|issue|medline pmid|original title|publication type
    publication year|source|source title|volume""".replace("\n    ", "|").split("|")
)


class Dialect(NamedTuple):
    """How the cells of a table are separated."""

    delimiter: str
    quoting: bool
    backslash: bool


class TableReader:
    """Reads tables with the column names of databases and screening tools."""

    name = "csv"

    def sniff(self, head: str) -> bool:
        """Return whether one of the first lines names columns that are known."""
        lines = head.split("\n")
        return _header(lines) is not None or _is_by_field(lines)

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was repaired."""
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        head = source.head()
        if _is_by_field(head.split("\n")):
            yield from _read_by_field(source)
            return
        found = _header(head.split("\n"))
        if found is None:
            raise unsupported(source, head, (self.name,))
        skipped, dialect = found
        lines = _Lines(source)
        for _ in range(skipped):
            next(lines)
        lines.taken.clear()
        if skipped and not _SEPARATOR_LINE.match(head.split("\n", 1)[0]):
            source.warn("lines before the header were ignored", line=1)
        yield from _read_by_row(source, lines, dialect)


class TableWriter:
    """Writes CSV for spreadsheets: UTF-8 with a mark, no cell that would run as a formula."""

    name = "csv"
    suffix = ".csv"

    def write(self, records: Iterable[Record], stream: IO[bytes]) -> int:
        """Write all records and return how many."""
        stream.write(b"\xef\xbb\xbf" + _line(HEADER))
        count = 0
        for record in records:
            stream.write(_line(row_of(record)))
            count += 1
        return count


READER = TableReader()
WRITER = TableWriter()


class _Lines:
    """The lines of a file, of which some can be pushed back and read again."""

    def __init__(self, source: Source) -> None:
        self._lines = (line for _, text in source.blocks() for line in text.split("\n"))
        self._back: deque[str] = deque()
        self.number = 0
        self.taken: list[str] = []
        self._size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines)
        self.number += 1
        self._size = self._size + len(line) if self.taken else 0
        self.taken.append(line)
        if self._size > _LONGEST_ROW:
            raise csv.Error("a row without end")
        return f"{line}\n"

    def push_back(self, lines: Sequence[str]) -> None:
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


def rows_read(
    source: Source, columns: Columns, rows: Iterable[tuple[int, list[str], str]], raw_format: str
) -> Iterator[Record | Problem]:
    """Make records of the rows of a table."""
    if source.label_column and not columns.take_labels_from(source.label_column):
        raise FormatError(
            f"there is no column {source.label_column!r}",
            path=source.path,
            hint=f"the columns are: {', '.join(columns.names)}",
        )
    source.columns = columns.summary
    unread = _NotUnderstood()
    unnamed = _UnnamedDecisions(columns)
    for line, given, raw in rows:
        if not any(map(str.strip, given)):
            continue
        cells = columns.aligned(given)
        source.starts += 1
        problems: list[str] = []
        record = checked(columns.record(cells, raw, raw_format), problems.append)
        if len(cells) != columns.width and (wrong := _wrong_width(cells, columns.width)):
            yield source.problem(wrong, line=line)
        problems += columns.no_identifiers(record, cells)
        if not (record.title or record.abstract):
            problems.append("has neither title nor abstract")
        for message in problems:
            yield source.problem(message, line=line)
        unread.add(line, columns.unread)
        unnamed.add(cells)
        yield record
    source.columns = replace(columns.summary, unused=(*columns.summary.unused, *unnamed.names()))
    source.problems += unread.problems(source.path)


class _UnnamedDecisions:
    """Columns that nothing is read from, although what is in them are words of decisions."""

    def __init__(self, columns: Columns) -> None:
        summary = columns.summary
        known = {*(name for name, _ in summary.read), *summary.unused}
        self._names = {at: name for at, name in enumerate(columns.names) if name not in known}
        self._words = dict.fromkeys(self._names, 0)
        self._others = dict.fromkeys(self._names, 0)

    def add(self, cells: Sequence[str]) -> None:
        for at in self._names:
            text = cells[at].strip() if at < len(cells) else ""
            if text in ("", "0", "1") or self._others[at] > self._words[at]:
                continue  # 0 and 1 may be anything, -1 is hardly anything else
            decides = text == "-1" or is_decision_word(text)
            (self._words if decides else self._others)[at] += 1

    def names(self) -> list[str]:
        return [name for at, name in self._names.items() if self._words[at] > 1 + self._others[at]]


class _NotUnderstood:
    """The values of columns of decisions that are no decision, with the lines they are on."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], list[int]] = {}

    def add(self, line: int, cells: list[tuple[str, str]]) -> None:
        for cell in cells:
            self._lines.setdefault(cell, []).append(line)
        cells.clear()

    def problems(self, path: str) -> list[Problem]:
        """Sum up equal values, and the rest of a column that seems to hold something else."""
        named = dict(islice(self._lines.items(), _MOST_VALUES))
        found = [
            f"column {name!r}: {value[:80]!r} is not understood as a decision"
            for name, value in named
        ]
        lines = list(named.values())
        if rest := [
            line for cell, some in self._lines.items() if cell not in named for line in some
        ]:
            found.append(
                f"{len(self._lines) - len(named)} more values are not understood as decisions"
            )
            lines.append(sorted(rest))
        return [
            Problem(
                path=path, line=some[0], record=None, message=message + _where(some), lost=False
            )
            for message, some in zip(found, lines, strict=True)
        ]


def _where(lines: list[int]) -> str:
    if len(lines) == 1:
        return "; the record has no decision from it"
    first = ", ".join(map(str, lines[:_LINES]))
    more = ", ..." if len(lines) > _LINES else ""
    return f"; {len(lines)} records have no decision from it (lines {first}{more})"


def _wrong_width(cells: Sequence[str], width: int) -> str:
    """Return what is wrong with a row of another length; nothing if only empty cells are."""
    if len(cells) < width:
        return f"the row has {len(cells)} cells, but there are {width} columns"
    if any(map(str.strip, cells[width:])):
        return f"the row has {len(cells)} cells, but there are {width} columns: a stray separator?"
    return ""


def _read_by_row(source: Source, lines: _Lines, dialect: Dialect) -> Iterator[Record | Problem]:
    header = next(_parser(lines, dialect))
    title = "\n".join(lines.taken)
    rows = _rows(source, lines, dialect, header)
    named = ((number, cells, f"{title}\n{raw}") for number, cells, raw in rows if cells != header)
    yield from rows_read(source, Columns(header, unguard=unguarded), named, "csv")


def _rows(
    source: Source, lines: _Lines, dialect: Dialect, header: Sequence[str]
) -> Iterator[tuple[int, list[str], str]]:
    """Yield number, cells and text of each row."""
    parser = _parser(lines, dialect, strict=True)
    while True:
        start = lines.number + 1
        lines.taken.clear()
        try:
            cells = next(parser)
        except StopIteration:
            return
        except csv.Error:
            taken = lines.taken.copy()
            cells, used = _mended(taken, dialect, len(header))
            lines.push_back(taken[used:])
            del lines.taken[used:]
            parser = _parser(lines, dialect, strict=True)
            source.warn(
                "unbalanced quotes were repaired in this row, and maybe in others",
                line=start,
            )
        if cells == header:
            source.warn("the header is repeated; the repetition was ignored", line=start)
        yield start, cells, "\n".join(lines.taken)


def _mended(taken: Sequence[str], dialect: Dialect, width: int) -> tuple[list[str], int]:
    """
    Return the cells of a row whose quotation marks do not match, and how many lines it takes.

    A mark that is never closed would swallow the rows after it, so the row ends before the first
    line that is a whole row by itself.
    """
    if taken[0].count('"') % 2 == 0:
        whole_line = next(_parser([taken[0]], dialect), [])
        if len(whole_line) == width:
            return whole_line, 1
    closed = next(_parser([f'{taken[0]}"'], dialect), [])
    if len(closed) == width:
        return closed, 1
    for used, line in enumerate(taken[1:], 1):
        try:
            whole = len(next(_parser([line], dialect, strict=True), [])) == width
        except csv.Error:
            whole = False
        if whole:
            return _as_they_come(taken[:used], dialect), used
    return _as_they_come(taken, dialect), len(taken)


def _as_they_come(lines: Sequence[str], dialect: Dialect) -> list[str]:
    return next(_parser([f"{line}\n" for line in lines], dialect), [])


def _parser(lines: Iterable[str], dialect: Dialect, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        strict=strict,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if dialect.quoting else csv.QUOTE_NONE,
        doublequote=not dialect.backslash,
        escapechar="\\" if dialect.backslash else None,
        skipinitialspace=dialect.delimiter != "\t",
    )


def _header(lines: Sequence[str]) -> tuple[int, Dialect] | None:
    """Find the header: return how many lines precede it, and the dialect."""
    separator = _SEPARATOR_LINE.match(lines[0]) if lines else None
    delimiters = separator[1] if separator else _DELIMITERS
    backslash = _is_backslashed("\n".join(lines))
    for skipped, line in enumerate(lines[:_HEADER_WITHIN]):
        if line.startswith(("<", "{", "[")):
            return None
        if skipped == bool(separator) and _ONE_COLUMN.match(line):
            return skipped, Dialect(_NO_DELIMITER, quoting=True, backslash=backslash)
        found = [_tried(lines[skipped:], Dialect(d, True, backslash)) for d in delimiters]
        count, dialect = max(found, key=lambda pair: pair[0])
        if count > 1 or (count and skipped == bool(separator) and _is_even(lines, dialect)):
            return skipped, dialect
    return None


def _tried(lines: Sequence[str], dialect: Dialect) -> tuple[int, Dialect]:
    """Return how many columns have known names in this dialect."""
    first = (f"{line}\n" for line in lines[:_HEADER_WITHIN])
    columns = Columns(next(_parser(first, dialect), []))
    return columns.count if columns.known else 0, dialect._replace(quoting=columns.quoted)


def _is_even(lines: Sequence[str], dialect: Dialect) -> bool:
    """Return whether the first rows all have as many cells, at least two."""
    first = [f"{line}\n" for line in lines if line.strip() and not _SEPARATOR_LINE.match(line)]
    widths = {len(cells) for cells in _parser(first[:_ROWS], dialect)}
    return len(first) > 1 and len(widths) == 1 and widths != {1}


def _is_backslashed(text: str) -> bool:
    """Return whether quotation marks within cells have a backslash and are not doubled."""
    return '\\"' in text and bool(_BACKSLASHED.search(text)) and not _DOUBLED.search(text)


def _is_by_field(lines: Sequence[str]) -> bool:
    """Return whether this is Embase's export with a row for each field."""
    labels = [normal(line.split(",", 1)[0]) for line in lines[:60]]
    first = next((label for label in labels if label), "")
    return first == _EMBASE_FIRST and len(_EMBASE.intersection(labels)) > 2


def _read_by_field(source: Source) -> Iterator[Record | Problem]:
    lines = _Lines(source)
    record: dict[str, list[str]] = {}
    raw: list[str] = []
    start = 1
    while True:
        number = lines.number + 1
        lines.taken.clear()
        cells = next(_parser(lines, Dialect(",", quoting=True, backslash=False)), None)
        label = cells[0].strip() if cells else ""
        if cells is None or (record and normal(label) == _EMBASE_FIRST):
            yield from _record_of_fields(source, start, record, "\n".join(raw))
            record, raw = {}, []
        if cells is None:
            return
        if label:
            start = start if record else number
            record.setdefault(label, []).extend(cell for cell in cells[1:] if cell.strip())
            raw += lines.taken


def _record_of_fields(
    source: Source, start: int, record: dict[str, list[str]], raw: str
) -> Iterator[Record | Problem]:
    cells = ["; ".join(values) for values in record.values()]
    yield from rows_read(source, Columns(list(record)), [(start, cells, raw)], "csv")


def _line(cells: Sequence[str]) -> bytes:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
