"""Features that mean the same in every review, so that a model of them transfers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.features import PoolFeatures, TermCounts, question_terms

Vector = NDArray[np.float64]

TRANSFER_FEATURES = {
    "question in the text": "match with the question",
    "share of the question in the text": "match with the question",
    "share of the question in the title": "match with the question",
    "like the pool": "similar to the average record",
    "like the 30 best": "similar to the best matches",
    "like the 100 best": "similar to the best matches",
    "length of the title": "length",
    "has an abstract": "length",
    "words of the title": "words typical of relevant studies in past reviews",
    "words of the text": "words typical of relevant studies in past reviews",
    "index terms": "words typical of relevant studies in past reviews",
}
"""Each feature, in the order of the model's coefficients, and what it is explained as."""

# BM25 as usual (Robertson and Zaragoza 2009, section 3.5).
_SATURATION, _LENGTH = 1.2, 0.75
_FEW, _SHARE = 3, 10
_LIMIT = 4.0
# A text of many known words sums many weights: the sum is divided by this power of their number.
_DAMPING, _DAMPING_POWER = 3, 0.6
# Weights of title, text and index terms in the first estimate of the best matches.
_GUESS_WEIGHTS = (0.3, 1.0, 0.3)


@dataclass(frozen=True, slots=True)
class WordWeights:
    """How words were associated with relevance in other reviews."""

    columns: NDArray[np.int32]
    # Log odds of relevance of a record with the word, shrunk to 0 where reviews were few
    weights: NDArray[np.float32]

    def at(self, columns: NDArray[np.integer]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return the entry of each column, and whether it is known."""
        if not len(self.columns):
            return np.zeros(len(columns), np.float32), np.zeros(len(columns), bool)
        places = np.minimum(np.searchsorted(self.columns, columns), len(self.columns) - 1)
        known = self.columns[places] == columns
        return np.where(known, self.weights[places], np.float32(0)), known


@dataclass(frozen=True, slots=True)
class TransferFeature:
    """One feature of every record."""

    values: Vector
    words: NDArray[np.float32] | None = None


def transfer_features(
    pool: PoolFeatures,
    question: str,
    words: Mapping[str, WordWeights],
    *,
    evidence: Vector | None = None,
) -> list[TransferFeature]:
    """Return all features, in the order of `TRANSFER_FEATURES`."""
    text, share, title_share = _matches(pool, question)
    centre = _mean_row(pool.matrix)
    like_pool = TransferFeature(_product(pool.matrix, centre), centre)
    typical = standard_scores(like_pool.values)
    word_features = _word_features(pool, words)
    matched = _sum((1.0, share), (0.5, title_share), (0.3, text))
    if evidence is not None:
        matched += evidence
    if not matched.any():
        matched = typical
    first = _like(pool.matrix, matched, 30)
    nearer = _sum((1.0, first.values), (0.5, typical)) + matched
    near = [(1.0, _like(pool.matrix, nearer, count).values) for count in (30, 100)]
    guess = _sum(*near, *zip(_GUESS_WEIGHTS, (one.values for one in word_features), strict=True))
    if evidence is not None:
        guess += evidence
    return [
        TransferFeature(text),
        TransferFeature(share),
        TransferFeature(title_share),
        like_pool,
        _like(pool.matrix, guess, 30),
        _like(pool.matrix, guess, 100),
        TransferFeature(np.log1p(_sizes(pool.titles))),
        TransferFeature(pool.has_abstract.astype(np.float64)),
        *word_features,
    ]


def standardise(scores: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and standard deviation of scores; the deviation of equal scores is given as 1."""
    if not len(scores):
        return 0.0, 1.0
    deviation = float(scores.std())
    return float(scores.mean()), deviation if deviation > 1e-12 else 1.0


def standard_scores(values: NDArray[np.floating]) -> Vector:
    """Scale values to mean 0 and deviation 1; values that hardly differ are all 0."""
    exact: Vector = values.astype(np.float64)
    if not len(exact):
        return exact
    deviation = float(exact.std())
    return (exact - exact.mean()) / deviation if deviation > 1e-9 else np.zeros_like(exact)


def clip_outliers(values: NDArray[np.floating]) -> Vector:
    """Scale values to mean 0 and deviation 1, clipped at 4 deviations."""
    return standard_scores(values).clip(-_LIMIT, _LIMIT)


def _matches(pool: PoolFeatures, question: str) -> tuple[Vector, Vector, Vector]:
    """BM25 of the question's words in the text, and their share there and in the title."""
    terms = question_terms(question)
    columns, weights = np.array(list(terms), np.int32), np.array(list(terms.values()))
    text, share = _match(pool.texts, columns, weights)
    return text, share, _match(pool.titles, columns, weights)[1]


def _match(
    counts: TermCounts, columns: NDArray[np.int32], weights: Vector
) -> tuple[Vector, Vector]:
    n = len(counts)
    if not n or not len(columns):
        return np.zeros(n), np.zeros(n)
    found = _columns_of(counts, columns)
    frequency = (found > 0).sum(axis=0)
    length = _sizes(counts) / (_sizes(counts).mean() + 1e-9)
    rarity = weights * np.log(1 + (n - frequency + 0.5) / (frequency + 0.5))
    room = (_SATURATION * (1 - _LENGTH + _LENGTH * length))[:, None]
    score = found * (_SATURATION + 1) / (found + room) @ rarity
    value = np.where(frequency > 0, weights * np.log(1 + (n + 0.5) / (frequency + 0.5)), 0.0)
    return score, (found > 0) @ value / (value.sum() + 1e-9)


def _columns_of(counts: TermCounts, columns: NDArray[np.int32]) -> Vector:
    """Return the counts of a few columns; shape (records, columns)."""
    order = np.argsort(columns)
    hits = np.flatnonzero(np.isin(counts.columns, columns))
    rows = np.searchsorted(counts.indptr, hits, side="right") - 1
    found = np.zeros((len(counts), len(columns)))
    places = order[np.searchsorted(columns[order], counts.columns[hits])]
    found[rows, places] = counts.counts[hits]
    return found


def _sizes(counts: TermCounts) -> Vector:
    """How many terms each text has, counting repeats."""
    total = np.concatenate(([0], np.cumsum(counts.counts, dtype=np.int64)))
    return np.diff(total[counts.indptr]).astype(np.float64)


def _sum(*parts: tuple[float, Vector]) -> Vector:
    """Sum of standardised values, each times its weight."""
    total = np.zeros(len(parts[0][1]))
    for weight, values in parts:
        total += weight * clip_outliers(values)
    return total


def _like(matrix: csr_array, scores: Vector, count: int) -> TransferFeature:
    """Similarity to the records with the best scores: pseudo-relevance feedback (Rocchio 1971)."""
    count = min(count, max(_FEW, len(scores) // _SHARE))
    best = np.argsort(-scores.round(6), kind="stable")[:count]
    row = _mean_row(matrix[best])
    return TransferFeature(_product(matrix, row), row)


def _product(matrix: csr_array, row: NDArray[np.float32]) -> Vector:
    return np.asarray(matrix @ row, dtype=np.float64)


def _mean_row(matrix: csr_array) -> NDArray[np.float32]:
    if not matrix.shape[0]:
        return np.zeros(matrix.shape[1], np.float32)
    return np.asarray(matrix.mean(axis=0), dtype=np.float32).ravel()


def _word_features(pool: PoolFeatures, words: Mapping[str, WordWeights]) -> list[TransferFeature]:
    matrix, texts = pool.matrix, len(pool.terms.text.columns)
    present = csr_array((np.ones_like(matrix.data), matrix.indices, matrix.indptr), matrix.shape)
    features = [TransferFeature(_title_words(pool.titles, words["title"]))]
    for kind, columns, start in (
        ("text", pool.terms.text.columns, 0),
        ("index", pool.terms.index.columns, texts),
    ):
        place = slice(start, start + len(columns))
        weights = np.zeros(matrix.shape[1], np.float32)
        known = np.zeros(matrix.shape[1], np.float32)
        weights[place], known[place] = words[kind].at(columns)
        features.append(TransferFeature(_damped(present @ weights, present @ known), weights))
    return features


def _title_words(titles: TermCounts, words: WordWeights) -> Vector:
    weights, known = words.at(titles.columns)
    sums = np.concatenate(([0.0], np.cumsum(weights, dtype=np.float64)))[titles.indptr]
    numbers = np.concatenate(([0], np.cumsum(known)))[titles.indptr]
    return _damped(np.diff(sums), np.diff(numbers))


def _damped(sums: NDArray[np.floating], numbers: NDArray[np.number]) -> Vector:
    return np.asarray(sums / (numbers + _DAMPING) ** _DAMPING_POWER, dtype=np.float64)
