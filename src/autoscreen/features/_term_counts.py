"""Counts of words and word pairs, hashed so that no vocabulary has to be kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

TERM_BITS = 25
TERM_SPACE = 1 << TERM_BITS
"""Number of hash columns: among the 1.7 million terms of 25,000 abstracts one in 20 shares its
column with another, nearly always a rare one."""

_WORD = re.compile(r"\b\w\w+\b")
_CHUNK = 250
# Odd multipliers of 64 bits (from the fractional parts of two square roots) mix the ordered pair.
_FIRST = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(64 - TERM_BITS)

Array = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each term occurs in each record, row by row."""

    # ``indptr[i]:indptr[i + 1]`` are the entries of record i; shape (n + 1,)
    indptr: NDArray[np.int64]
    # Hash column of each entry, 0 to `TERM_SPACE` - 1, ascending within a row
    columns: NDArray[np.int32]
    counts: NDArray[np.uint16]  # Occurrences, 1 to 65,535

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def take(self, rows: Array) -> TermCounts:
        """Return the counts of some rows, in that order."""
        lengths = np.diff(self.indptr)[rows]
        indptr = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        picks = np.arange(indptr[-1]) + np.repeat(self.indptr[rows] - indptr[:-1], lengths)
        return TermCounts(indptr, self.columns[picks], self.counts[picks])

    def extend(self, other: TermCounts) -> TermCounts:
        """Return these rows followed by those of another."""
        return TermCounts(
            np.concatenate((self.indptr, self.indptr[-1] + other.indptr[1:])),
            np.concatenate((self.columns, other.columns)),
            np.concatenate((self.counts, other.counts)),
        )


def words(text: str) -> list[str]:
    """Return the words that are counted: lower case, two or more letters or digits."""
    return _WORD.findall(text.lower())


def count_terms(
    texts: Iterable[str], *, pairs: bool = True, progress: Callable[[int], None] | None = None
) -> TermCounts:
    """Count the words, and the pairs of neighbouring words, of each text."""
    hashes = _Hashes()
    stream = iter(texts)
    chunks = []
    while chunk := list(islice(stream, _CHUNK)):
        chunks.append(_count_chunk(chunk, hashes, pairs=pairs))
        if progress is not None:
            progress(len(chunk))
    return _join(chunks)


def term_columns(text: str, *, pairs: bool = True) -> dict[int, str]:
    """Return the terms of a text in plain words by hash column, for explanations."""
    found = words(text)
    hashes = np.array([_Hashes.word(word) for word in found], dtype=np.uint64)
    names = dict(zip(_columns(hashes).tolist(), found, strict=True))
    if pairs:
        pair_names = (f"{a} {b}" for a, b in pairwise(found))
        for column, name in zip(_columns(_pair_hashes(hashes)).tolist(), pair_names, strict=True):
            names.setdefault(column, name)
    return names


class _Hashes(dict[str, int]):
    """Remembers the 64-bit hash of each word seen."""

    def __missing__(self, word: str) -> int:
        self[word] = value = self.word(word)
        return value

    @staticmethod
    def word(word: str) -> int:
        """Hash one word; Python's own hash differs from run to run."""
        digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "little")


def _pair_hashes(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = hashes[:-1] * _FIRST + hashes[1:] * _SECOND
    return np.asarray((mixed ^ (mixed >> np.uint64(29))) * _FIRST, dtype=np.uint64)


def _columns(hashes: NDArray[np.uint64]) -> Array:
    return (hashes >> _SHIFT).astype(np.int64)


def _count_chunk(texts: Sequence[str], hashes: _Hashes, *, pairs: bool) -> TermCounts:
    found = [words(text) for text in texts]
    lengths = np.array([len(row) for row in found], dtype=np.int64)
    total = int(lengths.sum())
    flat = np.fromiter(_hash_all(found, hashes), dtype=np.uint64, count=total)
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    keys = (rows << TERM_BITS) | _columns(flat)
    if pairs and total > 1:
        neighbours = rows[:-1] == rows[1:]
        both = (rows[:-1] << TERM_BITS) | _columns(_pair_hashes(flat))
        keys = np.concatenate((keys, both[neighbours]))
    entries, counts = np.unique(keys, return_counts=True)
    per_row = np.bincount(entries >> TERM_BITS, minlength=len(texts))
    return TermCounts(
        np.concatenate(([0], np.cumsum(per_row))).astype(np.int64),
        (entries & (TERM_SPACE - 1)).astype(np.int32),
        np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16),
    )


def _hash_all(found: list[list[str]], hashes: _Hashes) -> Iterator[int]:
    for row in found:
        for word in row:
            yield hashes[word]


def _join(chunks: list[TermCounts]) -> TermCounts:
    if not chunks:
        return TermCounts(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint16))
    starts = np.cumsum([0] + [chunk.indptr[-1] for chunk in chunks[:-1]])
    return TermCounts(
        np.concatenate(
            [np.zeros(1, np.int64)]
            + [chunk.indptr[1:] + start for chunk, start in zip(chunks, starts, strict=True)]
        ),
        np.concatenate([chunk.columns for chunk in chunks]),
        np.concatenate([chunk.counts for chunk in chunks]),
    )
