"""Ranks by any scikit-learn estimator of texts, for simulations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autoscreen.ranking._prior import Prior


class EstimatorRanker:
    """Scores a pool by an estimator; by the prior until both kinds of label are known."""

    def __init__(
        self, estimator: Any, texts: Sequence[str], prior: Prior, known: Mapping[int, bool]
    ) -> None:
        self._estimator = estimator
        self._texts = list(texts)
        self._prior = prior
        self._labels = dict(known)

    def learn(self, row: int, *, relevant: bool) -> None:
        """Add a label."""
        self._labels[row] = relevant

    def scores(self) -> NDArray[np.float64]:
        """Score every record from the labels so far."""
        from sklearn.base import clone  # noqa: PLC0415

        if len(set(self._labels.values())) < 2:
            return self._prior.scores
        fitted = clone(self._estimator).fit(
            [self._texts[row] for row in self._labels], np.array(list(self._labels.values()))
        )
        if hasattr(fitted, "decision_function"):
            scores = fitted.decision_function(self._texts)
        else:
            scores = fitted.predict_proba(self._texts)[:, 1]
        return np.asarray(scores, dtype=np.float64)
