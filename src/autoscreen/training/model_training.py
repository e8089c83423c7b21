"""From labelled records to a saved model: features, held-out scores, calibration, threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from autoscreen.errors import ModelError
from autoscreen.evaluation import clopper_pearson, fit_sigmoid, threshold_at_sensitivity
from autoscreen.progress_callback import NO_TRACKER, ProgressTracker
from autoscreen.protocol import Protocol
from autoscreen.ranking import Alert, ScreeningModel, Vocabulary
from autoscreen.records import Label, Record
from autoscreen.training.logistic_map import LogisticModel, PriorMeans, fit_logistic_map

FEWEST = 5
"""Fewest relevant records, and fewest others, that a model is trained on."""

_FOLDS = 10
# Words of abstracts are used only if this many relevant records have one: otherwise "has an
# abstract" would be learnt as a sign of irrelevance.
_ABSTRACTS = 10
_UNLABELLED = 0.3
_MOST, _SHARE = 10.0, 0.1
_FEATURE_STRENGTH, _WORD_STRENGTH = 4.0, 0.2
# The weight of each feature that is not a concept before any label; concepts start at 1.
_EXPECTED = {
    "all required concepts": 1.0,
    "all required concepts in the title": 1.0,
    "title on another subject": -2.0,
    "design: review": -6.0,
    "design: protocol": -6.0,
    "design: animal": -6.0,
}
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRecord:
    """A training record."""

    record: Record
    # Its label; None for a record of the pool that nobody read. It counts as probably not relevant,
    # with less weight than an excluded one.
    label: Label | None


@dataclass(frozen=True, slots=True, eq=False)
class _Examples:
    """Each record as its title alone and, where it has more, as a whole."""

    words: csr_array
    features: Vector
    owner: NDArray[np.int64]
    whole: NDArray[np.int64]
    labels: tuple[Label | None, ...]

    @property
    def relevant(self) -> NDArray[np.bool_]:
        return np.array([label is Label.INCLUDE for label in self.labels])

    @property
    def unsure(self) -> NDArray[np.bool_]:
        return np.array([label is Label.UNSURE for label in self.labels])


def train_model(
    examples: Sequence[LabelledRecord],
    protocol: Protocol,
    *,
    name: str,
    sensitivity: float = 0.95,
    card: Mapping[str, Any] | None = None,
    progress: ProgressTracker = NO_TRACKER,
) -> ScreeningModel:
    """
    Train a model that scores any record by itself.

    `progress` receives the number of texts read, then that of fits made.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines: the calibration, with his
    targets for few examples. Clopper, C., Pearson, E. (1934). Biometrika 26: the interval.
    """
    _check(examples, sensitivity)
    vocabulary, data = _features(examples, protocol, progress)
    model, alert = _train(vocabulary, data, np.ones(len(examples), bool), sensitivity, progress)
    counted = data.relevant.sum() / (~data.unsure).sum()
    return ScreeningModel(
        name=name,
        vocabulary=vocabulary,
        words=model.words.astype(np.float32),
        features=model.features,
        intercept=model.intercept,
        alert=alert,
        prevalence=float(counted),
        card={**_card(examples, protocol, vocabulary), **(card or {})},
    )


def _check(examples: Sequence[LabelledRecord], sensitivity: float) -> None:
    if not 0 < sensitivity <= 1:
        raise ModelError(f"a sensitivity of {sensitivity} cannot be met", hint="use 0.8 to 1")
    relevant = sum(one.label is Label.INCLUDE for one in examples)
    others = sum(one.label in {Label.EXCLUDE, None} for one in examples)
    if relevant < FEWEST or others < FEWEST:
        raise ModelError(
            f"too few labels to train on: {relevant} included and {others} other records with a "
            f"text, at least {FEWEST} of each are needed",
            hint="label more records, or add more of their texts",
        )


def _features(
    examples: Sequence[LabelledRecord], protocol: Protocol, progress: ProgressTracker
) -> tuple[Vocabulary, _Examples]:
    records = [one.record for one in examples]
    relevant = [one.record for one in examples if one.label is Label.INCLUDE]
    abstracts = sum(bool(record.abstract) for record in relevant) >= _ABSTRACTS
    vocabulary = Vocabulary.of(records, protocol.concepts, abstracts=abstracts)
    owner = list(range(len(records)))
    views = [_title_alone(record) for record in records]
    for at, record in enumerate(records):
        if views[at] != record:
            owner.append(at)
            views.append(record)
    words, features = [], []
    progress("reading", 0)
    progress.expect(len(views))
    for start in range(0, len(views), 1000):
        reading = vocabulary.read(views[start : start + 1000])
        words.append(reading.words)
        features.append(reading.features)
        progress("reading", len(reading.features))
    owners = np.array(owner, dtype=np.int64)
    whole = np.arange(len(records))
    whole[owners[len(records) :]] = np.arange(len(records), len(owners))
    labels = tuple(one.label for one in examples)
    return vocabulary, _Examples(vstack(words, "csr"), np.vstack(features), owners, whole, labels)


def _title_alone(record: Record) -> Record:
    return replace(record, abstract="", mesh=(), keywords=(), publication_types=())


def _fit(vocabulary: Vocabulary, data: _Examples, train: NDArray[np.bool_]) -> LogisticModel:
    weights = _weights(data, train)[data.owner]
    used = np.flatnonzero(weights > 0)
    positive = data.relevant[data.owner]
    return fit_logistic_map(
        data.words[used],
        data.features[used],
        positive[used].astype(np.float64),
        weights[used],
        prior=_prior(vocabulary),
    )


def _weights(data: _Examples, train: NDArray[np.bool_]) -> Vector:
    """Weigh each record; its views share the weight."""
    weights = np.array([_UNLABELLED if label is None else 1.0 for label in data.labels])
    # Unsure records made the model worse, whichever class they were given, and are left out.
    weights[data.unsure] = 0.0
    weights *= train
    found = weights[data.relevant].sum()
    if found:
        share = _SHARE * weights[~data.relevant].sum() / found
        weights[data.relevant] *= np.clip(share, 1.0, _MOST)
    return weights / np.bincount(data.owner, minlength=len(weights))


def _prior(vocabulary: Vocabulary) -> PriorMeans:
    names = vocabulary.names
    known = len(vocabulary.concepts)
    features = np.array([_EXPECTED.get(name, 0.0) for name in names])
    features[:known] = 1.0
    strength = np.full(len(names), _FEATURE_STRENGTH)
    return PriorMeans(features=features, feature_strength=strength, word_strength=_WORD_STRENGTH)


def _train(
    vocabulary: Vocabulary,
    data: _Examples,
    train: NDArray[np.bool_],
    sensitivity: float,
    progress: ProgressTracker,
) -> tuple[LogisticModel, Alert]:
    """Return a calibrated model, and its threshold."""
    progress("fitting", 0)
    progress.expect(1 + _FOLDS)
    model = _fit(vocabulary, data, train)
    progress("fitting", 1)
    held_out = _held_out(vocabulary, data, train, progress)
    decided = train & ~data.unsure
    sigmoid = fit_sigmoid(held_out[decided], data.relevant[decided])
    calibrated = LogisticModel(
        sigmoid.slope * model.words,
        sigmoid.slope * model.features,
        float(sigmoid.log_odds(model.intercept)),
    )
    relevant, others = train & data.relevant, decided & ~data.relevant
    kinds = (sigmoid.log_odds(held_out[one]) for one in (relevant, others, train & data.unsure))
    return calibrated, _alert(*kinds, target=sensitivity)


def _held_out(
    vocabulary: Vocabulary,
    data: _Examples,
    train: NDArray[np.bool_],
    progress: ProgressTracker,
) -> Vector:
    """Score each record trained on by a fit that did not see it; 0 for the others."""
    folds = np.full(len(data.labels), -1)
    # Stratified: each kind of record is assigned to the folds in turn.
    for kind in (data.relevant, data.unsure, ~(data.relevant | data.unsure)):
        folds[kind & train] = np.arange((kind & train).sum()) % _FOLDS
    scores = np.zeros(len(folds))
    for fold in range(_FOLDS):
        test = folds == fold
        model = _fit(vocabulary, data, train & ~test)
        rows = data.whole[test]
        scores[test] = model.scores(data.words[rows], data.features[rows])
        progress("fitting", 1)
    return scores


def _alert(relevant: Vector, others: Vector, unsure: Vector, *, target: float) -> Alert:
    threshold = float(np.floor(threshold_at_sensitivity(relevant, target) * 100) / 100)
    found = int((relevant >= threshold).sum())
    low, high = clopper_pearson(found, len(relevant))
    read = found + (others >= threshold).sum() + (unsure >= threshold).sum()
    return Alert(
        threshold=threshold,
        target=target,
        found=found,
        relevant=len(relevant),
        low=low,
        high=high,
        false_alarms=float((others >= threshold).mean()),
        reads_per_relevant=float(read / found),
    )


def _card(
    examples: Sequence[LabelledRecord], protocol: Protocol, vocabulary: Vocabulary
) -> dict[str, Any]:
    years = [one.record.year for one in examples if one.record.year and one.label is not None]
    relevant = [one.record for one in examples if one.label is Label.INCLUDE]
    return {
        "summary": f"Scores records for the review: {protocol.title}.",
        "trained_on": {
            "included": len(relevant),
            "of these with an abstract": sum(bool(record.abstract) for record in relevant),
            "unsure": sum(one.label is Label.UNSURE for one in examples),
            "excluded": sum(one.label is Label.EXCLUDE for one in examples),
            "unlabelled records of the pool": sum(one.label is None for one in examples),
            "years of the labelled records": f"{min(years)} to {max(years)}"
            if years
            else "unknown",
        },
        "features": {
            "words and pairs of words of titles": len(vocabulary.title),
            "words and pairs of words of abstracts": len(vocabulary.abstract),
            "words and pairs of words of index terms": len(vocabulary.index),
            "concepts of the protocol": len(vocabulary.concepts),
        },
    }
