"""Values that several formats write in the same way: lists in one field, pages, ISSNs, links."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autoscreen.formats._author_names import python_list
from autoscreen.formats._clean import plain, unique

_ISSN = re.compile(
    r"(?<![\dXx-])"
    r"(?:97[89](?:[- ]?\d){9}[- ]?[\dXx]|\d(?:[- ]?\d){8}[- ]?[\dXx]|\d{4}-?\d{3}[\dXx])"
    r"(?![\dXx-])"
)
_WIDE_SEPARATOR = re.compile("[\uff1b\u3001\uff0c]")
_BEFORE_LINK = re.compile(r"[;|,\s]+(?=(?:https?|ftp|internal-pdf)://)")
_NO_LINK = re.compile(r"internal-pdf://|<Go to ISI>")  # files and commands of EndNote
_HEADING = re.compile(
    r"<(h[1-6]|(?:jats:)?title)>\s*([^<>]{1,80}?)[\s:.]*</\1>(?=\s*\S)", re.IGNORECASE
)

_LABELLED = re.compile(
    r"<AbstractText\b[^<>]*?\bLabel\s*=\s*[\"']([^\"'<>]{1,80}?)[:\s]*[\"'][^<>]*>(?!\s*\1\s*:)",
    re.IGNORECASE,
)

EMBASE_SOURCE = re.compile(
    r"(.+?) \((\d{4})\)(?:[ .]|$) ?(?:([^\s:(.]+)(?::(\S+))?)?(?: ?\(([^()]+)\))?"
)
"""Journal, year, volume, issue and pages as Embase writes them: ``Pain (2019) 21:3 (275-288)``."""


def abstract(values: Iterable[str]) -> str:
    """Return an abstract, or one in several languages; headings marked up become ``LABEL:``."""
    return " ".join(unique(plain(_with_labels(value)) for value in values))


def split_list(values: Iterable[str]) -> list[str]:
    """Return the parts of a value in which a list is joined by semicolons, if it stands alone."""
    given = [value for value in values if value.strip()]
    if len(given) == 1 and (listed := python_list(given[0].strip())) is not None:
        return listed
    if len(given) == 1 and ";" in given[0]:
        given = given[0].split(";")
    if all(map(str.isascii, given)):
        return [part for part in given if part.strip()]
    parts = [part for value in given for part in _WIDE_SEPARATOR.split(value)]
    return [part for part in parts if part.strip()]


def page_range(start: str, end: str) -> str:
    """Return first and last page as one range; the first may already be one."""
    if not end or start == end or "-" in start:
        return start
    return f"{start}-{end}" if start else end


def issns(values: Iterable[str]) -> tuple[str, ...]:
    """Return the ISSNs and ISBNs in fields that may also name the edition, or else the field."""
    found: list[str] = []
    for value in values:
        numbers = _ISSN.findall(value)
        found += map(_with_hyphen, numbers) if numbers else [plain(value)]
    return unique(found)


def links(values: Iterable[str], pmid: str | None) -> tuple[str, ...]:
    """Return addresses, of which a field may hold several, but none that only repeats the PMID."""
    found = (plain(link) for value in values for link in _BEFORE_LINK.split(value))
    own = f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else ""
    return unique(link for link in found if link != own and not _NO_LINK.match(link))


def _with_labels(text: str) -> str:
    if "Label" in text:
        text = _LABELLED.sub(lambda match: f" {match[1].upper()}: ", text)
    if "</h" not in text and "title>" not in text:
        return text
    return _HEADING.sub(lambda match: f" {match[2].upper()}: ", text)


def _with_hyphen(number: str) -> str:
    if len(number) == 8:
        return f"{number[:4]}-{number[4:]}".upper()
    return number.upper() if len(number) == 9 else number
