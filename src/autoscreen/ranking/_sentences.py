"""A third view of the records: sentence embeddings of their texts.

It is optional, since an encoder takes time and memory. Records that have no embedding yet are
ranked by the other views: what this view adds is 0 for them, its mean over the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autoscreen.ranking._training_rows import TrainingRows
from autoscreen.ranking._transfer_features import standardise
from autoscreen.ranking._word_embeddings import Rows, SemanticFit, fit_semantic

Values = NDArray[np.float64]
# Number of relevant records at which hyperplane and similarity have their full weight.
FULL_FROM = 10
NEAREST = 3
# Relevant records multiplied with the pool at once, which limits the memory.
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """Weights of the parts based on sentence embeddings; all parts are standardised."""

    plane: float  # Of the separating hyperplane, relative to the lexical scores
    nearest: float  # Of the similarity to the nearest relevant records, likewise
    # Of the similarity to the best matches with the title, relative to the rest of the prior
    matches: float = 0.0
    typical: float = 0.0  # Without a title: of the similarity to the average record


SENTENCE_WEIGHTS = SentenceWeights(plane=1.0, nearest=0.6, matches=0.5, typical=0.3)
"""Chosen by `benchmarks/sentences.py`, which also measures the choice on other reviews."""


@dataclass(frozen=True, slots=True)
class CentredSentences:
    """Centred vectors of a pool: its mean, which does not distinguish records, is subtracted."""

    rows: Rows  # Of length 1, or 0 where there is no embedding
    known: NDArray[np.bool_]  # Whether each record has an embedding
    middle: NDArray[np.float32]
    weights: SentenceWeights

    def place(self, vectors: Rows) -> Rows:
        """Centre vectors of the encoder like those of the pool; zeros stay zeros."""
        placed = vectors.astype(np.float32)
        placed -= self.middle
        placed[~vectors.any(axis=1)] = 0
        lengths = np.sqrt(np.einsum("ij,ij->i", placed, placed))
        placed /= np.where(lengths > 0, lengths, np.float32(1))[:, None]
        return placed

    def standardised(
        self, values: NDArray[np.floating], among: NDArray[np.bool_] | None = None
    ) -> Values:
        """Scale values to mean 0 and deviation 1, over some records; 0 without an embedding."""
        exact = values.astype(np.float64)
        chosen = self.known if among is None else among & self.known
        mean, deviation = standardise(exact[chosen])
        return np.where(self.known, (exact - mean) / deviation, 0.0)


@dataclass(frozen=True, slots=True)
class SentenceFit:
    """Scores by sentence embeddings after some labels."""

    added: Values  # Score of each record, before the sum with the other views is standardised
    plane: SemanticFit | None  # None while all labels with an embedding are of one kind
    nearest: Rows  # Similarity to the nearest relevant records, ascending; shape (records, up to 3)
    relevant: tuple[int, ...]  # The relevant records of the pool behind `nearest`


def centre(rows: Rows, weights: SentenceWeights) -> CentredSentences | None:
    """Subtract the mean of a pool from its vectors; None if no record has one."""
    known: NDArray[np.bool_] = np.asarray(rows.any(axis=1))
    if not known.any():
        return None
    middle = (rows.sum(axis=0, dtype=np.float64) / known.sum()).astype(np.float32)
    raw = CentredSentences(rows, known, middle, weights)
    return replace(raw, rows=raw.place(rows))


def fit_sentences(
    sentences: CentredSentences,
    training: Mapping[int, bool],
    unread: NDArray[np.bool_],
    *,
    relevant: list[int],
    last: SentenceFit | None = None,
    also: TrainingRows | None = None,
) -> SentenceFit:
    """
    Score a pool by a hyperplane and the similarity to the three nearest relevant records.

    `training` may include presumed exclusions; `relevant` are those that were included.
    """
    known = {row: label for row, label in training.items() if sentences.known[row]}
    outside = None
    if also is not None and also.sentences is not None:
        there = also.sentences.any(axis=1)
        outside = (sentences.place(also.sentences[there]), also.relevant[there])
    nearest = _nearest(sentences, relevant, last, outside)
    seen = [row for row in relevant if sentences.known[row]]
    learnt = [*known.values(), *(outside[1].tolist() if outside else ())]
    found = len(seen) + (int(outside[1].sum()) if outside else 0)
    grown, added, plane = min(1.0, found / FULL_FROM), np.zeros(len(unread)), None
    if nearest.shape[1]:
        close = nearest[:, -NEAREST:].mean(axis=1)
        added += grown * sentences.weights.nearest * sentences.standardised(close, unread)
    if len(set(learnt)) == 2:
        start = last.plane.coefficients if last and last.plane else None
        plane = fit_semantic(sentences.rows, known, start=start, also=outside)
        scores = plane.scores(sentences.rows)
        added += grown * sentences.weights.plane * sentences.standardised(scores, unread)
    return SentenceFit(added, plane, nearest, tuple(relevant))


def _nearest(
    sentences: CentredSentences,
    relevant: list[int],
    last: SentenceFit | None,
    outside: tuple[Rows, NDArray[np.bool_]] | None,
) -> Rows:
    """Return the similarity to the nearest relevant records; reuses the last fit if it can."""
    if last is not None and set(last.relevant) <= set(relevant):
        before = set(last.relevant)
        nearest, new = last.nearest, [row for row in relevant if row not in before]
        vectors = sentences.rows[new]
    else:
        nearest = np.zeros((len(sentences.rows), 0), np.float32)
        vectors = sentences.rows[relevant]
        if outside is not None:
            vectors = np.vstack((vectors, outside[0][outside[1]]))
    vectors = vectors[vectors.any(axis=1)]
    for first in range(0, len(vectors), _AT_ONCE):
        close = sentences.rows @ vectors[first : first + _AT_ONCE].T
        nearest = np.sort(np.hstack((nearest, close)), axis=1)[:, -NEAREST:]
    return nearest
