"""The fused ranker on the Gram matrix of all records, for simulations on small pools.

Its scores are those of `fuse`. The time of a refit depends on the labelled records, not on the
length of the texts, which is what makes thousands of refits of one review affordable.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.ranking._fused import combine, fuse, prior_weight
from autoscreen.ranking._lexical import COST, class_weights
from autoscreen.ranking._prior import Prior
from autoscreen.ranking._sentences import SentenceFit, fit_sentences
from autoscreen.ranking._svm import solve_svm
from autoscreen.ranking._word_embeddings import SemanticFit, fit_semantic


class KernelRanker:
    """Scores a pool from its prior and the labels so far."""

    def __init__(
        self, matrix: csr_array, prior: Prior, known: Mapping[int, bool], *, size: int
    ) -> None:
        self._matrix = matrix
        self._prior = prior
        self._labels: dict[int, bool] = {}
        # The constant 1 is the intercept, regularised like any other weight.
        self._products = (matrix @ matrix.T).toarray() + np.float32(1)
        self._diagonal = self._products.diagonal().astype(np.float64)
        # Columns in the order of the labels, so that those in use lie side by side.
        self._columns = np.empty((size, size), dtype=np.float32, order="F")
        self._gram = np.empty((size, size), dtype=np.float64)
        self._rows = np.empty(size, dtype=np.int64)
        self._relevant = np.empty(size, dtype=bool)
        self._beta = np.zeros(size)
        self._unread = np.ones(matrix.shape[0], dtype=bool)
        self._meaning: SemanticFit | None = None
        self._sentences: SentenceFit | None = None
        for row, label in known.items():
            self.learn(row, relevant=label)

    def learn(self, row: int, *, relevant: bool) -> None:
        """Add a label."""
        at = len(self._labels)
        self._labels[row] = relevant
        self._unread[row] = False
        self._columns[:, at] = self._products[:, row]
        self._rows[at], self._relevant[at] = row, relevant
        border = self._products[row, self._rows[: at + 1]]
        self._gram[at, : at + 1] = border
        self._gram[: at + 1, at] = border

    def scores(self) -> NDArray[np.float64]:
        """Score every record from the labels so far."""
        count = len(self._labels)
        relevant = self._relevant[:count]
        found = int(relevant.sum())
        if found in (0, count):
            return fuse(self._matrix, self._prior, self._labels).scores
        gram = self._gram[:count, :count]
        beta = solve_svm(
            lambda vector: gram @ vector,
            self._diagonal[self._rows[:count]],
            np.where(relevant, 1.0, -1.0),
            COST * class_weights(relevant),
            start=self._beta[:count],
        )
        self._beta[:count] = beta
        used = beta.astype(np.float32)
        raw = (self._columns[:, :count] @ used).astype(np.float64)
        view = combine(raw, self._second(), self._unread, found, sentences=self._third())
        scores = (raw - view.mean) / view.deviation + prior_weight(found) * self._prior.scores
        for added in (view.semantic, view.sentences):
            if added is not None:
                scores += added
        return scores

    def _second(self) -> NDArray[np.float64] | None:
        """Score every record by its word vectors."""
        if self._prior.embeddings is None:
            return None
        rows = self._prior.embeddings.rows
        start = self._meaning.coefficients if self._meaning else None
        self._meaning = fit_semantic(rows, self._labels, start=start)
        return self._meaning.scores(rows)

    def _third(self) -> NDArray[np.float64] | None:
        """Score every record by its sentence embedding."""
        if self._prior.sentences is None:
            return None
        self._sentences = fit_sentences(
            self._prior.sentences,
            self._labels,
            self._unread,
            relevant=[row for row, label in self._labels.items() if label],
            last=self._sentences,
        )
        return self._sentences.added
