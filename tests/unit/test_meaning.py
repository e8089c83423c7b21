"""The second view of the records: vectors of words, axes of the pool, and the plane among them."""

from __future__ import annotations

import numpy as np
import pytest

from autoscreen.features import count_terms, fit_tfidf, term_columns
from autoscreen.ranking import _word_embeddings as module
from autoscreen.ranking._lsa import pool_axes
from autoscreen.ranking._word_embeddings import WordVectors, fit_semantic, pool_embeddings

TEXTS = ["pain relief", "ache relief", "pain scale", "diet plan", "food plan", "diet intake"] * 4
COUNTS = count_terms(TEXTS)
MATRIX = fit_tfidf(COUNTS, count_terms([""] * len(TEXTS))).matrix
# Pain and ache are used alike, diet and food are; the other words are not known.
USED_ALIKE = {"pain": (1, 0), "ache": (1, 0.1), "diet": (0, 1), "food": (0.1, 1)}


def _vectors(words=USED_ALIKE):
    columns = {next(iter(term_columns(word, pairs=False))): word for word in words}
    rows = [words[columns[column]] for column in sorted(columns)]
    return WordVectors(np.array(sorted(columns), np.int32), np.array(rows, np.float16))


def _meanings():
    found = pool_embeddings(COUNTS, MATRIX, _vectors())
    assert found is not None
    return found.rows


def test_words_used_alike_place_records_alike():
    """Ache stands by pain though they share no word with it, and far from food."""
    rows = _meanings()[:, :2]
    assert rows[0] @ rows[1] > 0.45
    assert rows[1] @ rows[4] < -0.4


def test_vectors_and_axes_count_alike_and_records_have_length_one():
    """Each half has length one over root two, so that neither decides alone."""
    rows = _meanings()
    np.testing.assert_allclose(np.linalg.norm(rows[:, :2], axis=1), 0.5**0.5, rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(rows[:, 2:], axis=1), 0.5**0.5, rtol=1e-5)


def test_long_pools_are_placed_in_parts_as_in_one(monkeypatch):
    """How many rows are taken at once changes nothing."""
    whole = _meanings()
    monkeypatch.setattr(module, "_ROWS_AT_ONCE", 5)
    np.testing.assert_allclose(_meanings(), whole, atol=1e-6)


def test_a_pool_too_large_for_the_memory_has_no_second_view(monkeypatch):
    """Beyond a size the lexical model and the prior go on alone."""
    monkeypatch.setattr(module, "MOST_RECORDS", len(TEXTS) - 1)
    assert pool_embeddings(COUNTS, MATRIX, _vectors()) is None


def test_an_unknown_word_has_no_place():
    """Its vector is zero, and known ones are their own."""
    columns = [next(iter(term_columns(word, pairs=False))) for word in ("pain", "unheard")]
    np.testing.assert_array_equal(_vectors().of(np.array(columns)), [[1, 0], [0, 0]])
    nothing = WordVectors(np.zeros(0, np.int32), np.zeros((0, 2), np.float16))
    np.testing.assert_array_equal(nothing.of(np.array(columns)), np.zeros((2, 2)))


def test_the_plane_tells_labels_apart_and_goes_on_from_the_last_one():
    """Relevant records score higher, unread ones alike too, and a warm start changes nothing."""
    rows = _meanings()
    labels = {0: True, 3: False, 2: True, 5: False}
    fit = fit_semantic(rows, labels)
    scores = fit.scores(rows)
    assert scores[[0, 1, 2]].min() > scores[[3, 4, 5]].max()
    warm = fit_semantic(rows, labels | {4: False}, start=fit.coefficients)
    cold = fit_semantic(rows, labels | {4: False})
    np.testing.assert_allclose(warm.scores(rows), cold.scores(rows), atol=1e-5)


def test_axes_bring_together_what_the_pool_uses_together():
    """The two subjects of the pool lie apart along its axes."""
    axes = pool_axes(MATRIX).place(MATRIX)
    assert axes.shape == (len(TEXTS), len(TEXTS) // 3)
    assert axes[0] @ axes[2] > axes[0] @ axes[3]


def test_axes_are_the_singular_vectors_of_the_centred_pool():
    """Products between records are those of an exact decomposition."""
    axes = pool_axes(MATRIX).place(MATRIX)
    centred = MATRIX.toarray().astype(float)
    centred -= centred.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    exact = left[:, : axes.shape[1]] * values[: axes.shape[1]]
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    np.testing.assert_allclose(axes @ axes.T, exact @ exact.T, atol=1e-4)


@pytest.mark.parametrize("texts", [[], ["pain"], ["one two", "three four", "five six", "seven"]])
def test_pools_without_main_axes_have_none(texts):
    """Too few records, or none that share a word, are no error."""
    counts = count_terms(texts)
    matrix = fit_tfidf(counts, count_terms([""] * len(texts))).matrix
    assert pool_axes(matrix).place(matrix).shape == (len(texts), 0)


def test_axes_of_a_large_pool_are_found_in_a_part_of_it(monkeypatch):
    """All records are placed, and nearly as in the whole."""
    monkeypatch.setattr("autoscreen.ranking._lsa._SAMPLE", 29)
    counts = count_terms(TEXTS * 6)
    matrix = fit_tfidf(counts, count_terms([""] * len(counts))).matrix
    axes = pool_axes(matrix).place(matrix)
    assert len(axes) == len(counts)
    assert axes[0] @ axes[2] > axes[0] @ axes[3]
