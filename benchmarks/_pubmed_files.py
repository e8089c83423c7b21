"""Files like those of PubMed's baseline, around the texts of records."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from autoscreen.records import Record

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>
"""
HEADINGS = (
    *("Humans", "Female", "Male", "Adult", "Middle Aged", "Aged", "Animals", "Adolescent", "Mice"),
    *("Young Adult", "Child", "Rats", "Retrospective Studies", "Treatment Outcome", "Prognosis"),
    *("Risk Factors", "Follow-Up Studies", "Time Factors", "Pain", "Stroke", "Cell Line"),
)
DAYS = ("received", "revised", "accepted", "entrez", "pubmed", "medline")


def write_files(records: Sequence[Record], folder: Path, files: int) -> list[Path]:
    """Write all records into each of some files, compressed as NCBI does."""
    text = HEAD + "".join(map(_article, records, range(len(records)))) + "</PubmedArticleSet>\n"
    packed = gzip.compress(text.encode(), 6)
    paths = [folder / f"pubmed26n{number:04}.xml.gz" for number in range(1, files + 1)]
    for path in paths:
        path.write_bytes(packed)
    return paths


def _article(record: Record, number: int) -> str:
    dice = random.Random(number)
    pmid = record.pmid or number + 1
    abstract = (
        f"<Abstract><AbstractText>{escape(record.abstract)}</AbstractText></Abstract>\n"
        if record.abstract
        else ""
    )
    authors = "".join(_author(number + at) for at in range(dice.randint(2, 9)))
    headings = "".join(map(_heading, dice.sample(HEADINGS, dice.randint(5, 14)), range(14)))
    references = "".join(map(_reference, range(dice.choice([0, 0, 30]))))
    return f"""<PubmedArticle>
<MedlineCitation Status="MEDLINE" IndexingMethod="Automated" Owner="NLM">
<PMID Version="1">{pmid}</PMID>
{_date("DateCompleted", number)}{_date("DateRevised", number)}<Article PubModel="Print-Electronic">
<Journal>
<ISSN IssnType="Electronic">1234-5678</ISSN>
<JournalIssue CitedMedium="Internet"><Volume>{number % 90}</Volume><Issue>3</Issue>
<PubDate><Year>2020</Year><Month>Nov</Month></PubDate></JournalIssue>
<Title>Journal of invented medicine</Title>
<ISOAbbreviation>J Inv Med</ISOAbbreviation>
</Journal>
<ArticleTitle>{escape(record.title)}</ArticleTitle>
<Pagination><StartPage>101</StartPage><EndPage>109</EndPage><MedlinePgn>101-109</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.5555/inv.{pmid}</ELocationID>
{abstract}<AuthorList CompleteYN="Y">
{authors}</AuthorList>
<Language>eng</Language>
<PublicationTypeList>
<PublicationType UI="D016428">Journal Article</PublicationType>
</PublicationTypeList>
{_date("ArticleDate", number)}</Article>
<MedlineJournalInfo><Country>England</Country><MedlineTA>J Inv Med</MedlineTA>
<NlmUniqueID>1234567</NlmUniqueID><ISSNLinking>1234-5678</ISSNLinking></MedlineJournalInfo>
<CitationSubset>IM</CitationSubset>
<MeshHeadingList>
{headings}</MeshHeadingList>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">word {number % 5000}</Keyword>
<Keyword MajorTopicYN="N">word {number % 700}</Keyword></KeywordList>
</MedlineCitation>
<PubmedData>
<History>
{"".join(map(_history, DAYS))}</History>
<PublicationStatus>ppublish</PublicationStatus>
<ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId></ArticleIdList>
{f"<ReferenceList>{references}</ReferenceList>" if references else ""}</PubmedData>
</PubmedArticle>
"""


def _author(number: int) -> str:
    return (
        f'<Author ValidYN="Y">\n<LastName>Family{number}</LastName>\n<ForeName>Given B</ForeName>\n'
        "<Initials>GB</Initials>\n<AffiliationInfo>\n<Affiliation>Department of Invented Medicine, "
        f"University Hospital {number % 300}, Example City, Nowhere.</Affiliation>\n"
        "</AffiliationInfo>\n</Author>\n"
    )


def _heading(name: str, at: int) -> str:
    qualifier = '<QualifierName UI="Q000628" MajorTopicYN="N">therapy</QualifierName>\n' * (at < 2)
    return (
        f'<MeshHeading>\n<DescriptorName UI="D00{at}" MajorTopicYN="{"YN"[at > 0]}">{name}'
        f"</DescriptorName>\n{qualifier}</MeshHeading>\n"
    )


def _date(name: str, number: int) -> str:
    day = f"<Year>2021</Year>\n<Month>0{number % 9 + 1}</Month>\n<Day>1{number % 10}</Day>\n"
    return f"<{name}>\n{day}</{name}>\n"


def _history(status: str) -> str:
    return (
        f'<PubMedPubDate PubStatus="{status}">\n<Year>2021</Year>\n<Month>2</Month>\n'
        "<Day>11</Day>\n"
        "<Hour>6</Hour>\n<Minute>0</Minute>\n</PubMedPubDate>\n"
    )


def _reference(number: int) -> str:
    return (
        f"<Reference>\n<Citation>Author A, Author B. J Inv Med. 2001;12(3):{number}-67."
        f'</Citation>\n<ArticleIdList>\n<ArticleId IdType="pubmed">{1000 + number}</ArticleId>\n'
        "</ArticleIdList>\n</Reference>\n"
    )


def mean_size(records: Iterable[Record]) -> float:
    """Return how many bytes a record has in such a file."""
    sizes = [len(_article(record, at).encode()) for at, record in enumerate(records)]
    return sum(sizes) / len(sizes)
