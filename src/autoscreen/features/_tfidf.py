"""TF-IDF weights of a pool, computed from its counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from autoscreen.features._term_counts import TERM_SPACE, TermCounts

MAX_SHARE = 0.95
INDEX_TERM_WEIGHT = 0.3
# From this many entries on a table over all hash columns is faster than sorting.
_TABLE_FROM = TERM_SPACE // 8


@dataclass(frozen=True, slots=True)
class TermWeights:
    """The terms of a pool and their weights."""

    # Hash column of each term; frequent terms come first, which keeps a scoring pass in the
    # processor's cache
    columns: NDArray[np.int64]
    rarity: NDArray[np.float32]  # Smoothed inverse document frequency of each term

    @classmethod
    def of(cls, counts: TermCounts) -> Self:
        """Fit the weights; terms in more than 95% of the records are left out."""
        n = len(counts)
        columns, frequency = _frequencies(counts.columns)
        kept = frequency <= max(MAX_SHARE * n, 1)
        columns, frequency = columns[kept], frequency[kept]
        order = np.lexsort((columns, -frequency))
        rarity = np.log((1 + n) / (1 + frequency[order])) + 1
        return cls(columns[order], rarity.astype(np.float32))

    def rows(self, counts: TermCounts) -> csr_array:
        """Return the weighted texts; each row with a known term has length 1."""
        places = _places(counts.columns, self.columns)
        known = places >= 0
        indptr = np.concatenate(([0], np.cumsum(known)))[counts.indptr]
        places = places[known]
        frequency = counts.counts[known].astype(np.float32)
        data = (1 + np.log(frequency)) * self.rarity[places]
        rows = np.repeat(np.arange(len(counts)), np.diff(indptr))
        norms = np.sqrt(np.bincount(rows, data.astype(np.float64) ** 2, minlength=len(counts)))
        data = (data / norms[rows]).astype(np.float32)
        shape = (len(counts), len(self.columns))
        return _narrow(csr_array((data, places, indptr), shape=shape))


@dataclass(frozen=True, slots=True)
class TfidfTerms:
    """The TF-IDF matrix of a pool: first the terms of the texts, then the index terms."""

    # Shape (records, terms), float32; each row's text part has length 1, its index-term part length
    # `INDEX_TERM_WEIGHT`
    matrix: csr_array
    text: TermWeights  # The terms of the two parts
    index: TermWeights

    def rows(self, texts: TermCounts, index_terms: TermCounts) -> csr_array:
        """Return other records in the terms of this pool."""
        return _side_by_side(self.text.rows(texts), self.index.rows(index_terms))

    def names(self, row: int, text: dict[int, str], index_terms: dict[int, str]) -> dict[int, str]:
        """Return the terms of a row in words, by matrix column."""
        start, end = self.matrix.indptr[row], self.matrix.indptr[row + 1]
        own = len(self.text.columns)
        return {
            at: text[int(self.text.columns[at])]
            if at < own
            else index_terms[int(self.index.columns[at - own])]
            for at in self.matrix.indices[start:end].tolist()
        }


def fit_tfidf(texts: TermCounts, index_terms: TermCounts) -> TfidfTerms:
    """
    Return the TF-IDF matrix of some counts, as the rankers use it.

    Sub-linear term frequency and smoothed inverse document frequency (Manning, Raghavan, Schütze
    2008, sections 6.2 and 6.4).
    """
    text, index = TermWeights.of(texts), TermWeights.of(index_terms)
    return TfidfTerms(_side_by_side(text.rows(texts), index.rows(index_terms)), text, index)


def _side_by_side(text: csr_array, index: csr_array) -> csr_array:
    return _narrow(csr_array(hstack([text, index * np.float32(INDEX_TERM_WEIGHT)], format="csr")))


def _narrow(matrix: csr_array) -> csr_array:
    """32-bit indices where they suffice: a scoring pass is bound by memory."""
    if matrix.nnz <= np.iinfo(np.int32).max:
        matrix.indices = matrix.indices.astype(np.int32, copy=False)
        matrix.indptr = matrix.indptr.astype(np.int32, copy=False)
    return matrix


def _frequencies(columns: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return in how many rows each used column occurs."""
    if len(columns) < _TABLE_FROM:
        sorted_out, frequency = np.unique(columns, return_counts=True)
        return sorted_out.astype(np.int64), frequency.astype(np.int64)
    table = np.bincount(columns, minlength=TERM_SPACE).astype(np.int64)
    used = np.flatnonzero(table).astype(np.int64)
    return used, table[used]


def _places(columns: NDArray[np.int32], known: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each hash column in `known`, -1 where it is missing."""
    if not len(known):
        return np.full(len(columns), -1, dtype=np.int64)
    if len(columns) >= _TABLE_FROM:
        table = np.full(TERM_SPACE, -1, dtype=np.int32)
        table[known] = np.arange(len(known), dtype=np.int32)
        return table[columns].astype(np.int64)
    order = np.argsort(known, kind="stable")  # the terms of a saved model are sorted already
    at = np.minimum(np.searchsorted(known, columns, sorter=order), len(known) - 1)
    places = order[at]
    return np.where(known[places] == columns, places, -1)
