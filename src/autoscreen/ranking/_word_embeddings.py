"""A second view of the records: averaged word vectors.

Two records can be about the same topic without sharing a word; words used in similar contexts have
similar vectors. The main axes of the pool are added, which show which words occur together in its
texts. A separate linear model is fitted to the labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.features import TermCounts
from autoscreen.ranking._lexical import class_weights, training_keys
from autoscreen.ranking._lsa import PoolAxes, pool_axes
from autoscreen.ranking._svm import solve_svm

COST = 1.0
MOST_RECORDS = 300_000
_ROWS_AT_ONCE = 4096
Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Word vectors; words used in similar contexts have similar vectors."""

    columns: NDArray[np.int32]  # Hash columns of the words, in ascending order
    vectors: NDArray[np.float16]  # One row per word, float16; longer for (informative) rare words

    def of(self, columns: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the vectors of terms; zeros for those that are not known."""
        places, known = self.places(columns)
        found = np.zeros((len(columns), self.vectors.shape[1]), np.float32)
        found[known] = self.vectors[places[known]]
        return found

    def places(self, columns: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the entry of each column, and whether it is known."""
        if not len(self.columns):
            return np.zeros(len(columns), np.int64), np.zeros(len(columns), bool)
        places = np.minimum(np.searchsorted(self.columns, columns), len(self.columns) - 1)
        return places, self.columns[places] == columns


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors of the records of a pool."""

    # One row per record: by the vectors of its words first, then by the axes of the pool; shape
    # (records, dimensions)
    rows: Rows
    vectors: WordVectors  # The vectors of words that they were made from
    middle: NDArray[np.float32]  # Of the pool, by the vectors of its words
    axes: PoolAxes

    def place(self, texts: TermCounts, matrix: csr_array) -> Rows:
        """Return the vectors of other records in the space of the pool."""
        rows = _by_vectors(texts, self.vectors) - self.middle
        _to_unit_length(rows)
        return _joined(rows, self.axes.place(matrix))


@dataclass(frozen=True, slots=True)
class SemanticFit:
    """A linear model fitted to the vectors of records."""

    weights: NDArray[np.float32]  # One weight per dimension, float32
    intercept: float  # Score of a record at the mean of the pool
    # Coefficient of each labelled record, by its `training_keys`: the start of the next fit
    coefficients: Mapping[int, float]

    def scores(self, rows: Rows) -> NDArray[np.float64]:
        """Signed distance from the separating hyperplane; higher is more likely relevant."""
        return np.asarray(rows @ self.weights, dtype=np.float64) + self.intercept


def pool_embeddings(
    texts: TermCounts, matrix: csr_array, vectors: WordVectors
) -> Embeddings | None:
    """
    Return the vectors of the records of a pool.

    The vectors of a text's words are summed, with more weight on rare words (Arora, Liang and Ma
    2017), and scaled to length 1; the mean of the pool is subtracted, since it does not distinguish
    records, and the rest is scaled to length 1 again. The coordinates along the axes of the pool
    have the same weight.
    """
    if len(texts) > MOST_RECORDS:
        return None
    rows = _by_vectors(texts, vectors)
    middle = np.zeros(rows.shape[1], np.float32)
    if len(rows):
        middle = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
    rows -= middle
    _to_unit_length(rows)
    axes = pool_axes(matrix)
    return Embeddings(_joined(rows, axes.place(matrix)), vectors, middle, axes)


def _joined(by_vectors: Rows, along_axes: Rows) -> Rows:
    return np.asarray(np.hstack((by_vectors, along_axes)) * np.float32(0.5**0.5))


def _by_vectors(texts: TermCounts, vectors: WordVectors) -> Rows:
    """Return the sum of the word vectors of each text, scaled to length 1."""
    rows = np.zeros((len(texts), vectors.vectors.shape[1]), np.float32)
    full = vectors.vectors.astype(np.float32)
    for first in range(0, len(texts), _ROWS_AT_ONCE):
        part = slice(first, min(first + _ROWS_AT_ONCE, len(texts)))
        rows[part] = _weighed(texts, part, vectors) @ full
    _to_unit_length(rows)
    return rows


def fit_semantic(
    rows: Rows,
    labels: Mapping[int, bool],
    *,
    start: Mapping[int, float] | None = None,
    also: tuple[Rows, NDArray[np.bool_]] | None = None,
) -> SemanticFit:
    """Fit the separating hyperplane to labelled records, as `fit_lexical` does."""
    relevant = np.fromiter(labels.values(), dtype=bool, count=len(labels))
    narrow = rows[list(labels)].astype(np.float64)
    if also is not None:
        narrow = np.vstack((narrow, also[0].astype(np.float64)))
        relevant = np.concatenate((relevant, also[1]))
    keys = training_keys(labels, len(relevant))
    begin = None if start is None else np.array([start.get(key, 0.0) for key in keys])
    beta = solve_svm(
        lambda vector: narrow @ (vector @ narrow) + vector.sum(),
        np.square(narrow).sum(axis=1) + 1.0,
        np.where(relevant, 1.0, -1.0),
        COST * class_weights(relevant),
        start=begin,
    )
    weights = (beta @ narrow).astype(np.float32)
    return SemanticFit(weights, float(beta.sum()), dict(zip(keys, beta.tolist(), strict=True)))


def _weighed(texts: TermCounts, part: slice, vectors: WordVectors) -> csr_array:
    """Sub-linear counts of the known words of some rows; shape (rows, words)."""
    start, end = texts.indptr[part.start], texts.indptr[part.stop]
    places, known = vectors.places(texts.columns[start:end])
    bounds = texts.indptr[part.start : part.stop + 1] - start
    indptr = np.concatenate(([0], np.cumsum(known)))[bounds]
    data = 1 + np.log(texts.counts[start:end][known].astype(np.float32))
    shape = (part.stop - part.start, len(vectors.columns))
    return csr_array((data, places[known], indptr), shape=shape)


def _to_unit_length(rows: Rows) -> None:
    lengths = np.sqrt(np.square(rows).sum(axis=1, dtype=np.float64))
    rows /= np.where(lengths > 1e-9, lengths, 1.0).astype(np.float32)[:, None]
