"""Ranks the pool: models of the labels, and a prior with less weight at each relevant label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.ranking._cold_start import unlike_excluded
from autoscreen.ranking._lexical import LexicalFit, fit_lexical
from autoscreen.ranking._prior import Prior
from autoscreen.ranking._sentences import SentenceFit, fit_sentences
from autoscreen.ranking._training_rows import TrainingRows
from autoscreen.ranking._transfer_features import standardise
from autoscreen.ranking._word_embeddings import SemanticFit, fit_semantic

PRIOR_WEIGHT = 1.5
FADE = 30
PSEUDO_EXCLUDED = 30
SEMANTIC_WEIGHT = 0.5
# Number of relevant records at which the second view has its full weight.
SEMANTIC_FROM = 10
# Scores closer than this are equal, so that the last bits of floating-point sums, which differ
# between machines, never decide an order.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class FusedScores:
    """Scores of a pool, and everything needed to explain them."""

    scores: NDArray[np.float64]  # Fused score of each record; higher is more likely relevant
    # Share of the prior: 1 before the first relevant label, then `PRIOR_WEIGHT` over 1 + relevant /
    # `FADE`
    prior_weight: float
    # The fitted hyperplane; None as long as no relevant record is labelled
    lexical: LexicalFit | None = None
    # What is subtracted from the lexical scores, and what they are then divided by
    mean: float = 0.0
    deviation: float = 1.0
    semantic: SemanticFit | None = None  # The fit to the embeddings; None if there is none
    # What the second view adds to each score, or, before the first relevant label, the
    # dissimilarity to the excluded records; None if there is neither
    semantic_scores: NDArray[np.float64] | None = None
    pseudo: bool = False  # True if records at the bottom of the prior were used as excluded ones
    # The training labels: whether the record of each labelled row is relevant
    labels: Mapping[int, bool] = field(default_factory=dict)
    sentences: SentenceFit | None = None  # The fit to sentence embeddings; None without them
    sentence_scores: NDArray[np.float64] | None = None  # What that fit adds to each score


@dataclass(frozen=True, slots=True)
class Combined:
    """How the scores of the views are combined."""

    mean: float  # What is subtracted from the lexical scores
    deviation: float  # What they are then divided by
    semantic: NDArray[np.float64] | None  # What the second view adds; None without one
    sentences: NDArray[np.float64] | None  # What the third view adds; None without one


def fuse(
    matrix: csr_array,
    prior: Prior,
    labels: Mapping[int, bool],
    *,
    last: FusedScores | None = None,
    also: TrainingRows | None = None,
) -> FusedScores:
    """
    Score every record of the pool from the prior and the labels so far.

    `also` are labelled records outside the pool, used for training like those of the pool.

    Notes
    -----
    The sum of standardised scores is CombSUM with z-scores (Fox and Shaw 1994), taken over the
    unread records, which are the ones to be ranked. With relevant
    labels but no irrelevant one the 30 records at the bottom of the prior are used as excluded
    ones. Without a relevant label the prior and the distance from the excluded records decide; if
    the whole pool is relevant, the prior alone.
    """
    learnt = [*labels.values(), *(also.relevant.tolist() if also else ())]
    found = sum(learnt)
    if not found:
        return _before_any_find(prior, labels)
    pseudo = found == len(learnt)
    training = _with_stand_ins(prior, labels) if pseudo else labels
    if pseudo and len(training) == len(labels):  # the whole pool is relevant: nothing to separate
        return FusedScores(prior.scores, 1.0, labels=labels)
    start = last.lexical.coefficients if last and last.lexical else None
    words = None if also is None else (also.matrix, also.relevant)
    lexical = fit_lexical(matrix, training, start=start, also=words)
    raw, semantic, second = lexical.scores(matrix), None, None
    if prior.embeddings is not None:
        start = last.semantic.coefficients if last and last.semantic else None
        known = None if also is None or also.meanings is None else (also.meanings, also.relevant)
        semantic = fit_semantic(prior.embeddings.rows, training, start=start, also=known)
        second = semantic.scores(prior.embeddings.rows)
    unread = np.ones(len(raw), dtype=bool)
    unread[list(labels)] = False
    sentences = None
    if prior.sentences is not None:
        sentences = fit_sentences(
            prior.sentences,
            training,
            unread,
            relevant=[row for row, label in labels.items() if label],
            last=last.sentences if last else None,
            also=also,
        )
    view = combine(
        raw, second, unread, found, sentences=None if sentences is None else sentences.added
    )
    weight = prior_weight(found)
    scores = (raw - view.mean) / view.deviation + weight * prior.scores
    for added in (view.semantic, view.sentences):
        if added is not None:
            scores += added
    return FusedScores(
        scores,
        weight,
        lexical,
        view.mean,
        view.deviation,
        semantic,
        view.semantic,
        pseudo,
        labels,
        sentences,
        view.sentences,
    )


def _before_any_find(prior: Prior, labels: Mapping[int, bool]) -> FusedScores:
    if not labels or prior.embeddings is None:
        return FusedScores(prior.scores, 1.0, labels=labels)
    unread = np.ones(len(prior.scores), dtype=bool)
    unread[list(labels)] = False
    added = unlike_excluded(prior.embeddings.rows, list(labels), unread)
    return FusedScores(prior.scores + added, 1.0, semantic_scores=added, labels=labels)


def combine(
    raw: NDArray[np.float64],
    second: NDArray[np.float64] | None,
    unread: NDArray[np.bool_],
    found: int,
    *,
    sentences: NDArray[np.float64] | None = None,
) -> Combined:
    """
    Scale the views so that their sum has mean 0 and standard deviation 1.

    The scale is that of the unread records. The labelled ones are at both ends, where the fits have
    pushed them: with them, the differences between unread records would shrink beside the prior
    with every label.
    """
    mean, deviation = standardise(raw[unread])
    both = (raw - mean) / deviation
    added = None
    if second is not None:
        middle, spread = standardise(second[unread])
        added = semantic_weight(found) / spread * (second - middle)
        both = both + added
    if sentences is not None:
        both = both + sentences
    if second is None and sentences is None:
        return Combined(mean, deviation, None, None)
    scale = standardise(both[unread])[1]
    return Combined(
        mean,
        deviation * scale,
        None if added is None else added / scale,
        None if sentences is None else sentences / scale,
    )


def semantic_weight(found: int) -> float:
    """Weight of the second view relative to the lexical scores, both standardised."""
    return SEMANTIC_WEIGHT * min(1.0, found / SEMANTIC_FROM)


def prior_weight(found: int) -> float:
    """Weight of the prior relative to the views of the labels, both standardised."""
    return PRIOR_WEIGHT / (1 + found / FADE)


def order(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Row numbers from the highest score to the lowest; equal scores in the order of the rows."""
    return np.argsort(-scores.round(_DECIMALS), kind="stable")


def _with_stand_ins(prior: Prior, labels: Mapping[int, bool]) -> dict[int, bool]:
    bottom = order(-prior.scores)[: PSEUDO_EXCLUDED + len(labels)].tolist()
    stand_ins = [row for row in bottom if row not in labels][:PSEUDO_EXCLUDED]
    return {**labels, **dict.fromkeys(stand_ins, False)}
