"""From labelled records to a saved model: features, held-out scores, calibration, threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.stats import beta

from autoscreen.errors import ModelError
from autoscreen.protocol import Protocol
from autoscreen.ranking import Alert, ScreeningModel, Vocabulary
from autoscreen.records import Label, Record
from autoscreen.training._logistic_map import LogisticModel, PriorMeans, fit_logistic_map

__all__ = ["FEWEST", "LabelledRecord", "Trial", "train_model", "try_splits"]

FEWEST = 5
"""Relevant records, and others, below which nothing is trained."""

_FOLDS = 10
# Words of abstracts are learnt only if this many relevant records have one: otherwise "has an
# abstract" would be learnt as a sign of irrelevance.
_ABSTRACTS = 10
_UNLABELLED = 0.3
_MOST, _SHARE = 10.0, 0.1
_SIGN_STRENGTH, _WORD_STRENGTH = 4.0, 0.2
# What each feature that is not a concept is worth before any label; concepts start at 1.
_EXPECTED = {
    "all required concepts": 1.0,
    "all required concepts in the title": 1.0,
    "title on another subject": -2.0,
    "design: review": -6.0,
    "design: protocol": -6.0,
    "design: animal": -6.0,
}
_LEVEL = 0.95
_SMALLEST_SLOPE = 0.05
Vector = NDArray[np.float64]
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledRecord:
    """
    A record to learn from.

    Parameters
    ----------
    record
        Its content.
    label
        Its label; None for a record of the pool that nobody read. It counts as one that is
        probably not relevant, for less than an excluded one.
    """

    record: Record
    label: Label | None


@dataclass(frozen=True, slots=True, eq=False)
class _Examples:
    """Each record as its title alone and, where it has more, as a whole."""

    words: csr_array
    signs: Vector
    owner: NDArray[np.int64]
    whole: NDArray[np.int64]
    labels: tuple[Label | None, ...]

    @property
    def relevant(self) -> NDArray[np.bool_]:
        return np.array([label is Label.INCLUDE for label in self.labels])

    @property
    def unsure(self) -> NDArray[np.bool_]:
        return np.array([label is Label.UNSURE for label in self.labels])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Trial:
    """
    What a model that was trained on some of the records says of all of them.

    Parameters
    ----------
    titles, whole
        Score of each record by its title alone, and by all that it has.
    alert
        The threshold that was chosen on the records trained on, and what it promised.
    """

    titles: Vector
    whole: Vector
    alert: Alert


@dataclass(frozen=True, slots=True)
class _Trained:
    """A calibrated plane, and its threshold."""

    plane: LogisticModel
    alert: Alert

    def scores(self, data: _Examples, rows: NDArray[np.int64]) -> Vector:
        return self.plane.scores(data.words[rows], data.signs[rows])


def train_model(
    examples: Sequence[LabelledRecord],
    protocol: Protocol,
    *,
    name: str,
    sensitivity: float = 0.95,
    card: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> ScreeningModel:
    """
    Train a model that scores any record by itself.

    Parameters
    ----------
    examples
        Labelled records and, as background, unlabelled ones.
    protocol
        Its concepts are features beside the words.
    name
        Name of the model.
    sensitivity
        Share of the relevant records that the alert threshold is to let through, above 0, at most
        1; it is met by scores of records that were held out.
    card
        More for the card than what is known here.
    progress
        Called with what is being done and the number of records just done.

    Raises
    ------
    ModelError
        If there are too few labels to learn from.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines: the calibration, with his
    targets for few examples. Clopper, C., Pearson, E. (1934). Biometrika 26: the interval.
    """
    _check(examples, sensitivity)
    vocabulary, data = _features(examples, protocol, progress)
    trained = _train(vocabulary, data, np.ones(len(examples), bool), sensitivity, progress)
    counted = data.relevant.sum() / (~data.unsure).sum()
    return ScreeningModel(
        name=name,
        vocabulary=vocabulary,
        words=trained.plane.words.astype(np.float32),
        signs=trained.plane.signs,
        base=trained.plane.base,
        alert=trained.alert,
        prevalence=float(counted),
        card={**_card(examples, protocol, vocabulary), **(card or {})},
    )


def try_splits(
    examples: Sequence[LabelledRecord],
    protocol: Protocol,
    splits: Sequence[NDArray[np.bool_]],
    *,
    sensitivity: float = 0.95,
) -> list[Trial]:
    """
    Train on parts of the records, as `train_model` does, and score all of them.

    Which words and concepts are usual is learnt from all records once, without their labels.

    Parameters
    ----------
    examples
        All records.
    protocol
        The protocol.
    splits
        For each trial, which records are trained on; shape (examples,).
    sensitivity
        As for `train_model`.

    Raises
    ------
    ModelError
        If a part has too few labels to learn from.
    """
    vocabulary, data = _features(examples, protocol, None)
    trials = []
    for train in splits:
        _check([one for one, used in zip(examples, train, strict=True) if used], sensitivity)
        trained = _train(vocabulary, data, train, sensitivity, None)
        trials.append(
            Trial(
                titles=trained.scores(data, np.arange(len(examples))),
                whole=trained.scores(data, data.whole),
                alert=trained.alert,
            )
        )
    return trials


def _check(examples: Sequence[LabelledRecord], sensitivity: float) -> None:
    if not 0 < sensitivity <= 1:
        raise ModelError(f"a sensitivity of {sensitivity} cannot be met", hint="give 0.8 to 1")
    relevant = sum(one.label is Label.INCLUDE for one in examples)
    others = sum(one.label in {Label.EXCLUDE, None} for one in examples)
    if relevant < FEWEST or others < FEWEST:
        raise ModelError(
            f"too few labels to train on: {relevant} included and {others} other records with a "
            f"text, at least {FEWEST} of each are needed",
            hint="label more records, or bring in more of their texts",
        )


def _features(
    examples: Sequence[LabelledRecord], protocol: Protocol, progress: Progress | None
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
    words, signs = [], []
    for start in range(0, len(views), 1000):
        reading = vocabulary.read(views[start : start + 1000])
        words.append(reading.words)
        signs.append(reading.signs)
        if progress is not None:
            progress("reading", len(reading.signs))
    owners = np.array(owner, dtype=np.int64)
    whole = np.arange(len(records))
    whole[owners[len(records) :]] = np.arange(len(records), len(owners))
    labels = tuple(one.label for one in examples)
    return vocabulary, _Examples(vstack(words, "csr"), np.vstack(signs), owners, whole, labels)


def _title_alone(record: Record) -> Record:
    return replace(record, abstract="", mesh=(), keywords=(), publication_types=())


def _fit(vocabulary: Vocabulary, data: _Examples, train: NDArray[np.bool_]) -> LogisticModel:
    weights = _weights(data, train)[data.owner]
    used = np.flatnonzero(weights > 0)
    positive = data.relevant[data.owner]
    return fit_logistic_map(
        data.words[used],
        data.signs[used],
        positive[used].astype(np.float64),
        weights[used],
        prior=_prior(vocabulary),
    )


def _weights(data: _Examples, train: NDArray[np.bool_]) -> Vector:
    """Weigh each record; its views share the weight."""
    weights = np.array([_UNLABELLED if label is None else 1.0 for label in data.labels])
    # Trained on as either, unsure records blurred the line that they lie on.
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
    signs = np.array([_EXPECTED.get(name, 0.0) for name in names])
    signs[:known] = 1.0
    strength = np.full(len(names), _SIGN_STRENGTH)
    return PriorMeans(signs=signs, sign_strength=strength, word_strength=_WORD_STRENGTH)


def _train(
    vocabulary: Vocabulary,
    data: _Examples,
    train: NDArray[np.bool_],
    sensitivity: float,
    progress: Progress | None,
) -> _Trained:
    plane = _fit(vocabulary, data, train)
    held_out = _held_out(vocabulary, data, train, progress)
    told = train & ~data.unsure
    slope, offset = _calibration(held_out[told], data.relevant[told])
    calibrated = LogisticModel(
        slope * plane.words, slope * plane.signs, slope * plane.base + offset
    )
    relevant, others = train & data.relevant, told & ~data.relevant
    kinds = (held_out[one] * slope + offset for one in (relevant, others, train & data.unsure))
    return _Trained(calibrated, _alert(*kinds, target=sensitivity))


def _held_out(
    vocabulary: Vocabulary,
    data: _Examples,
    train: NDArray[np.bool_],
    progress: Progress | None,
) -> Vector:
    """Score each record trained on by a fit that did not see it; 0 for the others."""
    folds = np.full(len(data.labels), -1)
    # Each kind of record is dealt out in turn, so that every fold has its share.
    for kind in (data.relevant, data.unsure, ~(data.relevant | data.unsure)):
        folds[kind & train] = np.arange((kind & train).sum()) % _FOLDS
    scores = np.zeros(len(folds))
    for fold in range(_FOLDS):
        test = folds == fold
        plane = _fit(vocabulary, data, train & ~test)
        rows = data.whole[test]
        scores[test] = plane.scores(data.words[rows], data.signs[rows])
        if progress is not None:
            progress("testing", int(test.sum()))
    return scores


def _calibration(scores: Vector, relevant: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset that turn held-out scores into log odds."""
    found, others = relevant.sum(), (~relevant).sum()
    high, low = (found + 1) / (found + 2), 1 / (others + 2)
    target = np.where(relevant, high, low)
    column = np.tile(scores, 2)[:, None]
    plane = fit_logistic_map(
        csr_array((len(column), 0)),
        column,
        np.repeat([1.0, 0.0], len(target)),
        np.concatenate([target, 1 - target]),
        prior=PriorMeans(signs=np.ones(1), sign_strength=np.ones(1), word_strength=1.0),
    )
    # The order of the scores must not turn over where labels are too few to calibrate on.
    return max(float(plane.signs[0]), _SMALLEST_SLOPE), plane.base


def _alert(relevant: Vector, others: Vector, unsure: Vector, *, target: float) -> Alert:
    best = np.sort(relevant)[::-1]
    needed = int(np.ceil(target * len(best) - 1e-9))
    threshold = float(np.floor(best[needed - 1] * 100) / 100)
    found = int((best >= threshold).sum())
    low, high = _clopper_pearson(found, len(best))
    read = found + (others >= threshold).sum() + (unsure >= threshold).sum()
    return Alert(
        threshold=threshold,
        target=target,
        found=found,
        relevant=len(best),
        low=low,
        high=high,
        false_alarms=float((others >= threshold).mean()),
        reads_per_relevant=float(read / found),
    )


def _clopper_pearson(found: int, of: int) -> tuple[float, float]:
    tail = (1 - _LEVEL) / 2
    low = float(beta.ppf(tail, found, of - found + 1)) if found else 0.0
    high = float(beta.ppf(1 - tail, found + 1, of - found)) if found < of else 1.0
    return low, high


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
