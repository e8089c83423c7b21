"""The prior: what the protocol alone says about each record, before any label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scipy.sparse import csr_array

from autoscreen.features import ConceptCoverage

__all__ = ["Prior", "protocol_prior", "standardise"]

FEEDBACK_RECORDS = 30
# Relative weights of the parts, chosen on the titles of reviews (benchmarks/prior.py).
CONCEPTS, WORDING, FEEDBACK, TYPICALITY = 3.0, 0.3, 1.0, 1.0
_SMALLEST_GROUP = 30


@dataclass(frozen=True, slots=True)
class Prior:
    """
    A linear score of concepts and terms, standardised over the pool.

    Parameters
    ----------
    scores
        Standardised score of each record, mean 0 and standard deviation 1 in its group.
    term_weights
        Weight of each matrix column before standardising.
    concept_values
        Value of each concept in each record before standardising; shape (records, concepts).
    concepts
        Labels of the concepts.
    means, deviations
        Mean and standard deviation of each record's group. Records without an abstract are a
        group of their own, since a title alone can cover but few concepts.
    """

    scores: NDArray[np.float64]
    term_weights: NDArray[np.float32]
    concept_values: NDArray[np.float64]
    concepts: tuple[str, ...]
    means: NDArray[np.float64]
    deviations: NDArray[np.float64]


def protocol_prior(
    matrix: csr_array,
    question: csr_array,
    coverage: ConceptCoverage,
    has_abstract: NDArray[np.bool_],
) -> Prior:
    """
    Score a pool from the protocol alone.

    Four linear parts, each standardised over the pool: the concepts covered, weighted by how rare
    each is in the pool; the words of title and question; the words of the records that match best
    so far (pseudo-relevance feedback after Rocchio 1971); closeness to the pool's centroid, since
    a search returns more of what it was made for than of anything else.

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
    values = coverage.saturation() * _rarity(coverage) * coverage.signs()
    values, concept_scores = _scaled(values, values.sum(axis=1), CONCEPTS)
    wording = question.toarray().ravel()
    wording, wording_scores = _scaled(wording, matrix @ wording, WORDING)
    best = np.argsort(-(concept_scores + wording_scores), kind="stable")[:FEEDBACK_RECORDS]
    centroid = _mean_row(matrix, np.arange(len(has_abstract)))
    nearest = _mean_row(matrix, best)
    nearest, feedback_scores = _scaled(nearest, matrix @ nearest, FEEDBACK)
    centroid, typical_scores = _scaled(centroid, matrix @ centroid, TYPICALITY)
    raw = concept_scores + wording_scores + feedback_scores + typical_scores
    means, deviations = _by_group(raw, has_abstract)
    return Prior(
        (raw - means) / deviations,
        (wording + nearest + centroid).astype(np.float32),
        values,
        tuple(concept.label for concept in coverage.concepts),
        means,
        deviations,
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


def _rarity(coverage: ConceptCoverage) -> NDArray[np.float64]:
    """Inverse document frequency of each concept: one that all records cover tells nothing."""
    n = len(coverage.titles)
    mentioned = ((coverage.titles > 0) | (coverage.bodies > 0)).sum(axis=0)
    return np.asarray(np.log((n + 1) / (mentioned + 0.5)).clip(min=0.0))


def _mean_row(matrix: csr_array, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(matrix[rows].mean(axis=0), dtype=np.float64).ravel()


def _by_group(
    raw: NDArray[np.float64], has_abstract: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and deviation to standardise each record with: those of its group if it is large."""
    means, deviations = np.empty_like(raw), np.empty_like(raw)
    for group in (has_abstract, ~has_abstract):
        if group.any():
            large = group.sum() >= _SMALLEST_GROUP
            means[group], deviations[group] = standardise(raw[group] if large else raw)
    return means, deviations
