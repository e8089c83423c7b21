"""Finds quickly which concepts a text may mention; a fast filter with false positives only."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.protocol import Concept, Word, fold, parse_term

try:
    from ahocorasick_rs import BytesAhoCorasick as Automaton
except ImportError:  # it is not built for every processor
    Automaton = None

_BETWEEN = b" \xfe "  # no text in ASCII has this byte
_OTHER_LETTER = b"\xff"
_POSSESSIVE = "s"
_SPACE = ord(" ")


class TermScreen:
    """
    Searches for a part of each term that every mention of it contains.

    All texts are searched at once, in one pass for all terms, by an automaton of Aho and Corasick.
    A mention that `ConceptMatcher` finds is never missed.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        parts = [sorted({_part(term) for term in one.terms}) for one in self.concepts]
        self._patterns = sorted(set(chain.from_iterable(parts)) - {b""})
        places = {pattern: at for at, pattern in enumerate(self._patterns)}
        named = [(places[part], column) for column, own in enumerate(parts) for part in own if part]
        self._names = csr_array(
            (np.ones(len(named), np.int64), np.array(named, np.int64).reshape(-1, 2).T),
            (len(self._patterns), len(self.concepts)),
        )
        self._always = np.array([b"" in own for own in parts], dtype=bool)
        self._search = _searcher(self._patterns)

    def possible(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Return which concepts each text may mention; shape (texts, concepts)."""
        if not texts:
            return np.zeros((0, len(self.concepts)), bool)
        folded = [text.encode("ascii", _FOLDING) for text in texts]
        data = _joined(b" " + _BETWEEN.join(folded) + _BETWEEN)
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _BETWEEN[1])
        hits = self._search(data)
        rows = np.searchsorted(ends, hits[:, 1])
        shape = (len(texts), len(self._patterns))
        there = csr_array((np.ones(len(hits), np.int64), (rows, hits[:, 0])), shape)
        return np.asarray(((there @ self._names).toarray() > 0) | self._always)


def _part(term: str) -> bytes:
    """Return the longest part of a term that every mention contains literally; empty if none."""
    runs: list[list[Word]] = [[]]
    for word in parse_term(term):
        if word.text != _POSSESSIVE or word.prefix:
            runs[-1].append(word)
        if word.text == _POSSESSIVE or word.prefix:
            runs.append([])
    return max(map(_written, filter(None, runs)), key=len, default=b"")


def _written(words: list[Word]) -> bytes:
    text = " " + " ".join(word.text for word in words) + " " * (not words[-1].prefix)
    return text.encode("ascii", _FOLDING).translate(_LETTERS)


def _joined(data: bytes) -> bytes:
    """Normalise to one space between words, without possessives, so that a phrase is one string."""
    signs = np.frombuffer(data.translate(_LETTERS), np.uint8).copy()
    space = signs == _SPACE
    signs[1:-1][space[:-2] & (signs[1:-1] == ord(_POSSESSIVE)) & space[2:]] = _SPACE
    space = signs == _SPACE
    space[1:] &= space[:-1]
    space[0] = False
    joined: bytes = signs[~space].tobytes()
    return joined


def _searcher(patterns: list[bytes]) -> Callable[[bytes], NDArray[np.int64]]:
    """Return what finds all patterns: number of the pattern and place of its end, for each hit."""
    if Automaton is None or not patterns:
        return lambda data: np.array(
            [(at, end) for at, one in enumerate(patterns) for end in _ends(data, one)], np.int64
        ).reshape(-1, 2)
    automaton = Automaton(patterns)

    def search(data: bytes) -> NDArray[np.int64]:
        hits = automaton.find_matches_as_indexes(data, overlapping=True)
        return np.array(hits, np.int64)[:, ::2] if hits else np.zeros((0, 2), np.int64)

    return search


def _ends(data: bytes, pattern: bytes) -> Iterable[int]:
    place = data.find(pattern)
    while place >= 0:
        yield place + len(pattern)
        place = data.find(pattern, place + 1)


def _letters() -> bytes:
    """Return the table that lower-cases letters and turns every other sign into a space."""
    table = bytearray(b" " * 256)
    for code in range(128):
        if chr(code).isalnum():
            table[code] = ord(chr(code).lower())
    table[_BETWEEN[1]], table[_OTHER_LETTER[0]] = _BETWEEN[1], _OTHER_LETTER[0]
    return bytes(table)


def _fold_others(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    folded = fold(error.object[error.start : error.end])
    return b"".join(one.encode() if one.isascii() else _OTHER_LETTER for one in folded), error.end


_LETTERS = _letters()
_FOLDING = "autoscreen.fold"
codecs.register_error(_FOLDING, _fold_others)
