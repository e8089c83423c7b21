from __future__ import annotations

import gzip
import io

import pytest

from autoscreen.formats import Problem, read
from autoscreen.formats._xml import parsed
from autoscreen.records import Notice, NoticeKind, Record

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.example.org/out/pubmed.dtd">
<PubmedArticleSet>
"""
ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">90000001</PMID>
<Article PubModel="Print">
<Journal><ISSN IssnType="Electronic">1234-5678</ISSN><JournalIssue CitedMedium="Internet">
<Volume>12</Volume><Issue>3</Issue><PubDate><MedlineDate>2020 Nov-Dec</MedlineDate></PubDate>
</JournalIssue><Title>Journal of invented pain</Title><ISOAbbreviation>J Inv Pain</ISOAbbreviation>
</Journal>
<ArticleTitle>Ca<sup>2+</sup> and the <i>invented</i> nerve: p &lt; 0.05.</ArticleTitle>
<Pagination><StartPage>101</StartPage><EndPage>109</EndPage><MedlinePgn>101-9</MedlinePgn>
</Pagination>
<ELocationID EIdType="pii" ValidYN="Y">S1</ELocationID>
<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>
<ELocationID EIdType="doi" ValidYN="Y">10.1000/INV.2020.1</ELocationID>
<Abstract>
<AbstractText Label="Background" NlmCategory="BACKGROUND">Pain at 10<sup>6</sup> Hz.</AbstractText>
<AbstractText Label="UNLABELLED">Nobody <b>was</b> hurt.</AbstractText>
<AbstractText>It helped.</AbstractText>
<CopyrightInformation>Copyright 2020 Nobody.</CopyrightInformation></Abstract>
<AuthorList CompleteYN="Y">
<Author ValidYN="Y"><LastName>Sample</LastName><ForeName>Ada B</ForeName><Initials>AB</Initials>
<Suffix>Jr</Suffix><AffiliationInfo><Affiliation>Example City</Affiliation></AffiliationInfo>
</Author>
<Author ValidYN="N"><LastName>Simple</LastName><ForeName>Ada</ForeName></Author>
<Author ValidYN="Y"><LastName>Short</LastName><Initials>C</Initials></Author>
<Author ValidYN="Y"><CollectiveName>Invented Pain Group</CollectiveName></Author></AuthorList>
<Language>eng</Language><Language>fre</Language>
<PublicationTypeList><PublicationType UI="D1">Journal Article</PublicationType>
</PublicationTypeList>
</Article>
<MedlineJournalInfo><MedlineTA>J Inv Pain</MedlineTA><ISSNLinking>0000-000X</ISSNLinking>
</MedlineJournalInfo>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn">
<RefSource>J Inv Pain. 2021;13:5</RefSource><PMID Version="1">90000009</PMID></CommentsCorrections>
<CommentsCorrections RefType="CommentIn"><RefSource>J Inv Pain. 2021;13:6</RefSource>
</CommentsCorrections>
</CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName UI="D2" MajorTopicYN="N">Pain</DescriptorName>
<QualifierName UI="Q1" MajorTopicYN="Y">drug therapy</QualifierName></MeshHeading>
<MeshHeading><DescriptorName UI="D3" MajorTopicYN="Y">Nerves</DescriptorName></MeshHeading>
</MeshHeadingList>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="Y">rTMS</Keyword></KeywordList>
</MedlineCitation><PubmedData>
<History><PubMedPubDate PubStatus="pubmed"><Year>2020</Year><Month>11</Month><Day>2</Day>
</PubMedPubDate>
<PubMedPubDate PubStatus="entrez"><Year>2020</Year><Month>11</Month><Day>1</Day></PubMedPubDate>
</History>
<ArticleIdList><ArticleId IdType="pubmed">90000001</ArticleId>
<ArticleId IdType="pmc">PMC7000001</ArticleId>
</ArticleIdList><ReferenceList><Reference><Citation>Another.</Citation><ArticleIdList>
<ArticleId IdType="pubmed">90000008</ArticleId><ArticleId IdType="doi">10.1000/cited</ArticleId>
</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>
"""
BOOK = """<PubmedBookArticle><BookDocument><PMID Version="1">90000002</PMID>
<ArticleIdList><ArticleId IdType="bookaccession">NBK1</ArticleId></ArticleIdList>
<Book><Publisher><PublisherName>Invented Press</PublisherName></Publisher>
<BookTitle book="b">Invented Handbook</BookTitle><PubDate><Year>2019</Year></PubDate>
<AuthorList Type="editors"><Author><LastName>Editor</LastName><ForeName>E</ForeName></Author>
</AuthorList>
</Book><ArticleTitle book="b" part="c">A chapter</ArticleTitle><Language>eng</Language>
<AuthorList Type="authors"><Author><LastName>Sample</LastName><ForeName>Ada</ForeName></Author>
</AuthorList>
<Abstract><AbstractText>Short.</AbstractText></Abstract></BookDocument><PubmedBookData><History>
<PubMedPubDate PubStatus="entrez"><Year>2019</Year><Month>1</Month><Day>2</Day></PubMedPubDate>
</History></PubmedBookData></PubmedBookArticle>
"""
TAIL = "</PubmedArticleSet>\n"


def results(text: str | bytes) -> list[Record | Problem]:
    data = text.encode() if isinstance(text, str) else text
    return list(read(io.BytesIO(data)))


def came_in(text: str | bytes) -> list[Record]:
    return [result for result in results(text) if isinstance(result, Record)]


def problems(text: str | bytes) -> list[Problem]:
    return [result for result in results(text) if isinstance(result, Problem)]


def small(title: str, number: int = 1) -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><ArticleTitle>{title}"
        "</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    )


def test_an_article():
    """Every field of an article comes in clean, and those of what it cites stay out."""
    (record,) = results(HEAD + ARTICLE + TAIL)
    assert record == Record(
        title="Ca2+ and the invented nerve: p < 0.05.",
        abstract="BACKGROUND: Pain at 106 Hz. Nobody was hurt. It helped.",
        authors=("Sample, Ada B Jr", "Short, C", "Invented Pain Group"),
        year=2020,
        journal="Journal of invented pain",
        volume="12",
        issue="3",
        pages="101-9",
        pmid="90000001",
        pmcid="PMC7000001",
        doi="10.1000/inv.2020.1",
        mesh=("Pain/*drug therapy", "*Nerves"),
        keywords=("rTMS",),
        publication_types=("Journal Article",),
        languages=("eng", "fre"),
        issns=("1234-5678", "0000-000X"),
        entered="2020-11-01",
        notices=(
            Notice(kind=NoticeKind.RETRACTED, reference="J Inv Pain. 2021;13:5", pmid="90000009"),
        ),
    )
    assert record.raw == ARTICLE.rstrip("\n")
    assert record.raw_format == "pubmed-xml"


def test_a_book_chapter():
    """A chapter has its book for a journal, and its own authors, not the editors."""
    (record,) = results(HEAD + BOOK + TAIL)
    assert record == Record(
        title="A chapter",
        abstract="Short.",
        authors=("Sample, Ada",),
        year=2019,
        journal="Invented Handbook",
        publisher="Invented Press",
        pmid="90000002",
        languages=("eng",),
        entered="2019-01-02",
    )


def test_a_file_without_the_newer_wrapping():
    """The older baseline files hold bare citations."""
    old = f"<MedlineCitationSet>{small('T')[15:-16]}</MedlineCitationSet>"
    assert old.startswith("<MedlineCitationSet><MedlineCitation>")
    (record,) = results(old)
    assert (record.pmid, record.title) == ("1", "T")


def test_sets_one_after_another():
    """Several answers of PubMed in one file are read through."""
    one = HEAD + small("One", 1) + TAIL
    two = HEAD + small("Two", 2) + BOOK + TAIL
    assert [record.pmid for record in results(one + two)] == ["1", "2", "90000002"]


def test_deleted_records_are_named():
    """An update file says which records PubMed withdrew; that is no record, but is reported."""
    text = (
        HEAD + small("T") + "<DeleteCitation><PMID>7</PMID><PMID>8</PMID></DeleteCitation>" + TAIL
    )
    record, problem = results(text)
    assert record.pmid == "1"
    assert not problem.lost
    assert "deleted 2 records" in problem.message
    assert problem.message.endswith("7, 8")


@pytest.mark.parametrize("title", ["", "[Not Available]."])
def test_the_original_title_stands_in_for_a_missing_one(title: str):
    """Where PubMed has no English title, the one in the article's language is used."""
    text = small(f"{title}</ArticleTitle><VernacularTitle>Schmerz</VernacularTitle><ArticleTitle>")
    assert came_in(HEAD + text + TAIL)[0].title == "Schmerz"


def test_another_abstract_in_english_stands_in():
    """Of abstracts by others than the publisher, the English one is taken."""
    others = "".join(
        f'<OtherAbstract Type="Publisher" Language="{language}"><AbstractText>{text}</AbstractText>'
        "</OtherAbstract>"
        for language, text in (("ger", "Deutsch."), ("eng", "English."))
    )
    text = small("T").replace("</MedlineCitation>", others + "</MedlineCitation>")
    assert came_in(HEAD + text + TAIL)[0].abstract == "English."


def test_retracted_by_type_only():
    """A retracted article is known even where the link to the retraction is missing."""
    kind = "<PublicationType>Retracted Publication</PublicationType>"
    types = f"<PublicationTypeList>{kind}</PublicationTypeList></Article>"
    text = small("T").replace("</Article>", types)
    assert came_in(HEAD + text + TAIL)[0].notices == (Notice(kind=NoticeKind.RETRACTED),)


def test_a_comment_within_a_title_cuts_nothing():
    """Text after a comment or within several tags is kept."""
    (record,) = results(HEAD + small("a <!-- note --> b <u>c<i>d</i></u> e") + TAIL)
    assert record.title == "a b cd e"


def test_a_gzipped_file():
    """Baseline files are read as they are."""
    (record,) = results(gzip.compress((HEAD + ARTICLE + TAIL).encode()))
    assert record.pmid == "90000001"


def test_a_cut_gzipped_file_gives_its_whole_records():
    """A baseline file that broke off gives all records before the break, and says so."""
    text = HEAD + "".join(small(f"T{n * 7919 % 1000}", n) for n in range(1, 4000)) + TAIL
    data = gzip.compress(text.encode())
    found = results(data[: len(data) // 2])
    records = [result for result in found if isinstance(result, Record)]
    messages = [result.message for result in found if isinstance(result, Problem)]
    assert 1000 < len(records) < 3000
    assert [record.pmid for record in records[:-1]] == [str(n) for n in range(1, len(records))]
    assert any("the compressed file is cut off" in message for message in messages)


def test_a_record_cut_off_comes_in_with_a_problem():
    """The last record of a broken file comes in as far as it goes."""
    text = HEAD + small("One", 1) + ARTICLE[:1500]
    assert [record.pmid for record in came_in(text)] == ["1", "90000001"]
    (problem,) = problems(text)
    assert (problem.record, problem.lost) == (2, False)
    assert "cut off" in problem.message


def test_a_record_without_its_end_costs_no_other():
    """Where one record lacks its end, the next one is still found."""
    text = HEAD + small("One", 1).replace("</PubmedArticle>", "") + small("Two", 2) + TAIL
    assert [record.title for record in came_in(text)] == ["One", "Two"]


def test_a_record_that_is_none_is_lost_by_name():
    """A record without its citation is reported with its line, and the others come in."""
    text = HEAD + "<PubmedArticle><Other/></PubmedArticle>\n" + small("Two", 2) + TAIL
    assert [record.title for record in came_in(text)] == ["Two"]
    (problem,) = problems(text)
    assert (problem.line, problem.record, problem.lost) == (4, 1, True)


def test_a_file_that_ends_within_a_tag():
    """What is no element at all is lost by name."""
    (problem,) = problems(HEAD + small("T") + "<PubmedArticle ")
    assert (problem.record, problem.lost) == (2, True)


def test_a_date_that_is_none():
    """Where one date of the history is damaged, the next best is taken."""
    text = ARTICLE.replace("<Day>1</Day>", "<Day>first</Day>")
    assert came_in(HEAD + text + TAIL)[0].entered == "2020-11-02"


def test_text_between_records_is_reported():
    """What PubMed says between records, such as an error, does not go unseen."""
    text = HEAD + small("T") + "<ERROR>cannot get 7</ERROR>" + TAIL
    assert "cannot get 7" in problems(text)[0].message


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("R&D of caf&eacute; &szlig;", "R&D of café ß"),
        ("p < 0.05 and 3 <4", "p < 0.05 and 3 <4"),
        ("a <mml:math><mml:mi>x</mml:mi></mml:math> b", "a x b"),
        ("bell \x07 rang &#11; twice", "bell rang twice"),
    ],
)
def test_faults_that_can_be_mended_exactly(title: str, clean: str):
    """Bare ampersands, brackets, HTML's entities, undeclared prefixes: none spoils a record."""
    (record,) = results(HEAD + small(title) + TAIL)
    assert record.title == clean


def test_bytes_in_windows_encoding():
    """A record with bytes that are no UTF-8 comes in, and that is said."""
    text = (HEAD + small("Caf#") + small("Café", 2) + TAIL).encode().replace(b"#", b"\xe9")
    assert [record.title for record in came_in(text)] == ["Café", "Café"]
    assert "Windows-1252" in problems(text)[0].message


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "windows-1252"])
def test_other_encodings(encoding: str):
    """The encoding that a file declares is heeded."""
    text = HEAD.replace("utf-8", encoding) + small("Café") + TAIL
    (record,) = results(text.encode(encoding))
    assert record.title == "Café"


def test_an_encoding_that_is_no_encoding():
    """A file cannot have its bytes run through a codec that does something else."""
    text = HEAD.replace("utf-8", "zlib") + small("T") + TAIL
    assert came_in(text)[0].title == "T"
    assert "'zlib'" in problems(text)[0].message


BOMB = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet [
<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d SYSTEM "file:///etc/passwd"><!ENTITY % e SYSTEM "http://127.0.0.1:9/e.dtd"> %e;
]>
<PubmedArticleSet>
"""


def test_hostile_entities_stay_inert():
    """Entities that grow, read a file or ask the network are shown as written, and reported."""
    text = BOMB + small("&c; &d;") + TAIL
    assert came_in(text)[0].title == "&c; &d;"
    (problem,) = problems(text)
    assert "declares entities" in problem.message


def test_an_empty_set():
    """A set without records is said to be one."""
    (problem,) = results(HEAD + TAIL)
    assert "contains no record" in problem.message


def test_what_is_no_element_cannot_be_parsed():
    """Text that no element can be made of is an error, not an empty record."""
    with pytest.raises(ValueError, match="not XML"):
        parsed("words", list[str]().append)
