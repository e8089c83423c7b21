"""All terms of a protocol in one trie of words, walked once per text."""

from __future__ import annotations

from typing import NamedTuple

from autoscreen.protocol import Word
from autoscreen.text._tokens import Words

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
        For each word of the term how it may be written; empty where case is free.
    """

    order: int
    term: str
    spellings: tuple[tuple[str, ...], ...]


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
        node.leaves.append(Leaf(order, term, tuple(word.exact for word in words)))

    def walk(self, words: Words) -> list[tuple[int, int, Leaf]]:
        """Get all matches as first word, last word and leaf, overlapping ones too."""
        starts = self._starts
        return [
            match
            for first, nodes in enumerate(map(starts.__getitem__, words.folded))
            if nodes
            for match in _follow(words, first, nodes)
        ]


def _follow(words: Words, first: int, nodes: list[_Node]) -> list[tuple[int, int, Leaf]]:
    """Get the matches that begin at one word."""
    found = []
    open_paths: list[tuple[_Node, tuple[int, ...]]] = [(node, (first,)) for node in nodes]
    while open_paths:
        node, path = open_paths.pop()
        found += [(first, path[-1], leaf) for leaf in node.leaves if _agrees(words, path, leaf)]
        if not (node.words or node.stems):
            continue
        after = words.next_of_phrase(path[-1])
        if after is not None:
            open_paths += [(child, (*path, after)) for child in node.step(words.folded[after])]
    return found


def _agrees(words: Words, path: tuple[int, ...], leaf: Leaf) -> bool:
    """Tell whether the abbreviations of a term stand in the text as they should."""
    return all(
        not allowed or words.written(place) in allowed
        for place, allowed in zip(path, leaf.spellings, strict=True)
    )
