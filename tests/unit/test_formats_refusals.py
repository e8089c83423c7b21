"""A file that cannot be read is named for what it is, with the way to a good one."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from pathlib import Path

import pytest

from autoscreen.errors import FormatError
from autoscreen.formats import open_source, read


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF"),
        (b"\0" * 100 + b"TY  - JOUR\n", "a damaged file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a picture"),
        (b"{\\rtf1\\ansi Some references}", r"a Word document \(RTF\)"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "WordDocument".encode("utf-16-le"), "a Word document"),
        (b"Rar!\x1a\x07\0", "an archive"),
        (b"<!DOCTYPE html>\n<html><head><title>Results</title>", "a web page"),
        (b'<?xml version="1.0"?>\n<html xmlns="x">', "a web page"),
        (b'[{"title": "A"}]', "JSON"),
        (b"{Reference Type}: Journal Article\n{Title}: A\n", "a list of NoteExpress or CNKI"),
        (b"<?xml version='1.0'?><modsCollection><mods/></modsCollection>", "MODS XML"),
        (b"<?xml version='1.0'?>\n<eFetchResult><ERROR>x</ERROR>", "an error message of PubMed"),
        (b"\x01\x02\x03\x04\x05\x06", "no text file"),
        (
            b"1: Doe J. One. J Inv. 2019;1(1):1-2. doi: 10.1234/a.\nPMID: 99000001.\n\n"
            b"2: Roe R. Two. J Inv. 2019;1(1):3-4. PMID: 99000002.\n",
            "PubMed's format Summary",
        ),
        (
            b"1: Doe J. One. J Inv. 2019;1(1):1-2. doi: 10.1234/a.\nPMID: 99000001.\n",
            "PubMed's format Summary",
        ),
    ],
)
@pytest.mark.parametrize("name", [None, "ris"])
def test_what_it_is(data: bytes, what: str, name: str | None):
    """The first bytes show it, also if a format was asked for; no byte of them is shown."""
    if name and "text file" in what:
        return
    with pytest.raises(FormatError, match=f"this is {what}.*; ") as caught:
        read(io.BytesIO(data), format=name)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("word/document.xml", "a Word document"),
        ("ppt/slides/slide1.xml", "a PowerPoint presentation"),
        ("content.xml", "an OpenDocument file"),
        ("mine.enl", "an EndNote library"),
        ("mine.ris", "a zip archive"),
    ],
)
def test_archives(part: str, what: str):
    """What a zip archive is, the names of its parts show."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(part, "x")
    stream.seek(0)
    with pytest.raises(FormatError, match=f"this is {what}"):
        list(read(stream))


def test_databases(tmp_path: Path):
    """EndNote's libraries are databases; another one is called that."""
    for name, what in (("mine.enl", "an EndNote library"), ("other.db", "a database file")):
        with sqlite3.connect(tmp_path / name) as database:
            database.execute("CREATE TABLE one (two)")
        database.close()
        with pytest.raises(FormatError, match=f"this is {what}"):
            read(open_source(tmp_path / name))


def test_a_table_without_a_title():
    """Its columns are listed."""
    with pytest.raises(FormatError, match="the columns a, b, c, and none of them is a title"):
        read(io.BytesIO(b"a,b,c\n1,2,x\n"))
