"""Finds the concepts of a protocol in plain text, fast; must not import spaCy.

One pass over the words of a text walks a trie of all terms. spaCy's tokeniser alone takes several
times as long, which matters for ranking 250,000 records.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from autoscreen.protocol import Concept, parse_term
from autoscreen.text._cues import read_cues
from autoscreen.text._match_resolution import Match, resolve, with_own_abbreviations
from autoscreen.text._term_trie import Trie
from autoscreen.text._tokens import Token, Words, tokens

__all__ = ["ConceptHit", "ConceptMatcher", "Token", "tokens"]


class ConceptHit(NamedTuple):
    """One mention of a concept."""

    concept: str  # Key of the concept
    element: str  # The part of the question it belongs to
    term: str  # The term that matched, as the protocol writes it
    start: int  # The mention is ``text[start:end]``
    end: int
    negated: bool  # True if the clause denies it ("without pain", "other than rTMS")
    compared: bool  # True if it is the comparator ("versus tDCS")


class ConceptMatcher:
    """
    Finds the concepts of a protocol in a text.

    Within one element of the question the longest mention wins, then the first in the text, then
    the concept that comes first in the protocol: "static magnetic stimulation" is not also
    "magnetic stimulation". Mentions of different elements may overlap: "neuropathic pain" is a
    population and contains an outcome. No mention runs across a line break.

    Examples
    --------
    >>> from autoscreen.protocol import Concept, Element
    >>> pain = Concept(key="pain", element=Element.OUTCOME, label="Pain", terms=("pain*",))
    >>> [(hit.concept, hit.start, hit.end) for hit in ConceptMatcher([pain]).find("Less pain.")]
    [('pain', 5, 9)]
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._names = [(concept.key, concept.element.value) for concept in self.concepts]
        self._elements = [element for _, element in self._names]
        self._trie = Trie()
        for order, concept in enumerate(self.concepts):
            for term in concept.terms:
                self._trie.add(parse_term(term), order=order, term=term)

    def find(self, text: str) -> list[ConceptHit]:
        """
        Return the mentions of all concepts, in the order of the text.

        Abbreviations are resolved as the text defines them. After "complex regional pain
        syndrome (CRPS)" each CRPS is a mention of the same concept; where PNS is introduced as
        "peripheral nervous system", it is not a mention of peripheral nerve stimulation.
        """
        words = Words(text)
        found = resolve(self._matches(words), self._elements)
        if found and ("(" in text or "[" in text):
            found = with_own_abbreviations(words, found, self._elements)
        return [self._hit(words, match) for match in found]

    def _matches(self, words: Words) -> list[Match]:
        return [
            Match(words.start(first), words.ends[last], leaf[0], leaf[1], first, last)
            for first, last, leaf in self._trie.walk(words)
        ]

    def _hit(self, words: Words, match: Match) -> ConceptHit:
        start, end, order, term, first, last = match
        key, element = self._names[order]
        return ConceptHit(key, element, term, start, end, *read_cues(words, first, last))
