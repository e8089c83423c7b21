"""PubMed XML: articles and book chapters, from efetch, the site, the baseline or daily updates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from lxml import etree

from autoscreen.formats._base import Chunk, each_record
from autoscreen.formats._clean import doi, plain, pmcid, pmid, unique, year
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import BY_REF_TYPE, implied_notices
from autoscreen.formats._source import Source
from autoscreen.formats._xml import cut_stream, parsed, text_of, utf8
from autoscreen.records import Notice, Record

DELETION = "PubMed deleted"
"""Start of the message that reports deleted records."""

_KINDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
_DELETED = ("DeleteCitation", "DeleteDocument")
FIRST_TAG = re.compile(rb"<(?:" + "|".join(_KINDS + _DELETED).encode() + rb")(?=[\s/>])")
"""The tag with which a record, or a list of deleted ones, begins."""
_SNIFF = re.compile(rf"<(?:!DOCTYPE )?(?:{'|'.join(_KINDS)})(?:Set)?[\s>]")
_PMIDS = re.compile(r"<PMID[^>]*>(\d+)")
NO_TITLE = re.compile(r"\[?(?:not available|no title available|in process citation)\b\W*", re.I)
"""What stands where a record has no title."""
_SHOWN = 10


class _Reader:
    """Reads PubMed XML."""

    name = "pubmed-xml"

    def sniff(self, head: str) -> bool:
        """Return whether a set of PubMed records begins."""
        return bool(_SNIFF.search(head))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records one by one, and name those that PubMed has withdrawn."""
        return records_of(source, utf8(source))


def records_of(
    source: Source, stream: Iterator[bytes], *, line: int = 1
) -> Iterator[Record | Problem]:
    """Yield the records of a part of a file that begins on that line."""
    return each_record(source, chunks_of(source, stream, line=line), record_of)


def chunks_of(
    source: Source, stream: Iterator[bytes], *, line: int = 1
) -> Iterator[Chunk | Problem]:
    """Cut a part of a file into records, and report what PubMed has deleted."""
    for chunk in cut_stream(source, stream, (*_KINDS, *_DELETED), line=line):
        if isinstance(chunk, Chunk) and chunk.text.startswith("<Delete"):
            numbers = _PMIDS.findall(chunk.text)
            source.deleted += numbers
            shown = ", ".join(numbers[:_SHOWN]) + ", ..." * (len(numbers) > _SHOWN)
            yield source.problem(
                f"{DELETION} {len(numbers)} records; they were not imported: {shown}",
                line=chunk.line,
            )
        else:
            yield chunk


def record_of(text: str, warn: Callable[[str], None]) -> Record:
    """Read one record."""
    root = parsed(text, warn)
    if root.tag == "PubmedBookArticle":
        return _book(root, text)
    citation = root if root.tag == "MedlineCitation" else root.find("MedlineCitation")
    if citation is None:
        raise ValueError("a PubmedArticle without MedlineCitation")
    return _article(root, citation, text)


def _article(root: etree._Element, citation: etree._Element, text: str) -> Record:
    about = _grouped(citation)
    article = _grouped(_first(about, "Article"))
    journal = _grouped(_first(article, "Journal"))
    issue = _grouped(_first(journal, "JournalIssue"))
    data = _grouped(root.find("PubmedData"))
    home = _first(about, "MedlineJournalInfo")
    ids = _ids(_first(data, "ArticleIdList"))
    title = _title(article)
    types = _texts(_first(article, "PublicationTypeList"))
    notices = _notices(_first(about, "CommentsCorrectionsList"))
    return Record(
        title=title,
        abstract=abstract_of(_first(article, "Abstract")) or _other_abstract(about),
        authors=_authors(_first(article, "AuthorList")),
        year=_year(_first(issue, "PubDate")) or _year(_first(article, "ArticleDate")),
        journal=_text(journal, "Title") or text_of(home.find("MedlineTA")),
        volume=_text(issue, "Volume"),
        issue=_text(issue, "Issue"),
        pages=_pages(_first(article, "Pagination")),
        pmid=pmid(_text(about, "PMID")),
        pmcid=pmcid(ids.get("pmc", "")),
        doi=_location(article) or doi(ids.get("doi", "")),
        mesh=tuple(map(heading_of, _first(about, "MeshHeadingList"))),
        keywords=tuple(word for part in about["KeywordList"] for word in _texts(part)),
        publication_types=types,
        languages=tuple(map(text_of, article["Language"])),
        issns=unique((_text(journal, "ISSN"), text_of(home.find("ISSNLinking")))),
        entered=_entered(_first(data, "History")) or _day(_first(about, "DateCreated")),
        notices=notices + implied_notices(title, types, notices),
        raw=text,
        raw_format=READER.name,
    )


def _book(root: etree._Element, text: str) -> Record:
    document = _grouped(root.find("BookDocument"))
    book = _grouped(_first(document, "Book"))
    data = _grouped(root.find("PubmedBookData"))
    title, book_title = _title(document), _text(book, "BookTitle")
    types = tuple(map(text_of, document["PublicationType"]))
    ids = _ids(_first(document, "ArticleIdList")) | _ids(_first(data, "ArticleIdList"))
    people = document["AuthorList"] or book["AuthorList"]
    writers = [part for part in people if part.get("Type") != "editors"]
    return Record(
        title=title or book_title,
        abstract=abstract_of(_first(document, "Abstract")),
        authors=tuple(name for part in writers for name in _authors(part)),
        year=_year(_first(book, "PubDate")) or _year(_first(document, "ContributionDate")),
        journal=book_title if title else "",
        volume=_text(book, "Volume"),
        pages=_pages(_first(document, "Pagination")),
        publisher=text_of(_first(book, "Publisher").find("PublisherName")),
        pmid=pmid(_text(document, "PMID")),
        pmcid=pmcid(ids.get("pmc", "")),
        doi=_location(book) or doi(ids.get("doi", "")),
        keywords=tuple(word for part in document["KeywordList"] for word in _texts(part)),
        publication_types=types,
        languages=tuple(map(text_of, document["Language"])),
        entered=_entered(_first(data, "History")),
        notices=implied_notices(title, types),
        raw=text,
        raw_format=READER.name,
    )


_Group = defaultdict[str, list[etree._Element]]
_NOTHING = etree.Element("nothing")


def _grouped(element: etree._Element | None) -> _Group:
    """Sort the parts of an element by name; looking each up in the tree takes twice as long."""
    group: _Group = defaultdict(list)
    for part in element if element is not None else ():
        group[part.tag].append(part)
    return group


def _first(group: _Group, name: str) -> etree._Element:
    """Return the first part of that name; what a damaged record lacks reads as empty."""
    return group[name][0] if name in group else _NOTHING


def _text(group: _Group, name: str) -> str:
    return text_of(group[name][0]) if name in group else ""


def _texts(element: etree._Element) -> tuple[str, ...]:
    return tuple(filter(None, map(text_of, element)))


def _title(group: _Group) -> str:
    """Return the title; its wording in the original language if there is no other."""
    title = _text(group, "ArticleTitle")
    if title and not NO_TITLE.fullmatch(title):
        return title
    return _text(group, "VernacularTitle") or title


def abstract_of(element: etree._Element) -> str:
    """Return the sections of an abstract, each after its label."""
    return " ".join(filter(None, map(_section, element.iterfind("AbstractText"))))


def _section(element: etree._Element) -> str:
    return section_of(text_of(element), element.get("Label", ""))


def section_of(text: str, label: str) -> str:
    """Return a section of an abstract after its label."""
    label = plain(label).upper().rstrip(":")
    if not label or label == "UNLABELLED" or text.upper().startswith(f"{label}:"):
        return text
    return f"{label}: {text}" if text else ""


def _other_abstract(group: _Group) -> str:
    """Return the abstract by others than the publisher, in English if there is one."""
    others = sorted(group["OtherAbstract"], key=lambda e: e.get("Language", "eng") != "eng")
    return next(filter(None, map(abstract_of, others)), "")


def _authors(element: etree._Element) -> tuple[str, ...]:
    return tuple(_name(author) for author in element if author.get("ValidYN") != "N")


def _name(author: etree._Element) -> str:
    parts = {part.tag: part for part in author}
    family = text_of(parts.get("LastName"))
    given = text_of(parts.get("ForeName")) or text_of(parts.get("Initials"))
    if "Suffix" in parts:
        given = f"{given} {text_of(parts['Suffix'])}".strip()
    if not family:
        return text_of(parts.get("CollectiveName")) or given
    return f"{family}, {given}" if given else family


def _year(date: etree._Element) -> int | None:
    return year(text_of(date.find("Year"))) or year(text_of(date.find("MedlineDate")))


def _pages(element: etree._Element) -> str:
    if pages := text_of(element.find("MedlinePgn")):
        return pages
    start, end = text_of(element.find("StartPage")), text_of(element.find("EndPage"))
    return f"{start}-{end}" if end else start


def _ids(element: etree._Element) -> dict[str, str]:
    """Return the first identifier of each type of the record itself, not of what it cites."""
    ids: dict[str, str] = {}
    for part in element:
        ids.setdefault(part.get("IdType", ""), text_of(part))
    return ids


def _location(group: _Group) -> str | None:
    for part in group["ELocationID"]:
        if part.get("EIdType") == "doi" and part.get("ValidYN") != "N":
            return doi(text_of(part))
    return None


def heading_of(element: etree._Element) -> str:
    """Return a heading as MEDLINE text does: ``Pain/drug therapy/*psychology``."""
    return "/".join("*" * (part.get("MajorTopicYN") == "Y") + text_of(part) for part in element)


def _notices(element: etree._Element) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            kind=kind,
            reference=text_of(part.find("RefSource")),
            pmid=pmid(text_of(part.find("PMID"))),
        )
        for part in element
        if (kind := BY_REF_TYPE.get(part.get("RefType", "")))
    )


def _entered(history: etree._Element) -> str:
    """Return the day on which PubMed took the record in."""
    dates = {date.get("PubStatus"): date for date in history}
    return next((day for s in ("entrez", "pubmed") if s in dates and (day := _day(dates[s]))), "")


def _day(date: etree._Element) -> str:
    parts = [text_of(date.find(name)) for name in ("Year", "Month", "Day")]
    return "-".join(part.zfill(2) for part in parts) if all(map(str.isdecimal, parts)) else ""


READER = _Reader()
