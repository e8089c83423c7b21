"""What carries over from other reviews: its signs, its file, its shipped model."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from autoscreen.errors import ModelFormatError
from autoscreen.features import PoolFeatures, concept_coverage, count_terms, question_terms
from autoscreen.ranking import TransferModel, order, protocol_prior, shipped_model
from autoscreen.ranking._transfer_features import (
    TRANSFER_FEATURES,
    WordWeights,
    clip_outliers,
    transfer_features,
)
from autoscreen.ranking._transfer_model import load_transfer_model, save_transfer_model
from autoscreen.ranking._word_embeddings import WordVectors
from autoscreen.resources import resource

RECORDS = [
    (
        "Triptans for migraine: a randomised trial",
        "Two hundred patients had a triptan.",
        "Migraine",
    ),
    ("A triptan in migraine", "", ""),
    ("Sumatriptan by the nose", "A crossover trial of migraine attacks.", "Humans"),
    ("Meals in hospitals", "Food was weighed in four cities.", "Food"),
    ("School meals", "Children were weighed each spring.", "Child"),
    ("Noise near schools", "Noise was measured at forty schools.", ""),
]
POOL = PoolFeatures.of(RECORDS)
NO_CONCEPTS = concept_coverage(RECORDS, ())


def _weights(*words):
    counts = count_terms([" ".join(words)], pairs=False)
    return WordWeights(counts.columns, np.ones(len(counts.columns), np.float32))


def _words(title=(), text=(), index=()):
    return {"title": _weights(*title), "text": _weights(*text), "index": _weights(*index)}


def _model(**coefficients):
    values = [coefficients.get(name.replace(" ", "_"), 0.0) for name in TRANSFER_FEATURES]
    vectors = WordVectors(_weights("trial", "noise").columns, np.eye(2, dtype=np.float16))
    without = np.array(values)[::-1].copy()
    return TransferModel(
        np.array(values), without, _words(text=("trial",)), ("One", "Two"), vectors
    )


def _signs(question="Triptans for migraine", words=None):
    found = transfer_features(POOL, question, words or _words())
    return dict(zip(TRANSFER_FEATURES, found, strict=True))


def test_the_words_of_the_question_match_in_either_number():
    """A triptan matches triptans, and empty words match nothing."""
    assert set(question_terms("triptans")) == set(question_terms("A review of the triptan")) - {
        None
    }


def test_a_question_of_empty_words_has_no_terms():
    """Nothing is matched by words that stand in any title."""
    assert question_terms("A systematic review of the literature") == {}


def test_records_with_the_words_of_the_question_match_best():
    """Share and BM25 are highest where all words of the question stand."""
    signs = _signs()
    for name in list(TRANSFER_FEATURES)[:3]:
        assert set(order(signs[name].values)[:2].tolist()) <= {0, 1, 2}
        assert signs[name].values[3] == 0


def test_words_that_told_elsewhere_count_where_they_stand():
    """A word of the text, of the title and an index term are signs of their own."""
    signs = _signs(words=_words(title=("noise",), text=("trial",), index=("child",)))
    assert np.flatnonzero(signs["words of the title"].values).tolist() == [5]
    assert np.flatnonzero(signs["words of the text"].values).tolist() == [0, 2]
    assert np.flatnonzero(signs["index terms"].values).tolist() == [4]


def test_likeness_is_explained_by_the_weights_of_its_words():
    """The values of a likeness are the weighted sums of the record's terms."""
    for name in ("like the pool", "like the 30 best"):
        sign = _signs()[name]
        np.testing.assert_allclose(POOL.matrix @ sign.words, sign.values, atol=1e-6)


def test_evidence_from_elsewhere_steers_the_feedback():
    """What a protocol's concepts say decides which records others are likened to."""
    evidence = np.array([0.0, 0, 0, 0, 0, 9.0])
    signs = transfer_features(POOL, "", _words(), evidence=evidence)
    plain = transfer_features(POOL, "", _words())
    at = list(TRANSFER_FEATURES).index("like the 30 best")
    assert signs[at].values[5] > plain[at].values[5]


def test_no_value_stands_further_out_than_four_deviations():
    """One freak record cannot press all others together."""
    values = clip_outliers(np.array([0.0] * 99 + [1e9]))
    assert values.max() == 4
    assert clip_outliers(np.ones(3)).tolist() == [0, 0, 0]


def test_the_model_decides_what_the_signs_are_worth():
    """A coefficient of one sign alone gives the order of that sign."""
    model = _model(words_of_the_text=1.0)
    prior = protocol_prior(POOL, "Noise", NO_CONCEPTS, model=model)
    assert set(order(prior.scores)[:2].tolist()) == {0, 2}
    turned = _model(words_of_the_text=-1.0)
    prior = protocol_prior(POOL, "Noise", NO_CONCEPTS, model=turned)
    assert set(order(prior.scores)[-2:].tolist()) == {0, 2}


@pytest.mark.parametrize("question", ["", "A systematic review of the literature"])
def test_without_a_question_the_features_weigh_as_learnt_without_one(question):
    """Words that say nothing of a subject are no question."""
    coefficients = _model(words_of_the_text=1.0).coefficients
    model = replace(_model(), without_question=coefficients)
    prior = protocol_prior(POOL, question, NO_CONCEPTS, model=model)
    assert set(order(prior.scores)[:2].tolist()) == {0, 2}


def test_the_shipped_model_asks_nothing_of_a_question_that_is_not_known():
    """Without a question the features of its words have no weight."""
    named = dict(zip(TRANSFER_FEATURES, shipped_model().without_question.tolist(), strict=True))
    assert {name for name, weight in named.items() if not weight} == {
        name for name in TRANSFER_FEATURES if "question" in name
    }


def test_the_shipped_model_can_be_read_and_says_what_it_was_trained_on():
    """It is in the package, whole, and names its reviews."""
    model = shipped_model()
    assert len(model.trained_on) > 10
    assert all(len(words.columns) for words in model.words.values())
    assert (resource("models", "README.md")).exists()


def test_the_shipped_model_puts_the_subject_first():
    """Records on the subject of the review stand before the others on average, and one leads."""
    scores = protocol_prior(POOL, "Triptans for migraine", NO_CONCEPTS).scores
    assert order(scores)[0] in {0, 1, 2}
    assert scores[:3].min() > np.median(scores[3:])


def test_a_saved_model_is_read_back_unchanged(tmp_path):
    """Writing and reading give the same model, and the same bytes each time."""
    model = _model(like_the_pool=0.25)
    save_transfer_model(model, tmp_path / "a.json")
    read = load_transfer_model(tmp_path / "a.json")
    np.testing.assert_array_equal(read.coefficients, model.coefficients)
    np.testing.assert_array_equal(read.without_question, model.without_question)
    np.testing.assert_array_equal(read.words["text"].columns, model.words["text"].columns)
    np.testing.assert_array_equal(read.vectors.vectors, model.vectors.vectors)
    assert read.trained_on == model.trained_on
    first = (tmp_path / "a.npz").read_bytes()
    save_transfer_model(model, tmp_path / "a.json")
    assert (tmp_path / "a.npz").read_bytes() == first


def _change(**parts):
    def change(folder):
        path = folder / "prior.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | parts))

    return change


def _replace_words(**arrays):
    def change(folder):
        with np.load(folder / "prior.npz") as stored:
            changed = dict(stored) | arrays
        np.savez(folder / "prior.npz", **changed)
        digest = sha256((folder / "prior.npz").read_bytes()).hexdigest()
        _change(words={"file": "prior.npz", "sha256": digest})(folder)

    return change


def _truncate(folder):
    path = folder / "prior.npz"
    path.write_bytes(path.read_bytes()[:50])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "prior.json").unlink(), "as JSON"),
        (lambda folder: (folder / "prior.json").write_text("{"), "as JSON"),
        (lambda folder: (folder / "prior.json").write_text("[]"), "no model"),
        (lambda folder: (folder / "prior.npz").unlink(), "cannot be read"),
        (_truncate, "not the file"),
        (_change(format=2), "format 2, expected 3"),
        (_change(signs=["other"]), "other features"),
        (_change(coefficients=[1.0]), "coefficients"),
        (_change(coefficients=[float("nan")] * len(TRANSFER_FEATURES)), "finite"),
        (_change(coefficients="many"), "is invalid"),
        (_change(coefficients_without_question=[1.0]), "coefficients"),
        (_change(words={}), "lacks a part"),
        (_change(words={"file": "../prior.npz", "sha256": ""}), "must be in the same folder"),
        (_replace_words(text_weights=np.array([np.inf], np.float32)), "text are damaged"),
        (_replace_words(text_weights=np.ones(7, np.float32)), "text are damaged"),
        (_replace_words(text_columns=np.array([-1], np.int32)), "text are damaged"),
        (_replace_words(title_columns=np.array(["a"], object)), "as npz"),
        (_replace_words(meaning_vectors=np.ones(2, np.float16)), "vectors of words are damaged"),
        (_replace_words(meaning_vectors=np.ones((2, 2))), "vectors of words are damaged"),
        (_replace_words(meaning_columns=np.array([3, 2], np.int32)), "vectors of words are"),
    ],
)
def test_a_damaged_model_is_refused_with_a_reason(tmp_path, damage, message):
    """Nothing is ranked by a model that is not whole."""
    save_transfer_model(_model(), tmp_path / "prior.json")
    damage(tmp_path)
    with pytest.raises(ModelFormatError, match=message) as caught:
        load_transfer_model(tmp_path / "prior.json")
    assert caught.value.hint
