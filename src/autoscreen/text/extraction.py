"""Proposes values for the fields of an extraction form, each with the sentence it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from autoscreen.protocol import Concept, Element, ExtractionField, FieldType
from autoscreen.text._number_patterns import NumberPatterns, Quantity
from autoscreen.text.terms import ConceptMatcher

if TYPE_CHECKING:
    from spacy.language import Language

_MOST_EVIDENCE = 5
_RULES_KEPT = 256
_FORMS_KEPT = 16
_PIECE = re.compile(r"\S.{0,998}(?!\S)|\S{1,999}")
"""A table in a PDF can be pages long without a full stop."""
_CLAUSE_END = re.compile(r"[;:()]|[.,](?!\d)|\b(?:and|but|of whom|while|whereas)\b")
_DENIED_AFTER = re.compile(
    r"\W*(?:\w+\W+)?(?:was|were|is|are)\s+(?:not\b|absent|lacking|omitted)", re.IGNORECASE
)
_REFERENCES = re.compile(r"^\W*(?:references|bibliography|literature cited)\W*$", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text in which proposals are searched."""

    source: str  # What reviewers read: ``r17, abstract`` or ``smith.pdf, page 3``
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence that a value comes from."""

    source: str
    sentence: str
    start: int  # The value is from ``sentence[start:end]``
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedValue:
    """A value that rules propose; a person confirms, corrects or rejects it."""

    value: str
    evidence: tuple[Evidence, ...]  # In the order of the texts, at most five
    mentions: int


@lru_cache(maxsize=_FORMS_KEPT)
def propose_values(
    fields: tuple[ExtractionField, ...], passages: tuple[Passage, ...]
) -> Mapping[str, tuple[ProposedValue, ...]]:
    """Return for the key of each field all values that are proposed, as first mentioned."""
    found: dict[str, dict[str, list[Evidence]]] = {field.key: {} for field in fields}
    for passage in passages:
        for sentence in sentences(passage.text):
            for field in fields:
                for value, start, end in _Rule.of(field).find(sentence):
                    found[field.key].setdefault(value, []).append(
                        Evidence(source=passage.source, sentence=sentence, start=start, end=end)
                    )
    return {
        key: tuple(
            ProposedValue(value=value, evidence=tuple(said[:_MOST_EVIDENCE]), mentions=len(said))
            for value, said in values.items()
        )
        for key, values in found.items()
    }


def without_references(pages: Sequence[str]) -> list[str]:
    """Return the pages of a report up to its list of references."""
    for number in reversed(range(len(pages) // 2, len(pages))):
        if heading := _REFERENCES.search(pages[number]):
            return [*pages[:number], pages[number][: heading.start()]]
    return list(pages)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text with single spaces; very long ones in pieces."""
    found = (one.text for one in _splitter()(" ".join(text.split())).sents)
    return [piece for one in found for piece in _PIECE.findall(one)]


@lru_cache(maxsize=1)
def _splitter() -> Language:
    import spacy  # noqa: PLC0415  (it loads slowly)

    splitter = spacy.blank("en")
    splitter.add_pipe("sentencizer")
    splitter.max_length = 10_000_000
    return splitter


class _Rule:
    """A rule that proposes values for one field."""

    def __init__(self, field: ExtractionField) -> None:
        self._type = field.type
        self._numbers = NumberPatterns(field.patterns, field.units)
        self._avoided = _matcher(("avoid", field.avoid))
        chosen = ((choice.value, choice.terms) for choice in field.choices)
        self._matcher = _matcher(*chosen, ("", field.terms))

    @staticmethod
    @lru_cache(maxsize=_RULES_KEPT)
    def of(field: ExtractionField) -> _Rule:
        """Return the rule of a field, which is made once."""
        return _Rule(field)

    def find(self, sentence: str) -> Iterator[Quantity]:
        """Yield the values that a sentence proposes."""
        if self._type is FieldType.NUMBER:
            for one in self._numbers.find(sentence):
                if not self._avoided.find(_clause(sentence, one.start, one.end)):
                    yield one
            return
        for hit in self._matcher.find(sentence):
            denied = hit.negated or _DENIED_AFTER.match(sentence, hit.end)
            value = hit.concept or sentence[hit.start : hit.end]
            if not denied:
                yield Quantity(value, hit.start, hit.end)
            elif self._type is FieldType.YES_NO:
                yield Quantity("no", hit.start, hit.end)


def _matcher(*terms: tuple[str, Sequence[str]]) -> ConceptMatcher:
    return ConceptMatcher(
        Concept(key=key, element=Element.OTHER, label=key, terms=tuple(given))
        for key, given in terms
        if given
    )


def _clause(sentence: str, start: int, end: int) -> str:
    """Return the part of a sentence between the signs and words that separate clauses."""
    before = [one.end() for one in _CLAUSE_END.finditer(sentence, 0, start)]
    after = _CLAUSE_END.search(sentence, end)
    return sentence[before[-1] if before else 0 : after.start() if after else len(sentence)]
