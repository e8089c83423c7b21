"""The order of the pool: the lexical ranker fused with a prior that fades as labels come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.ranking._lexical import LexicalFit, fit_lexical
from autoscreen.ranking._prior import Prior, standardise

__all__ = ["FusedScores", "fuse", "order", "prior_weight", "unread_scale"]

PRIOR_WEIGHT = 1.5
FADE = 30
PSEUDO_EXCLUDED = 30
# Scores closer than this are equal, so that the last bits of floating-point sums, which differ
# between machines, never decide an order.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class FusedScores:
    """
    Scores of a pool with all that is needed to explain them.

    Parameters
    ----------
    scores
        Fused score of each record; higher is more likely relevant.
    prior_weight
        Share of the prior: 1 before the first relevant label, then `PRIOR_WEIGHT` over
        1 + relevant / `FADE`.
    lexical
        The fitted plane; None as long as no relevant record is labelled.
    mean, deviation
        Of the lexical scores over the unread records, by which they were standardised.
    pseudo
        True if records at the bottom of the prior stood in for excluded ones.
    """

    scores: NDArray[np.float64]
    prior_weight: float
    lexical: LexicalFit | None = None
    mean: float = 0.0
    deviation: float = 1.0
    pseudo: bool = False


def fuse(
    matrix: csr_array,
    prior: Prior,
    labels: Mapping[int, bool],
    *,
    last: FusedScores | None = None,
) -> FusedScores:
    """
    Score every record of the pool from the prior and the labels so far.

    Parameters
    ----------
    matrix
        TF-IDF of the pool, shape (records, terms).
    prior
        What the protocol says of the same records.
    labels
        True (relevant) or False by row number; unsure records are not in it.
    last
        The scores before the newest labels, from which the fit goes on; they make it faster but
        not different.

    Notes
    -----
    The sum of standardised scores is CombSUM with z-scores (Fox and Shaw 1994), taken over the
    unread records: they are what is to be told apart. With relevant
    labels but no irrelevant one the 30 records at the bottom of the prior stand in for excluded
    ones; without a relevant label, or if the whole pool is relevant, the prior alone decides.
    """
    found = sum(labels.values())
    if not found:
        return FusedScores(prior.scores, 1.0)
    pseudo = found == len(labels)
    training = _with_stand_ins(prior, labels) if pseudo else labels
    if found == len(training):  # the whole pool is relevant: there is nothing to tell apart
        return FusedScores(prior.scores, 1.0)
    start = last.lexical.coefficients if last and last.lexical else None
    lexical = fit_lexical(matrix, training, start=start)
    raw = lexical.scores(matrix)
    mean, deviation = unread_scale(raw, np.fromiter(labels, dtype=np.int64, count=len(labels)))
    weight = prior_weight(found)
    scores = (raw - mean) / deviation + weight * prior.scores
    return FusedScores(scores, weight, lexical, mean, deviation, pseudo)


def unread_scale(raw: NDArray[np.float64], labelled: NDArray[np.int64]) -> tuple[float, float]:
    """
    Mean and standard deviation of the lexical scores over the unread records.

    The labelled records stand at both ends, where the fit has pushed them: with them, what tells
    the unread records apart would shrink beside the prior with every label.

    Parameters
    ----------
    raw
        Lexical scores of the pool.
    labelled
        Rows that have a label.
    """
    unread = np.ones(len(raw), dtype=bool)
    unread[labelled] = False
    return standardise(raw[unread])


def prior_weight(found: int) -> float:
    """
    Weight of the prior beside the lexical scores, both standardised.

    Parameters
    ----------
    found
        Relevant records labelled so far, 1 or more.
    """
    return PRIOR_WEIGHT / (1 + found / FADE)


def order(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Row numbers from the highest score to the lowest; equal scores in the order of the rows.

    Parameters
    ----------
    scores
        Any finite scores.
    """
    return np.argsort(-scores.round(_DECIMALS), kind="stable")


def _with_stand_ins(prior: Prior, labels: Mapping[int, bool]) -> dict[int, bool]:
    bottom = order(-prior.scores)[: PSEUDO_EXCLUDED + len(labels)].tolist()
    stand_ins = [row for row in bottom if row not in labels][:PSEUDO_EXCLUDED]
    return {**labels, **dict.fromkeys(stand_ins, False)}
