"""PubMed's download "Abstract (text)"; all content is invented."""

from __future__ import annotations

from io import BytesIO

import pytest

from autoscreen.formats import Problem, detect, open_source, read
from autoscreen.records import NoticeKind, Record

FULL = """
1. J Invent Stud. 2018 Nov-Dec;26 Suppl 3(4):89-96. doi: 10.1234/jis.2018.10.001.
Epub 2018 Oct 10.

[Heat for backs: a trial
of nothing].

[Article in French, German]

Doe J(1), Roe-Poe R Jr(2)(3), van Poe A; Back Pain Group.

Author information:
(1)Department of Nowhere, Nowhere. jane@example.org.
(2)Department of Elsewhere.

Comment in
    J Other. 2019 Jan;1(1):1. doi: 10.1234/other.1.

Retraction in
    J Invent Stud. 2020 Jan;28(1):5. doi: 10.1234/jis.5. PMID: 99000009

BACKGROUND: Nothing is known (see 1. below).
METHODS: The aims were:

2. To see heat.

CONCLUSION: Copyright law of 2019 was kept.

Copyright \u00a9 2018 Nobody. All rights reserved.

DOI: 10.1234/jis.2018.10.001
PMCID: PMC9900001
PMID: 99000001  [Indexed for MEDLINE]

Conflict of interest statement: The authors have none.


2. J Invent Stud. 2019;27:e12. doi: 10.1234/jis.2019.1.

Second record.

[No authors listed]

PMID: 99000002


7. In: Inventions [Internet]. Nowhere: Nobody; 2021 Jan.

A chapter.

Back Collaborators.

Author information:
(1)Nowhere.

KEYWORDS: heat; cold

PMID: 99000003
"""


def came_in(text: str) -> tuple[list[Record], list[Problem]]:
    assert detect(open_source(BytesIO(text.encode()))) == "pubmed-text"
    results = list(read(BytesIO(text.encode())))
    records = [one for one in results if isinstance(one, Record)]
    return records, [one for one in results if isinstance(one, Problem)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_parts_of_a_record(end: str):
    """Each paragraph is what PubMed puts in that place, whatever the line ends."""
    (first, second, chapter), problems = came_in(FULL.replace("\n", end))
    assert not problems
    assert first.title == "[Heat for backs: a trial of nothing]."
    assert first.authors == ("Doe J", "Roe-Poe R Jr", "van Poe A", "Back Pain Group")
    assert first.abstract == (
        "BACKGROUND: Nothing is known (see 1. below). METHODS: The aims were: 2. To see heat. "
        "CONCLUSION: Copyright law of 2019 was kept."
    )
    assert (first.journal, first.year) == ("J Invent Stud", 2018)
    assert (first.volume, first.issue, first.pages) == ("26 Suppl 3", "4", "89-96")
    assert (first.pmid, first.pmcid) == ("99000001", "PMC9900001")
    assert first.doi == "10.1234/jis.2018.10.001"
    assert first.languages == ("French", "German")
    (notice,) = first.notices
    assert (notice.kind, notice.pmid) == (NoticeKind.RETRACTED, "99000009")
    assert (second.authors, second.abstract, second.pages) == ((), "", "e12")
    assert (chapter.authors, chapter.year, chapter.abstract) == (("Back Collaborators",), 2021, "")
    assert chapter.keywords == ("heat", "cold")


def test_no_authors_and_a_short_abstract():
    """A paragraph of prose is no list of names."""
    (record,), _ = came_in("1. J Inv. 2019;1:2.\n\nHeat.\n\nHeat helps backs.\n\nPMID: 99000001\n")
    assert (record.authors, record.abstract) == ((), "Heat helps backs.")


def test_a_record_that_cannot_be_read():
    """It is named with its line, and the others are read."""
    text = "1. J Inv. 2019;1:2.\n\nHeat.\n\nPMID: 99000001\n\n\n"
    (record,), (problem,) = came_in(f"{text}2. J Inv. 2019;1:3.\n\nPMID: 99000002\n")
    assert record.pmid == "99000001"
    assert (problem.line, problem.lost) == (8, True)
    assert "no title" in problem.message


def test_a_file_that_is_cut_off():
    """The last record comes without its number, which is said."""
    first = FULL.partition("2. J Inv")[0]
    (_, last), (problem,) = came_in(f"{first}2. J Inv. 2019;1:2.\n\nCut.\n")
    assert (last.title, last.pmid) == ("Cut.", None)
    assert "no line with a PMID" in problem.message
