"""Excel workbooks: read, written, hostile, damaged."""

from __future__ import annotations

import builtins
import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from autoscreen.errors import FormatError, MissingExtraError
from autoscreen.formats import Problem, detect, open_source, read, write, xlsx
from autoscreen.records import Label, Record, Verdict

openpyxl = pytest.importorskip("openpyxl")


def workbook(*sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def all_of(data: bytes) -> list[Record | Problem]:
    assert detect(open_source(io.BytesIO(data))) == "xlsx"
    return list(read(io.BytesIO(data)))


def test_a_workbook():
    """The first sheet with known columns is read; numbers and dates become text."""
    results = all_of(
        workbook(
            [["About this file"], ["exported by hand"]],
            [
                ["Search of 2020"],
                ["Record ID", "Title", "Abstract", "Year", "PMID", "Create Date", "Included"],
                [1, "<i>One</i> & two", "Text", 2001, 31234567, datetime(2020, 2, 3), 1],
                [],
                [2, "Two", None, 2002.0, None, None, 0],
            ],
        )
    )
    first, second = results
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.title, first.year, first.pmid) == ("One & two", 2001, "31234567")
    assert (first.source_key, first.entered) == ("1", "2020-02-03")
    assert first.verdicts == (Verdict(label=Label.INCLUDE),)
    assert (second.title, second.year, second.abstract) == ("Two", 2002, "")
    assert first.raw.split("\n")[0].startswith("Record ID,Title")


def test_formulas_are_not_run():
    """A formula that the file gives no value for is read as its text, and it is said."""
    results = all_of(workbook([["title", "abstract"], ['=HYPERLINK("x","y")', "Text"]]))
    (record,) = (result for result in results if isinstance(result, Record))
    assert record.title == '=HYPERLINK("x","y")'
    (problem,) = (result for result in results if isinstance(result, Problem))
    assert str(problem) == "-, line 2: a formula without a value was read as its text"


def test_what_is_written_is_text(tmp_path: Path):
    """No cell of a written workbook is a formula, and all reads back equal."""
    records = [
        Record(title="=1+1", abstract="+2", source_key="-3", note="@x"),
        Record(title="One", abstract="Text " * 20_000, authors=("Sample, Ada",), year=2001),
        Record(),
    ]
    records[1] = Record(title="One", abstract=records[1].abstract.strip(), year=2001)
    path = tmp_path / "out.xlsx"
    assert write(records, path) == 3
    assert [result for result in read(path) if isinstance(result, Record)] == records
    sheet = openpyxl.load_workbook(path)["records"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(len(cell.value or "") < 32_767 for cell in cells)
    assert sheet.freeze_panes == "A2"


def test_no_known_columns():
    """A workbook without known columns is refused; the message shows how its sheets begin."""
    with pytest.raises(FormatError, match="no sheet names its columns: 'Sheet' begins 'a b'"):
        all_of(workbook([["a", "b"], [1, 2]]))


def test_a_damaged_workbook():
    """A file that was cut off is refused with a reason."""
    data = workbook([["title"], ["One"]])
    with pytest.raises(FormatError, match="damaged"):
        all_of(data[: len(data) // 2])


def test_a_workbook_that_asks_for_a_newer_zip():
    """A changed byte in the directory can name a version of ZIP that nothing reads."""
    data = workbook([["title"], ["One"]])
    at = data.index(b"PK\x01\x02") + 6
    with pytest.raises(FormatError, match="NotImplementedError"):
        all_of(data[:at] + b"\x56" + data[at + 1 :])


def test_a_workbook_whose_parts_are_broken():
    """An intact archive with broken parts is refused too."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    with pytest.raises(FormatError, match="damaged"):
        all_of(stream.getvalue())


def test_cells_of_every_kind():
    """Times, fractions and truth values are read as text."""
    header = ["title", "abstract", "volume", "issue", "journal"]
    row = ["One", datetime(2020, 2, 3, 4, 5), 1.5, True, 7]
    (record,) = all_of(workbook([header, row]))
    assert isinstance(record, Record)
    assert record.abstract == "2020-02-03T04:05:00"
    assert (record.volume, record.issue, record.journal) == ("1.5", "True", "7")


def test_names_far_below_the_top():
    """A sheet whose names of columns do not come within its first rows is none with records."""
    with pytest.raises(FormatError, match="no sheet names its columns"):
        all_of(workbook([["about"]] * 20 + [["title", "abstract"], ["One", "Text"]]))


def test_another_archive():
    """An archive that holds no workbook is refused."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("export.ris", "TY  - JOUR")
    with pytest.raises(FormatError, match="this is a zip archive; unpack it"):
        all_of(stream.getvalue())


def test_an_old_workbook():
    """Excel's format before 2007 is refused with what to do."""
    with pytest.raises(FormatError, match=r"old format \(.xls\); save it as .xlsx or CSV"):
        all_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_a_bomb():
    """An archive that unpacks to an absurd size is refused before it is unpacked."""
    stream = io.BytesIO(workbook([["title"], ["One"]]))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b"0" * (65 << 20))
    with pytest.raises(FormatError, match="more than 200 times its size"):
        all_of(stream.getvalue())


@pytest.fixture
def without_openpyxl(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra had not been installed."""
    given: Callable[..., Any] = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "openpyxl":
            raise ImportError(name)
        return given(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)


@pytest.mark.usefixtures("without_openpyxl")
def test_the_extra_is_named():
    """Without openpyxl, the message tells how to get it."""
    with pytest.raises(MissingExtraError, match=r"reading .xlsx files needs the extra \[excel\]"):
        list(xlsx.READER.read(open_source(io.BytesIO(b"PK\x03\x04"))))
    with pytest.raises(MissingExtraError, match=r"writing .xlsx files"):
        xlsx.WRITER.write([], io.BytesIO())


def test_sheets_and_merged_cells_that_are_not_read_are_named():
    """Records of a second sheet, also a hidden one, and the rows below a merged cell."""
    book = openpyxl.Workbook()
    for cells in (("title", "decision"), ("A", "include"), ("B", None)):
        book.active.append(cells)
    book.active.merge_cells("B2:B3")
    hidden = book.create_sheet("Excluded")
    hidden.append(("Title", "Abstract"))
    hidden.sheet_state = "hidden"
    book.create_sheet("Log").append(("day", "hits"))
    stream = io.BytesIO()
    book.save(stream)
    found = list(read(io.BytesIO(stream.getvalue())))
    assert [len(one.verdicts) for one in found if isinstance(one, Record)] == [1, 0]
    merged, sheet = (str(one) for one in found if isinstance(one, Problem))
    assert "line 2: cells are merged over several rows" in merged
    assert "the sheet 'Excluded' has records too; only 'Sheet' was read" in sheet
