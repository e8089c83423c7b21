"""JATS (NXML): articles of PubMed Central and of many publishers; only what describes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from autoscreen.formats._base import each_record
from autoscreen.formats._clean import doi, pmcid, pmid, unique, year
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import implied_notices
from autoscreen.formats._source import Source
from autoscreen.formats._xml import cut, parsed, text_of
from autoscreen.records import Record

_SNIFF = re.compile(
    r"<!DOCTYPE (?:pmc-articleset|article)\b|<article\s[^>]*dtd-version|<article-meta>"
)
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_SHORT_KINDS = ("graphical", "teaser", "toc", "key-points", "summary", "plain-language-summary")


class _Reader:
    """Reads JATS."""

    name = "jats"

    def sniff(self, head: str) -> bool:
        """Return whether a JATS article begins near the start."""
        return bool(_SNIFF.search(head))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records one by one."""
        return each_record(source, cut(source, "article"), _record)


def _record(text: str, warn: Callable[[str], None]) -> Record:
    root = parsed(text, warn)
    meta = root.find("front/article-meta")
    if meta is None:
        raise ValueError("an article without article-meta")
    journal = root.find("front/journal-meta")
    ids = {found.get("pub-id-type"): text_of(found) for found in meta.iterfind("article-id")}
    kind = root.get("article-type", "")
    title = _text(meta, "title-group/article-title")
    return Record(
        title=title or _text(meta, "title-group/trans-title-group/trans-title"),
        abstract=_abstract(meta),
        authors=tuple(filter(None, map(_name, meta.iterfind("contrib-group/contrib")))),
        year=_year(meta),
        journal=_text(journal, ".//journal-title"),
        volume=_text(meta, "volume"),
        issue=_text(meta, "issue"),
        pages=_pages(meta),
        publisher=_text(journal, "publisher/publisher-name"),
        pmid=pmid(ids.get("pmid", "")),
        pmcid=pmcid(ids.get("pmc", "") or ids.get("pmcid", "")),
        doi=doi(ids.get("doi", "")),
        keywords=unique(map(text_of, meta.iterfind("kwd-group/kwd"))),
        publication_types=unique(
            map(text_of, meta.iterfind("article-categories/subj-group/subject"))
        ),
        languages=unique([root.get(_LANGUAGE, "")]),
        issns=unique(map(text_of, journal.iterfind("issn") if journal is not None else ())),
        record_type=kind,
        notices=implied_notices(title, [kind]),
        raw=text,
        raw_format=READER.name,
    )


def _text(element: etree._Element | None, path: str) -> str:
    return "" if element is None else text_of(element.find(path))


def _abstract(meta: etree._Element) -> str:
    """Return the abstract proper, its sections labelled in capitals."""
    kinds = [
        found
        for found in meta.iterfind("abstract")
        if found.get("abstract-type") not in _SHORT_KINDS
    ]
    if not kinds:
        return ""
    sections = kinds[0].findall("sec")
    if not sections:
        return " ".join(map(text_of, kinds[0].iterfind("p"))) or text_of(kinds[0])
    return " ".join(map(_section, sections))


def _section(section: etree._Element) -> str:
    label = _text(section, "title").upper().rstrip(":.")
    words = " ".join(map(text_of, section.iterfind("p")))
    return f"{label}: {words}" if label else words


def _name(contributor: etree._Element) -> str:
    if contributor.get("contrib-type", "author") != "author":
        return ""
    family, given = _text(contributor, ".//surname"), _text(contributor, ".//given-names")
    return f"{family}, {given}" if family and given else family or _text(contributor, ".//collab")


def _year(meta: etree._Element) -> int | None:
    dates = {
        date.get("pub-type") or date.get("date-type"): date for date in meta.iterfind("pub-date")
    }
    for kind in ("ppub", "collection", "epub", "pub", *dates):
        if kind in dates and (found := year(_text(dates[kind], "year"))):
            return found
    return None


def _pages(meta: etree._Element) -> str:
    first, last = _text(meta, "fpage"), _text(meta, "lpage")
    return f"{first}-{last}" if first and last else first or _text(meta, "elocation-id")


READER = _Reader()
