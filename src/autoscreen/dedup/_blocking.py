"""Finds the pairs that are worth a comparison without looking at all of them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autoscreen.dedup._fields import MatchFields
from autoscreen.dedup._text import STOPWORDS

__all__ = ["candidates"]

_SMALL = 24  # up to so many records of a block are compared each with each
_NEIGHBOURS = 8  # in a larger block each is compared with so many before it, in two orders
_RARE_WORDS = 6
_SHARED_WORDS = 3
_END = 20

Keys = Callable[[MatchFields], Iterable[str]]


def candidates(fields: Sequence[MatchFields], new_from: int) -> Iterator[tuple[int, int]]:
    """
    Give pairs of positions that share something rare, each once, the lower first.

    Two records become a pair if they share an identifier, the title or its beginning or end,
    three of their six rarest title words, volume and first page, year and first page, or a part of
    the abstract's fingerprint. A block of many records is sorted twice and only neighbours are
    paired, so the work grows with the number of records and not with its square.

    Parameters
    ----------
    fields
        Match keys, no two alike.
    new_from
        Only pairs with a position from here on are given.
    """
    orders = [_ranks(fields, _by_title), _ranks(fields, _by_place)]
    found = _Pairs(len(fields), new_from)
    for keys in (_identifiers, _titles, _places, _fingerprints):
        _pair(_blocks(fields, keys), orders, found)
    pairs = found.distinct()
    found = _Pairs(len(fields), new_from)
    _pair(_blocks(fields, _rare_words(fields)), orders, found)
    codes = np.concatenate([pairs, found.distinct(least=_SHARED_WORDS)])
    codes.sort()
    codes = codes[np.diff(codes, prepend=-1) > 0]
    for start in range(0, len(codes), 1 << 16):  # a part at a time as Python numbers
        for code in codes[start : start + (1 << 16)].tolist():
            yield divmod(code, len(fields))


class _Pairs:
    """Pairs of positions, each as one number."""

    def __init__(self, size: int, new_from: int) -> None:
        self._size, self._new_from = size, new_from
        self._codes = array("q")

    def add(self, others: Iterable[int], position: int) -> None:
        """Pair a position with each of the others."""
        size, new_from = self._size, self._new_from
        if position >= new_from:
            codes = [o * size + position if o < position else position * size + o for o in others]
        else:
            codes = [position * size + o for o in others if o >= new_from]
        self._codes.extend(codes)

    def distinct(self, least: int = 1) -> NDArray[np.int64]:
        """Give the pairs that were added `least` times or more."""
        codes = np.sort(np.frombuffer(self._codes, dtype=np.int64))
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        times = np.diff(starts, append=len(codes))
        return codes[starts[times >= least]]


def _blocks(fields: Sequence[MatchFields], keys: Keys) -> Iterable[list[int]]:
    blocks: dict[str, list[int]] = {}
    for position, field in enumerate(fields):
        for key in dict.fromkeys(keys(field)):
            blocks.setdefault(key, []).append(position)
    return blocks.values()


def _pair(blocks: Iterable[list[int]], orders: Sequence[Sequence[int]], found: _Pairs) -> None:
    for block in blocks:
        if len(block) <= _SMALL:
            for i, position in enumerate(block):
                found.add(block[:i], position)
            continue
        for order in orders:
            ordered = sorted(block, key=order.__getitem__)
            for i, position in enumerate(ordered):
                found.add(ordered[max(0, i - _NEIGHBOURS) : i], position)


def _ranks(
    fields: Sequence[MatchFields], order: Callable[[MatchFields], tuple[Any, ...]]
) -> list[int]:
    """Give for each position its place in an order of contents."""
    ordered = sorted(range(len(fields)), key=lambda position: order(fields[position]))
    ranks = [0] * len(fields)
    for rank, position in enumerate(ordered):
        ranks[position] = rank
    return ranks


def _by_title(field: MatchFields) -> tuple[Any, ...]:
    return field.order


def _by_place(field: MatchFields) -> tuple[Any, ...]:
    return field.year or 0, field.volume, field.page, field.order


def _identifiers(field: MatchFields) -> Iterator[str]:
    for name in ("pmid", "pmcid", "doi", "accession"):
        if value := getattr(field, name):
            yield f"{name} {value}"


def _titles(field: MatchFields) -> Iterator[str]:
    title = field.title.replace(" ", "")
    if title:
        yield title
        yield title[:_END] + "..."
        yield "..." + title[-_END:]


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
