"""The words of a record that raised or lowered its rank, with their places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from autoscreen.records import Record

_WORD = re.compile(r"\b\w\w+\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordEvidence:
    """One word that affected the rank of a record."""

    field: Literal["title", "abstract"]  # The field of the record that it is in
    start: int  # Its place in that field
    end: int
    # What it adds to the score, with its share of the pairs that it stands in; negative if it moves
    # the record down. A word that comes several times has the same value each time, as the ranker
    # weighs the word and not its place.
    value: float


def evidence_of(record: Record, values: Mapping[str, float]) -> tuple[WordEvidence, ...]:
    """Find the words with a value in a record."""
    found: list[WordEvidence] = []
    fields: tuple[tuple[Literal["title", "abstract"], str], ...] = (
        ("title", record.title),
        ("abstract", record.abstract),
    )
    for field, text in fields:
        places = [(match[0].lower(), match.start(), match.end()) for match in _WORD.finditer(text)]
        totals = [values.get(word, 0.0) for word, _, _ in places]
        for at, ((one, _, _), (other, _, _)) in enumerate(pairwise(places)):
            pair = values.get(f"{one} {other}", 0.0) / 2
            totals[at] += pair
            totals[at + 1] += pair
        found += [
            WordEvidence(field=field, start=start, end=end, value=total)
            for (_, start, end), total in zip(places, totals, strict=True)
            if total
        ]
    return tuple(found)
