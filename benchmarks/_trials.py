"""Trials of models: trained on a part of the labelled records, they score all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autoscreen.progress_callback import NO_TRACKER
from autoscreen.protocol import Protocol
from autoscreen.ranking import Alert
from autoscreen.training import model_training as training
from autoscreen.training.model_training import LabelledRecord


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Trial:
    """The scores that a model trained on some of the records gives to all of them."""

    titles: training.Vector  # Score of each record by its title alone, and by all that it has
    whole: training.Vector
    alert: Alert  # The threshold chosen on the training records, and its expected performance


def try_splits(
    examples: Sequence[LabelledRecord],
    protocol: Protocol,
    splits: Sequence[NDArray[np.bool_]],
    *,
    sensitivity: float = 0.95,
) -> list[Trial]:
    """
    Train on parts of the records, as `train_model` does, and score all of them.

    The frequencies of words and concepts are computed from all records, without their labels.
    """
    vocabulary, data = training._features(examples, protocol, NO_TRACKER)
    everything = np.arange(len(examples))
    trials = []
    for train in splits:
        used = [one for one, chosen in zip(examples, train, strict=True) if chosen]
        training._check(used, sensitivity)
        model, alert = training._train(vocabulary, data, train, sensitivity, NO_TRACKER)
        titles, whole = (
            model.scores(data.words[rows], data.features[rows]) for rows in (everything, data.whole)
        )
        trials.append(Trial(titles=titles, whole=whole, alert=alert))
    return trials
