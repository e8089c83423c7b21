"""Excel workbooks (``.xlsx``): the first sheet with known columns, a record a row."""

from __future__ import annotations

import csv
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from io import StringIO
from itertools import islice
from shutil import copyfileobj
from typing import IO, TYPE_CHECKING, Any

from autoscreen.errors import AutoscreenError, FormatError, LimitError, MissingExtraError
from autoscreen.formats._columns import Columns
from autoscreen.formats._problem import Problem
from autoscreen.formats._refusals import archive_refusal
from autoscreen.formats._sheet import HEADER, row_of, unguarded
from autoscreen.formats._source import LONGEST, Source
from autoscreen.formats.table import rows_read
from autoscreen.records import Record

if TYPE_CHECKING:
    from types import ModuleType

_ZIP = "PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a".decode(errors="replace")
_LARGEST = 4 << 30  # bytes of a workbook when unpacked
_MOST_TIMES = 200  # and how many times its size that may be
_SMALL = 64 << 20  # what is never too large
_LARGEST_PART = 256 << 20  # of the parts that are read into memory as a whole
_ROWS, _COLUMNS = 1 << 20, 1 << 14  # of a sheet of Excel
_EMPTY_CELLS = 2_000_000
_HEADER_WITHIN = 12
_WIDE = 256
_MOST_CELLS = 1 << 20  # marks of cells in a row
_SHEETS = "xl/worksheets/"
_MERGED = re.compile(rb'<mergeCell ref="[A-Z]+(\d+):[A-Z]+(\d+)"')
_STREAMED = (_SHEETS, "xl/media/")
_SHEET = "records"
_LONG_SHEET = "long cells"
_CELL = 32_000  # characters; Excel takes 32,767
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32)], " ")


class XlsxReader:
    """Reads workbooks; formulas are not run, their stored values are read as text."""

    name = "xlsx"

    def sniff(self, head: str) -> bool:
        """Return whether the file is a ZIP archive, or a workbook of old (which is refused)."""
        return head.startswith((_ZIP, _OLD))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was repaired."""
        if source.head(512).startswith(_OLD):
            raise FormatError(
                "a workbook in Excel's old format (.xls)",
                path=source.path,
                hint="save it as .xlsx or CSV",
            )
        openpyxl = _openpyxl("reading .xlsx files")
        with tempfile.TemporaryFile() as copy:
            with source.binary() as stream:
                copyfileobj(stream, copy)
            _check_size(source, copy)
            with (
                _damage_named(source),
                closing(openpyxl.load_workbook(copy, read_only=True, data_only=True)) as book,
            ):
                yield from _read(source, book, _formulas(openpyxl, source, copy))


class XlsxWriter:
    """Writes a workbook with a frozen header; no cell is a formula or looks like one."""

    name = "xlsx"
    suffix = ".xlsx"

    def write(self, records: Iterable[Record], stream: IO[bytes]) -> int:
        """Write all records and return how many."""
        openpyxl = _openpyxl("writing .xlsx files")
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(_SHEET)
        sheet.freeze_panes = "A2"
        sheet.append(list(HEADER))
        long: list[list[str | int]] = []
        count = 0
        for count, record in enumerate(records, 1):
            cells = [cell.translate(_NOT_XML) for cell in row_of(record)]
            long += _long(cells, count)
            sheet.append([_text(openpyxl, sheet, cell[:_CELL]) for cell in cells])
        if long:
            rest = book.create_sheet(_LONG_SHEET)
            for row, column, part in long:
                rest.append([row, column, _text(openpyxl, rest, str(part))])
        book.save(stream)
        return count


READER = XlsxReader()
WRITER = XlsxWriter()


def _openpyxl(feature: str) -> ModuleType:
    try:
        import openpyxl  # noqa: PLC0415  (an extra)
        import openpyxl.cell  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError(feature, extra="excel") from error
    module: ModuleType = openpyxl
    return module


def _check_size(source: Source, copy: IO[bytes]) -> None:
    """Refuse an archive made to fill the memory, before anything is unpacked."""
    with _damage_named(source), zipfile.ZipFile(copy) as archive:
        parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise archive_refusal(source, names)
    unpacked, packed = (sum(getattr(p, a) for p in parts) for a in ("file_size", "compress_size"))
    in_memory = sum(p.file_size for p in parts if not p.filename.startswith(_STREAMED))
    if unpacked > min(_LARGEST, max(_SMALL, _MOST_TIMES * packed)) or in_memory > _LARGEST_PART:
        raise LimitError(
            f"the workbook unpacks to {unpacked:,} bytes, more than {_MOST_TIMES} times its size or"
            f" {_LARGEST >> 30} GB, or holds more than {_LARGEST_PART >> 20} MB outside its sheets",
            path=source.path,
            hint="save the sheet as CSV, and import that",
        )
    with zipfile.ZipFile(copy) as archive, _damage_named(source):
        for part in parts:
            if part.filename.startswith(_SHEETS):
                _check_cells(source, archive, part.filename)


def _check_cells(source: Source, archive: zipfile.ZipFile, part: str) -> None:
    """Refuse a sheet with a cell or a row that no memory should have to hold."""
    text = cells = 0
    with archive.open(part) as stream:
        while data := stream.read(1 << 20):
            text = 0 if b"<" in data else text + len(data)
            for first, last in _MERGED.findall(data):
                if first not in (last, b"1"):
                    source.warn(
                        "cells are merged over several rows; only the first of the rows has their"
                        " value",
                        line=int(first),
                    )
            cells = data.count(b"<c") + (0 if b"<row" in data or b":row" in data else cells)
            if text > LONGEST or cells > _MOST_CELLS:
                raise LimitError(
                    f"{part} has a cell of more than {LONGEST >> 20} MB, or a row of more than"
                    f" {_COLUMNS:,} cells",
                    path=source.path,
                    hint="save the sheet as CSV, and import that",
                )


@contextmanager
def _damage_named(source: Source) -> Iterator[None]:
    """Name the file, whatever openpyxl, zipfile and zlib raise for a damaged one."""
    try:
        yield
    except AutoscreenError:
        raise
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise FormatError(
            f"the workbook is damaged ({reason})",
            path=source.path,
            hint="open it in Excel or LibreOffice, and save it again as .xlsx or CSV",
        ) from error


def _formulas(openpyxl: ModuleType, source: Source, copy: IO[bytes]) -> dict[tuple[str, int], Any]:
    """Return the text of formulas without a stored value."""
    with zipfile.ZipFile(copy) as archive:
        sheets = [part for part in archive.namelist() if part.startswith(_SHEETS)]
        if not any(_has_formula(archive, sheet) for sheet in sheets):
            return {}
    with closing(openpyxl.load_workbook(copy, read_only=True, data_only=False)) as book:
        return {
            (sheet.title, number): row
            for sheet in book.worksheets
            for number, row in _filled_rows(source, sheet)
            if any(isinstance(value, str) and value.startswith("=") for value in row)
        }


def _has_formula(archive: zipfile.ZipFile, part: str) -> bool:
    with archive.open(part) as stream:
        last = b""
        while data := stream.read(1 << 20):
            if b"<f>" in (block := last + data) or b"<f " in block:
                return True
            last = data[-3:]
    return False


def _read(
    source: Source, book: Any, formulas: dict[tuple[str, int], Any]
) -> Iterator[Record | Problem]:
    names = []
    for sheet in book.worksheets:
        rows = _rows(source, sheet, formulas)
        for number, cells in rows:
            columns = Columns(cells, unguard=unguarded)
            if columns.known:
                long = _long_cells(source, book) if sheet.title == _SHEET else {}
                yield from rows_read(source, columns, _complete(rows, cells, long), "xlsx")
                _name_other_sheets(source, book, sheet)
                return
            if number == 1:
                names.append(f"{sheet.title!r} begins {' '.join(cells)[:40]!r}")
            if number >= _HEADER_WITHIN:
                break
    raise FormatError(
        f"no sheet names its columns: {'; '.join(names) or 'all are empty'}",
        path=source.path,
        hint="name the columns in the first row: title, abstract, authors, year, doi, pmid",
    )


def _name_other_sheets(source: Source, book: Any, read: Any) -> None:
    for sheet in book.worksheets:
        first = islice(_filled_rows(source, sheet), _HEADER_WITHIN)
        headers = (Columns([_cell_text(value) for value in row]) for _, row in first)
        if sheet.title not in (read.title, _LONG_SHEET) and any(one.known for one in headers):
            source.warn(
                f"the sheet {sheet.title!r} has records too; only {read.title!r} was read:"
                " save each other sheet as a file of its own and import that"
            )


def _filled_rows(source: Source, sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows with a value, and their numbers; end where no sheet of Excel goes on."""
    if (sheet.max_column or 0) > _WIDE:
        sheet.reset_dimensions()  # what the sheet states, and need not be so
    empty = filled = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        none = row.count(None)
        empty += none if none < len(row) else 0
        filled += len(row) - none
        if number > _ROWS or len(row) > _COLUMNS or empty > _EMPTY_CELLS + 50 * filled:
            raise LimitError(
                f"the sheet {sheet.title!r} has here more than {_ROWS:,} rows, {_COLUMNS:,} columns"
                f" or {_EMPTY_CELLS:,} empty cells, which is more than Excel writes",
                path=source.path,
                line=number,
                hint="copy the table into a new workbook, or save it as CSV",
            )
        if none < len(row):
            yield number, row


def _rows(
    source: Source, sheet: Any, formulas: dict[tuple[str, int], Any]
) -> Iterator[tuple[int, list[str]]]:
    for number, row in _filled_rows(source, sheet):
        values = list(row)
        if texts := formulas.get((sheet.title, number)):
            lost = [n for n, text in enumerate(texts) if values[n] is None and text is not None]
            for n in lost:
                values[n] = texts[n]
                source.warn("a formula without a value was read as its text", line=number)
        yield number, [_cell_text(value) for value in values]


def _complete(
    rows: Iterator[tuple[int, list[str]]], header: list[str], long: dict[tuple[int, int], str]
) -> Iterator[tuple[int, list[str], str]]:
    title = _csv_line(header)
    for row, (number, given) in enumerate(rows, 1):
        cells = [long.get((row, column), cell) for column, cell in enumerate(given)]
        cells += [""] * (len(header) - len(cells))
        yield number, cells, f"{title}\n{_csv_line(cells)}"


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _csv_line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _text(openpyxl: ModuleType, sheet: Any, value: str) -> Any:
    """Make a cell that is text, whatever it looks like."""
    cell = openpyxl.cell.WriteOnlyCell(sheet, value=value or None)
    if value:
        cell.data_type = "s"
    return cell


def _long(cells: Sequence[str], row: int) -> list[list[str | int]]:
    """Part what a cell of Excel cannot hold; a sheet of its own takes it."""
    return [
        [row, column, cell[start : start + _CELL]]
        for column, cell in enumerate(cells)
        if len(cell) > _CELL
        for start in range(0, len(cell), _CELL)
    ]


def _long_cells(source: Source, book: Any) -> dict[tuple[int, int], str]:
    if _LONG_SHEET not in book.sheetnames:
        return {}
    cells: dict[tuple[int, int], str] = {}
    for _, (row, column, part, *_) in _filled_rows(source, book[_LONG_SHEET]):
        cells[row, column] = cells.get((row, column), "") + str(part)
    return cells
