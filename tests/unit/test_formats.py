from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autoscreen import formats
from autoscreen.errors import FormatError, InputError, RecordLossError
from autoscreen.formats import Problem, Source, detect, open_source, read, write
from autoscreen.records import Record

NBIB = "PMID- 1\nOWN - NLM\nTI  - Title\nAB  - Abstract.\n"
SAMPLES = {
    "nbib": NBIB,
    "pubmed-xml": "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
    "<ArticleTitle>Title</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    "</PubmedArticleSet>",
    "endnote-xml": "<xml><records><record><ref-type>17</ref-type><titles><title>Title</title>"
    "</titles></record></records></xml>",
    "jats": '<article dtd-version="1.3"><front><article-meta><title-group><article-title>Title'
    "</article-title></title-group></article-meta></front></article>",
    "europe-pmc": '{"id": "1", "source": "MED", "title": "Title"}\n',
    "clinicaltrials": '{"protocolSection": {"identificationModule": {"nctId": "NCT00000001", '
    '"briefTitle": "Title"}}}\n',
    "openalex": '{"id": "https://openalex.org/W1", "title": "Title"}\n',
    "ris": "TY  - JOUR\nTI  - Title\nER  - \n",
    "wos": "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nTI Title\nUT WOS:1\nER\n\nEF\n",
    "refer": "%0 Journal Article\n%T Title\n%D 2001\n",
    "bibtex": "@article{key,\n  title = {Title}\n}\n",
    "csv": "title,abstract,year\nTitle,Abstract,2001\n",
    "pmids": "PMID\n1\n",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_formats_are_told_apart_by_content(name: str, tmp_path: Path):
    """A file is recognised whatever it is called, and its one record comes in."""
    path = tmp_path / "export.txt"
    path.write_text(SAMPLES[name])
    assert detect(open_source(path)) == name
    (record,) = read(path)
    assert isinstance(record, Record)
    assert record.title == ("" if name == "pmids" else "Title")
    assert record.raw_format == name


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_marks_and_line_ends_hide_no_format(name: str, mark: bytes, end: bytes):
    """A byte order mark and foreign line ends change nothing."""
    data = mark + SAMPLES[name].encode().replace(b"\n", end)
    expected = list(read(io.BytesIO(SAMPLES[name].encode())))
    assert list(read(io.BytesIO(data))) == expected


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes):
    """A file without content is an error, not a file without records."""
    with pytest.raises(FormatError, match="empty"):
        read(io.BytesIO(data))


def test_an_unknown_format_is_refused():
    """The message shows how the file begins and which formats there are."""
    with pytest.raises(FormatError, match=r"begins with 'Dear colleague,'.*nbib"):
        read(io.BytesIO(b"Dear colleague,\n"))


def test_a_format_can_be_named():
    """The format that the user names is used, and only names that exist are taken."""
    assert [r.title for r in read(io.BytesIO(NBIB.encode()), format="nbib")] == ["Title"]
    with pytest.raises(FormatError, match="'medlime' is not a supported file format"):
        read(io.BytesIO(NBIB.encode()), format="medlime")


def test_a_named_format_without_records_says_so():
    """A file read in a format that it is not in does not pass for an empty one."""
    *_, problem = read(io.BytesIO(b"Dear colleague,\n"), format="nbib")
    assert "contains no record" in problem.message


@dataclass
class _Forgetful:
    """A reader with a fault: it sees two records and gives one."""

    name: str = "forgetful"

    def sniff(self, head: str) -> bool:
        return True

    def read(self, source: Source) -> Iterator[Record | Problem]:
        source.starts += 2
        yield Record(title="One")


def test_a_reader_that_loses_a_record_is_found_out(monkeypatch: pytest.MonkeyPatch):
    """Records that were begun and neither came in nor were named are an error."""
    monkeypatch.setattr(formats, "READERS", (_Forgetful(),))
    results = read(io.BytesIO(b"x"))
    assert next(results) == Record(title="One")
    with pytest.raises(RecordLossError, match="2 records begin here, but 1 were read"):
        next(results)


def test_an_open_source_can_be_read_twice():
    """A file that was opened once is counted anew each time it is read."""
    source = open_source(io.BytesIO(NBIB.encode()))
    assert list(read(source)) == list(read(source))


def test_mended_bytes_are_told_at_the_end():
    """What was repaired in the file as a whole comes after its records."""
    record, problem = read(io.BytesIO(b"PMID- 1\nTI  - Caf\xe9\n"))
    assert record.title == "Café"
    assert (problem.line, problem.lost) == (2, False)
    assert str(problem).startswith("-, line 2: ")


def test_a_problem_says_where_it_is():
    """File, line and record are named as far as they are known."""
    given: dict[str, Any] = {"path": "f.ris", "message": "broken", "lost": True}
    assert str(Problem(line=3, record=2, **given)) == "f.ris, line 3 (record 2): broken"
    assert str(Problem(line=None, record=2, **given)) == "f.ris (record 2): broken"
    assert str(Problem(line=None, record=None, **given)) == "f.ris: broken"


def test_a_file_is_replaced_as_a_whole(tmp_path: Path):
    """Writing replaces an older file, and leaves nothing else behind."""
    path = tmp_path / "out.nbib"
    path.write_text("old")
    assert write([Record(title="One"), Record(title="Two")], path) == 2
    assert [record.title for record in read(path)] == ["One", "Two"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path):
    """If the records stop coming, the older file is as it was."""

    def broken() -> Iterable[Record]:
        yield Record(title="One")
        raise KeyboardInterrupt

    path = tmp_path / "out.nbib"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write(broken(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path: Path):
    """A folder that is not there is named."""
    with pytest.raises(InputError, match=r"absent.*cannot be written"):
        write([], tmp_path / "absent" / "out.nbib")


def test_an_unknown_extension_is_refused(tmp_path: Path):
    """The message tells which formats can be written."""
    with pytest.raises(FormatError, match=r"'\.docx' cannot be written.*nbib \(\.nbib\)"):
        write([], tmp_path / "out.docx")
    with pytest.raises(FormatError, match="'word' cannot be written"):
        write([], tmp_path / "out.nbib", format="word")


def test_standard_output(capfdbinary: pytest.CaptureFixture[bytes]):
    """A dash writes to standard output, in the format that is named."""
    assert write([Record(pmid="1", title="Title")], "-", format="nbib") == 1
    assert capfdbinary.readouterr().out.startswith(b"PMID- 1\n")


def test_the_raw_record_is_kept():
    """The record as it stood in its file comes with it."""
    (record,) = read(io.BytesIO(f"\n\n{NBIB}\n".encode()))
    assert (record.raw, record.raw_format) == (NBIB.rstrip("\n"), "nbib")
