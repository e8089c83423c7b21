"""Europe PMC: records as its API returns them (``resultType=core``), one JSON object a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from autoscreen.formats._base import each_record
from autoscreen.formats._clean import doi, pmcid, pmid, unique, year
from autoscreen.formats._json_lines import json_lines, json_object, objects, part, text, texts
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import BY_REF_TYPE, implied_notices
from autoscreen.formats._source import Source
from autoscreen.records import Notice, Record

_SNIFF = re.compile(r'\s*\{\s*"id":\s*"[^"]*",\s*"source":\s*"[A-Z]+"')
_HEADING = re.compile(r"<h\d[^>]*>\s*(.*?)\s*:?\s*</h\d>", re.IGNORECASE | re.DOTALL)
_PREPRINT = "PPR"


class _Reader:
    """Reads records of Europe PMC."""

    name = "europe-pmc"

    def sniff(self, head: str) -> bool:
        """Return whether the first line begins like a record of Europe PMC."""
        return bool(_SNIFF.match(head))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records one by one."""
        return each_record(source, json_lines(source), _record)


def _record(line: str, warn: Callable[[str], None]) -> Record:
    given = json_object(line)
    kind, number = text(given.get("source")), text(given.get("id"))
    if not (kind and number):
        raise ValueError("a record without source and id")
    issue = part(given, "journalInfo")
    journal = part(issue, "journal")
    book = part(given, "bookOrReportDetails")
    types = unique(texts(part(given, "pubTypeList").get("pubType")))
    title = text(given.get("title"))
    notices = tuple(_notices(given))
    own = pmid(text(given.get("pmid")) or (number if kind == "MED" else ""))
    own_pmcid = pmcid(text(given.get("pmcid")) or (number if kind == "PMC" else ""))
    return Record(
        title=title,
        abstract=_abstract(given.get("abstractText")),
        authors=_authors(given),
        year=year(text(given.get("pubYear")) or text(issue.get("yearOfPublication"))),
        journal=text(journal.get("title")) or (text(book.get("publisher")) if not journal else ""),
        volume=text(issue.get("volume")),
        issue=text(issue.get("issue")),
        pages=text(given.get("pageInfo")),
        publisher=text(book.get("publisher")),
        pmid=own,
        pmcid=own_pmcid,
        doi=doi(text(given.get("doi"))),
        accession="" if own or own_pmcid else number,
        mesh=unique(
            name
            for one in objects(part(given, "meshHeadingList").get("meshHeading"))
            for name in _mesh(one)
        ),
        keywords=unique(texts(part(given, "keywordList").get("keyword"))),
        publication_types=types,
        languages=unique([text(given.get("language"))]),
        urls=() if own else (f"https://europepmc.org/article/{kind}/{number}",),
        issns=unique([text(journal.get("issn")), text(journal.get("essn"))]),
        record_type="preprint" if kind == _PREPRINT else "",
        entered=text(given.get("firstIndexDate")),
        notices=notices + implied_notices(title, types, notices),
        raw=line,
        raw_format=READER.name,
    )


def _notices(given: dict[str, Any]) -> Iterator[Notice]:
    """Yield notices; their kinds are those of PubMed, written apart: ``Retraction in``."""
    for one in objects(part(given, "commentCorrectionList").get("commentCorrection")):
        kind = BY_REF_TYPE.get(text(one.get("type")).title().replace(" ", ""))
        if kind:
            number = text(one.get("id")) if one.get("source") == "MED" else ""
            yield Notice(kind=kind, reference=text(one.get("reference")), pmid=pmid(number))


def _abstract(value: object) -> str:
    """Return the abstract, its headings in capitals before a colon."""
    if not isinstance(value, str):
        return ""
    return text(_HEADING.sub(lambda match: f" {match[1].upper()}: ", value))


def _authors(given: dict[str, Any]) -> tuple[str, ...]:
    named = [_name(one) for one in objects(part(given, "authorList").get("author"))]
    if any(named):
        return tuple(filter(None, named))
    said = text(given.get("authorString")).rstrip(".")
    return tuple(filter(None, (one.strip() for one in said.split(","))))


def _name(author: dict[str, Any]) -> str:
    family, given = text(author.get("lastName")), text(author.get("firstName"))
    if family and (given := given or text(author.get("initials"))):
        return f"{family}, {given}"
    return family or text(author.get("fullName")) or text(author.get("collectiveName"))


def _mesh(heading: dict[str, Any]) -> list[str]:
    """Return a heading with each of its qualifiers, as PubMed writes them."""
    name = text(heading.get("descriptorName"))
    if not name:
        return []
    qualifiers = [
        f"{_major(one)}{said}"
        for one in objects(part(heading, "meshQualifierList").get("meshQualifier"))
        if (said := text(one.get("qualifierName")))
    ]
    main = f"{_major(heading)}{name}"
    return ["/".join([main, *qualifiers])]


def _major(one: dict[str, Any]) -> str:
    return "*" if one.get("majorTopic_YN") == "Y" else ""


READER = _Reader()
