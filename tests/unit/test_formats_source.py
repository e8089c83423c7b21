from __future__ import annotations

import gzip
import io
import os
import sys
import threading
from pathlib import Path
from typing import IO

import pytest

from autoscreen.errors import InputError
from autoscreen.formats import open_source, read
from autoscreen.formats._source import Source
from autoscreen.records import Record


def lines(data: bytes) -> list[str]:
    return [line.text for line in open_source(io.BytesIO(data)).lines()]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b"\r\r\n"])
def test_every_line_end_is_one(end: bytes):
    """Unix, Windows, old Mac and doubled line ends give the same lines."""
    assert lines(end.join([b"one", b"two", b"", b"three"])) == ["one", "two", "", "three"]


def test_line_ends_may_be_mixed():
    """A file pasted together from several systems is read line by line."""
    source = open_source(io.BytesIO(b"a\r\nb\rc\nd"))
    assert [tuple(line) for line in source.lines()] == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]


def test_other_characters_end_no_line():
    """Only line feed and carriage return end a line; a form feed is a space."""
    assert lines("a\x0bb\u2028c\x85d\x0ce".encode()) == ["a\x0bb\u2028c\x85d e"]
    assert lines(b"a\n\fb\nc\0d") == ["a", "b", "cd"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_are_recognised(encoding: str):
    """A byte order mark, or UTF-16 without one, does not show in the text."""
    text = "PMID- 1\r\nTI  - Schmerz: 50 µV für Ömer\r\n"
    assert lines(text.encode(encoding)) == text.splitlines()


def test_lines_in_windows_encoding_are_read_and_counted():
    """Bytes that are no UTF-8 spoil neither their line nor the others, and are reported once."""
    source = open_source(io.BytesIO(b"caf\xc3\xa9\ncaf\xe9\n\x93quoted\x94\nplain"))
    assert [line.text for line in source.lines()] == ["café", "café", "“quoted”", "plain"]
    (problem,) = source.problems
    assert (problem.line, problem.lost) == (2, False)
    assert "2 lines, of which" in problem.message


def test_lines_longer_than_a_block_stay_whole():
    """Blocks that the file is read in leave no trace in the lines."""
    long = "word " * 500_000
    data = f"first\r\n{long}\r\nlast".encode()
    assert lines(data) == ["first", long, "last"]


def test_the_carriage_return_at_the_end_of_a_block_is_half_a_line_end():
    """A CR LF that falls between two blocks ends one line, not two."""
    data = b"x" * ((1 << 20) - 1) + b"\r\n" + b"y"
    assert [len(line) for line in lines(data)] == [(1 << 20) - 1, 1]


def test_gzip_is_undone_by_content(tmp_path: Path):
    """A compressed file is read whatever its name, members one after another."""
    path = tmp_path / "export.nbib"
    path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n") + b"\0" * 10)
    source = open_source(path)
    assert source.text() == "one\ntwo"
    assert source.problems == []


def test_a_cut_gzip_gives_what_there_is():
    """A download that broke off gives its beginning and says that it is cut."""
    whole = b"".join(b"line %d\n" % n for n in range(20_000))
    source = open_source(io.BytesIO(gzip.compress(whole)[:-5000]))
    text = source.text()
    assert whole.decode().startswith(text)
    assert len(text) > 50_000
    assert "cut off" in source.problems[0].message


def test_damage_within_gzip_is_reported():
    """Bytes that were changed in a compressed file end the reading with a problem."""
    data = bytearray(gzip.compress(b"one\n"))
    data[10] = 7  # a kind of block that does not exist
    source = open_source(io.BytesIO(bytes(data)))
    assert source.text() == ""
    assert "damaged" in source.problems[0].message


def test_bytes_after_gzip_are_reported():
    """What follows the compressed data is left out, and that is said."""
    source = open_source(io.BytesIO(gzip.compress(b"one\n") + b"junk"))
    assert source.text() == "one"
    assert "ignored" in source.problems[0].message


def test_the_head_does_not_end_in_half_a_character():
    """Text for recognising a format is cut between characters."""
    assert open_source(io.BytesIO("ä".encode() * 10)).head(5) == "ää"
    assert open_source(io.BytesIO("abc".encode("utf-16"))).head() == "abc"


def test_standard_input_is_read_more_than_once(monkeypatch: pytest.MonkeyPatch):
    """A pipe can be looked at and then read, as a file can."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"a\nb\n"))))
    source = open_source("-")
    assert source.path == "-"
    assert source.head() == "a\nb"
    assert source.text() == "a\nb"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_read_more_than_once(tmp_path: Path):
    """What another program pipes in by a name can be looked at and then read."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"a\nb\n",))
    writer.start()
    source = open_source(pipe)
    writer.join()
    assert (source.head(), source.text()) == ("a\nb", "a\nb")


def test_a_missing_file_is_an_input_error(tmp_path: Path):
    """The message names the file, and nothing else is raised."""
    with pytest.raises(InputError, match=r"absent\.ris.*No such file"):
        open_source(tmp_path / "absent.ris")


def test_a_folder_is_an_input_error(tmp_path: Path):
    """A folder is not mistaken for an empty file."""
    with pytest.raises(InputError, match="directory"):
        open_source(tmp_path)


def test_the_same_trouble_is_noted_once():
    """Reading a file twice does not report its faults twice."""
    source: Source = open_source(io.BytesIO(b"\xe9\n"))
    source.text()
    source.text()
    assert len(source.problems) == 1


def test_what_was_read_already_is_not_read_again() -> None:
    """The watch imports records that it has read to compare them."""

    def opener() -> IO[bytes]:
        raise AssertionError("the file was opened")

    record = Record(title="Heat for backs", raw="TI  - Heat for backs", raw_format="ris")
    assert list(read(Source("heat.ris", opener, read=(record,)), format="ris")) == [record]
