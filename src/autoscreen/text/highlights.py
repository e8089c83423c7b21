"""Where a record's title and abstract name the concepts of the protocol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from autoscreen.protocol import Concept, Protocol
from autoscreen.records import Record
from autoscreen.text.terms import ConceptMatcher

_MATCHERS_KEPT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """One mention to be shown."""

    field: Literal["title", "abstract"]  # The field of the record that it is in
    start: int  # Its place in that field
    end: int
    element: str  # The part of the question it belongs to; highlights of one element do not overlap
    term: str  # The term of the protocol that matched
    negated: bool  # True if the text denies it
    concept: str  # Key of the concept
    against: bool  # True if the concept suggests exclusion


def highlights(record: Record, protocol: Protocol) -> tuple[Highlight, ...]:
    """Return where title and abstract name the concepts of a protocol."""
    matcher = _matcher(protocol.concepts)
    against = {concept.key for concept in protocol.against}
    # In record.text, title and abstract are two lines.
    abstract_at = len(record.title) + 1
    found = []
    for hit in matcher.find(record.text):
        in_title = hit.start < abstract_at
        shift = 0 if in_title else abstract_at
        found.append(
            Highlight(
                field="title" if in_title else "abstract",
                start=hit.start - shift,
                end=hit.end - shift,
                element=hit.element,
                term=hit.term,
                negated=hit.negated,
                concept=hit.concept,
                against=hit.concept in against,
            )
        )
    return tuple(found)


@lru_cache(maxsize=_MATCHERS_KEPT)
def _matcher(concepts: tuple[Concept, ...]) -> ConceptMatcher:
    return ConceptMatcher(concepts)
