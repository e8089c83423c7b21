"""Logistic regression with a prior on its weights (maximum a posteriori)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.special import expit, log_expit

Vector = NDArray[np.float64]
_ENOUGH = 1e-7


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A fitted linear model."""

    words: Vector
    features: Vector
    intercept: float

    def scores(self, words: csr_array, features: Vector) -> Vector:
        """Score records by their features."""
        return np.asarray(
            self.intercept + words @ self.words + features @ self.features, dtype=np.float64
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorMeans:
    """Prior means of the weights, and the strength of regularisation towards them."""

    features: Vector
    feature_strength: Vector
    word_strength: float


def fit_logistic_map(
    words: csr_array, features: Vector, relevant: Vector, weights: Vector, *, prior: PriorMeans
) -> LogisticModel:
    """Find the most likely weights: the logistic loss of the labels plus the prior's."""
    sign = np.where(relevant > 0, 1.0, -1.0)
    used, narrow = _used_columns(words)
    across = narrow.T.tocsr()
    count = len(used)
    centre = np.concatenate([np.zeros(count), prior.features, [0.0]])
    hold = np.concatenate([np.full(count, prior.word_strength), prior.feature_strength, [0.0]])

    def loss(beta: Vector) -> tuple[float, Vector]:
        scores = narrow @ beta[:count] + features @ beta[count:-1] + beta[-1]
        pull = -weights * sign * expit(-sign * scores)
        away = beta - centre
        value = -(weights * log_expit(sign * scores)).sum() + 0.5 * (hold * away**2).sum()
        slope = np.concatenate([across @ pull, features.T @ pull, [pull.sum()]]) + hold * away
        return float(value), slope

    found = minimize(
        loss,
        centre,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 2000, "maxfun": 4000, "ftol": 1e-12, "gtol": _ENOUGH * weights.sum()},
    ).x
    every = np.zeros(words.shape[1])
    every[used] = found[:count]
    return LogisticModel(every, found[count:-1], float(found[-1]))


def _used_columns(words: csr_array) -> tuple[NDArray[np.int64], csr_array]:
    used = np.unique(words.indices).astype(np.int64)
    narrow = csr_array(
        (words.data.astype(np.float64), np.searchsorted(used, words.indices), words.indptr),
        shape=(words.shape[0], len(used)),
    )
    return used, narrow
