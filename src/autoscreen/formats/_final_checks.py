"""Checks that apply to the records of every format: placeholders and dates are no values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from autoscreen.formats._decision_notes import unread_votes
from autoscreen.records import Record

_SHORT = "NA|N/A|n/a|#N/A|<NA>|nan|NaN|NULL|null|None"
PLACEHOLDER = re.compile(
    rf"{_SHORT}|"
    r"(?i:\W*(?:(?:publisher|abstract|summary)\s*:\s*)?(?:"
    r"(?:sorry, )?(?:there is )?no (?:english )?(?:abstracts?|summary|authors?(?: names?)?|titles?|"
    r"key ?words|journal(?: name)?)(?: (?:text|id|details))?"
    r"(?:,? (?:is |are |was |were )?(?:currently )?(?:available|found|listed|given|provided|"
    r"supplied|present|specified)(?: (?:for|in|from|on|at) .{1,60})?)?|"
    r"(?:an |the |this )?(?:abstract|summary|author(?: name)?s?|title)s?(?: in english)? "
    r"(?:is |are )?(?:not (?:currently )?(?:available|provided|supplied|given|specified)|"
    r"unavailable|missing|available from the publisher)(?: (?:for|in|from|on|at) .{1,60})?|"
    r"this (?:article|record|paper|publication) (?:has no|does not have an|contains no) abstract|"
    r"(?:kein|ohne) abstract(?: verf\u00fcgbar| vorhanden)?|"
    r"(?:pas de )?r\u00e9sum\u00e9 (?:non )?disponible|sin resumen|resumen no disponible"
    r")\W*)"
)
_SHORT_ONE = re.compile(_SHORT)
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec"
_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d(?:[T ]00:00(?::00)?)?|\d\d?[/.]\d\d?[/.]\d{{4}}|"
    rf"\d\d?-(?:{_MONTH})(?:-\d{{2,4}})?|(?:{_MONTH})-\d{{2,4}}",
    re.IGNORECASE,
)
# UTF-8 that was read as Windows-1252 and saved again, and letters that were lost.
_GARBLED = re.compile(
    "\\S*(?:\u00c3[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
    "|\u00e2\u20ac[\u0090-\u00bf\u0153\u02dc\u201c-\u201e\u2122]|\u00c2[\u00a0-\u00bf]|\ufffd)\\S*"
)
_TEXTS = ("title", "abstract", "journal", "volume", "issue", "pages", "publisher", "accession")
_LISTS = ("authors", "keywords", "mesh", "publication_types", "languages", "issns")
_NUMBERS = ("pages", "volume", "issue")
_LONGEST = 140
_LONGEST_WORD = 40


def checked(record: Record, warn: Callable[[str], None]) -> Record:
    """Return the record without placeholders, and without dates in place of page numbers."""
    changes: dict[str, Any] = {}
    for name in _TEXTS:
        if is_placeholder(getattr(record, name)):
            changes[name] = ""
    for name in _LISTS:
        values = getattr(record, name)
        if values and any(map(_is_placeholder, values)):
            kept = _without_placeholders(values)
            if len(kept) < len(values):
                changes[name] = kept
    for name in _NUMBERS:
        value = getattr(record, name)
        if value and not value.isdigit() and _DATE.fullmatch(value):
            changes[name] = ""
            warn(f"{name}: {value!r} is a date, probably made by a spreadsheet; it was ignored")
    for reviewer, vote in unread_votes(record.note) if "RAYYAN-" in record.note else ():
        warn(
            f"the vote {vote[:80]!r} of {reviewer!r} in Rayyan's note is not understood as a "
            "decision; it was kept in the note"
        )
    return replace(record, **changes) if changes else record


def garbled_text(record: Record) -> str:
    """Return a word of the record whose letters were lost before; empty if there is none."""
    for text in (record.title, record.abstract, *record.authors[:3]):
        if not text.isascii() and (found := _GARBLED.search(text)):
            return found[0][:_LONGEST_WORD]
    return ""


def _without_placeholders(values: Sequence[str]) -> tuple[str, ...]:
    """Return the values; NA beside others is one of them, e.g. Narcotics Anonymous."""
    kept = [value for value in values if not is_placeholder(value) or _SHORT_ONE.fullmatch(value)]
    alone = all(_SHORT_ONE.fullmatch(value) for value in kept)
    return () if alone else tuple(kept)


def no_identifier(name: str, value: str) -> Iterator[str]:
    """Yield a message if a value with digits is no identifier of the kind of its field."""
    if any(map(str.isdigit, value)):
        yield f"{name}: {value.strip()[:_LONGEST]!r} is not a {name.upper()}; it was ignored"


def is_placeholder(value: str) -> bool:
    """Return whether a value stands for one that is missing."""
    return len(value) <= _LONGEST and _is_placeholder(value)


@lru_cache(1 << 15)  # headings, languages and journals are often repeated
def _is_placeholder(value: str) -> bool:
    return 1 < len(value) <= _LONGEST and PLACEHOLDER.fullmatch(value) is not None
