"""Finds the pairs that are worth a comparison without looking at all of them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from autoscreen.dedup._fields import MatchFields
from autoscreen.dedup._text import STOPWORDS

__all__ = ["candidates"]

_SMALL = 24  # up to so many records of a block are compared each with each
_NEIGHBOURS = 8  # in a larger block each is compared with so many before it, in two orders
_RARE_WORDS = 6
_START = 20

Keys = Callable[[MatchFields], Iterable[str]]


def candidates(fields: Sequence[MatchFields], new_from: int) -> Iterator[tuple[int, int]]:
    """
    Give pairs of positions that share something rare, each once, the lower first.

    Two records become a pair if they share an identifier, the title or its beginning, two of
    their rarest title words, volume and first page, year and first page, or a part of the
    abstract's fingerprint. A block of many records is sorted twice and only neighbours are
    paired, so the work grows with the number of records and not with its square.

    Parameters
    ----------
    fields
        Match keys, no two alike.
    new_from
        Only pairs with a position from here on are given.
    """
    found = _Pairs(len(fields), new_from)
    for keys in (_identifiers, _titles, _places, _fingerprints):
        _pair(fields, keys, found)
    pairs = found.distinct()
    found = _Pairs(len(fields), new_from)
    _pair(fields, _rare_words(fields), found)
    codes = np.union1d(pairs, found.distinct(least=2))
    for start in range(0, len(codes), 1 << 16):  # a part at a time as Python numbers
        for code in codes[start : start + (1 << 16)].tolist():
            yield divmod(code, len(fields))


class _Pairs:
    """Pairs of positions, each as one number."""

    def __init__(self, size: int, new_from: int) -> None:
        self._size, self._new_from = size, new_from
        self._codes = array("q")

    def add(self, first: int, second: int) -> None:
        if first > second:
            first, second = second, first
        if second >= self._new_from:
            self._codes.append(first * self._size + second)

    def distinct(self, least: int = 1) -> NDArray[np.int64]:
        """Give the pairs that were added `least` times or more."""
        codes, times = np.unique(np.frombuffer(self._codes, dtype=np.int64), return_counts=True)
        return codes[times >= least]


def _pair(fields: Sequence[MatchFields], keys: Keys, found: _Pairs) -> None:
    blocks: dict[str, list[int]] = {}
    for position, field in enumerate(fields):
        for key in dict.fromkeys(keys(field)):
            blocks.setdefault(key, []).append(position)
    for block in blocks.values():
        if len(block) <= _SMALL:
            for i, second in enumerate(block):
                for first in block[:i]:
                    found.add(first, second)
        else:
            _pair_neighbours(fields, block, found)


def _pair_neighbours(fields: Sequence[MatchFields], block: list[int], found: _Pairs) -> None:
    for order in (_by_title, _by_place):
        ordered = sorted(block, key=lambda position: order(fields[position]))
        for i, second in enumerate(ordered):
            for first in ordered[max(0, i - _NEIGHBOURS) : i]:
                found.add(first, second)


def _by_title(field: MatchFields) -> tuple[object, ...]:
    return field.title, field.authors, field.year or 0, field.volume, field.page, repr(field)


def _by_place(field: MatchFields) -> tuple[object, ...]:
    return field.year or 0, field.volume, field.page, field.title, field.authors, repr(field)


def _identifiers(field: MatchFields) -> Iterator[str]:
    for name in ("pmid", "pmcid", "doi", "accession"):
        if value := getattr(field, name):
            yield f"{name} {value}"


def _titles(field: MatchFields) -> Iterator[str]:
    title = field.title.replace(" ", "")
    if title:
        yield title
        yield title[:_START] + "..."


def _places(field: MatchFields) -> Iterator[str]:
    if field.page:
        if field.volume:
            yield f"volume {field.volume} {field.page}"
        if field.year:
            yield f"year {field.year} {field.page}"


def _fingerprints(field: MatchFields) -> Iterator[str]:
    if field.has_abstract:
        yield field.abstract[:4].hex()
        yield field.abstract[4:8].hex()


def _rare_words(fields: Sequence[MatchFields]) -> Keys:
    times = Counter(word for field in fields for word in set(field.title.split()))

    def keys(field: MatchFields) -> list[str]:
        shared = {w for w in field.title.split() if times[w] > 1 and w not in STOPWORDS}
        return sorted(shared, key=lambda word: (times[word], word))[:_RARE_WORDS]

    return keys
