"""EndNote XML, as EndNote, Zotero and Rayyan's users export it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from autoscreen.formats._author_names import names
from autoscreen.formats._base import each_record
from autoscreen.formats._clean import doi, plain, pmcid, pmid, unique, year
from autoscreen.formats._decision_notes import read_notes, restored
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import implied_notices
from autoscreen.formats._ris_dialects import PUBLICATION_TYPES
from autoscreen.formats._shared_values import issns
from autoscreen.formats._source import Source
from autoscreen.formats._xml import cut, parsed, raw_text_of, text_of
from autoscreen.records import Record

_SNIFF = re.compile(
    r"<record>.{0,600}?<(?:ref-type|rec-number|contributors|titles)[\s>]", re.DOTALL
)
_PUBMED_LINK = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d+)")
_ISSN_LINE = re.compile(r"\d{4}-\d{3}[\dXx]\b")
_OF_READER = re.compile("autoscreen|ASReview|RAYYAN|USER-NOTES|Exclusion reason", re.IGNORECASE)
_MEDLINE = re.compile(r"\b(?:nlm|medline|pubmed)\b", re.IGNORECASE)


class _Reader:
    """Reads EndNote XML."""

    name = "endnote-xml"

    def sniff(self, head: str) -> bool:
        """Return whether a record with EndNote's elements begins near the start."""
        return head.lstrip().startswith("<") and bool(_SNIFF.search(head))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records one by one."""
        return each_record(source, cut(source, "record"), _record)


def _record(text: str, warn: Callable[[str], None]) -> Record:
    root = parsed(text, warn)

    def one(*paths: str) -> str:
        return next((text for path in paths if (text := text_of(root.find(path)))), "")

    def lines(path: str) -> tuple[str, ...]:
        return unique(
            plain(line) for e in root.iterfind(path) for line in raw_text_of(e).splitlines()
        )

    kind = root.find("ref-type")
    notes, noted_types = _notes(root)
    title = one("titles/title", "titles/translated-title")
    types = unique((*lines("work-type"), *noted_types))
    links = lines("urls/related-urls/url") + lines("urls/text-urls/url")
    number = _pmid(
        one("accession-num"),
        links,
        one("remote-database-provider") + " " + one("remote-database-name"),
    )
    record = Record(
        title=title,
        abstract=one("abstract"),
        authors=tuple(
            name.rstrip(",")
            for name in names(map(text_of, root.iterfind("contributors/authors/author")))
        ),
        year=year(one("dates/year")) or year(one("dates/pub-dates/date")),
        journal=one(
            "periodical/full-title",
            "titles/secondary-title",
            "alt-periodical/full-title",
            "periodical/abbr-1",
        ),
        volume=one("volume"),
        issue=one("number", "issue"),
        pages=one("pages"),
        publisher=one("publisher"),
        pmid=number,
        pmcid=pmcid(one("custom2")) if "PMC" in one("custom2").upper() else None,
        doi=doi(one("electronic-resource-num")) or _first_doi(links),
        accession="" if number else one("accession-num"),
        keywords=lines("keywords/keyword"),
        publication_types=types,
        languages=lines("language"),
        urls=links,
        issns=issns(lines("isbn")),
        record_type="" if kind is None else plain(kind.get("name") or kind.text or ""),
        notices=implied_notices(title, types),
        tags=lines("label"),
        source_key=one("rec-number"),
        raw=text,
        raw_format=READER.name,
    )
    if not notes:
        return record
    return restored(record, read_notes(notes))


def _notes(root: etree._Element) -> tuple[list[str], list[str]]:
    """Return the reader's notes, and the publication types that EndNote's filter puts there."""
    notes = [
        line.strip()
        for path in ("notes", "research-notes")
        for element in root.iterfind(path)
        for line in raw_text_of(element).splitlines()
    ]
    types = [line for line in notes if line in PUBLICATION_TYPES]
    if types and any(map(_ISSN_LINE.match, notes)):  # then the filter for PubMed wrote the note
        return [line for line in notes if _OF_READER.search(line)], types
    return [line for line in notes if line not in PUBLICATION_TYPES], types


def _pmid(accession: str, links: tuple[str, ...], database: str) -> str | None:
    """Return the PMID if a link shows it, or the accession number is one of Medline."""
    linked = {match[1] for link in links if (match := _PUBMED_LINK.search(link))}
    if _MEDLINE.search(database) and (number := pmid(accession)):
        return number
    if accession in linked or (len(linked) == 1 and not accession):
        return pmid(accession or linked.pop())
    return None


def _first_doi(links: tuple[str, ...]) -> str | None:
    return next((found for link in links if "doi.org/" in link and (found := doi(link))), None)


READER = _Reader()
