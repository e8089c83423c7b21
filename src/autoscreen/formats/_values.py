"""Values that several formats write alike: lists in one field, pages, ISSNs, links, retractions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autoscreen.formats._clean import plain, unique
from autoscreen.formats._notices import with_types
from autoscreen.records import Notice, NoticeKind

__all__ = ["implied_notices", "issns", "own_link", "page_range", "split_list"]

_ISSN = re.compile(
    r"(?<![\dXx-])(?:97[89](?:[- ]?\d){9}[- ]?[\dXx]|\d(?:[- ]?\d){8}[- ]?[\dXx]|\d{4}-?\d{3}[\dXx])"
    r"(?![\dXx-])"
)
_RETRACTED = re.compile(r"[\W_]*retracted(?: article| paper)?\s*[:\])]", re.IGNORECASE)


def implied_notices(title: str, publication_types: Iterable[str]) -> tuple[Notice, ...]:
    """Give the retractions that only the title or the publication types tell of."""
    marked = title[:1] in "RrW[(*" and _RETRACTED.match(title)
    given = (Notice(kind=NoticeKind.RETRACTED),) if marked else ()
    return with_types(given, publication_types)


def split_list(values: Iterable[str]) -> list[str]:
    """Give the parts of a value in which a list is joined by semicolons, if it stands alone."""
    given = [value for value in values if value.strip()]
    if len(given) == 1 and ";" in given[0]:
        return [part for part in given[0].split(";") if part.strip()]
    return given


def page_range(start: str, end: str) -> str:
    """Give first and last page as one range; the first may already be one."""
    if not end or start == end or "-" in start:
        return start
    return f"{start}-{end}" if start else end


def issns(values: Iterable[str]) -> tuple[str, ...]:
    """Give the ISSNs and ISBNs out of fields that also say of which edition; or as they stand."""
    found: list[str] = []
    for value in values:
        numbers = _ISSN.findall(value)
        found += map(_with_hyphen, numbers) if numbers else [plain(value)]
    return unique(found)


def own_link(link: str, pmid: str | None) -> bool:
    """Tell whether a link says no more than the PMID."""
    return pmid is not None and link.strip() == f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def _with_hyphen(number: str) -> str:
    if len(number) == 8:
        return f"{number[:4]}-{number[4:]}".upper()
    return number.upper() if len(number) == 9 else number
