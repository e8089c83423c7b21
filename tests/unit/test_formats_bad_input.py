"""The same harm done to every format; see the tests of each for its own weaknesses."""

from __future__ import annotations

import gzip
import io

import pytest

from autoscreen.formats import Problem, read
from autoscreen.records import Record

SHAPES = {
    "nbib": ("", "PMID- {number}\nOWN - NLM\nTI  - {title}\nAB  - Some words.\n\n", ""),
    "pubmed-xml": (
        "<PubmedArticleSet>\n",
        "<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><ArticleTitle>{title}"
        "</ArticleTitle><Abstract><AbstractText>Some words.</AbstractText></Abstract></Article>"
        "</MedlineCitation></PubmedArticle>\n",
        "</PubmedArticleSet>\n",
    ),
    "endnote-xml": (
        "<xml><records>\n",
        "<record><rec-number>{number}</rec-number><titles><title>{title}</title></titles>"
        "<abstract>Some words.</abstract></record>\n",
        "</records></xml>\n",
    ),
    "ris": ("", "TY  - JOUR\nID  - {number}\nTI  - {title}\nAB  - Some words.\nER  - \n\n", ""),
    "wos": (
        "FN Clarivate Analytics Web of Science\nVR 1.0\n",
        "PT J\nTI {title}\nAB Some words.\nUT WOS:{number}\nER\n\n",
        "EF\n",
    ),
    "refer": ("", "%0 Journal Article\n%T {title}\n%X Some words.\n%M {number}\n\n\n", ""),
    "bibtex": ("", "@article{{k{number},\n  title = {{{title}}},\n  year = 2001,\n}}\n\n", ""),
    "csv": ("record_id,title,abstract\n", "{number},{title},Some words.\n", ""),
}
every_format = pytest.mark.parametrize("name", SHAPES)


def file(name: str, titles: list[str]) -> bytes:
    head, record, tail = SHAPES[name]
    records = (record.format(number=n, title=title) for n, title in enumerate(titles, 11))
    return (head + "".join(records) + tail).encode()


def titles_of(name: str, data: bytes) -> list[str]:
    """Read in the format and give the titles; reading itself accounts for every record."""
    results = list(read(io.BytesIO(data), format=name))
    assert all(isinstance(result, Record | Problem) for result in results)
    return [result.title for result in results if isinstance(result, Record)]


@every_format
def test_a_sound_file(name: str):
    """Undamaged, three records come in without a word."""
    results = list(read(io.BytesIO(file(name, ["One", "Two", "Three"]))))
    assert [result.title for result in results] == ["One", "Two", "Three"]


@every_format
def test_a_file_cut_off_anywhere(name: str):
    """Wherever the end is missing, every record before the cut comes in."""
    data = file(name, ["One", "Two", "Three"])
    two = len(file(name, ["One", "Two"])) - len(SHAPES[name][2])
    for cut in range(two, len(data)):
        assert titles_of(name, data[:cut])[:2] == ["One", "Two"], data[:cut]


@every_format
def test_missing_blank_lines(name: str):
    """Records that no blank line parts stay apart."""
    data = file(name, ["One", "Two", "Three"])
    while b"\n\n" in data:
        data = data.replace(b"\n\n", b"\n")
    assert titles_of(name, data) == ["One", "Two", "Three"]


@every_format
@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\r\r\n"])
def test_line_ends(name: str, end: bytes):
    """No line end of any system merges or loses records."""
    data = b"\xef\xbb\xbf" + file(name, ["One", "Two", "Three"]).replace(b"\n", end)
    assert titles_of(name, data) == ["One", "Two", "Three"]


@every_format
def test_bytes_of_windows(name: str):
    """A record in another encoding is repaired and reported; the others are untouched."""
    data = file(name, ["Zoë", "Caf#", "Ωμέγα"]).replace(b"#", b"\xe9")
    assert titles_of(name, data) == ["Zoë", "Café", "Ωμέγα"]
    problems = [r for r in read(io.BytesIO(data), format=name) if isinstance(r, Problem)]
    assert any("Windows-1252" in problem.message for problem in problems)


@every_format
def test_the_same_record_twice(name: str):
    """A record that is there twice comes in twice."""
    data = file(name, ["One", "Two"])
    head, _, tail = SHAPES[name]
    body = data[len(head) : len(data) - len(tail)]
    assert titles_of(name, head.encode() + body + body + tail.encode()) == ["One", "Two"] * 2


@every_format
def test_mark_up_in_titles(name: str):
    """Tags and entities in titles come out as the words they mean."""
    title = "&lt;i&gt;In vitro&lt;/i&gt; p &lt; 0.05 &amp;amp; more"
    assert titles_of(name, file(name, [title, "Two"])) == ["In vitro p < 0.05 & more", "Two"]


@every_format
def test_a_record_without_anything(name: str):
    """A record without a title is kept and named, and costs no other."""
    results = list(read(io.BytesIO(file(name, ["One", "", "Three"])), format=name))
    records = [result for result in results if isinstance(result, Record)]
    lost = [result for result in results if isinstance(result, Problem) and result.lost]
    assert len(records) + len(lost) == 3
    assert [record.title for record in records if record.title] == ["One", "Three"]


@every_format
def test_zero_bytes(name: str):
    """Zero bytes, as broken disks and odd exports leave them, are not part of any word."""
    data = file(name, ["One", "Tw\0o", "Three"])
    assert titles_of(name, data) == ["One", "Two", "Three"]


@every_format
def test_a_cut_gzip(name: str):
    """A compressed file that broke off gives the records before the break."""
    titles = [f"Title {n * 7919 % 10007}" for n in range(3000)]
    data = gzip.compress(file(name, titles))
    came = titles_of(name, data[: len(data) // 2])
    assert 500 < len(came) < 3000
    assert came[:-1] == titles[: len(came) - 1]


HOSTILE = {
    "comments": b"<PubmedArticleSet>" + b"<!--" * 20_000,
    "document types": b"<PubmedArticleSet>" + b"<!DOCTYPE x [" * 10_000,
    "open elements": b"<PubmedArticleSet>" + b"<PubmedArticle>" * 2_000,
    "deep elements": file("pubmed-xml", ["<i>" * 20_000]),
    "one long element": b"<PubmedArticleSet><PubmedArticle>" + b"x" * 20_000_000,
    "brackets": b"PMID- 1\nTI  - T\nLID - 10.1000/" + b")" * 100_000 + b" [doi]\n",
    "half tags": b"PMID- 1\nTI  - " + b"<i " * 50_000 + b"\n",
    "entities": b"PMID- 1\nTI  - &" + b"amp;" * 2_000 + b"\n",
    "blank lines": b"PMID- 1\nTI  - T\n" + b"\n" * 500_000,
    "blank indents": b"PMID- 1\nTI  - T\n" + b"      \n" * 50_000,
    "notes": b"PMID- 1\nTI  - T\nGN  - " + b"autoscreen: RAYYAN-INCLUSION: " * 5_000 + b"\n",
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_shape_takes_time_out_of_proportion(name: str):
    """Files made to be slow are read about as fast as others: none takes minutes."""
    assert list(read(io.BytesIO(HOSTILE[name])))
