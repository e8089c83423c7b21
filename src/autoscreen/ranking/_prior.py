"""The prior: what the protocol alone says about each record, before any label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.features import ConceptCoverage
from autoscreen.ranking._evidence import concept_evidence

__all__ = ["Prior", "protocol_prior", "standardise"]

FEEDBACK_RECORDS = 30
# Relative weights of the parts, chosen on the titles of reviews (benchmarks/prior.py).
CONCEPTS, WORDING, FEEDBACK, TYPICALITY = 3.0, 0.3, 1.0, 1.0


@dataclass(frozen=True, slots=True)
class Prior:
    """
    A linear score of concepts and terms, standardised over the pool.

    Parameters
    ----------
    scores
        Score of each record, mean 0 and standard deviation 1 over the pool.
    likeness
        The parts that rest on words: what a record is likened to, and the weight of each matrix
        column before standardising.
    concept_values
        Value of each concept in each record before standardising; shape (records, concepts).
    concepts
        Labels of the concepts.
    mean, deviation
        Of the score before standardising.
    """

    scores: NDArray[np.float64]
    likeness: tuple[tuple[str, NDArray[np.float32]], ...]
    concept_values: NDArray[np.float64]
    concepts: tuple[str, ...]
    mean: float
    deviation: float


def protocol_prior(
    matrix: csr_array,
    question: csr_array,
    coverage: ConceptCoverage,
    has_abstract: NDArray[np.bool_],
) -> Prior:
    """
    Score a pool from the protocol alone.

    Four linear parts, each standardised over the pool: the evidence of the concepts; the words of
    title and question; the words of the records that match best so far (pseudo-relevance feedback
    after Rocchio 1971); closeness to the pool's centroid, since a search returns more of what it
    was made for than of anything else.

    Parameters
    ----------
    matrix
        TF-IDF of the pool, shape (records, terms).
    question
        TF-IDF row of the protocol's title and question; shape (1, terms).
    coverage
        Mentions of the concepts in the pool.
    has_abstract
        Which records have an abstract.
    """
    values = concept_evidence(coverage, has_abstract)
    values, concept_scores = _scaled(values, values.sum(axis=1), CONCEPTS)
    wording = question.toarray().ravel()
    wording, wording_scores = _scaled(wording, matrix @ wording, WORDING)
    best = np.argsort(-(concept_scores + wording_scores), kind="stable")[:FEEDBACK_RECORDS]
    centroid = _mean_row(matrix, np.arange(len(has_abstract)))
    nearest = _mean_row(matrix, best)
    nearest, feedback_scores = _scaled(nearest, matrix @ nearest, FEEDBACK)
    centroid, typical_scores = _scaled(centroid, matrix @ centroid, TYPICALITY)
    raw = concept_scores + wording_scores + feedback_scores + typical_scores
    mean, deviation = standardise(raw)
    return Prior(
        (raw - mean) / deviation,
        (
            ("like the question", wording.astype(np.float32)),
            ("like the best matches", nearest.astype(np.float32)),
            ("like the pool", centroid.astype(np.float32)),
        ),
        values,
        tuple(concept.label for concept in coverage.concepts),
        mean,
        deviation,
    )


def standardise(scores: NDArray[np.float64]) -> tuple[float, float]:
    """
    Mean and standard deviation of scores; the deviation of equal scores is given as 1.

    Parameters
    ----------
    scores
        Any finite scores.
    """
    if not len(scores):
        return 0.0, 1.0
    deviation = float(scores.std())
    return float(scores.mean()), deviation if deviation > 1e-12 else 1.0


def _scaled(
    weights: NDArray[np.floating], scores: NDArray[np.floating], weight: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights and scores of one part, so that its standard deviation over the pool is `weight`."""
    factor = weight / standardise(np.asarray(scores, dtype=np.float64))[1]
    return weights * np.float64(factor), scores * np.float64(factor)


def _mean_row(matrix: csr_array, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(matrix[rows].mean(axis=0), dtype=np.float64).ravel()
