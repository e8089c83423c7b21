"""Why a record has its rank: all parts of its score, and the most similar labelled records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.features import term_columns
from autoscreen.protocol import Concept
from autoscreen.ranking._fused import FusedScores
from autoscreen.ranking._prior import Prior, Similarity
from autoscreen.ranking._word_embeddings import SemanticFit, WordVectors

_WORDS_NAMED = 40
"""Most words listed for a part; those without meaning are hidden when it is shown."""
_MEANING = "meaning of its words"
_SENTENCES = "meaning of its sentences"
_UNLIKE = "similarity to the excluded records"
_NEAREST, _NEAREST_SHARE = 20, 100
"""A record is similar to one that is among these most similar ones, or this part of the pool."""


class ScoreSource(StrEnum):
    """Where a part of a score comes from."""

    BASE = "base"
    """The same for every record."""
    CONCEPT = "concept"
    """A concept of the protocol."""
    PRIOR = "prior"
    """What transfers from other reviews: match with the question, similarity to the best
    matches and to the pool, words typical of relevant studies, length."""
    WORD = "word"
    """A word or pair of words, weighted by the labels so far."""
    MEANING = "meaning"
    """Word vectors, weighted by the labels so far: similar texts in other words."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score."""

    source: ScoreSource  # Where it comes from
    name: str  # The word, the pair of words or the concept
    value: float  # What it adds to the score; negative if it moves the record down
    words: tuple[str, ...] = ()  # The words that most of it comes from; empty if the name is enough


@dataclass(frozen=True, slots=True)
class ConceptPart:
    """Whether a record mentions a concept of the protocol, and what that adds to its score."""

    concept: Concept
    mentioned: bool  # Whether one of its terms is in the record and not negated
    value: float


@dataclass(frozen=True, slots=True)
class SimilarRecord:
    """A labelled record among those of the pool that a record is most similar to."""

    id: str
    included: bool
    # Of the words of both, rare ones counting for more, or of their sentence embeddings where the
    # ranking uses these; 1 for the same text
    similarity: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a record has its score."""

    score: float  # The score; the sum of the parts
    parts: tuple[Part, ...]  # All of them, the largest first, the base last
    concepts: tuple[ConceptPart, ...] = ()  # In the order of the protocol
    # The words of the question, and whether the record has them
    question: Mapping[str, bool] = field(default_factory=dict)
    similar: tuple[SimilarRecord, ...] = ()  # The most similar first


def explain_row(
    row: int,
    *,
    matrix: csr_array,
    prior: Prior,
    fused: FusedScores,
    names: dict[int, str],
    name_of: Callable[[int], str] = str,
) -> Explanation:
    """Return the parts of one record's score; `name_of` gives the id of a row."""
    share = fused.prior_weight / prior.deviation
    columns, values = _entries(matrix, row)
    concepts = tuple(
        ConceptPart(concept, bool(prior.mentioned[row, at]), share * prior.concept_values[row, at])
        for at, concept in enumerate(prior.concepts)
    )
    parts = [Part(ScoreSource.CONCEPT, one.concept.label, one.value) for one in concepts]
    parts += [
        _similarity_part(one, row, share, (columns, values), names)
        for one in prior.similarities
        if one.values[row]
    ]
    intercept = -share * prior.mean
    if fused.lexical is not None:
        evidence = values * fused.lexical.weights[columns] / fused.deviation
        parts += [
            Part(ScoreSource.WORD, names[column], value)
            for column, value in _nonzero(columns, evidence)
        ]
        intercept += (fused.lexical.intercept - fused.mean) / fused.deviation
    parts += _meaning_part(row, prior, fused, names)
    if fused.sentence_scores is not None and fused.sentence_scores[row]:
        parts.append(Part(ScoreSource.MEANING, _SENTENCES, float(fused.sentence_scores[row])))
    return build_explanation(
        float(fused.scores[row]),
        parts,
        intercept,
        concepts=concepts,
        question=_of_the_question(prior, frozenset(names.values())),
        similar=_similar(row, matrix, prior, fused, name_of),
    )


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
    words = tuple(names[int(columns[at])] for at in most if weights[at])
    return Part(ScoreSource.PRIOR, part.name, value, words)


def _meaning_part(row: int, prior: Prior, fused: FusedScores, names: dict[int, str]) -> list[Part]:
    if fused.semantic_scores is None:
        return []
    value = float(fused.semantic_scores[row])
    if fused.semantic is None or prior.embeddings is None:
        return [Part(ScoreSource.MEANING, _UNLIKE, value)]
    words = _informative_words(prior.embeddings.vectors, fused.semantic, names)
    return [Part(ScoreSource.MEANING, _MEANING, value, words)]


def _informative_words(
    vectors: WordVectors, fit: SemanticFit, names: dict[int, str]
) -> tuple[str, ...]:
    """Return the words with the largest effect on a record's score by word vectors."""
    found = sorted({name for name in names.values() if " " not in name})
    columns = np.array([next(iter(term_columns(name, pairs=False)), -1) for name in found], int)
    found_vectors = vectors.of(columns)
    weights = found_vectors @ fit.weights[: found_vectors.shape[1]]
    most = np.argsort(-np.abs(weights), kind="stable")[:_WORDS_NAMED]
    return tuple(found[at] for at in most if weights[at])


def build_explanation(
    score: float,
    parts: list[Part],
    intercept: float,
    *,
    concepts: tuple[ConceptPart, ...] = (),
    question: Mapping[str, bool] | None = None,
    similar: tuple[SimilarRecord, ...] = (),
) -> Explanation:
    """Put the parts of a score in order, and the intercept after them."""
    parts.sort(key=lambda part: (-abs(part.value), part.source, part.name))
    everything = (*parts, Part(ScoreSource.BASE, "", intercept))
    return Explanation(score, everything, concepts, question or {}, similar)


def _of_the_question(prior: Prior, own: frozenset[str]) -> dict[str, bool]:
    return {word: word in own or other in own for word, other in prior.question.items()}


def _similar(
    row: int,
    matrix: csr_array,
    prior: Prior,
    fused: FusedScores,
    name_of: Callable[[int], str],
) -> tuple[SimilarRecord, ...]:
    """Return the labelled records among those of the pool that are most similar."""
    if prior.sentences is not None and prior.sentences.known[row]:
        alike = (prior.sentences.rows @ prior.sentences.rows[row]).astype(np.float64)
    else:
        own = matrix[[row]].toarray().ravel()
        alike = np.asarray(matrix @ own, dtype=np.float64) / float(own @ own or 1.0)
    alike[row] = 0.0
    count = min(max(_NEAREST, len(alike) // _NEAREST_SHARE), len(alike))
    nearest = np.argsort(-alike, kind="stable")[:count].tolist()
    return tuple(
        SimilarRecord(name_of(one), fused.labels[one], float(alike[one]))
        for one in nearest
        if one in fused.labels and alike[one] > 0
    )
