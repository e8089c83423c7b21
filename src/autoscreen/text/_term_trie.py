"""All terms of a protocol in one trie of words, walked once per text."""

from __future__ import annotations

from typing import NamedTuple

from autoscreen.protocol import SHORTEST_STEM, Word
from autoscreen.text._tokens import Words

_MEMORY = 100_000


class TermMatch(NamedTuple):
    """The end of a term."""

    order: int
    term: str
    spellings: tuple[tuple[str, ...], ...]


class _Node:
    """What may follow: whole words, and stems kept by their first letters."""

    __slots__ = ("leaves", "stems", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node] = {}
        self.stems: dict[str, dict[str, _Node]] = {}
        self.leaves: list[TermMatch] = []

    def child(self, word: Word) -> _Node:
        if not word.prefix:
            return self.words.setdefault(word.text, _Node())
        return self.stems.setdefault(word.text[:SHORTEST_STEM], {}).setdefault(word.text, _Node())

    def step(self, word: str) -> list[_Node]:
        exact = self.words.get(word)
        found = [] if exact is None else [exact]
        if stems := self.stems.get(word[:SHORTEST_STEM]):
            found += [node for stem, node in stems.items() if word.startswith(stem)]
        return found


class _Start(NamedTuple):
    """The terms that can begin at a word, with enough about the next word to stop early."""

    nodes: tuple[_Node, ...]
    complete: bool
    words: frozenset[str]
    stems: frozenset[str]


class _Starts(dict[str, _Start | None]):
    """Remembers for each word of the language which terms it can begin."""

    def __init__(self, root: _Node) -> None:
        super().__init__()
        self._root = root

    def __missing__(self, word: str) -> _Start | None:
        if len(self) >= _MEMORY:
            self.clear()
        nodes = tuple(self._root.step(word))
        found = self[word] = _start(nodes) if nodes else None
        return found


def _start(nodes: tuple[_Node, ...]) -> _Start:
    return _Start(
        nodes,
        any(node.leaves for node in nodes),
        frozenset(word for node in nodes for word in node.words),
        frozenset(stem for node in nodes for stem in node.stems),
    )


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
        spellings = tuple(word.exact for word in words)
        node.leaves.append(TermMatch(order, term, spellings if any(spellings) else ()))

    def walk(self, words: Words) -> list[tuple[int, int, TermMatch]]:
        """Return all matches as first word, last word and leaf, overlapping ones too."""
        folded = words.folded
        found: list[tuple[int, int, TermMatch]] = []
        for first, start in enumerate(map(self._starts.__getitem__, folded)):
            if start is None:
                continue
            nodes, complete, words_after, stems_after = start
            after = folded[first + 1]
            # An empty word is a gap that may still join, and a lone s may be a possessive.
            if (
                complete
                or after in words_after
                or after in ("", "s")
                or after[:SHORTEST_STEM] in stems_after
            ):
                found += _follow(words, first, nodes)
        return found


def _follow(words: Words, first: int, nodes: tuple[_Node, ...]) -> list[tuple[int, int, TermMatch]]:
    """Return the matches that begin at one word."""
    found = []
    open_paths: list[tuple[_Node, tuple[int, ...]]] = [(node, (first,)) for node in nodes]
    while open_paths:
        node, path = open_paths.pop()
        found += [
            (first, path[-1], leaf)
            for leaf in node.leaves
            if not leaf.spellings or _agrees(words, path, leaf)
        ]
        if not (node.words or node.stems):
            continue
        after = words.after(path[-1])
        children = node.step(words.folded[after]) if after else None
        if children and words.joined(path[-1], after):
            open_paths += [(child, (*path, after)) for child in children]
    return found


def _agrees(words: Words, path: tuple[int, ...], leaf: TermMatch) -> bool:
    """Return whether the abbreviations of a term are capitalised in the text as in the term."""
    return all(
        not allowed or words.written(place) in allowed
        for place, allowed in zip(path, leaf.spellings, strict=True)
    )
