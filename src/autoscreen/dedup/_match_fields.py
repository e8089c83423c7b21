"""What duplicate detection needs to know of a record, small enough to keep for every record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from autoscreen.dedup._text_folding import STOPWORDS, fold, sketch, split_title, words
from autoscreen.formats.trial_registries import entry_numbers
from autoscreen.records import Record

_MAX_NAMES = 40
_NOT_A_NAME = """
al and anon anonymous assigned author authors available bin da das de del della den der di dos du el
et ibn jr la le listed name no of sr st ten ter the van vom von zu zur
"""
_PARTICLES = frozenset(_NOT_A_NAME.split())
_DOI = re.compile(
    r"10\.\d{4,9}\S*?/\S+?(?=(?:/(?:abstract|full|fulltext|e?pdf|meta)|\.pdf|[.,;])*(?:\s|$))"
)
_INITIALS = re.compile(r"[A-Z]{1,3}(?:-[A-Z])?")
_NAME_PARTS = re.compile(r"[^\s.,;]+")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SUBTITLE = re.compile(r"(?<=\w)\s+[:=]\s")  # as PubMed parts subtitles and parallel names
_CONFERENCE = re.compile(r"(?<=\w)[.,;:]\s*conference\b.*", re.IGNORECASE)  # as Embase adds it
_NOT_IN_JOURNAL = STOPWORDS - {"a"} | {"suppl", "supplement", "supplements", "supplementum"}
# Spreadsheets turn "11-9" into "11-Sep" and a long article number into "2.05E+15".
_SPOILT = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez)\b|\d[.,]\d+e\+?\d"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}([/.])\d{1,2}\1\d{2,4}\b",
    re.IGNORECASE,
)
_SUPPLEMENT = re.compile(r"s(?:uppl?(?:ement(?:um)?|\.)?)?[\s.]*(\d*)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\s*0*(\d{1,4})\s*")
_MAIN_TITLE = re.compile(r"(.{6,}?)(?:\s*[:?]\s|\s[-\u2013\u2014]\s)")
_PAGE = re.compile(r"(\d[a-z]|[a-z]{0,2})0*(\d+[a-z]?)(?![a-z])")
_ARTICLE = re.compile(r"^(?:artn?|article|pp?|pages?|no|id|unsp)\b[\s.:]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFields:
    """The match key of one record; equal records have equal keys."""

    pmid: str = ""  # Identifiers in canonical form; empty if the record has none
    pmcid: str = ""
    doi: str = ""
    accession: str = ""
    # Trial registration numbers if the record is an entry of a registry, else empty
    registry: tuple[str, ...] = ()
    # Folded words of the title, parted by single blanks, without what databases add to it
    title: str = ""
    main_title: str = ""  # The words before the subtitle; empty if there is none
    kind: str = ""  # ``notice``, ``reply`` or ``comment`` if the title says so, else empty
    # Folded surnames in the order of the source (at most 40; particles dropped)
    authors: tuple[str, ...] = ()
    year: int | None = None
    # Folded words of the journal without articles, supplement and conference
    journal: tuple[str, ...] = ()
    # The journal's parallel name, which some databases add in brackets
    other_journal: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()  # Digits of the ISSNs
    # Number of the volume; first page or article number with its letters, as in ``s295``
    volume: str = ""
    supplement: str = ""  # ``s`` and the number of a supplement; number of an ordinary issue
    issue: str = ""
    page: str = ""
    abstract: bytes = b""  # Fingerprint of the abstract; empty if there is none
    # Number of letters and digits that the fingerprint covers; 0 if there is no abstract
    abstract_size: int = 0

    @property
    def order(self) -> tuple[str | int | bytes | tuple[str, ...], ...]:
        """Everything in it, to sort records by their content."""
        texts = self.title, self.kind, self.authors, self.journal, self.volume, self.page
        numbers = self.pmid, self.pmcid, self.doi, self.accession, self.issns, self.registry
        minor = self.main_title, self.other_journal, self.supplement, self.issue
        return *texts, self.year or 0, *numbers, self.abstract, self.abstract_size, *minor

    @property
    def has_abstract(self) -> bool:
        """Whether the record has an abstract that says enough to be compared."""
        return self.abstract_size > 0


def match_fields(record: Record) -> MatchFields:
    """
    Return the match key of a record, about 1 kB, from which duplicates are found.

    It depends on the record alone, so it may be kept with the record or made again at any time.
    """
    title, kind = split_title(record.title)
    abstract, size = sketch(record.abstract)
    return MatchFields(
        pmid=record.pmid or "",
        pmcid=record.pmcid or "",
        doi=_doi(record.doi),
        accession=record.accession.strip().casefold(),
        registry=entry_numbers(record),
        title=title,
        main_title=_main_title(record.title),
        kind=kind,
        authors=_surnames(record.authors),
        year=record.year,
        journal=_journal(record.journal),
        other_journal=_other_journal(record.journal),
        issns=tuple(sorted({issn for text in record.issns if (issn := _issn(text))})),
        volume=volume_number(record.volume),
        supplement=_supplement(record.volume) or _supplement(record.issue),
        issue=_issue(record.issue),
        page=first_page(record.pages),
        abstract=abstract,
        abstract_size=size,
    )


def _doi(text: str | None) -> str:
    """Return a DOI without trailing text, doubled slashes as one."""
    found = _DOI.search(re.sub("/{2,}", "/", unescape(text).lower())) if text else None
    return found[0] if found else ""


def _main_title(title: str) -> str:
    found = _MAIN_TITLE.match(title.lstrip("[ "))
    return split_title(found[1])[0] if found else ""


def _surnames(authors: tuple[str, ...]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for author in authors:
        family = author.partition(",")[0] if "," in author else _without_initials(author)
        for name in words(family):
            if len(name) > 1 and name not in _PARTICLES:
                names[name] = None
        if len(names) >= _MAX_NAMES:
            break
    return tuple(names)[:_MAX_NAMES]


def _without_initials(author: str) -> str:
    """Drop 'GN' of 'Family GN'; the first part is kept, since 'LI X' is a family too."""
    parts = _NAME_PARTS.findall(author)
    return " ".join(parts[:1] + [part for part in parts[1:] if not _INITIALS.fullmatch(part)])


def _journal(journal: str) -> tuple[str, ...]:
    name = _CONFERENCE.sub("", _IN_BRACKETS.sub(" ", journal))
    found = words(_SUBTITLE.split(name, maxsplit=1)[0]) or words(journal)
    return tuple([word for word in found if word not in _NOT_IN_JOURNAL])


def _other_journal(journal: str) -> tuple[str, ...]:
    """Return the name in brackets of 'Gan to Kagaku Ryoho [Japanese Journal of Cancer]'."""
    inner = re.search(r"(?<=\S)\s*\[([^\[\]]{8,})\]|\s=\s(.{8,})$", journal)
    name = (inner[1] or inner[2]) if inner else ""
    return tuple([word for word in words(name) if word not in _NOT_IN_JOURNAL])


def _supplement(text: str) -> str:
    found = _SUPPLEMENT.search(text)
    return f"s{found[1]}" if found else ""


def _issue(issue: str) -> str:
    found = _NUMBER.fullmatch(issue)
    return found[1] if found else ""


def _issn(text: str) -> str:
    digits = re.sub(r"[^0-9x]", "", text[:9].casefold())
    return digits if len(digits) == 8 else ""


def volume_number(volume: str) -> str:
    """Return the number of a volume; empty if there is none, or it got lost."""
    if volume.count(")") > volume.count("("):
        return ""  # the end of "30 (Suppl 1)", whose number got lost
    number = re.search(r"[1-9]\d*", _IN_BRACKETS.sub(" ", volume))
    return number[0] if number else ""


def first_page(pages: str) -> str:
    """Return the first page in one form; empty if there is none, or a spreadsheet spoilt it."""
    if _SPOILT.search(pages):
        return ""
    page = _PAGE.search(_ARTICLE.sub("", fold(pages).strip()))
    return page[1] + page[2] if page else ""
