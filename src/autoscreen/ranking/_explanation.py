"""Why a record has its rank: parts that sum to its score."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.features import term_columns
from autoscreen.ranking._embeddings import SemanticFit, WordVectors
from autoscreen.ranking._fused import FusedScores
from autoscreen.ranking._prior import Prior, Similarity

_WORDS_NAMED = 5
_MEANING = "meaning of the words"


class ScoreSource(StrEnum):
    """Where a part of a score comes from."""

    WORD = "word"
    """A word or pair of words, through the labels so far."""
    MEANING = "meaning"
    """What the words mean, through the labels so far: similar texts in other words."""
    CONCEPT = "concept"
    """A concept of the protocol."""
    PRIOR = "prior"
    """What carries over from other reviews: match with the question, likeness to the best matches
    and to the pool, words typical of relevant studies, length."""
    REST = "rest"
    """All parts too small to be listed."""
    BASE = "base"
    """What every record starts from."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score."""

    source: ScoreSource  # Where it comes from
    name: str  # The word, the pair of words or the concept
    value: float  # What it adds to the score; negative if it moves the record down
    detail: str = ""  # The words that most of it comes from; empty if the name says it all


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of one record's score."""

    score: float  # The score; the sum of the parts
    parts: tuple[Part, ...]  # The largest parts first, then the rest and the base


def explain_row(
    row: int,
    *,
    matrix: csr_array,
    prior: Prior,
    fused: FusedScores,
    names: dict[int, str],
    top: int = 20,
) -> Explanation:
    """Take one record's score apart."""
    share = fused.prior_weight / prior.deviation
    columns, values = _entries(matrix, row)
    parts = [
        _similarity_part(one, row, share, (columns, values), names)
        for one in prior.similarities
        if one.values[row]
    ]
    parts += [
        Part(ScoreSource.CONCEPT, prior.concepts[at], value)
        for at, value in _nonzero(np.arange(len(prior.concepts)), share * prior.concept_values[row])
    ]
    intercept = -share * prior.mean
    if fused.lexical is not None:
        evidence = values * fused.lexical.weights[columns] / fused.deviation
        parts += [
            Part(ScoreSource.WORD, names[column], value)
            for column, value in _nonzero(columns, evidence)
        ]
        intercept += (fused.lexical.intercept - fused.mean) / fused.deviation
    if (
        fused.semantic_scores is not None
        and fused.semantic is not None
        and prior.embeddings is not None
    ):
        words = _telling_words(prior.embeddings.vectors, fused.semantic, names)
        parts.append(Part(ScoreSource.MEANING, _MEANING, float(fused.semantic_scores[row]), words))
    return build_explanation(float(fused.scores[row]), parts, intercept, top)


def word_values(
    row: int,
    *,
    matrix: csr_array,
    prior: Prior,
    fused: FusedScores,
    names: dict[int, str],
) -> dict[str, float]:
    """Return what each word and pair of words of a record adds to its score, from all sources."""
    columns, values = _entries(matrix, row)
    share = fused.prior_weight / prior.deviation
    total = np.zeros(len(columns))
    for part in prior.similarities:
        if part.words is not None:
            raw = values * part.words[columns]
            whole = float(np.abs(raw).sum())
            # A similarity is bounded, so its words share the bounded value.
            if whole:
                total += raw * (share * abs(float(part.values[row])) / whole)
    if fused.lexical is not None:
        total += values * fused.lexical.weights[columns] / fused.deviation
    found: dict[str, float] = {}
    for column, value in _nonzero(columns, total):
        found[names[column]] = found.get(names[column], 0.0) + value
    return found


def _entries(matrix: csr_array, row: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    start, end = matrix.indptr[row], matrix.indptr[row + 1]
    return (
        matrix.indices[start:end].astype(np.int64),
        matrix.data[start:end].astype(np.float64),
    )


def _nonzero(keys: NDArray[np.int64], values: NDArray[np.float64]) -> list[tuple[int, float]]:
    kept = values != 0
    return list(zip(keys[kept].tolist(), values[kept].tolist(), strict=True))


def _similarity_part(
    part: Similarity,
    row: int,
    share: float,
    entries: tuple[NDArray[np.int64], NDArray[np.float64]],
    names: dict[int, str],
) -> Part:
    value = share * float(part.values[row])
    if part.words is None:
        return Part(ScoreSource.PRIOR, part.name, value)
    columns, values = entries
    weights = values * part.words[columns]
    most = np.argsort(-np.abs(weights), kind="stable")[:_WORDS_NAMED]
    words = ", ".join(names[int(columns[at])] for at in most if weights[at])
    return Part(ScoreSource.PRIOR, part.name, value, words)


def _telling_words(vectors: WordVectors, fit: SemanticFit, names: dict[int, str]) -> str:
    """Name the words that move the meaning of a record most."""
    found = sorted({name for name in names.values() if " " not in name})
    columns = np.array([next(iter(term_columns(name, pairs=False)), -1) for name in found], int)
    found_vectors = vectors.of(columns)
    weights = found_vectors @ fit.weights[: found_vectors.shape[1]]
    most = np.argsort(-np.abs(weights), kind="stable")[:_WORDS_NAMED]
    return ", ".join(found[at] for at in most if weights[at])


def build_explanation(score: float, parts: list[Part], intercept: float, top: int) -> Explanation:
    """List the largest parts of a score, then the rest of them as one, then the intercept."""
    parts.sort(key=lambda part: (-abs(part.value), part.source, part.name))
    listed, small = parts[:top], parts[top:]
    if small:
        rest = sum(part.value for part in small)
        listed = [*listed, Part(ScoreSource.REST, f"{len(small)} smaller parts", rest)]
    return Explanation(score, (*listed, Part(ScoreSource.BASE, "", intercept)))
