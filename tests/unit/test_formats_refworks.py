"""The tagged format of RefWorks; all content is invented."""

from __future__ import annotations

from io import BytesIO

import pytest

from autoscreen.formats import Problem, detect, open_source, read
from autoscreen.records import Record

TWO = """RT Journal Article
SR Electronic(1)
ID 7
A1 Doe,Jane
A1 van Poe, Ann B.
T1 Heat for backs
JF Journal of Invented Studies
YR 2019
FD Mar 3
VO 21
IS 3
SP 275
OP 288
K1 heat
K1 back pain
AB In the
ED patients got warm, and
CT scans were
made.
SN 1234-5678
DO 10.1234/jis.1
LA English
UL https://example.org/1
OL Unknown(0)

RT Book, Section
SR Print(0)
A1 Roe,Max
T1 A chapter
T2 A book of inventions
YR 2020
PB Nobody
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_records(end: str):
    """Each tag has its meaning; text that begins as a tag does stays text."""
    data = TWO.replace("\n", end).encode("utf-8-sig")
    assert detect(open_source(BytesIO(data))) == "refworks"
    first, second = read(BytesIO(data))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.title == "Heat for backs"
    assert first.authors == ("Doe, Jane", "van Poe, Ann B.")
    assert first.abstract == "In the ED patients got warm, and CT scans were made."
    assert (first.journal, first.year, first.doi) == (
        "Journal of Invented Studies",
        2019,
        "10.1234/jis.1",
    )
    assert (first.volume, first.issue, first.pages) == ("21", "3", "275-288")
    assert (first.keywords, first.languages) == (("heat", "back pain"), ("English",))
    assert (first.issns, first.urls) == (("1234-5678",), ("https://example.org/1",))
    assert (second.title, second.journal) == ("A chapter", "A book of inventions")


def test_text_before_the_first_record():
    """It is named, and the records are read."""
    results = list(read(BytesIO(f"Some heading of a database\n\n{TWO}".encode())))
    assert sum(isinstance(one, Record) for one in results) == 2
    (problem,) = [one for one in results if isinstance(one, Problem)]
    assert "Some heading" in problem.message
