"""Prior, fit, fusion, explanation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.svm import LinearSVC

from autoscreen.features import PoolFeatures, concept_coverage, term_columns
from autoscreen.protocol import Concept, Element
from autoscreen.ranking import (
    FusedScores,
    ScreeningClassifier,
    explain_row,
    fuse,
    order,
    protocol_prior,
)
from autoscreen.ranking._explanation import ScoreSource
from autoscreen.ranking._fused import combine, semantic_weight
from autoscreen.ranking._lexical import class_weights, fit_lexical

CONCEPTS = (
    Concept(
        key="stim",
        element=Element.INTERVENTION,
        label="Magnetic stimulation",
        terms=("rTMS", "magnetic stimulation"),
        required=True,
    ),
    Concept(
        key="pain",
        element=Element.POPULATION,
        label="Neuropathic pain",
        terms=("phantom limb pain", "neuropathic pain", "sciatica"),
        required=True,
    ),
    Concept(
        key="review",
        element=Element.STUDY_TYPE,
        label="Review",
        terms=("systematic review",),
        against=True,
    ),
)
RECORDS = [
    ("rTMS for phantom limb pain", "Twenty amputees had magnetic stimulation."),
    ("Magnetic stimulation in sciatica", ""),
    ("rTMS for neuropathic pain: a systematic review", "We searched Medline for trials."),
    ("rTMS for depression", "Forty patients with depression had stimulation."),
    ("Gabapentin for neuropathic pain", "A drug trial in two hundred patients."),
    ("Hospital catering in four cities", "Meals were weighed and rated by patients."),
    ("School meals and growth", "Children were weighed each spring."),
    ("Traffic noise near schools", "Noise was measured at forty schools."),
]


def _pool(records=RECORDS, concepts=CONCEPTS, question="Magnetic stimulation for neuropathic pain"):
    rows = [(*record, "") for record in records]
    pool = PoolFeatures.of(rows)
    return pool.terms, protocol_prior(pool, question, concept_coverage(rows, concepts))


def test_the_protocol_alone_puts_eligible_records_first():
    """Records with all concepts lead, one without an abstract among them."""
    _, prior = _pool()
    assert set(order(prior.scores)[:2].tolist()) == {0, 1}


def test_a_cue_for_exclusion_moves_a_record_down():
    """The same record as a systematic review stands lower."""
    _, prior = _pool(
        [*RECORDS, ("rTMS for neuropathic pain: a trial", "We searched Medline for trials.")]
    )
    assert prior.scores[8] > prior.scores[2]


def test_a_title_alone_is_not_held_against_a_record():
    """What a title does not mention counts less against it than what an abstract does not."""
    _, prior = _pool(
        [
            *RECORDS,
            ("Chronic pain after amputation", ""),
            ("Chronic pain after amputation", "An audit."),
        ]
    )
    assert prior.concept_values[8].sum() > prior.concept_values[9].sum()


def test_without_concepts_the_words_of_the_question_decide():
    """A protocol that is only a title still gives an order."""
    _, prior = _pool(concepts=())
    assert set(order(prior.scores)[:3].tolist()) <= {0, 1, 2, 3, 4}


def test_records_alone_give_an_order():
    """Without a protocol and a title every record still has a score, and its parts have names."""
    _, prior = _pool(concepts=(), question="")
    assert np.isfinite(prior.scores).all()
    assert prior.scores.std() == pytest.approx(1)


def test_a_pool_may_be_empty():
    """Nothing to rank is no error."""
    pool = PoolFeatures.of([])
    prior = protocol_prior(pool, "Pain", concept_coverage([], CONCEPTS))
    assert len(prior.scores) == 0


@pytest.mark.parametrize("question", ["", "Magnetic stimulation for neuropathic pain"])
@pytest.mark.parametrize("concepts", [(), CONCEPTS])
def test_the_parts_of_the_prior_sum_to_it(question, concepts):
    """Likeness and concepts together are the score before standardising."""
    _, prior = _pool(concepts=concepts, question=question)
    total = sum(part.values for part in prior.similarities) + prior.concept_values.sum(axis=1)
    np.testing.assert_allclose((total - prior.mean) / prior.deviation, prior.scores, atol=1e-9)


def test_the_fit_is_that_of_the_reference_solver():
    """Weights and intercept equal scikit-learn's LinearSVC at a tight tolerance."""
    terms, _ = _pool()
    labels = {0: True, 3: False, 5: False, 1: True, 6: False}
    relevant = np.array(list(labels.values()))
    ours = fit_lexical(terms.matrix, labels)
    reference = LinearSVC(C=0.11, tol=1e-10, max_iter=200_000, random_state=0).fit(
        terms.matrix[list(labels)].astype(float), relevant, sample_weight=class_weights(relevant)
    )
    np.testing.assert_allclose(ours.weights, reference.coef_[0], atol=1e-6)
    assert ours.intercept == pytest.approx(reference.intercept_[0], abs=1e-6)


def test_a_fit_that_goes_on_from_the_last_one_is_the_same():
    """Starting from earlier coefficients changes the time, not the result."""
    terms, _ = _pool()
    first = fit_lexical(terms.matrix, {0: True, 5: False})
    labels = {0: True, 5: False, 1: True, 4: False}
    warm = fit_lexical(terms.matrix, labels, start=first.coefficients)
    cold = fit_lexical(terms.matrix, labels)
    np.testing.assert_allclose(warm.weights, cold.weights, atol=1e-6)


def test_without_a_relevant_label_records_like_the_excluded_ones_move_down():
    """The more are excluded, the further; no plane is fitted to one kind of label."""
    terms, prior = _pool()
    one = fuse(terms.matrix, prior, {0: False})
    three = fuse(terms.matrix, prior, {0: False, 5: False, 6: False})
    unread = [1, 2, 3, 4, 7]
    moved = (one.scores - prior.scores)[unread]
    alike = (prior.embeddings.rows @ prior.embeddings.rows[0])[unread]
    assert unread[int(moved.argmin())] == unread[int(alike.argmax())]
    assert np.ptp(three.scores - prior.scores) > np.ptp(moved)
    assert one.lexical is None


def test_without_labels_and_meanings_the_prior_decides():
    """There is nothing else to go by."""
    terms, prior = _pool()
    np.testing.assert_array_equal(fuse(terms.matrix, prior, {}).scores, prior.scores)
    plain = replace(prior, embeddings=None)
    np.testing.assert_array_equal(fuse(terms.matrix, plain, {5: False}).scores, prior.scores)


def test_with_relevant_labels_only_the_bottom_stands_in():
    """A first inclusion improves the order before anything was excluded, and says how."""
    terms, prior = _pool()
    fused = fuse(terms.matrix, prior, {0: True})
    assert fused.pseudo
    assert order(fused.scores)[0] == 0


def test_a_pool_that_is_relevant_as_a_whole_keeps_the_order_of_the_prior():
    """There is nothing to tell apart, and nothing that could stand in."""
    terms, prior = _pool()
    labels = dict.fromkeys(range(len(prior.scores)), True)
    assert fuse(terms.matrix, prior, labels).scores.tolist() == prior.scores.tolist()


def test_labels_change_the_order():
    """What reviewers include comes up, whatever the protocol says."""
    terms, prior = _pool()
    fused = fuse(terms.matrix, prior, {5: True, 6: True, 0: False, 4: False})
    rank = {row: at for at, row in enumerate(order(fused.scores).tolist())}
    before = {row: at for at, row in enumerate(order(prior.scores).tolist())}
    assert rank[5] < before[5]
    assert rank[6] < before[6]
    assert fused.scores[0] - prior.scores[0] < fused.scores[5] - prior.scores[5]


def test_the_prior_fades():
    """Each relevant label makes the protocol's part smaller."""
    terms, prior = _pool()
    one = fuse(terms.matrix, prior, {0: True, 5: False})
    two = fuse(terms.matrix, prior, {0: True, 1: True, 5: False})
    assert one.prior_weight > two.prior_weight


def test_equal_scores_keep_the_order_of_the_records():
    """Differences in the last bits never decide an order."""
    scores = np.array([0.1, 0.5, 0.1 + 1e-12, 0.5 - 1e-12])
    assert order(scores).tolist() == [1, 3, 0, 2]


@pytest.mark.parametrize("labels", [{}, {0: False}, {0: True}, {0: True, 5: False, 4: False}])
def test_the_parts_of_an_explanation_sum_to_the_score(labels):
    """What is shown adds up to what was ranked by."""
    terms, prior = _pool()
    fused = fuse(terms.matrix, prior, labels)
    for row, record in enumerate(RECORDS):
        explanation = explain_row(
            row,
            matrix=terms.matrix,
            prior=prior,
            fused=fused,
            names=terms.names(row, term_columns("\n".join(record)), {}),
        )
        assert explanation.score == fused.scores[row]
        assert sum(part.value for part in explanation.parts) == pytest.approx(
            explanation.score, abs=1e-4
        )


def test_an_explanation_names_concepts_and_words():
    """Concepts of the protocol and words that labels taught both appear."""
    terms, prior = _pool()
    fused = fuse(terms.matrix, prior, {0: True, 5: False})
    names = terms.names(1, term_columns("\n".join(RECORDS[1])), {})
    parts = explain_row(1, matrix=terms.matrix, prior=prior, fused=fused, names=names).parts
    assert ScoreSource.CONCEPT in {part.source for part in parts}
    assert ("stimulation", ScoreSource.WORD) in {(part.name, part.source) for part in parts}
    (meaning,) = [part for part in parts if part.source is ScoreSource.MEANING]
    assert meaning.value == pytest.approx(fused.semantic_scores[1])
    assert "stimulation" in meaning.words


def test_an_explanation_names_similar_labelled_records_and_words_of_the_question():
    """Labelled records that share its words come most similar first; others are left out."""
    terms, prior = _pool()
    fused = fuse(terms.matrix, prior, {0: True, 5: False})
    names = terms.names(1, term_columns("\n".join(RECORDS[1])), {})
    found = explain_row(
        1, matrix=terms.matrix, prior=prior, fused=fused, names=names, name_of="row {}".format
    )
    assert found.similar[0].id == "row 0"
    assert found.similar[0].included
    assert 0 < found.similar[0].similarity < 1
    assert {one.concept.label for one in found.concepts} == {one.label for one in prior.concepts}
    assert all(
        word in " ".join(RECORDS[1]).lower() for word, there in found.question.items() if there
    )


def test_the_two_views_share_the_scale_of_the_unread_records():
    """Their sum has mean 0 and deviation 1 over the unread, so that the prior weighs as meant."""
    dice = np.random.default_rng(1)
    raw, second = dice.normal(3, 2, 50), dice.normal(-1, 5, 50)
    unread = np.arange(50) > 9
    view = combine(raw, second, unread, 40)
    assert view.semantic is not None
    both = ((raw - view.mean) / view.deviation + view.semantic)[unread]
    assert both.mean() == pytest.approx(0)
    assert both.std() == pytest.approx(1)
    assert np.corrcoef(view.semantic, second)[0, 1] == pytest.approx(1)
    assert combine(raw, None, unread, 40).semantic is None


def test_the_second_view_grows_with_the_relevant_records_found():
    """Few relevant records place too little among the meanings of words."""
    weights = [semantic_weight(found) for found in (1, 5, 10, 400)]
    assert weights[0] < weights[1] < weights[2] == weights[3]


def test_scores_can_be_made_without_a_fit():
    """Scores without a lexical part are complete."""
    assert FusedScores(np.zeros(2), 1.0).lexical is None


TEXTS = [f"{a} {b}" for a, b in RECORDS] * 3
LABELS = np.array([1, 1, 0, 0, 0, 0, 0, 0] * 3)


def test_the_classifier_ranks_new_texts():
    """The estimator needs no protocol and no review file."""
    model = ScreeningClassifier().fit(TEXTS, LABELS)
    scores = model.decision_function(["magnetic stimulation for sciatica", "a study of meals"])
    assert scores[0] > scores[1]


def test_the_classifier_keeps_the_labels_it_was_given():
    """Predictions are in the words of the labels."""
    words = np.where(LABELS == 1, "include", "exclude")
    model = ScreeningClassifier().fit(TEXTS, words)
    assert set(model.predict(TEXTS)) == {"include", "exclude"}
    assert model.classes_.tolist() == ["exclude", "include"]


def test_probabilities_sum_to_one_and_follow_the_scores():
    """Higher scores have higher probabilities."""
    model = ScreeningClassifier().fit(TEXTS, LABELS)
    probabilities = model.predict_proba(TEXTS)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    by_score = np.argsort(model.decision_function(TEXTS), kind="stable")
    assert (np.diff(probabilities[by_score, 1]) >= 0).all()


def test_the_classifier_follows_scikit_learns_contract():
    """Parameters are kept as given, cloning copies them, and use before fit is an error."""
    model = ScreeningClassifier(cost=0.5, random_state=3)
    assert clone(model).get_params() == {"cost": 0.5, "random_state": 3, "ratio": 9.8}
    with pytest.raises(NotFittedError):
        model.predict(["text"])


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        ("one text", [1], "sequence of texts"),
        ([1, 2], [0, 1], "must be a str"),
        (["a b", "c d"], [1], "2 texts but 1 labels"),
        (["a b", "c d"], [1, 1], "2 classes"),
        (["a b", "c d", "e f"], [1, 2, 3], "2 classes"),
    ],
)
def test_the_classifier_says_what_it_cannot_learn_from(texts, labels, message):
    """Bad input is named."""
    with pytest.raises(ValueError, match=message):
        ScreeningClassifier().fit(texts, labels)
