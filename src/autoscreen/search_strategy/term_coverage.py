"""Which terms of a concept a query finds in titles and abstracts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from autoscreen.protocol import Word, parse_term
from autoscreen.search_strategy.tree import Combination, Node, Operand, parse_query

_FREE_TEXT = frozenset({"tiab", "tw", "all", ""})


class Coverage(IntEnum):
    """How much of a term's occurrences in titles and abstracts a query finds."""

    NONE = 0
    SOME_ENDINGS = 1  # "stimulation", where the term is "stimulat*"
    ALL = 2


@dataclass(frozen=True, slots=True)
class TermCoverage:
    """A term, and whether the query finds the texts that mention it."""

    term: str
    coverage: Coverage


def term_coverage(query: str | Node, terms: Iterable[str]) -> list[TermCoverage]:
    """
    Return for each term of a concept whether a query finds the texts that mention it.

    A term is found by the part of the query that is about its concept: parts joined by AND are
    looked at one by one, and what follows NOT is left out.

    Parameters
    ----------
    terms
        Terms in the syntax of protocols.

    Examples
    --------
    >>> found = term_coverage("coil*[tiab] AND pain[tiab]", ["H coil*", "painful"])
    >>> [(one.term, one.coverage.name) for one in found]
    [('H coil*', 'ALL'), ('painful', 'NONE')]
    """
    parts = _parts(parse_query(query) if isinstance(query, str) else query)
    return [
        TermCoverage(term, max(covered(part, parse_term(term)) for part in parts)) for term in terms
    ]


def _parts(node: Node) -> list[Node]:
    """Return the parts of a query that are joined by AND, without what follows NOT."""
    if isinstance(node, Combination) and node.operator == "NOT":
        return _parts(node.parts[0])
    if isinstance(node, Combination) and node.operator == "AND":
        return [part for one in node.parts for part in _parts(one)]
    return [node]


def covered(node: Node, term: tuple[Word, ...]) -> Coverage:
    """Return how many of the texts with a term one part of a query finds."""
    if isinstance(node, Operand):
        return _operand_covers(node, term)
    if node.operator == "NOT":
        return covered(node.parts[0], term)
    choose = min if node.operator == "AND" else max
    return choose(covered(part, term) for part in node.parts)


def _operand_covers(operand: Operand, term: tuple[Word, ...]) -> Coverage:
    """Return whether every text with the term has the words of an operand."""
    if operand.field not in _FREE_TEXT:
        return Coverage.NONE
    words = operand.words
    if operand.near is not None:
        return min(max(_word(word, one, truncated=False) for one in term) for word in words)
    starts = range(len(term) - len(words) + 1)
    found = (_same(words, term[at:], operand.truncated) for at in starts)
    return max(found, default=Coverage.NONE)


def _same(words: tuple[str, ...], term: tuple[Word, ...], truncated: bool) -> Coverage:
    last = len(words) - 1
    return min(_word(word, term[at], truncated and at == last) for at, word in enumerate(words))


def _word(word: str, of_term: Word, truncated: bool) -> Coverage:
    if of_term.text.startswith(word) and truncated:
        return Coverage.ALL
    if of_term.text == word and not of_term.prefix:
        return Coverage.ALL
    some = of_term.prefix and word.startswith(of_term.text)
    return Coverage.SOME_ENDINGS if some else Coverage.NONE
