"""The lexical ranker: a linear support vector machine on TF-IDF, fitted to the labels so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from autoscreen.ranking._svm import solve_svm

# The regularisation and the balance of ELAS u4 (ASReview 2, van de Schoot et al. 2025), which our
# own tuning did not improve on held-out reviews.
COST = 0.11
RATIO = 9.8


@dataclass(frozen=True, slots=True)
class LexicalFit:
    """A linear model fitted to terms."""

    # One weight per matrix column, float32; zero for terms that no labelled record has
    weights: NDArray[np.float32]
    intercept: float  # Score of a record without any term
    # Coefficient of each labelled record, by its `training_keys`: the start of the next fit
    coefficients: Mapping[int, float]

    def scores(self, matrix: csr_array) -> NDArray[np.float64]:
        """Signed distance from the separating hyperplane; higher is more likely relevant."""
        return np.asarray(matrix @ self.weights, dtype=np.float64) + self.intercept


def fit_lexical(
    matrix: csr_array,
    labels: Mapping[int, bool],
    *,
    cost: float = COST,
    ratio: float = RATIO,
    start: Mapping[int, float] | None = None,
    also: tuple[csr_array, NDArray[np.bool_]] | None = None,
) -> LexicalFit:
    """
    Fit the separating hyperplane to labelled records.

    `also` are further rows, outside the pool, and which of them are relevant.
    """
    rows = np.fromiter(labels.keys(), dtype=np.int64, count=len(labels))
    relevant = np.fromiter(labels.values(), dtype=bool, count=len(labels))
    chosen = matrix[rows]
    if also is not None:
        chosen = csr_array(vstack([chosen, also[0]], format="csr"))
        relevant = np.concatenate((relevant, also[1]))
    keys = training_keys(labels, len(relevant))
    used, narrow = _narrow_columns(chosen)
    across = narrow.T.tocsr()
    begin = None if start is None else np.array([start.get(key, 0.0) for key in keys])
    beta = solve_svm(
        # The constant 1 is the intercept, regularised like any other weight.
        lambda vector: narrow @ (across @ vector) + vector.sum(),
        _squared_lengths(narrow) + 1.0,
        np.where(relevant, 1.0, -1.0),
        cost * class_weights(relevant, ratio),
        start=begin,
    )
    weights = np.zeros(matrix.shape[1], dtype=np.float32)
    weights[used] = across @ beta
    return LexicalFit(weights, float(beta.sum()), dict(zip(keys, beta.tolist(), strict=True)))


def training_keys(labels: Mapping[int, bool], count: int) -> list[int]:
    """Return the training rows of a fit; those outside the pool are numbered from -1 down."""
    return [*labels, *range(-1, len(labels) - count - 1, -1)]


def class_weights(relevant: NDArray[np.bool_], ratio: float = RATIO) -> NDArray[np.float64]:
    """Weights of mean 1 under which relevant records together weigh `ratio` times the others."""
    found = int(relevant.sum())
    weight = np.where(relevant, 1.0, found / (ratio * (len(relevant) - found)))
    return np.asarray(weight * (len(weight) / weight.sum()))


def _squared_lengths(rows: csr_array) -> NDArray[np.float64]:
    owner = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    squares = np.square(rows.data, dtype=np.float64)
    return np.asarray(np.bincount(owner, squares, minlength=rows.shape[0]), dtype=np.float64)


def _narrow_columns(rows: csr_array) -> tuple[NDArray[np.int64], csr_array]:
    """Drop the columns that no row uses: 200 records contain about 1% of a pool's terms."""
    mark = np.zeros(rows.shape[1], dtype=bool)
    mark[rows.indices] = True
    used = np.flatnonzero(mark)
    place = np.zeros(rows.shape[1], dtype=np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    data = rows.data.astype(np.float64)
    shape = (rows.shape[0], len(used))
    return used, csr_array((data, place[rows.indices], rows.indptr), shape=shape)
