"""Finds the upper elements of a block of XML by the places of its tags, all at once.

This must not read what it does not understand: comments, CDATA, instructions, a ``>`` outside a
tag, and tags that do not nest make the whole block unusual, and a parser has to read it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

_LESS, _GREATER, _SLASH, _LINE_END = b"<>/\n"
_OPENS, _CLOSES, _FOREIGN = 1, -1, 2
_DEEPEST = 4
Places = NDArray[np.int64]


Element = tuple[int, int, int, int, int, bool]
"""Level (0 is the outermost), start, end of the first tag, start of the last tag, end, and whether
no element is within; a plain tuple because there are millions."""


def upper_elements(block: bytes, names: tuple[frozenset[bytes], ...]) -> list[Element] | None:
    """
    Return the elements whose names begin like those that are asked for on their level, in order.

    None if the block is unusual: then nothing is known of it.
    """
    tags = _Tags.of(block)
    if tags is None or not tags.agree():
        return None
    chosen = tags.choose(_keys(names))
    last = tags.last(chosen, len(names))
    inside, end = tags.ends[chosen] + 1, tags.ends[last] + 1
    columns = (
        tags.levels[chosen],
        tags.starts[chosen],
        inside,
        np.where(last > chosen, tags.starts[last], inside),
        end,
        last <= chosen + 1,
    )
    return list(zip(*(column.tolist() for column in columns), strict=True))


def lines_in(block: bytes) -> int:
    """Count the line ends, ten times as fast as `bytes.count` where they are many."""
    return int(np.count_nonzero(np.frombuffer(block, np.uint8) == _LINE_END))


@dataclass(frozen=True, slots=True)
class _Tags:
    """All tags of a block."""

    data: NDArray[np.uint8]
    starts: Places  # Of each ``<``
    ends: Places  # Of each ``>``
    steps: NDArray[np.int8]  # 1 where an element begins, -1 where it ends, 0 where it does both
    after: NDArray[np.int32]  # How many elements are open after the tag
    levels: NDArray[np.int32]  # Of the element that the tag is of

    @classmethod
    def of(cls, block: bytes) -> Self | None:
        data = np.frombuffer(block + _PADDING, np.uint8)
        starts, ends = np.flatnonzero(data == _LESS), np.flatnonzero(data == _GREATER)
        if (
            len(starts) != len(ends)
            or not len(starts)
            or (starts + 1 >= ends).any()
            or (ends[:-1] > starts[1:]).any()
        ):
            return None
        kinds = _KINDS[data[starts + 1]]
        if kinds.max() == _FOREIGN:
            return None
        steps = kinds.copy()
        steps[(data[ends - 1] == _SLASH) & (kinds == _OPENS)] = 0
        after = np.cumsum(steps, dtype=np.int32)  # narrow numbers, to stay in the cache
        if after[-1] or after.min() < 0:
            return None
        return cls(data, starts, ends, steps, after, after - (steps > 0))

    def agree(self) -> bool:
        """Return whether each element ends with the name that it began with."""
        paired = np.flatnonzero(self.steps)
        # On one level elements begin and end in turn, so a stable sort brings each pair together.
        order = paired[np.argsort(self.levels[paired].astype(np.uint16), kind="stable")]
        first, last = self.starts[order[::2]] + 1, self.starts[order[1::2]] + 2
        length = self.ends[order[1::2]] - last
        if not _DELIMITERS[self.data[first + length]].all():
            return False
        words = _words(self.data, np.uint64)
        while len(first):
            differs = words[first] ^ words[last]
            if (differs & _MASKS[np.minimum(length, _WORD)]).any():
                return False
            more = np.flatnonzero(length > _WORD)
            first, last, length = first[more] + _WORD, last[more] + _WORD, length[more] - _WORD
        return True

    def choose(self, keys: NDArray[np.uint64]) -> Places:
        """Return the tags with which the wanted elements begin."""
        upper = np.flatnonzero((self.levels < _DEEPEST) & (self.steps >= 0))
        letters = _words(self.data, np.uint32)[self.starts[upper] + 1]
        own = (self.levels[upper].astype(np.uint64) << np.uint64(32)) | letters
        wanted: Places = upper[np.isin(own, keys) | (self.levels[upper] == 0)]
        return wanted

    def last(self, chosen: Places, levels: int) -> Places:
        """Return the tags with which elements end."""
        last = chosen.copy()
        for level in range(levels):
            some = np.flatnonzero((self.levels[chosen] == level) & (self.steps[chosen] > 0))
            ends = np.flatnonzero(self.after == level)
            last[some] = ends[np.searchsorted(ends, chosen[some], side="right")]
        return last


def _words(data: NDArray[np.uint8], kind: type[np.unsignedinteger[Any]]) -> NDArray[Any]:
    """Return for each place the number that its next bytes make."""
    size = np.dtype(kind).itemsize
    return np.ndarray((len(data) - size + 1,), kind, data, strides=(1,))


def _kinds() -> NDArray[np.int8]:
    kinds = np.full(256, _FOREIGN, np.int8)
    kinds[[*b"_:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]] = _OPENS
    kinds[_SLASH] = _CLOSES
    return kinds


_KINDS = _kinds()
_DELIMITERS = np.zeros(256, bool)
_DELIMITERS[list(b" \t\n\r/>")] = True
_WORD = 8
_PADDING = bytes(_WORD)
_MASKS = np.array(
    [int.from_bytes(b"\xff" * size + bytes(_WORD - size), sys.byteorder) for size in range(9)],
    np.uint64,
)


@lru_cache
def _keys(names: tuple[frozenset[bytes], ...]) -> NDArray[np.uint64]:
    return np.array(
        [
            (level << 32) | int.from_bytes(name[:4], sys.byteorder)
            for level, some in enumerate(names)
            for name in some
        ],
        np.uint64,
    )
