"""Training: trials on parts of the records, unsure records, and the fit beneath."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from _trials import try_splits
from autoscreen.errors import ModelError
from autoscreen.formats import read
from autoscreen.protocol import load_protocol
from autoscreen.ranking import ScreeningModel
from autoscreen.records import Label, Record
from autoscreen.resources import resource
from autoscreen.training.logistic_map import PriorMeans, fit_logistic_map
from autoscreen.training.model_training import LabelledRecord, train_model


@pytest.fixture(scope="module")
def demo() -> list[LabelledRecord]:
    """The demo records with their labels."""
    with resource("data", "demo", "labels.csv").open(encoding="utf-8", newline="") as stream:
        labels = {row["pmid"]: Label(row["label"]) for row in csv.DictReader(stream)}
    return [
        LabelledRecord(record=one, label=labels[one.pmid])
        for one in read(resource("data", "demo", "demo.nbib"))
        if isinstance(one, Record) and one.pmid
    ]


@pytest.fixture(scope="module")
def trained(demo: list[LabelledRecord]) -> ScreeningModel:
    """A model of all demo records whose threshold misses none of the relevant ones."""
    return train_model(demo, load_protocol("rms-pnp"), name="a", sensitivity=1.0)


def test_a_trial_scores_what_it_was_not_trained_on(demo: list[LabelledRecord]) -> None:
    """Relevant records that were kept out still come before nearly all others."""
    test = np.arange(len(demo)) % 2 == 0
    (trial,) = try_splits(demo, load_protocol("rms-pnp"), [~test])
    relevant = np.array([one.label is Label.INCLUDE for one in demo])
    excluded = np.array([one.label is Label.EXCLUDE for one in demo])
    for scores in (trial.whole, trial.titles):
        others = scores[test & excluded]
        places = [(others > one).mean() for one in scores[test & relevant]]
        assert np.mean(places) < 0.2
    assert trial.alert.relevant == (relevant & ~test).sum()


def test_a_part_with_too_few_labels_is_refused(demo: list[LabelledRecord]) -> None:
    """A trial cannot be trained on nothing."""
    with pytest.raises(ModelError, match="too few labels"):
        try_splits(demo, load_protocol("rms-pnp"), [np.zeros(len(demo), bool)])


def test_unsure_records_move_nothing(demo: list[LabelledRecord]) -> None:
    """A fit with them and a fit without them score every record the same."""
    unsure = np.array([one.label is Label.UNSURE for one in demo])
    assert unsure.sum() == 6
    splits = [np.ones(len(demo), bool), ~unsure]
    both, without = try_splits(demo, load_protocol("rms-pnp"), splits)
    assert both.whole == pytest.approx(without.whole, abs=1e-6)


def test_unread_records_teach_less_than_excluded_ones(
    demo: list[LabelledRecord], trained: ScreeningModel
) -> None:
    """A background record next to the topic is pushed down less than an excluded one."""
    at = next(
        at for at, one in enumerate(demo)
        if one.label is Label.EXCLUDE and "rTMS" in one.record.title
    )  # fmt: skip
    protocol = load_protocol("rms-pnp")
    unread = [replace(one, label=None) if i == at else one for i, one in enumerate(demo)]
    excluded = trained.decision_function([demo[at].record])
    assert train_model(unread, protocol, name="a").decision_function([demo[at].record]) > excluded


@pytest.mark.parametrize("sensitivity", [0, -1, 1.5])
def test_a_sensitivity_that_cannot_be_met_is_refused(
    demo: list[LabelledRecord], sensitivity: float
) -> None:
    """It is a share."""
    with pytest.raises(ModelError, match="cannot be met"):
        train_model(demo, load_protocol("rms-pnp"), name="a", sensitivity=sensitivity)


def test_a_lower_sensitivity_costs_fewer_reads(
    demo: list[LabelledRecord], trained: ScreeningModel
) -> None:
    """The threshold rises as less is promised."""
    protocol = load_protocol("rms-pnp")
    most = trained.alert
    less = train_model(demo, protocol, name="a", sensitivity=0.7).alert
    assert most.found == 18
    assert 13 <= less.found < 18
    assert less.threshold > most.threshold
    assert less.reads_per_relevant < most.reads_per_relevant
    assert less.false_alarms < most.false_alarms


def test_without_data_the_fit_is_the_prior() -> None:
    """Records of no weight leave the expected values as they are."""
    prior = PriorMeans(
        features=np.array([2.0, -1.0]), feature_strength=np.ones(2), word_strength=1.0
    )
    model = fit_logistic_map(
        csr_array(np.eye(2)), np.eye(2), np.array([1.0, 0.0]), np.full(2, 1e-12), prior=prior
    )
    assert model.features == pytest.approx([2.0, -1.0], abs=1e-6)
    assert model.words == pytest.approx([0.0, 0.0], abs=1e-6)


def test_the_fit_is_at_a_minimum() -> None:
    """At the weights found the loss has no slope: the textbook condition, by hand."""
    generator = np.random.default_rng(4)
    words, features = csr_array(generator.random((40, 3))), generator.random((40, 2))
    relevant = (generator.random(40) > 0.6).astype(float)
    weights = generator.random(40)
    prior = PriorMeans(features=np.ones(2), feature_strength=np.full(2, 3.0), word_strength=0.5)
    model = fit_logistic_map(words, features, relevant, weights, prior=prior)
    error = weights * (1 / (1 + np.exp(-model.scores(words, features))) - relevant)
    assert words.T @ error + 0.5 * model.words == pytest.approx(np.zeros(3), abs=1e-4)
    assert features.T @ error + 3.0 * (model.features - 1) == pytest.approx(np.zeros(2), abs=1e-4)
    assert error.sum() == pytest.approx(0.0, abs=1e-4)
