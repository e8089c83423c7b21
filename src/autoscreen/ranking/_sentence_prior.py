"""The prior with sentence embeddings: closeness to the question and to its best matches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autoscreen.ranking._prior import Prior, Similarity
from autoscreen.ranking._sentences import SentenceEmbeddings, centre
from autoscreen.ranking._transfer_features import standardise

WEIGHT = 0.5
"""Of closeness in meaning beside the rest of the prior, both standardised."""
_NAME = "similar in meaning to the question and its best matches"
_NAME_WITHOUT_QUESTION = "similar in meaning to the best matches"
_BEST, _FEWEST, _SHARE = 30, 3, 10


def with_sentences(prior: Prior, embeddings: SentenceEmbeddings) -> Prior:
    """
    Add sentence embeddings to a prior that has none, for its own scores and for those of `fuse`.

    Records without an embedding keep what the rest of the prior says of them. A prior whose pool
    has no embedding at all is returned as it is.
    """
    sentences = centre(embeddings)
    if sentences is None:
        return prior
    guess, close = prior.scores, np.zeros(len(prior.scores))
    if embeddings.question is not None:
        question = sentences.place(embeddings.question[None, :])[0]
        close = sentences.standardised(sentences.rows @ question)
        guess = guess + WEIGHT * close
    best = np.argsort(-guess.round(6), kind="stable")
    best = best[: min(_BEST, max(_FEWEST, len(best) // _SHARE))]
    feedback = sentences.rows @ sentences.rows[best].mean(axis=0)
    values = sentences.standardised(close + sentences.standardised(feedback))
    values *= WEIGHT * prior.deviation
    raw = prior.scores * prior.deviation + prior.mean + values
    mean, deviation = standardise(raw)
    name = _NAME_WITHOUT_QUESTION if embeddings.question is None else _NAME
    return replace(
        prior,
        scores=(raw - mean) / deviation,
        similarities=(*prior.similarities, Similarity(name, values, None)),
        mean=mean,
        deviation=deviation,
        sentences=sentences,
    )
