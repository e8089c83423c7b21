"""TermCounts, weights and coverage."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from autoscreen.features import _tfidf as weights_module
from autoscreen.features import concept_coverage, count_terms, fit_tfidf, term_columns
from autoscreen.protocol import Concept, Element

TEXTS = [
    "Repetitive magnetic stimulation for phantom limb pain\nA trial of rTMS in 20 amputees.",
    "Gabapentin for painful diabetic neuropathy",
    "Magnetic stimulation, magnetic stimulation and again magnetic stimulation of nerves",
    "",
    "An audit of hospital catering",
]


def _weighed(texts: list[str]):
    return fit_tfidf(count_terms(texts), count_terms([""] * len(texts)))


def test_weights_give_the_similarities_of_the_usual_tf_idf():
    """Records are as similar as under scikit-learn's TF-IDF with the same settings."""
    ours = _weighed(TEXTS).matrix
    usual = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=0.95)
    theirs = usual.fit_transform(TEXTS)
    np.testing.assert_allclose((ours @ ours.T).toarray(), (theirs @ theirs.T).toarray(), atol=1e-6)


def test_table_and_sorting_give_the_same_matrix(monkeypatch):
    """Large pools are weighed by table, small ones by sorting, with the same result."""
    sorted_out = _weighed(TEXTS).matrix
    monkeypatch.setattr(weights_module, "_TABLE_FROM", 0)
    by_table = _weighed(TEXTS).matrix
    assert (sorted_out != by_table).nnz == 0


def test_a_count_depends_on_nothing_but_the_text():
    """A record has the same counts alone and among others, so records can be added at any time."""
    together = count_terms(TEXTS)
    for row, text in enumerate(TEXTS):
        alone = count_terms([text])
        again = together.take(np.array([row]))
        np.testing.assert_array_equal(alone.columns, again.columns)
        np.testing.assert_array_equal(alone.counts, again.counts)


def test_counts_are_the_same_in_another_process():
    """Python's hash seed does not reach the counts."""
    code = (
        "from autoscreen.features import count_terms;"
        "print(count_terms(['phantom limb pain']).columns.tolist())"
    )
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert other.strip() == str(count_terms(["phantom limb pain"]).columns.tolist())


def test_rows_put_behind_equal_rows_counted_together():
    """Counting in two parts gives what counting at once gives."""
    parts = count_terms(TEXTS[:2]).extend(count_terms(TEXTS[2:]))
    whole = count_terms(TEXTS)
    np.testing.assert_array_equal(parts.indptr, whole.indptr)
    np.testing.assert_array_equal(parts.columns, whole.columns)
    np.testing.assert_array_equal(parts.counts, whole.counts)


def test_each_column_of_a_text_has_its_term():
    """Every column that a text uses can be named, pairs of words too."""
    names = term_columns(TEXTS[0])
    assert set(count_terms([TEXTS[0]]).columns.tolist()) == set(names)
    assert {"phantom", "phantom limb", "rtms"} <= set(names.values())


def test_other_texts_are_weighed_by_the_pool():
    """A text of the pool, weighed again, equals its row; unknown words count for nothing."""
    pool = _weighed(TEXTS)
    again = pool.rows(count_terms([TEXTS[1], "zyzzyva"]), count_terms(["", ""]))
    np.testing.assert_allclose(again[[0]].toarray(), pool.matrix[[1]].toarray(), atol=1e-6)
    assert again[[1]].nnz == 0


def test_index_terms_weigh_three_tenths():
    """The part of the index terms is shorter than that of the text."""
    pool = fit_tfidf(count_terms(["nerve pain", "heart"]), count_terms(["Neuralgia", "Angina"]))
    norms = np.sqrt(pool.matrix.power(2).sum(axis=1))
    np.testing.assert_allclose(norms, np.sqrt(1 + 0.3**2), rtol=1e-6)


def test_an_empty_pool_is_weighed():
    """No records give a matrix without rows."""
    assert fit_tfidf(count_terms([]), count_terms([])).matrix.shape == (0, 0)


STIMULATION = Concept(
    key="stim", element=Element.INTERVENTION, label="Stimulation", terms=("rTMS",), required=True
)
CURRENT = Concept(
    key="tdcs", element=Element.INTERVENTION, label="Current", terms=("tDCS",), against=True
)


def test_mentions_are_counted_by_place_and_denied_ones_are_not():
    """Title and abstract are counted apart; "without rTMS" is no mention."""
    coverage = concept_coverage(
        [
            ("rTMS for pain", "We used rTMS. Then rTMS again.", ""),
            ("Exercise", "Exercise without rTMS.", ""),
            ("Exercise", "", "rTMS"),
        ],
        [STIMULATION],
    )
    assert coverage.titles.ravel().tolist() == [1, 0, 0]
    assert coverage.bodies.ravel().tolist() == [2, 0, 1]


def test_a_comparator_does_not_speak_against_a_record():
    """ "rTMS versus tDCS" mentions the wrong intervention only as what the right one is held to."""
    records = [("rTMS versus tDCS for pain", "", ""), ("tDCS for pain", "", "")]
    coverage = concept_coverage(records, [STIMULATION, CURRENT])
    assert coverage.titles[:, 1].tolist() == [0, 1]
