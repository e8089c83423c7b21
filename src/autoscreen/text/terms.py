"""Finds the concepts of a protocol in plain text, fast; must not import spaCy.

One pass over the words of a text walks a trie of all terms. spaCy's tokeniser alone takes several
times as long, which matters for the first order of 250,000 records.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from autoscreen.protocol import Concept, parse_term
from autoscreen.text._cues import Cues
from autoscreen.text._schwartz_hearst import Abbreviation, abbreviations
from autoscreen.text._tokens import Token, Words, tokens
from autoscreen.text._trie import Trie

__all__ = ["ConceptMatcher", "Hit", "Token", "tokens"]


class Hit(NamedTuple):
    """
    One mention of a concept.

    Parameters
    ----------
    concept
        Key of the concept.
    element
        The part of the question it belongs to.
    term
        The term that matched, as the protocol writes it.
    start, end
        The mention is ``text[start:end]``.
    negated
        True if the clause denies it ("without pain", "other than rTMS").
    compared
        True if it stands on the far side of a comparison ("versus tDCS").
    """

    concept: str
    element: str
    term: str
    start: int
    end: int
    negated: bool
    compared: bool


class _Match(NamedTuple):
    """A mention before its clause is read; sorts by element, then by place."""

    element: str
    start: int
    end: int
    order: int
    term: str


class ConceptMatcher:
    """
    Finds the concepts of a protocol in a text.

    Within one element of the question the longest mention wins, then the first in the text, then
    the concept that comes first in the protocol: "static magnetic stimulation" is not also
    "magnetic stimulation". Mentions of different elements may overlap: "neuropathic pain" is a
    population and contains an outcome. No mention runs across a line break.

    Parameters
    ----------
    concepts
        The concepts to look for, each key once.

    Raises
    ------
    ConfigError
        If a term does not follow the rules of :func:`autoscreen.protocol.parse_term`.

    Examples
    --------
    >>> from autoscreen.protocol import Concept, Element
    >>> pain = Concept(key="pain", element=Element.OUTCOME, label="Pain", terms=("pain*",))
    >>> [(hit.concept, hit.start, hit.end) for hit in ConceptMatcher([pain]).find("Less pain.")]
    [('pain', 5, 9)]
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        self._elements = tuple(concept.element.value for concept in self.concepts)
        self._trie = Trie()
        for order, concept in enumerate(self.concepts):
            for term in concept.terms:
                self._trie.add(parse_term(term), order=order, term=term)

    def find(self, text: str) -> list[Hit]:
        """
        Get the mentions of all concepts, in the order of the text.

        What the text itself says about an abbreviation counts. After "complex regional pain
        syndrome (CRPS)" each CRPS is a mention of the same concept; where PNS is introduced as
        "peripheral nervous system", it is not a mention of peripheral nerve stimulation.

        Parameters
        ----------
        text
            For a record, its ``text``: title and abstract.
        """
        words = Words(text)
        found = _resolve(self._matches(words))
        if not found:
            return []
        if "(" in text or "[" in text:
            found = _resolve(_with_own_abbreviations(text, found))
        cues = Cues(words)
        return [self._hit(words, cues, match) for match in found]

    def _matches(self, words: Words) -> list[_Match]:
        return [
            _Match(self._elements[leaf.order], words.start(first), words.ends[last], *leaf[:2])
            for first, last, leaf in self._trie.walk(words)
        ]

    def _hit(self, words: Words, cues: Cues, match: _Match) -> Hit:
        element, start, end, order, term = match
        first, last = bisect_left(words.ends, start + 1), bisect_left(words.ends, end)
        negated, compared = cues.negated(first, last), cues.compared(first)
        return Hit(self.concepts[order].key, element, term, start, end, negated, compared)


def _resolve(found: list[_Match]) -> list[_Match]:
    """Keep one of overlapping mentions of one element; result in the order of the text."""
    kept: list[_Match] = []
    for _, layer in groupby(sorted(found), key=lambda match: match.element):
        for cluster in _clusters(layer):
            kept += cluster if len(cluster) == 1 else _longest_first(cluster)
    return sorted(kept, key=lambda match: (match.start, match.end, match.order, match.term))


def _clusters(layer: Iterable[_Match]) -> Iterator[list[_Match]]:
    """Split mentions, sorted by place, where no mention runs on."""
    cluster: list[_Match] = []
    reach = -1
    for match in layer:
        if cluster and match.start >= reach:
            yield cluster
            cluster = []
        cluster.append(match)
        reach = max(reach, match.end)
    if cluster:
        yield cluster


def _longest_first(cluster: list[_Match]) -> list[_Match]:
    kept: list[_Match] = []
    for match in sorted(cluster, key=lambda m: (m.start - m.end, m.start, m.order, m.term)):
        if all(match.end <= other.start or other.end <= match.start for other in kept):
            kept.append(match)
    return kept


def _with_own_abbreviations(text: str, found: list[_Match]) -> list[_Match]:
    """Apply what the text says its abbreviations mean."""
    for pair in abbreviations(text):
        places = list(_places(text, pair.short))
        found = [match for match in found if not _means_otherwise(match, pair, places, found)]
        found += [
            _Match(match.element, start, end, match.order, match.term)
            for match in found
            if match.end == pair.long_end
            for start, end in places
        ]
    return found


def _places(text: str, short: str) -> Iterator[tuple[int, int]]:
    """Yield where a short form stands as a word, its plural included."""
    start = text.find(short)
    while start >= 0:
        end = start + len(short)
        after = end + 1 if text[end : end + 1] == "s" else end
        if not (text[start - 1 : start].isalnum() or text[after : after + 1].isalnum()):
            yield start, after
        start = text.find(short, end)


def _means_otherwise(
    match: _Match, pair: Abbreviation, places: list[tuple[int, int]], found: list[_Match]
) -> bool:
    """Tell whether the mention is a short form whose long form names another thing."""
    if (match.start, match.end) not in places:
        return False
    return not any(
        other.order == match.order and other.start < pair.long_end and other.end > pair.long_start
        for other in found
    )
