"""Shows several records of one work as one, with the best field of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from autoscreen.dedup._match_fields import first_page, volume_number
from autoscreen.dedup._text_folding import words
from autoscreen.records import Record

T = TypeVar("T", bound=Hashable)

_UNIONS = ("keywords", "publication_types", "languages", "urls", "issns", "tags")
_CUT = re.compile(
    r"(?:\babstract truncated(?: at \d+ words)?\W*|\.\.\.|\u2026|\[truncated\])\s*$", re.IGNORECASE
)
_NO_ABSTRACT = re.compile(
    r"\W*(?:\[?no abstract(?: is)?(?: available)?|abstract (?:is )?not available|none|n/?a)\W*",
    re.IGNORECASE,
)


def combine(records: Sequence[Record]) -> Record:
    """
    Return the merged view of records that are one.

    The identifiers and MeSH headings are PubMed's where it has the record; the title is one without
    damage; the abstract is the longest that is not cut off; the authors are the longest list with
    the fullest names; year, volume, issue and pages come from one record as far as it has them, the
    journal's name in full. Keywords, publication types, languages, addresses, ISSNs, notices,
    verdicts, notes and tags of all records are kept. The raw text is that of the record which ranks
    first: the one from PubMed, then the one with the most fields.

    The result does not depend on the order of the records, and combining it again, alone or with
    any of them, changes nothing.
    """
    ranked = list(dict.fromkeys(sorted(records, key=_rank)))
    if not ranked:
        raise ValueError("combine needs at least one record")
    if len(ranked) == 1:
        return ranked[0]
    chosen: dict[str, Any] = {
        field.name: _first(getattr(record, field.name) for record in ranked)
        for field in fields(Record)
    }
    chosen |= {
        "title": min((record.title for record in ranked), key=_title_faults),
        "abstract": min((record.abstract for record in ranked), key=_abstract_faults),
        "authors": max((record.authors for record in ranked), key=_fullness),
        "journal": min((record.journal for record in ranked), key=_journal_faults),
        "doi": _most_common(record.doi for record in ranked),
        "notices": _union(record.notices for record in ranked),
        "verdicts": _union(record.verdicts for record in ranked),
        "note": "\n".join(_union(record.note.split("\n") for record in ranked)),
    }
    chosen |= _place(ranked)
    chosen |= {name: _folded_union(getattr(r, name) for r in ranked) for name in _UNIONS}
    source = next((record for record in ranked if record.raw), ranked[0])
    return replace(ranked[0], **chosen | {"raw": source.raw, "raw_format": source.raw_format})


def _rank(record: Record) -> tuple[object, ...]:
    filled = sum(bool(getattr(record, field.name)) for field in fields(Record))
    return not record.pmid, -filled, repr(record), record.raw_format, record.raw


def _first(values: Iterable[T]) -> T | None:
    found = list(values)
    return next((value for value in found if value), found[0])


def _most_common(values: Iterable[str | None]) -> str | None:
    """Return the value that most records have; of equals the one of the first."""
    counted = Counter(value for value in values if value)
    return max(counted, key=counted.__getitem__) if counted else None


def _union(groups: Iterable[Iterable[T]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for group in groups for value in group if value))


def _folded_union(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return each value once, ignoring case, as first written."""
    found: dict[str, str] = {}
    for group in groups:
        for value in group:
            found.setdefault(value.casefold(), value)
    return tuple(found.values())


def _place(ranked: Sequence[Record]) -> dict[str, object]:
    """Return year, volume, issue and pages of the record that knows most of them."""
    known = [
        {
            "year": record.year,
            "volume": record.volume if volume_number(record.volume) else "",
            "issue": record.issue,
            "pages": record.pages if first_page(record.pages) else "",
        }
        for record in ranked
    ]
    known.sort(key=lambda place: -sum(map(bool, place.values())))
    return {name: value for name in known[0] if (value := _first(p[name] for p in known))}


def _shouts(text: str) -> bool:
    return text.isupper() and len(text) > 12


def _damaged(text: str) -> bool:
    return "\N{REPLACEMENT CHARACTER}" in text


def _title_faults(title: str) -> tuple[object, ...]:
    length = sum(map(len, words(title)))
    return not title, _damaged(title), _shouts(title), -length, len(title), title


def _abstract_faults(abstract: str) -> tuple[object, ...]:
    absent = bool(_NO_ABSTRACT.fullmatch(abstract)) or not abstract
    return absent, _damaged(abstract), bool(_CUT.search(abstract)), -len(abstract), abstract


def _journal_faults(journal: str) -> tuple[object, ...]:
    return not journal, _damaged(journal), _shouts(journal), -len(journal), journal


def _fullness(authors: tuple[str, ...]) -> tuple[object, ...]:
    letters = sum(map(len, authors))
    damaged = any(map(_damaged, authors))
    return len(authors), not damaged, letters, authors
