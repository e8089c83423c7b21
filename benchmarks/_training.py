"""Trains the prior on finished reviews; shared by train_prior.py and prior.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from _common import DATA, need_data, read_csv
from _families import OTHER, family_of
from _vectors import GENERAL, Nearness, count_nearness, general_texts, learn_vectors, texts_of
from autoscreen.features import PoolFeatures, TermCounts
from autoscreen.ranking import TransferModel
from autoscreen.ranking._transfer_features import WordWeights, clip_outliers, transfer_features

# A word needs this number of reviews before it gets a weight.
_REVIEWS = {"title": 6, "text": 6, "index": 2}
_SHRINKAGE = 6.0
_STRENGTH = 0.02
_POSITIVES, _NEGATIVES = 150, 400

Examples = tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]
"""Features, labels and weights of some records."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelledReview:
    """A finished review: features of its records, and which are relevant."""

    name: str
    family: str
    title: str
    pool: PoolFeatures
    relevant: NDArray[np.bool_]
    counts: dict[str, WordCounts]


@dataclass(frozen=True, slots=True, eq=False)
class WordCounts:
    """Number of relevant and irrelevant records with each word."""

    columns: NDArray[np.int32]
    relevant: NDArray[np.float64]
    irrelevant: NDArray[np.float64]


def read_reviews() -> Iterator[LabelledReview]:
    """Read every labelled set, the smallest first."""
    need_data()
    folder = DATA / "screening"
    listed = read_csv(folder / "reviews.csv")
    for row in sorted(listed, key=lambda row: (int(row["records"]), row["name"])):
        records = list(read_csv(folder / f"{row['name']}.csv.gz"))
        relevant = np.array([record["label_included"] in {"1", "1.0"} for record in records])
        texts = [(one["title"], one["abstract"], one["keywords"]) for one in records]
        pool = PoolFeatures.of(texts)
        counts = {kind: _counts(counts, relevant) for kind, counts in _kinds(pool).items()}
        name = row["name"]
        yield LabelledReview(name, family_of(name), row["title"], pool, relevant, counts)


def read_nearness(reviews: Sequence[LabelledReview]) -> Nearness:
    """Count which words stand near each other in all texts, family by family."""
    texts: dict[str, list[Iterator[str]]] = {GENERAL: list(general_texts())}
    for review in reviews:
        texts.setdefault(review.family, []).append(texts_of(f"screening/{review.name}"))
    return count_nearness(texts)


def train(reviews: Sequence[LabelledReview], nearness: Nearness) -> TransferModel:
    """Train the prior; word weights come from other families than the review's own."""
    kinds = sorted({review.family for review in reviews})
    words = {
        kind: learn_words([review for review in reviews if review.family != kind]) for kind in kinds
    }
    sizes = Counter(review.family for review in reviews)
    titles = {review.name: review.title for review in reviews}
    with_title, without = (
        _coefficients(
            [_examples(one, words[one.family], sizes, asked.get(one.name, "")) for one in reviews]
        )
        for asked in (titles, {})
    )
    names = tuple(sorted(review.name for review in reviews))
    vectors = learn_vectors(nearness, kinds)
    return TransferModel(with_title, without, learn_words(reviews), names, vectors)


def learn_words(reviews: Sequence[LabelledReview]) -> dict[str, WordWeights]:
    """
    Learn the log odds of words, weighted by their precision and shrunk to 0.

    Reviews of one family count together for the square root of their number.
    """
    sizes = Counter(review.family for review in reviews)
    found = {}
    for kind, fewest in _REVIEWS.items():
        every = [review.counts[kind].columns for review in reviews]
        columns, reviewed = np.unique(np.concatenate(every), return_counts=True)
        columns = columns[reviewed >= fewest]
        total, precision = np.zeros(len(columns)), np.zeros(len(columns))
        for review in reviews:
            odds, sure = _odds(review, kind)
            known = np.isin(review.counts[kind].columns, columns)
            places = np.searchsorted(columns, review.counts[kind].columns[known])
            share = 1.0 if review.family == OTHER else sizes[review.family] ** -0.5
            total[places] += share * (sure * odds)[known]
            precision[places] += share * sure[known]
        weights = (total / (precision + _SHRINKAGE)).astype(np.float32)
        found[kind] = WordWeights(columns.astype(np.int32), weights)
    return found


def sign_values(
    review: LabelledReview, words: dict[str, WordWeights], question: str
) -> NDArray[np.float64]:
    """Return the features of a review; shape (records, features)."""
    signs = transfer_features(review.pool, question, words)
    return np.column_stack([clip_outliers(sign.values) for sign in signs])


def _coefficients(parts: Sequence[Examples]) -> NDArray[np.float64]:
    values, labels, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    model = LogisticRegression(C=_STRENGTH, max_iter=1000, tol=1e-8)
    model.fit(values, labels, sample_weight=weights / weights.mean())
    return np.asarray(model.coef_[0])


def _examples(
    review: LabelledReview, words: dict[str, WordWeights], sizes: Counter[str], question: str
) -> Examples:
    """Draw records of a review; both labels have the same total weight."""
    generator = np.random.default_rng(0)
    picked, weights = [], []
    positives = int(review.relevant.sum())
    worth = min(positives, 40) ** 0.5
    if review.family != OTHER:
        worth /= sizes[review.family] ** 0.4
    for label, most in ((True, _POSITIVES), (False, _NEGATIVES)):
        rows = np.flatnonzero(review.relevant == label)
        rows = generator.choice(rows, min(most, len(rows)), replace=False)
        picked.append(rows)
        weights.append(np.full(len(rows), worth / len(rows)))
    rows = np.concatenate(picked)
    return (
        sign_values(review, words, question)[rows],
        review.relevant[rows],
        np.concatenate(weights),
    )


def _odds(review: LabelledReview, kind: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the smoothed log odds ratio of each word, and its precision."""
    counts = review.counts[kind]
    yes, no = counts.relevant, counts.irrelevant
    all_yes = float(review.relevant.sum())
    all_no = len(review.relevant) - all_yes
    usual = (yes + no) / (all_yes + all_no)
    odds = np.log((yes + 0.5 * usual + 0.1) / (all_yes - yes + 0.5 * (1 - usual) + 0.1))
    odds -= np.log((no + 0.5 * usual + 0.1) / (all_no - no + 0.5 * (1 - usual) + 0.1))
    variance = (
        1 / (yes + 0.3) + 1 / (all_yes - yes + 0.3) + 1 / (no + 0.3) + 1 / (all_no - no + 0.3)
    )
    return odds, 1 / (variance + 0.3)


def _kinds(pool: PoolFeatures) -> dict[str, TermCounts]:
    return {"title": pool.titles, "text": pool.texts, "index": pool.index_terms}


def _counts(counts: TermCounts, relevant: NDArray[np.bool_]) -> WordCounts:
    columns, frequency = np.unique(counts.columns, return_counts=True)
    mine = counts.columns[np.repeat(relevant, np.diff(counts.indptr))]
    found, times = np.unique(mine, return_counts=True)
    yes = np.zeros(len(columns))
    yes[np.searchsorted(columns, found)] = times
    kept = frequency >= (3 if len(relevant) > 300 else 2)
    return WordCounts(columns[kept], yes[kept], (frequency - yes)[kept])
