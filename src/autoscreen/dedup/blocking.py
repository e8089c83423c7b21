"""Finds candidate pairs without comparing all records."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autoscreen.dedup._match_fields import MatchFields
from autoscreen.dedup._text_folding import STOPWORDS

_SMALL = 24  # up to so many records of a block are compared each with each
_NEIGHBOURS = 8  # in a larger block each is compared with so many before it, in two orders
RARE_WORDS = 6
SHARED_WORDS = 3
_END = 20

Keys = Callable[[MatchFields], Iterable[str]]


def candidates(fields: Sequence[MatchFields], new_from: int) -> Iterator[tuple[int, int]]:
    """
    Return pairs of positions that share something rare, each once, the lower first.

    Two records become a pair if they share an identifier, the title or its beginning or end,
    three of their six rarest title words, volume and first page, year and first page, or a part of
    the abstract's fingerprint. A block of many records is sorted twice and only neighbours are
    paired, so the work grows with the number of records and not with its square.
    """
    search = _Search(fields, new_from)
    pairs = [search.pairs(keys) for keys in _KEYS]
    pairs.append(search.pairs(_rare_words(fields), least=SHARED_WORDS))
    codes = _repeated(np.concatenate(pairs), 1)
    for start in range(0, len(codes), 1 << 16):  # a part at a time as Python numbers
        for code in codes[start : start + (1 << 16)].tolist():
            yield divmod(code, len(fields))


class _Search:
    """Pairs the records that share a key; each pair of positions is written as one number."""

    def __init__(self, fields: Sequence[MatchFields], new_from: int) -> None:
        self._fields, self._new_from = fields, new_from

    def pairs(self, keys: Keys, *, least: int = 1) -> NDArray[np.int64]:
        """Return the pairs that share so many keys or more, in order."""
        codes = array("q")
        for block in self._blocks(keys):
            if len(block) == 1:
                continue
            if len(block) <= _SMALL:
                for i, position in enumerate(block):
                    codes.extend(self._codes(block[:i], position))
                continue
            for order in self._orders:
                ordered = sorted(block, key=order.__getitem__)
                for i, position in enumerate(ordered):
                    codes.extend(self._codes(ordered[max(0, i - _NEIGHBOURS) : i], position))
        return _repeated(np.frombuffer(codes, dtype=np.int64), least)

    def _blocks(self, keys: Keys) -> Iterable[list[int]]:
        """Return the positions that share a key, if one of them is new."""
        blocks: defaultdict[str, list[int]] = defaultdict(list)
        for position, field in enumerate(self._fields[self._new_from :], self._new_from):
            for key in dict.fromkeys(keys(field)):
                blocks[key].append(position)
        for position, field in enumerate(self._fields[: self._new_from]):
            for key in dict.fromkeys(keys(field)):
                if key in blocks:
                    blocks[key].append(position)
        return blocks.values()

    def _codes(self, others: Sequence[int], position: int) -> list[int]:
        size, new_from = len(self._fields), self._new_from
        if position < new_from:
            return [position * size + other for other in others if other >= new_from]
        return [
            other * size + position if other < position else position * size + other
            for other in others
        ]

    @cached_property
    def _orders(self) -> tuple[list[int], list[int]]:
        return _ranks(self._fields, _by_title), _ranks(self._fields, _by_place)


def _repeated(codes: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """Return each number that is there so many times or more once, in order."""
    ordered = np.sort(codes)
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    times = np.diff(starts, append=len(ordered))
    return ordered[starts[times >= least]]


Order = Callable[[MatchFields], tuple[Any, ...]]


def _ranks(fields: Sequence[MatchFields], order: Order) -> list[int]:
    """Return for each position its place in an order of contents."""
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
    for number in field.registry:
        yield f"registry {number}"


def _titles(field: MatchFields) -> Iterator[str]:
    title = field.title.replace(" ", "")
    if title:
        yield title
        yield title[:_END] + "..."
        yield "..." + title[-_END:]
    if field.main_title:
        yield field.main_title.replace(" ", "")


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


_KEYS: tuple[Keys, ...] = (_identifiers, _titles, _places, _fingerprints)


def block_keys(field: MatchFields) -> Iterator[tuple[str, str]]:
    """
    Return all by which a record becomes a pair with another, except for rare words.

    With each key comes the text by which to sort the records that share it, so that those most
    alike are neighbours.
    """
    title = field.title.replace(" ", "")
    printed = f"{field.year or ''} {field.page or title}"
    for keys in _KEYS:
        for key in keys(field):
            if keys is not _titles:
                order = title
            elif key.endswith("..."):
                order = title[_END:]
            else:
                order = title if key.startswith("...") else printed
            yield f"{keys.__name__} {key}", order


def title_words(field: MatchFields) -> set[str]:
    """Return the title words of which the rarest are compared."""
    return set(field.title.split()) - STOPWORDS


def _rare_words(fields: Sequence[MatchFields]) -> Keys:
    times = Counter(chain.from_iterable(map(title_words, fields)))

    def keys(field: MatchFields) -> list[str]:
        shared = [word for word in title_words(field) if times[word] > 1]
        return sorted(shared, key=lambda word: (times[word], word))[:RARE_WORDS]

    return keys
