"""Sentence embeddings in the order and in its explanation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from autoscreen.features import PoolFeatures, concept_coverage, term_columns
from autoscreen.ranking import (
    KernelRanker,
    TrainingRows,
    explain_row,
    fuse,
    order,
    protocol_prior,
    with_sentences,
)

TEXTS = [(f"study {letter} of {letter * 2}", "Forty patients.", "") for letter in "abcdefghijkl"]
POOL = PoolFeatures.of(TEXTS)
PRIOR = protocol_prior(POOL, "study of patients", concept_coverage(TEXTS, ()))
# Two directions: the even records point one way, the odd ones the other.
ROWS = np.array(
    [[1, 0.05 * at, 0] if at % 2 else [0.05 * at, 1, 0] for at in range(12)], np.float32
)
ROWS /= np.linalg.norm(ROWS, axis=1, keepdims=True)
LABELS = {0: True, 1: False, 2: True, 3: False}


def _prior(rows=ROWS):
    return with_sentences(PRIOR, rows)


def _ranks(scores, rows):
    places = {row: at for at, row in enumerate(order(scores).tolist())}
    return [places[row] for row in rows]


def test_records_like_the_best_matches_come_up_before_any_label():
    """With a question; without one, those like the average record."""
    moved = _prior().scores - PRIOR.scores
    best = order(PRIOR.scores)[:3]
    alike = (ROWS - ROWS.mean(axis=0)) @ (ROWS - ROWS.mean(axis=0))[best].mean(axis=0)
    assert moved[alike > 0].min() > moved[alike < 0].max()
    untitled = protocol_prior(POOL, "", concept_coverage(TEXTS, ()))
    rows = np.vstack((ROWS[:1], np.repeat(ROWS[1:2], 11, axis=0)))
    added = with_sentences(untitled, rows).similarities[-1].values
    assert added[0] < added[1:].min()


def test_records_like_the_included_ones_come_up():
    """No word says that the even records resemble each other: their embeddings do."""
    prior = _prior()
    fused = fuse(POOL.matrix, prior, LABELS)
    without = fuse(POOL.matrix, PRIOR, LABELS)
    assert sum(_ranks(fused.scores, (4, 6, 8, 10))) < sum(_ranks(without.scores, (4, 6, 8, 10)))


def test_a_record_without_an_embedding_is_ranked_by_the_other_views():
    """It gets nothing from this view, in the prior and after labels."""
    rows = ROWS.copy()
    rows[4] = 0
    prior = _prior(rows)
    assert prior.similarities[-1].values[4] == 0
    assert fuse(POOL.matrix, prior, LABELS).sentence_scores[4] == 0
    only = fuse(POOL.matrix, prior, {4: True, 1: False})
    assert not only.sentence_scores.any()


def test_a_pool_without_any_embedding_is_ranked_as_before():
    """Zeros in all rows change nothing."""
    prior = _prior(np.zeros_like(ROWS))
    for labels in ({}, LABELS):
        with_zeros, plain = (fuse(POOL.matrix, one, labels).scores for one in (prior, PRIOR))
        np.testing.assert_array_equal(with_zeros, plain)


@pytest.mark.parametrize("labels", [{}, {0: False}, {0: True}, LABELS])
def test_the_parts_of_an_explanation_sum_to_the_score(labels):
    """What is shown adds up, with the embeddings' part among it."""
    prior = _prior()
    fused = fuse(POOL.matrix, prior, labels)
    names = POOL.terms.names(7, term_columns("\n".join(TEXTS[7])), {})
    found = explain_row(7, matrix=POOL.matrix, prior=prior, fused=fused, names=names)
    assert sum(part.value for part in found.parts) == pytest.approx(found.score, abs=1e-4)


def test_a_later_fit_is_the_same_as_one_from_scratch():
    """Also after an inclusion was taken back."""
    prior = _prior()
    last = fuse(POOL.matrix, prior, LABELS)
    for labels in ({**LABELS, 6: True, 7: False}, {**LABELS, 0: False}):
        later = fuse(POOL.matrix, prior, labels, last=last)
        fresh = fuse(POOL.matrix, prior, labels)
        np.testing.assert_allclose(later.scores, fresh.scores, atol=1e-4)


def test_a_replay_scores_like_a_review():
    """The ranker of replays has the same views."""
    prior = _prior()
    ranker = KernelRanker(POOL.matrix, prior, LABELS, size=12)
    np.testing.assert_allclose(ranker.scores(), fuse(POOL.matrix, prior, LABELS).scores, atol=1e-4)


def test_prior_knowledge_counts_by_its_embeddings():
    """An included record of an earlier review draws those of its direction up."""
    assert PRIOR.embeddings is not None
    no_words = csr_array(np.zeros((2, POOL.matrix.shape[1]), np.float32))
    no_meanings = np.zeros((2, PRIOR.embeddings.rows.shape[1]), np.float32)
    also = TrainingRows(np.array([True, False]), no_words, no_meanings, sentences=ROWS[[5, 4]])
    scores = fuse(POOL.matrix, _prior(), {}, also=also).sentence_scores
    assert scores[1::2].min() > scores[::2].max()
