"""PubMed XML: articles and book chapters, from efetch, the site, the baseline or daily updates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from autoscreen.formats._base import Chunk, Problem, each_record
from autoscreen.formats._clean import doi, plain, pmcid, pmid, unique, year
from autoscreen.formats._notices import BY_REF_TYPE, implied_notices
from autoscreen.formats._source import Source
from autoscreen.formats._xml import cut, parsed, text_of
from autoscreen.records import Notice, Record

__all__ = ["READER"]

_KINDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
_DELETED = ("DeleteCitation", "DeleteDocument")
_SNIFF = re.compile(rf"<(?:!DOCTYPE )?(?:{'|'.join(_KINDS)})(?:Set)?[\s>]")
_PMIDS = re.compile(r"<PMID[^>]*>(\d+)")
_NO_TITLE = re.compile(r"\[?(?:not available|no title available|in process citation)\b\W*", re.I)
_NAMES = frozenset({"LastName", "ForeName", "FirstName", "Initials", "Suffix", "CollectiveName"})
_SHOWN = 10


class _Reader:
    """Reads PubMed XML."""

    name = "pubmed-xml"

    def sniff(self, head: str) -> bool:
        """Tell whether a set of PubMed records begins."""
        return bool(_SNIFF.search(head))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records one by one, and name those that PubMed has withdrawn."""
        return each_record(source, _chunks(source), _record)


def _chunks(source: Source) -> Iterator[Chunk | Problem]:
    for chunk in cut(source, *_KINDS, *_DELETED):
        if isinstance(chunk, Chunk) and chunk.text.startswith("<Delete"):
            numbers = _PMIDS.findall(chunk.text)
            shown = ", ".join(numbers[:_SHOWN]) + ", ..." * (len(numbers) > _SHOWN)
            yield source.problem(
                f"PubMed deleted {len(numbers)} records, which are no records here: {shown}",
                line=chunk.line,
            )
        else:
            yield chunk


def _record(text: str, warn: Callable[[str], None]) -> Record:
    root = parsed(text, warn)
    if root.tag == "PubmedBookArticle":
        return _book(root, text)
    citation = root if root.tag == "MedlineCitation" else root.find("MedlineCitation")
    if citation is None:
        raise ValueError("a PubmedArticle without MedlineCitation")
    return _article(root, citation, text)


def _article(root: etree._Element, citation: etree._Element, text: str) -> Record:
    article = _child(citation, "Article")
    issue = _child(article, "Journal/JournalIssue")
    title = _title(article)
    types = _texts(article, "PublicationTypeList/PublicationType")
    told = _notices(citation)
    ids = _ids(root.find("PubmedData/ArticleIdList"))
    return Record(
        title=title,
        abstract=_abstract(article.find("Abstract")) or _other_abstract(citation),
        authors=_authors(article.find("AuthorList")),
        year=_year(issue.find("PubDate")) or _year(article.find("ArticleDate")),
        journal=_text(article, "Journal/Title")
        or _text(article, "Journal/ISOAbbreviation")
        or _text(citation, "MedlineJournalInfo/MedlineTA"),
        volume=_text(issue, "Volume"),
        issue=_text(issue, "Issue"),
        pages=_pages(article.find("Pagination")),
        pmid=pmid(_text(citation, "PMID")),
        pmcid=pmcid(ids.get("pmc", "")),
        doi=_location(article) or doi(ids.get("doi", "")),
        mesh=tuple(map(_heading, citation.iterfind("MeshHeadingList/MeshHeading"))),
        keywords=_texts(citation, "KeywordList/Keyword"),
        publication_types=types,
        languages=_texts(article, "Language"),
        issns=unique(
            (
                *_texts(article, "Journal/ISSN"),
                *_texts(citation, "MedlineJournalInfo/ISSNLinking"),
            )
        ),
        entered=_entered(root.find("PubmedData/History"), citation),
        notices=told + implied_notices(title, types, told),
        raw=text,
        raw_format=READER.name,
    )


def _book(root: etree._Element, text: str) -> Record:
    document = _child(root, "BookDocument")
    book = _child(document, "Book")
    book_title = _text(book, "BookTitle")
    title = _title(document)
    types = _texts(document, "PublicationType")
    ids = _ids(document.find("ArticleIdList")) | _ids(root.find("PubmedBookData/ArticleIdList"))
    authors = _authors(document.find("AuthorList"))
    editors = (part for part in book.iterfind("AuthorList") if part.get("Type") != "editors")
    return Record(
        title=title or book_title,
        abstract=_abstract(document.find("Abstract")),
        authors=authors or tuple(name for part in editors for name in _authors(part)),
        year=_year(book.find("PubDate")) or _year(document.find("ContributionDate")),
        journal=book_title if title else "",
        volume=_text(book, "Volume"),
        pages=_pages(document.find("Pagination")),
        publisher=_text(book, "Publisher/PublisherName"),
        pmid=pmid(_text(document, "PMID")),
        pmcid=pmcid(ids.get("pmc", "")),
        doi=_location(book) or doi(ids.get("doi", "")),
        keywords=_texts(document, "KeywordList/Keyword"),
        publication_types=types,
        languages=_texts(document, "Language"),
        entered=_entered(root.find("PubmedBookData/History"), document),
        notices=implied_notices(title, types),
        raw=text,
        raw_format=READER.name,
    )


_NOTHING = etree.Element("nothing")


def _child(element: etree._Element, path: str) -> etree._Element:
    """Find what should be there; what a damaged record lacks reads as empty."""
    found = element.find(path)
    return _NOTHING if found is None else found


def _text(element: etree._Element, path: str) -> str:
    return text_of(element.find(path))


def _texts(element: etree._Element, path: str) -> tuple[str, ...]:
    return tuple(text for found in element.iterfind(path) if (text := text_of(found)))


def _title(element: etree._Element) -> str:
    """Give the title; its wording in the original language if there is no other."""
    title = _text(element, "ArticleTitle")
    return (
        (_text(element, "VernacularTitle") or title)
        if _NO_TITLE.fullmatch(title) or not title
        else title
    )


def _abstract(element: etree._Element | None) -> str:
    parts = element.iterfind("AbstractText") if element is not None else ()
    return " ".join(filter(None, map(_section, parts)))


def _section(element: etree._Element) -> str:
    text, label = text_of(element), plain(element.get("Label", "")).upper().rstrip(":")
    if not label or label == "UNLABELLED" or text.upper().startswith(f"{label}:"):
        return text
    return f"{label}: {text}" if text else ""


def _other_abstract(citation: etree._Element) -> str:
    """Give the abstract by others than the publisher, in English if there is one."""
    others = sorted(
        citation.iterfind("OtherAbstract"), key=lambda other: other.get("Language", "eng") != "eng"
    )
    return next(filter(None, map(_abstract, others)), "")


def _authors(element: etree._Element | None) -> tuple[str, ...]:
    if element is None:
        return ()
    valid = (author for author in element.iterfind("Author") if author.get("ValidYN") != "N")
    return tuple(filter(None, map(_name, valid)))


def _name(author: etree._Element) -> str:
    parts = {part.tag: text_of(part) for part in author if part.tag in _NAMES}
    family = parts.get("LastName", "")
    given = parts.get("ForeName") or parts.get("FirstName") or parts.get("Initials") or ""
    if "Suffix" in parts:
        given = f"{given} {parts['Suffix']}".strip()
    if not family:
        return parts.get("CollectiveName") or given
    return f"{family}, {given}" if given else family


def _year(date: etree._Element | None) -> int | None:
    if date is None:
        return None
    return year(_text(date, "Year")) or year(_text(date, "MedlineDate"))


def _pages(element: etree._Element | None) -> str:
    if element is None:
        return ""
    start, end = _text(element, "StartPage"), _text(element, "EndPage")
    return _text(element, "MedlinePgn") or (f"{start}-{end}" if end else start)


def _ids(element: etree._Element | None) -> dict[str, str]:
    """Give the first identifier of each type of the record itself, not of what it cites."""
    ids: dict[str, str] = {}
    for found in element.iterfind("ArticleId") if element is not None else ():
        ids.setdefault(found.get("IdType", ""), text_of(found))
    return ids


def _location(element: etree._Element) -> str | None:
    for found in element.iterfind("ELocationID"):
        if found.get("EIdType") == "doi" and found.get("ValidYN") != "N":
            return doi(text_of(found))
    return None


def _heading(element: etree._Element) -> str:
    """Give a heading as MEDLINE text does: ``Pain/drug therapy/*psychology``."""
    return "/".join(
        "*" * (part.get("MajorTopicYN") == "Y") + text_of(part)
        for part in element
        if part.tag in ("DescriptorName", "QualifierName")
    )


def _notices(citation: etree._Element) -> tuple[Notice, ...]:
    return tuple(
        Notice(kind=kind, reference=_text(found, "RefSource"), pmid=pmid(_text(found, "PMID")))
        for found in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
        if (kind := BY_REF_TYPE.get(found.get("RefType", "")))
    )


def _entered(history: etree._Element | None, citation: etree._Element) -> str:
    """Give the day on which PubMed took the record in."""
    dates = {} if history is None else {d.get("PubStatus"): d for d in history}
    for date in (dates.get("entrez"), dates.get("pubmed"), citation.find("DateCreated")):
        if date is not None:
            parts = [_text(date, "Year"), _text(date, "Month"), _text(date, "Day")]
            if all(part.isdecimal() for part in parts):
                return "-".join(part.zfill(2) for part in parts)
    return ""


READER = _Reader()
