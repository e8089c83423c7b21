"""Web of Science, Ovid, Cochrane and refer text; all invented."""

from __future__ import annotations

import io

from autoscreen.formats import Problem, read
from autoscreen.records import NoticeKind, Record


def all_of(text: str, name: str) -> list[Record | Problem]:
    return list(read(io.BytesIO(text.encode()), format=name))


def records_of(text: str, name: str) -> list[Record]:
    """The records, which come in without a word."""
    results = all_of(text, name)
    assert not [str(result) for result in results if isinstance(result, Problem)]
    return [result for result in results if isinstance(result, Record)]


def titles(results: list[Record | Problem]) -> list[str]:
    return [result.title for result in results if isinstance(result, Record)]


WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Sample, ML
   Muster, A
AF Sample, Ming Liang
   Muster, Ada (ada@example.org)
TI Mapping something in
   two lines: a title
SO INVENTED REVIEW
LA English
DT Article; Retracted Publication
DE GIS; pain relief
ID URBAN EXPANSION; MODELS OF
   PAIN
AB The first line.
   The second line.
C1 [Sample, Ming Liang] Univ Invented, Town, Sarawak.
CR Other M., 2024, INV J, V6
   Third L, 2006, INV J, V38, P5, DOI 10.1000/not.this
PU INVENTED PRESS
SN 0039-6265
EI 1752-2706
PY 2004
VL 43
IS 22
BP 7003
EP 7016
DI 10.1000/WOS.1
PM 15170338
UT WOS:000000000000001
ER

PT B
AU Muster, B
TI Second
SO A BOOK
PY 2005
AR 17
UT WOS:000000000000002
ER

EF
"""


def test_web_of_science():
    """Indented lines go on; lists are parted at semicolons; cited references are left alone."""
    first, second = records_of(WOS, "wos")
    assert first.title == "Mapping something in two lines: a title"
    assert first.abstract == "The first line. The second line."
    assert first.authors == ("Sample, Ming Liang", "Muster, Ada")
    assert first.keywords == ("GIS", "pain relief", "URBAN EXPANSION", "MODELS OF PAIN")
    assert first.publication_types == ("Article", "Retracted Publication")
    assert [notice.kind for notice in first.notices] == [NoticeKind.RETRACTED]
    assert (first.pmid, first.doi) == ("15170338", "10.1000/wos.1")
    assert (first.pages, first.issns) == ("7003-7016", ("0039-6265", "1752-2706"))
    assert (first.accession, first.record_type) == ("WOS:000000000000001", "J")
    assert (second.title, second.authors, second.pages) == ("Second", ("Muster, B",), "17")


def test_web_of_science_without_last_lines():
    """Without ER lines no record is lost, and the file is reported once."""
    results = all_of(WOS.replace("ER\n", ""), "wos")
    assert titles(results) == ["Mapping something in two lines: a title", "Second"]
    (problem,) = (result for result in results if isinstance(result, Problem))
    assert str(problem).startswith("-, line 3: the record that begins here has no ER line")


def test_web_of_science_without_a_first_line():
    """A record without PT is a record; stray text is named with its line."""
    results = all_of(WOS.replace("PT B\n", "") + "hello\n", "wos")
    assert titles(results)[1] == "Second"
    messages = [str(result) for result in results if isinstance(result, Problem)]
    assert messages == [
        "-, line 43: text outside any record was ignored: 'hello'",
        "-, line 34: has no PT line; it was read as a record",
    ]


OVID = """Database: Ovid MEDLINE(R) ALL <1946 to today>
Search Strategy:
--------------------------------------------------------------------------------
1     exp Pain/ (400000)
2     1 and magnetic.mp. (1000)

***************************

<1. >
VN  - Ovid Technologies
DB  - Ovid MEDLINE(R) ALL
UI  - 12345678
AU  - Muster A
AU  - Sample B
TI  - A trial of something
      in many people. [Review]
SO  - Journal of Samples. 12(3):45-67, 2004 Feb.
AB  - Some text
      goes on.
MH  - *Pain/th [Therapy]
MH  - Humans
PT  - Journal Article
LG  - English
IS  - 1234-5679 (Print)
DO  - https://dx.doi.org/10.1000/ovid.1
YR  - 2004

<2. >
VN  - Ovid Technologies
DB  - Embase
AN  - 2006713348
TI  - Second
"""


def test_ovid():
    """Ovid's tagged text with its search before it: volume and pages out of the source line."""
    first, second = records_of(OVID, "ovid")
    assert first.title == "A trial of something in many people."
    assert first.abstract == "Some text goes on."
    assert (first.journal, first.volume, first.issue) == ("Journal of Samples", "12", "3")
    assert (first.pages, first.year, first.issns) == ("45-67", 2004, ("1234-5679",))
    assert (first.pmid, first.accession, first.doi) == ("12345678", "", "10.1000/ovid.1")
    assert first.mesh == ("*Pain/th [Therapy]", "Humans")
    assert (second.accession, second.pmid) == ("2006713348", None)


COCHRANE = """Record #1 of 2
ID: CN-01234567
AU: Muster A
AU: Sample B
TI: A trial of something
SO: Journal of samples
YR: 2014
VL: 12
NO: 3
PG: 1-9
PM: PUBMED 12345678
XR: EMBASE 600000001
PT: Journal article
DOI: 10.1000/cn.1
KY: Adult; Pain [therapy]
AB: AIM: words here.
US: https://example.org/central/CN-01234567/full

Record #2 of 2
ID: CN-2
TI: Second
"""


def test_cochrane():
    """The plain text of the Cochrane Library, with PubMed's identifier."""
    first, second = records_of(COCHRANE, "cochrane")
    assert (first.title, first.abstract) == ("A trial of something", "AIM: words here.")
    assert (first.accession, first.pmid, first.doi) == ("CN-01234567", "12345678", "10.1000/cn.1")
    assert first.keywords == ("Adult", "Pain [therapy]")
    assert first.publication_types == ("Journal article",)
    assert (first.year, first.volume, first.issue, first.pages) == (2014, "12", "3", "1-9")
    assert second.title == "Second"


REFER = """%0 Journal Article
%T First
%A Sample, Ada
%A Muster, Bo
%B Invented Journal
%D 2021
%8 September  1, 2021
%V 45
%N 3
%P 1309-1348
%K pain
stimulation
%X One paragraph.

Another paragraph.
%M 12345678
%W NLM
%@ 1234-5679


%T Second
%D 2009
%X 50% of people
%T Third
%0 Book
%E Editor, Ed
"""


def test_refer():
    """A record begins after a blank line or with a second title; EndNote's tags mean as in RIS."""
    first, second, third = records_of(REFER, "refer")
    assert first.title == "First"
    assert first.authors == ("Sample, Ada", "Muster, Bo")
    assert (first.journal, first.year, first.pages) == ("Invented Journal", 2021, "1309-1348")
    assert first.abstract == "One paragraph. Another paragraph."
    assert first.keywords == ("pain", "stimulation")
    assert (first.pmid, first.accession) == ("12345678", "")
    assert (second.title, second.abstract) == ("Second", "50% of people")
    assert (third.title, third.authors) == ("Third", ("Editor, Ed",))


def test_refer_with_stray_text():
    """A line before the first record is named."""
    results = all_of(f"Exported by hand\n{REFER}", "refer")
    assert titles(results) == ["First", "Second", "Third"]
    (problem,) = (result for result in results if isinstance(result, Problem))
    assert str(problem) == "-, line 1: text outside any record was ignored: 'Exported by hand'"
