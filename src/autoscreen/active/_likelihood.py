"""The probability that an unread record is relevant, calibrated on past reviews."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from autoscreen.resources import resource

FEWEST_READ = 20
"""With fewer records read nothing is said: that is where the past reviews begin."""
RECENT = 50
# Past reviews do not show what more read records would say.
_MOST_READ = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """Log odds that an unread record is relevant, as a sum learnt from past reviews."""

    intercept: float  # Where the sum begins
    score: float  # For one standard deviation of the scores over the unread records
    recent: float  # For the logit of the share of relevant ones among the last 50 read
    found: float  # For the same of all that were read
    read: float  # For the logarithm of how many were read, in hundreds

    def probabilities(
        self, scores: NDArray[np.float64], relevant: NDArray[np.bool_]
    ) -> NDArray[np.float64] | None:
        """
        Return the probability of each unread record to be relevant.

        Notes
        -----
        What was read was chosen by the ranking, so its share of relevant ones says little of what
        is unread, and a classifier calibrated on it says "likely" too often. Past reviews were
        read in the same way: of their unread records, at many stages, it is known which were
        relevant. A logistic regression on them (Platt 1999, with four features that mean the same
        in every review) faces that selection as it is. It holds on average over reviews like
        those; docs/explanation/probabilities.md says how well.
        """
        if len(relevant) < FEWEST_READ or not relevant.any() or not len(scores):
            return None
        z, (recent, found, read) = likelihood_features(scores, relevant)
        stage = self.recent * recent + self.found * found + self.read * read
        return np.asarray(expit(self.intercept + self.score * z + stage))


def likelihood_features(
    scores: NDArray[np.float64], relevant: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], tuple[float, float, float]]:
    """Measure the features of a likelihood: one per record, and three of the whole reading."""
    spread = float(scores.std())
    z = (scores - scores.mean()) / (spread if spread > 0 else 1.0)
    stage = (
        _logit_of_share(relevant[-RECENT:]),
        _logit_of_share(relevant),
        math.log(min(len(relevant), _MOST_READ) / 100),
    )
    return z, stage


def _logit_of_share(relevant: NDArray[np.bool_]) -> float:
    share = (int(relevant.sum()) + 0.5) / (len(relevant) + 1)
    return math.log(share / (1 - share))


@cache
def load_likelihood() -> Likelihood:
    """Read the coefficients that ship with autoscreen."""
    stored = json.loads(resource("data", "stopping", "likelihood.json").read_text("utf-8"))
    weights = stored["log_odds"]
    return Likelihood(
        intercept=weights["base"],
        **{name: weights[name] for name in ("score", "recent", "found", "read")},
    )
