"""The prior: the score of each record before any label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from autoscreen.features import ConceptCoverage, PoolFeatures, question_words
from autoscreen.progress_callback import Progress, no_progress
from autoscreen.protocol import Concept
from autoscreen.ranking._concept_evidence import concept_evidence
from autoscreen.ranking._sentences import (
    SENTENCE_WEIGHTS,
    CentredSentences,
    SentenceWeights,
    centre,
)
from autoscreen.ranking._transfer_features import (
    TRANSFER_FEATURES,
    TransferFeature,
    clip_outliers,
    standardise,
    transfer_features,
)
from autoscreen.ranking._transfer_model import TransferModel, shipped_model
from autoscreen.ranking._word_embeddings import Embeddings, Rows, pool_embeddings

# Relative weights of a protocol's concepts and of what transfers from other reviews.
CONCEPTS, CARRIED_OVER = 3.0, 1.0
# Concepts have that weight where their log odds vary by this much over the pool. Where these vary
# less, since nearly all records mention the concepts or few do, they are less informative, and
# weigh less.
FULL_SPREAD, STEEPNESS = 2.1, 3
_BEST, _FEWEST, _SHARE = 30, 3, 10
_BEST_MATCHES = "similar in meaning to the best matches"
_AVERAGE = "similar in meaning to the average record"


@dataclass(frozen=True, slots=True)
class Similarity:
    """A part of the prior that does not come from the protocol's concepts."""

    name: str  # What the records are compared with
    values: NDArray[np.float64]  # What it adds to each record's score, before standardising
    # Weight of each matrix column behind it, to name the words that most of it comes from; None if
    # it is not based on words
    words: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Prior:
    """Scores before any label, standardised over the pool, and the parts that they are made of."""

    # Score of each record, mean 0 and standard deviation 1 over the pool
    scores: NDArray[np.float64]
    similarities: tuple[Similarity, ...]  # The parts based on words and form
    # Value of each concept in each record before standardising; shape (records, concepts)
    concept_values: NDArray[np.float64]
    concepts: tuple[Concept, ...]
    mean: float  # Of the score before standardising, which is the sum of all parts
    deviation: float
    # The word vectors of each record, for the second view of the labels; None without word vectors
    embeddings: Embeddings | None = None
    # Whether each record mentions each concept; shape (records, concepts)
    mentioned: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), bool))
    # The words of the question that are searched for, each with its singular or plural
    question: Mapping[str, str] = field(default_factory=dict)
    # The sentence embeddings, for the third view of the labels; None without an encoder
    sentences: CentredSentences | None = None


def protocol_prior(
    pool: PoolFeatures,
    question: str,
    coverage: ConceptCoverage,
    *,
    model: TransferModel | None = None,
    progress: Progress = no_progress,
) -> Prior:
    """
    Score a pool before any label.

    A linear model, trained on other reviews, uses features that mean the same in every review; if
    the protocol has concepts, their evidence is added.
    """
    progress("comparing with the question", 0)
    model = shipped_model() if model is None else model
    values = concept_evidence(coverage, pool.has_abstract)
    spread = standardise(values.sum(axis=1))[1]
    values *= CONCEPTS / spread * min(1.0, spread / FULL_SPREAD) ** STEEPNESS
    evidence = values.sum(axis=1)
    features = transfer_features(
        pool, question, model.words, evidence=evidence if coverage.concepts else None
    )
    words = question_words(question)
    coefficients = model.coefficients if words else model.without_question
    similarities = _similarities(features, coefficients)
    raw = evidence + sum((one.values for one in similarities), np.zeros(len(pool)))
    mean, deviation = standardise(raw)
    progress("comparing meanings", 0)
    return Prior(
        (raw - mean) / deviation,
        similarities,
        values,
        coverage.concepts,
        mean,
        deviation,
        pool_embeddings(pool.texts, pool.matrix, model.vectors),
        (coverage.titles > 0) | (coverage.bodies > 0),
        words,
    )


def with_sentences(
    prior: Prior, rows: Rows, *, weights: SentenceWeights = SENTENCE_WEIGHTS
) -> Prior:
    """
    Add sentence embeddings to a prior, for its own scores and as third view of the labels.

    `rows` are the vectors of the encoder, of length 1, one for each record in the order of the
    pool; zeros for a record that has none yet.
    With a question or concepts, it adds similarity to the 30 records that the prior ranks first;
    without, similarity to the average record. Records without an embedding get neither.
    """
    sentences = centre(rows, weights)
    if sentences is None:
        return prior
    if prior.question or prior.concepts:
        name, weight = _BEST_MATCHES, weights.matches
        best = np.argsort(-prior.scores.round(6), kind="stable")
        best = best[: min(_BEST, max(_FEWEST, len(best) // _SHARE))]
        close = sentences.rows @ sentences.rows[best].mean(axis=0)
    else:
        name, weight = _AVERAGE, weights.typical
        close = rows @ sentences.middle
    values = weight * prior.deviation * sentences.standardised(close)
    raw = prior.scores * prior.deviation + prior.mean + values
    mean, deviation = standardise(raw)
    return replace(
        prior,
        scores=(raw - mean) / deviation,
        similarities=(*prior.similarities, Similarity(name, values, None)),
        mean=mean,
        deviation=deviation,
        sentences=sentences,
    )


def _similarities(
    features: list[TransferFeature], coefficients: NDArray[np.float64]
) -> tuple[Similarity, ...]:
    """Join the features of one name; together their deviation is `CARRIED_OVER`."""
    parts = [
        weight * clip_outliers(one.values)
        for weight, one in zip(coefficients, features, strict=True)
    ]
    factor = CARRIED_OVER / standardise(np.sum(parts, axis=0))[1]
    grouped: dict[str, list[int]] = {}
    for at, name in enumerate(TRANSFER_FEATURES.values()):
        grouped.setdefault(name, []).append(at)
    return tuple(
        Similarity(
            name,
            factor * np.sum([parts[at] for at in group], axis=0),
            _words([(float(coefficients[at]), features[at]) for at in group]),
        )
        for name, group in grouped.items()
    )


def _words(group: list[tuple[float, TransferFeature]]) -> NDArray[np.float32] | None:
    """Weight of each column in the parts of a group, as if no part had been clipped."""
    known = [
        np.float32(coefficient / standardise(feature.values)[1]) * feature.words
        for coefficient, feature in group
        if feature.words is not None
    ]
    return np.sum(known, axis=0, dtype=np.float32) if known else None
