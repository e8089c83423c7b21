"""Limits of what is read: lines, records, unpacking and empty cells, in bounded time and memory."""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import sys
import time
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from autoscreen.errors import FormatError, LimitError
from autoscreen.formats import Problem, open_source, read
from autoscreen.formats._source import LONGEST
from autoscreen.records import Record

GOOD = {
    "ris": b"TY  - JOUR\nTI  - A good record\nER  - \n\n",
    "nbib": b"PMID- 31234567\nTI  - A good record\n\n",
    "bibtex": b"@article{a,\n title = {A good record},\n}\n",
    "refer": b"%0 Journal Article\n%T A good record\n\n",
    "wos": b"PT J\nTI A good record\nER\n\n",
    "csv": b"title,abstract\nA good record,\n",
    "pmids": b"31234567\n",
    "cochrane": b"Record #1 of 2\nID: CN-1\nTI: A good record\n\n",
    "ovid": b"<1>\nTitle\n  A good record\n\n",
}
NEXT = {
    "ris": b"TY  - JOUR\nTI  - ",
    "nbib": b"PMID- 31234568\nTI  - ",
    "bibtex": b"@article{b,\n title = {",
    "refer": b"%0 Journal Article\n%T ",
    "wos": b"PT J\nTI ",
    "csv": b"",
    "pmids": b"",
    "cochrane": b"Record #2 of 2\nID: CN-2\nTI: ",
    "ovid": b"<2>\nTitle\n  ",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_line_without_end(name: str):
    """The records before a line that is too long are read; one problem names it and the limit."""
    data = GOOD[name] + NEXT[name] + b"x" * (LONGEST + 2)
    records = [one for one in read(io.BytesIO(data), format=name) if isinstance(one, Record)]
    lost = [
        one for one in read(io.BytesIO(data), format=name) if isinstance(one, Problem) and one.lost
    ]
    assert len(records) == 1
    (problem,) = lost
    assert problem.line is not None
    assert problem.record == 2
    assert "longer than 16 MB" in problem.message
    assert "export the records again" in problem.message


@pytest.mark.parametrize("name", ["ris", "nbib", "bibtex", "refer", "wos"])
def test_a_record_without_end(name: str):
    """A record of very many lines ends the reading, as one line does."""
    data = GOOD[name] + NEXT[name] + b"words of an abstract without end\n" * (LONGEST // 30)
    results = list(read(io.BytesIO(data), format=name))
    assert sum(isinstance(one, Record) for one in results) == 1
    (problem,) = [one for one in results if isinstance(one, Problem) and one.lost]
    assert "record" in problem.message


def test_a_file_of_one_line():
    """A file without any record is refused in one line with its name, line, limit and remedy."""
    data = io.BytesIO(b"TY  - " + b"x" * (LONGEST + 2))
    with pytest.raises(LimitError, match=r"line 1: the line is longer than 16 MB.*export the rec"):
        list(read(data))


def test_a_quote_that_is_never_closed():
    """It ends at the next whole row; the rows after it are read and are not held in memory."""
    rows = b"".join(b"Title %d,%s\n" % (n, b"word " * 100) for n in range(8_000))
    data = b'title,abstract\nBroken,"never closed\n' + rows
    results = list(read(io.BytesIO(data)))
    assert sum(isinstance(one, Record) for one in results) == 8_001
    assert [one.line for one in results if isinstance(one, Problem)] == [2]


def test_a_compressed_file_that_unpacks_to_too_much():
    """It is refused after 64 MB or 200 times its size, whichever is more."""
    source = open_source(io.BytesIO(gzip.compress(b"\n" * (80 << 20))))
    with pytest.raises(LimitError, match="more than 200 times its size"), source.binary() as data:
        while data.read(1 << 20):
            pass


def sheet(rows: str) -> io.BytesIO:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["title", "abstract"])
    whole = io.BytesIO()
    book.save(whole)
    made = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                text = text.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
                text = re.sub(rb"<dimension[^>]*>", b"", text)
            new.writestr(part, text)
    made.seek(0)
    return made


CELL = '<c r="{at}" t="inlineStr"><is><t>A title</t></is></c>'


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="1000000000000000000">{CELL.format(at="A2")}</row>',
        f'<row r="3">{CELL.format(at="XFE3")}</row>',
        "".join(f'<row r="{n}">{CELL.format(at=f"XFD{n}")}</row>' for n in range(3, 1003)),
    ],
    ids=["row", "column", "empty cells"],
)
def test_absurd_references_in_a_workbook(rows: str):
    """Rows and columns that Excel does not have end the reading soon; records before them count."""
    before = f'<row r="2">{CELL.format(at="A2")}</row>'
    begun = time.monotonic()
    results = list(read(sheet(before + rows)))
    assert time.monotonic() - begun < 15
    assert isinstance(results[0], Record)
    assert any("1,048,576 rows, 16,384 columns" in str(one) for one in results[1:])


def test_a_row_far_below():
    """A stray row at the end of a sheet is one more record; empty rows cost little."""
    rows = f'<row r="1048576">{CELL.format(at="A1048576")}</row>'
    (record,) = read(sheet(rows))
    assert isinstance(record, Record)


def test_a_cell_without_end():
    """A cell that fills the memory is refused before it is read."""
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * (20 << 20)}</t></is></c></row>'
    with pytest.raises(LimitError, match="a cell of more than 16 MB"):
        list(read(sheet(row)))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a process's memory")
@pytest.mark.parametrize("name", ["ris", "nbib", "csv", "bibtex", "pubmed-xml"])
def test_memory(name: str, tmp_path: Path):
    """A line of 300 MB needs less than 600 MB of address space, imports included."""
    path = tmp_path / "line"
    begins = {"csv": b"title,abstract\n", "pubmed-xml": b"<PubmedArticle>"}.get(
        name, NEXT.get(name)
    )
    assert begins is not None
    with path.open("wb") as stream:
        stream.write(begins)
        for _ in range(300):
            stream.write(b"x" * (1 << 20))
    code = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))\n"
        "from autoscreen.errors import FormatError, LimitError\n"
        "from autoscreen.formats import read\n"
        "try:\n"
        "    print(len([str(one) for one in read(sys.argv[1], format=sys.argv[2])]))\n"
        "except LimitError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), name], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


@pytest.mark.parametrize(
    "name", [*GOOD, "xlsx", "pubmed-xml", "endnote-xml", "jats", "openalex", "model"]
)
def test_mutated_files(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Some cases of the fuzzer for each format: only autoscreen's errors, and no record lost."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    fuzz = import_module("fuzz")
    sample = {**fuzz.samples(), "model": b""}[name]
    for number in range(8):
        assert fuzz.run(name, sample, number, 2, tmp_path)[0]


def test_a_long_text_without_line_ends_is_no_header():
    """It is refused at once: words of decisions are not looked for in it."""
    text = "; ".join(f"J. {year} full text {year} review of the title" for year in range(20_000))
    started = time.process_time()
    with pytest.raises(FormatError):
        list(read(io.BytesIO(text.encode())))
    assert time.process_time() - started < 5
