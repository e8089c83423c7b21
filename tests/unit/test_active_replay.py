"""The replay of a finished review."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autoscreen.active import _replay as module
from autoscreen.active import replay
from autoscreen.active._replay import Refits
from autoscreen.features import count_terms, fit_tfidf
from autoscreen.ranking import Prior
from autoscreen.ranking._word_embeddings import WordVectors, pool_embeddings

TOPICS = ("pain stimulation nerve", "heart failure diet", "asthma inhaler child")


@pytest.fixture(scope="module")
def past():
    """Ninety invented records, a tenth of them relevant, with a prior that knows little."""
    dice = np.random.default_rng(3)
    words = [f"word{n}" for n in range(80)]
    relevant = np.arange(90) % 10 == 4
    texts = [
        " ".join([*dice.choice(words, 12), TOPICS[0 if good else 1 + at % 2]])
        for at, good in enumerate(relevant)
    ]
    counts = count_terms(texts)
    matrix = fit_tfidf(counts, count_terms([""] * len(texts))).matrix
    scores = dice.normal(size=90)
    vectors = WordVectors(np.zeros(0, np.int32), np.zeros((0, 2), np.float16))
    prior = Prior(
        (scores - scores.mean()) / scores.std(),
        (),
        np.zeros((90, 0)),
        (),
        0.0,
        1.0,
        pool_embeddings(counts, matrix, vectors),
    )
    return matrix, prior, relevant


@pytest.mark.parametrize("known", [{}, {4: True, 0: False}, {4: True, 14: True}, {0: False}])
def test_every_record_but_the_known_ones_is_read_once(past, known):
    """Nothing is lost and nothing read twice, whatever is known before."""
    matrix, prior, relevant = past
    order = replay(matrix, prior, relevant, known=known)
    assert sorted([*order.tolist(), *known]) == list(range(90))


def test_a_replay_repeats_and_the_seed_matters(past):
    """The same seed gives the same order; another one other random records."""
    matrix, prior, relevant = past

    def order(seed):
        known = {4: True, 0: False}
        found = replay(matrix, prior, relevant, known=known, random_state=seed, exploration=0.3)
        return found.tolist()

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_large_and_small_pools_are_read_in_the_same_order(past, monkeypatch):
    """The products of all records give the order that the live ranker's own fit gives."""
    matrix, prior, relevant = past
    known = {4: True, 0: False}
    dense = replay(matrix, prior, relevant, known=known)
    monkeypatch.setattr(module, "DENSE_POOL", 0)
    assert replay(matrix, prior, relevant, known=known).tolist() == dense.tolist()


def test_no_label_is_used_before_it_is_read(past):
    """Of records without meanings, all up to the first relevant one are the prior's."""
    matrix, prior, relevant = past
    order = replay(matrix, replace(prior, embeddings=None), relevant, known={}, exploration=0)
    by_prior = np.argsort(-prior.scores.round(6), kind="stable")
    first = int(np.flatnonzero(relevant[by_prior])[0])
    assert order[: first + 1].tolist() == by_prior[: first + 1].tolist()


def test_a_wrong_prior_does_not_hold_up_the_first_find(past):
    """Exclusions of one kind of record bring the other kinds up."""
    relevant = np.arange(90) >= 80
    texts = [f"{TOPICS[0 if good else 1 + at % 2]} word{at}" for at, good in enumerate(relevant)]
    counts = count_terms(texts)
    matrix = fit_tfidf(counts, count_terms([""] * 90)).matrix
    nothing = WordVectors(np.zeros(0, np.int32), np.zeros((0, 2), np.float16))
    wrong = np.where(relevant, -0.5, 0.5)
    prior = replace(past[1], scores=wrong, embeddings=pool_embeddings(counts, matrix, nothing))
    found = [
        int(np.flatnonzero(relevant[replay(matrix, one, relevant, known={}, exploration=0)])[0])
        for one in (prior, replace(prior, embeddings=None))
    ]
    assert found[1] == 80
    assert found[0] < 20


def test_learning_finds_the_relevant_sooner_than_the_prior(past):
    """Two labels are enough to see what the relevant ones share."""
    matrix, prior, relevant = past
    order = replay(matrix, prior, relevant, known={4: True, 0: False}, exploration=0)
    assert relevant[order[:12]].sum() >= 7


def test_if_nothing_is_left_to_find_the_rest_follows_the_ranking(past):
    """All relevant records known before: no refit, no random record."""
    matrix, prior, relevant = past
    known = {int(row): True for row in np.flatnonzero(relevant)}
    order = replay(matrix, prior, relevant, known=known, exploration=1.0)
    assert len(order) == 90 - len(known)


def test_refits_grow_apart():
    """Every label at first, then whenever the labels have grown by a share."""
    refits = Refits(every=10, growth=0.5)
    assert [refits.next_after(n) for n in (0, 9, 10, 15)] == [1, 10, 15, 22]
    assert Refits(growth=0.0).next_after(5000) == 5001


def test_progress_is_told_record_by_record(past):
    """Up to the last relevant one."""
    matrix, prior, relevant = past
    counts: list[int] = []
    order = replay(matrix, prior, relevant, known={}, progress=counts.append)
    assert sum(counts) == int(np.flatnonzero(relevant[order])[-1]) + 1
