"""What is written in a format reads back the same, whatever the records hold."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.errors import FormatError
from autoscreen.formats import Problem, Writer, bibtex, read, ris, table, xlsx
from autoscreen.records import Record
from property._strategies import records

WRITERS = pytest.mark.parametrize(
    "writer", [ris.WRITER, bibtex.WRITER, table.WRITER], ids=lambda writer: writer.name
)
pools = st.lists(records, min_size=1, max_size=3)


def written(writer: Writer, pool: list[Record]) -> bytes:
    stream = io.BytesIO()
    assert writer.write(pool, stream) == len(pool)
    return stream.getvalue()


def came_in(data: bytes, name: str) -> list[Record]:
    results = read(io.BytesIO(data), format=name)
    return [result for result in results if isinstance(result, Record)]


@WRITERS
@given(pool=pools)
def test_what_is_written_is_read_back(writer: Writer, pool: list[Record]):
    """Any records come back equal in every field."""
    assert came_in(written(writer, pool), writer.name) == pool


@given(pool=pools)
def test_a_workbook_is_read_back(pool: list[Record]):
    """Any records come back equal from Excel's format too."""
    pytest.importorskip("openpyxl")
    assert came_in(written(xlsx.WRITER, pool), "xlsx") == pool


@WRITERS
@given(pool=pools, end=st.sampled_from([b"\n", b"\r\n", b"\r"]), mark=st.booleans())
def test_line_ends_and_marks_cost_nothing(
    writer: Writer, pool: list[Record], end: bytes, mark: bool
):
    """Line ends of any system and a byte order mark change no record."""
    data = written(writer, pool).removeprefix(b"\xef\xbb\xbf")
    data = b"\xef\xbb\xbf" * mark + data.replace(b"\r\n", b"\n").replace(b"\n", end)
    assert came_in(data, writer.name) == pool


@given(pool=pools)
def test_ris_without_its_last_lines(pool: list[Record]):
    """Without ER lines and blank lines, every record still comes back equal."""
    data = written(ris.WRITER, pool).replace(b"ER  - \r\n\r\n", b"")
    assert came_in(data, "ris") == pool


@given(pool=pools)
def test_no_cell_is_a_formula(pool: list[Record]):
    """No cell of a written table begins as spreadsheets' formulas do."""
    text = written(table.WRITER, pool).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not [cell for cell in row if re.match(r"[=+\-@\t\r]", cell)]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("ris", b"TY  - JOUR\n"),
        ("wos", b"PT J\n"),
        ("ovid", b"<1. >\n"),
        ("cochrane", b"Record #1 of 1\n"),
        ("refer", b"%0 Book\n"),
        ("bibtex", b"@book{k,\n"),
        ("csv", b"title,abstract\n"),
        ("csv", b'title,abstract\n"One","'),
    ],
)
@given(data=st.binary(max_size=200) | st.text('@{}",=\n%TERPY- <>1.aK#', max_size=200))
def test_any_bytes_are_accounted_for(name: str, start: bytes, data: bytes | str):
    """Whatever follows, there are records and problems, or the file is refused as no text."""
    tail = data if isinstance(data, bytes) else data.encode()
    try:
        for result in read(io.BytesIO(start + tail), format=name):
            assert isinstance(result, Record | Problem)
    except FormatError as error:
        assert "unknown encoding" in str(error) or "no text file" in str(error)


@pytest.mark.parametrize(
    ("format", "head", "mark", "tail"),
    [
        ("nbib", "PMID- 99000001\nTI  - Heat\nAB  - ", "  - ", "\nLA  - eng\n"),
        ("ris", "TY  - JOUR\nTI  - Heat\nAB  - ", "  - ", "\nLA  - eng\nER  - \n"),
        ("wos", "PT J\nTI Heat\nAB ", " ", "\nLA eng\nER\n\n"),
        ("ovid", "<1. >\nVN  - Ovid\nTI  - Heat\nAB  - ", "  - ", "\nLG  - eng\n"),
    ],
)
@given(data=st.data())
def test_a_wrapped_abstract_is_whole(
    format: str, head: str, mark: str, tail: str, data: st.DataObject
):
    """Wherever the lines of an abstract break, words in capitals that begin one are text."""
    words = data.draw(st.lists(st.sampled_from(["heat", "and", "cold,", "of"]), min_size=2))
    tags = st.sampled_from(["XX", "QZ", "ED", "CI", "OR"])
    lines = data.draw(st.lists(st.tuples(tags, st.sampled_from(["care", "pain with"])), max_size=3))
    text = "\n".join([" ".join(words), *(f"{tag}{mark}{rest}" for tag, rest in lines)])
    (record,) = came_in(f"{head}{text}{tail}".encode(), format)
    assert (record.abstract, record.languages) == (" ".join(text.split()), ("eng",))
