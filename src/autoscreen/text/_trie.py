"""All terms of a protocol in one trie of words, walked once per text."""

from __future__ import annotations

from typing import NamedTuple

from autoscreen.protocol import Word
from autoscreen.text._tokens import Token, joined

__all__ = ["Leaf", "Trie"]

_MEMORY = 100_000


class Leaf(NamedTuple):
    """
    The end of a term.

    Parameters
    ----------
    order
        Place of its concept in the protocol.
    term
        The term as the protocol writes it.
    spellings
        For each abbreviation in the term, its place in the term and how it may be written.
    """

    order: int
    term: str
    spellings: tuple[tuple[int, tuple[str, ...]], ...]

    def agrees(self, words: list[Token], first: int) -> bool:
        """Tell whether the abbreviations stand as they should in the text."""
        return all(words[first + place][1] in allowed for place, allowed in self.spellings)


class _Node:
    __slots__ = ("leaves", "stems", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        self.leaves: list[Leaf] = []

    def child(self, word: Word) -> _Node:
        return (self.stems if word.prefix else self.words).setdefault(word.text, _Node())

    def step(self, word: str) -> list[_Node]:
        after = [node for stem, node in self.stems.items() if word.startswith(stem)]
        exact = self.words.get(word)
        return after if exact is None else [exact, *after]


class _Starts(dict[str, list[_Node]]):
    """Remembers for each word of the language which terms it can begin."""

    def __init__(self, root: _Node) -> None:
        super().__init__()
        self._root = root

    def __missing__(self, word: str) -> list[_Node]:
        if len(self) >= _MEMORY:
            self.clear()
        found = self[word] = self._root.step(word)
        return found


class Trie:
    """Terms as paths of words."""

    def __init__(self) -> None:
        self._root = _Node()
        self._starts = _Starts(self._root)

    def add(self, words: tuple[Word, ...], *, order: int, term: str) -> None:
        """Add a term; to be done before the first walk."""
        node = self._root
        for word in words:
            node = node.child(word)
        spellings = tuple((place, word.exact) for place, word in enumerate(words) if word.exact)
        node.leaves.append(Leaf(order, term, spellings))

    def walk(self, text: str, words: list[Token]) -> list[tuple[int, int, Leaf]]:
        """Get all matches as first token, last token and leaf, overlapping ones too."""
        found: list[tuple[int, int, Leaf]] = []
        starts = self._starts
        for first, word in enumerate(words):
            if nodes := starts[word[0]]:
                _follow(text, words, first, nodes, found)
        return found


def _follow(
    text: str,
    words: list[Token],
    first: int,
    nodes: list[_Node],
    found: list[tuple[int, int, Leaf]],
) -> None:
    open_paths = [(node, first) for node in nodes]
    while open_paths:
        node, last = open_paths.pop()
        found += [(first, last, leaf) for leaf in node.leaves if leaf.agrees(words, first)]
        after = last + 1
        if (node.words or node.stems) and after < len(words):
            word, _, start, _ = words[after]
            if (children := node.step(word)) and joined(text[words[last][3] : start]):
                open_paths += [(child, after) for child in children]
