"""What the fast reader of PubMed XML finds is what the full reader finds."""

from __future__ import annotations

import io
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from autoscreen.formats import open_source, read
from autoscreen.formats.pubmed_scan import ScannedRecord, scan
from autoscreen.records import Record

FIELDS = ("pmid", "title", "abstract", "mesh", "keywords", "publication_types", "languages")


def both(data: bytes) -> tuple[Sequence[object], Sequence[object]]:
    """Return what the full and the fast reader find, problems included."""
    full = [
        tuple(getattr(one, name) for name in FIELDS) if isinstance(one, Record) else str(one)
        for one in read(io.BytesIO(data), format="pubmed-xml")
    ]
    fast = [
        tuple(getattr(one, name) for name in FIELDS) if isinstance(one, ScannedRecord) else str(one)
        for one in scan(open_source(io.BytesIO(data)))
    ]
    return full, fast


_NAMES = st.sampled_from(
    [
        *("MedlineCitation", "PMID", "Article", "ArticleTitle", "VernacularTitle", "Language"),
        *("Abstract", "AbstractText", "OtherAbstract", "KeywordList", "Keyword", "i", "sup", "A"),
        *("MeshHeadingList", "MeshHeading", "PublicationTypeList", "PublicationType", "mml:math"),
    ]
)
_TEXT = st.text(st.sampled_from("aZ0 é\n\t<>&;'\"/!?-[]β\u200b\x01\x7f"), max_size=12)
_SAFE = _TEXT.map(
    lambda text: (
        text.replace("&", "&amp;").replace("<", "&lt;").replace("\x01", "").replace("]", "")
    )
)
_HOSTILE = st.one_of(
    _SAFE,
    _SAFE.map(lambda text: f"<!-- {text.replace('-', '')} -->"),
    _SAFE.map(lambda text: f"<![CDATA[{text}<ArticleTitle>no</ArticleTitle>]]>"),
    st.just("<?instruction <PMID>3</PMID>?>"),
    st.sampled_from(
        ["&#x3b2;", "&#60;", "&amp;lt;", "&nbsp;", "&unknown;", "&#x1;", "&", "<", ">"]
    ),
    st.sampled_from(["NA", "No abstract available", "[Not Available].", "]]>", "\x00", "\x0b"]),
    _NAMES.map(lambda name: f"<{name}/>"),
    st.tuples(_NAMES, _SAFE).map(lambda two: f'<{two[0]} a="x > y">{two[1]}</{two[0]}>'),
    st.tuples(_NAMES, _SAFE).map(lambda two: f"<{two[0]}>{two[1]}</{two[0]}>"),
    st.tuples(_NAMES, _NAMES).map(lambda two: f"<{two[0]}>lost</{two[1]}>"),
)
_RECORD = (
    '<PubmedArticle><MedlineCitation Status="MEDLINE">',
    '<PMID Version="1">',
    "90000001",
    "</PMID>",
    '<Article PubModel="Print"><Journal><Title>Journal</Title></Journal>',
    "<ArticleTitle>",
    "Of invented pain.",
    "</ArticleTitle>",
    "<Abstract>",
    '<AbstractText Label="AIM" NlmCategory="OBJECTIVE">',
    "To help.",
    "</AbstractText>\n<AbstractText>",
    "It did.",
    "</AbstractText><CopyrightInformation>Nobody</CopyrightInformation>",
    "</Abstract>",
    "<AuthorList><Author><LastName>Sample</LastName></Author></AuthorList>",
    "<Language>",
    "eng",
    "</Language><PublicationTypeList>",
    '<PublicationType UI="D1">',
    "Review",
    "</PublicationType></PublicationTypeList>",
    "</Article>",
    "<MeshHeadingList>\n",
    '<MeshHeading><DescriptorName UI="D2" MajorTopicYN="Y">',
    "Pain",
    '</DescriptorName><QualifierName MajorTopicYN="N">therapy</QualifierName></MeshHeading>',
    "</MeshHeadingList>",
    '<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">',
    "rTMS",
    "</Keyword></KeywordList>",
    "</MedlineCitation><PubmedData><ArticleIdList/></PubmedData></PubmedArticle>",
)
_BOOK = (
    "<PubmedBookArticle><BookDocument><PMID>7</PMID><ArticleTitle>Of books</ArticleTitle>"
    "</BookDocument></PubmedBookArticle>"
)
_DELETED = '<DeleteCitation><PMID Version="1">8</PMID></DeleteCitation>'
_CHANGES = st.lists(st.tuples(st.integers(0, len(_RECORD) - 1), _HOSTILE), max_size=3)


@st.composite
def _records(draw: st.DrawFn) -> str:
    parts = list(_RECORD)
    for place, text in draw(_CHANGES):
        parts[place] += text
    if draw(st.booleans()):
        del parts[draw(st.integers(1, len(parts) - 1))]
    return "".join(parts)


_FILES = st.lists(st.one_of(_records(), st.sampled_from(["\n", _BOOK, _DELETED, "".join(_RECORD)])))


@given(_FILES, st.sampled_from(["", '<?xml version="1.0"?>\n<PubmedArticleSet>\n']))
def test_hostile_markup_is_read_as_by_the_full_reader(parts: Sequence[str], head: str) -> None:
    """Records, problems and their lines are the same, whatever stands in the file."""
    full, fast = both((head + "".join(parts) + "</PubmedArticleSet>").encode())
    assert fast == full


@given(_records(), st.data())
def test_a_record_that_is_cut_off_is_read_as_by_the_full_reader(
    text: str, data: st.DataObject
) -> None:
    """A record without its end, or in another encoding, is no other record."""
    whole = text.encode(data.draw(st.sampled_from(["utf-8", "cp1253"])), "replace")
    kept = whole[: data.draw(st.integers(0, len(whole)))]
    full, fast = both("".join(_RECORD).encode() + kept + "".join(_RECORD).encode())
    assert fast == full


@given(_records(), st.data())
def test_only_damage_within_a_tag_can_go_unnoticed(text: str, data: st.DataObject) -> None:
    """Where bytes are lost both readers agree, unless the full one had to repair the record."""
    whole = text.encode()
    start = data.draw(st.integers(0, len(whole)))
    kept = whole[:start] + whole[start + data.draw(st.integers(0, 30)) :]
    full, fast = both("".join(_RECORD).encode() + kept + "".join(_RECORD).encode())
    assert fast == full or any("damaged or cut off" in str(one) for one in full)


def test_usual_records_are_scanned() -> None:
    """The fast path is the one that is taken: what it yields still has its bytes."""
    data = "".join(_RECORD).encode() * 3
    source = open_source(io.BytesIO(data))
    found = [one for one in scan(source) if isinstance(one, ScannedRecord)]
    assert [type(one.raw) for one in found] == [bytes] * 3
    warned: list[str] = []
    assert [found[0].record(warned.append)] == list(read(io.BytesIO(data)))[:1]
    assert not warned
