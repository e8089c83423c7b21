"""A saved model: scores each record independently, explains the score, has an alert threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from autoscreen.ranking._alert import Alert
from autoscreen.ranking._explanation import Explanation, Part, ScoreSource, build_explanation
from autoscreen.ranking._screening_features import RecordFeatures, ScoredText, Vocabulary
from autoscreen.records import Record

# Scores that differ less are equal, so that no machine's last bits decide.
_DECIMALS = 6
_CHUNK = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Expected relevant records among scored ones; the numbers are estimates, not counts."""

    alerts: int  # Records at or above the threshold, counted
    relevant: float  # Relevant records among them
    missed: float  # Relevant records below the threshold


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ScreeningModel:
    """
    A linear model of words, concepts and study designs, trained on the labels of one review.

    Parameters
    ----------
    name
        Name of the model.
    vocabulary
        The words and concepts that it recognises.
    words, features
        Weight of each word and of each other feature, in log odds.
    intercept
        Log odds of a record without any feature.
    alert
        The alert threshold and its expected performance.
    prevalence
        Share of relevant records for which the log odds hold, above 0 and below 1.
    card
        What it was trained on, how it was tested, and its limits.
    """

    name: str
    vocabulary: Vocabulary
    words: NDArray[np.float32]
    features: NDArray[np.float64]
    intercept: float
    alert: Alert
    prevalence: float
    card: Mapping[str, Any]

    @property
    def threshold(self) -> float:
        """Records with this score or more are alerted."""
        return self.alert.threshold

    def decision_function(self, records: Iterable[ScoredText]) -> NDArray[np.float64]:
        """
        Return the log odds that each record is relevant.

        A record's score depends on that record alone, not on the others.

        Parameters
        ----------
        records
            Any records, with or without abstract and index terms.

        Returns
        -------
        ndarray
            Shape (records,), rounded to 6 decimals.
        """
        rows = list(records)
        parts = [
            self._log_odds(self.vocabulary.read(rows[start : start + _CHUNK]))
            for start in range(0, len(rows), _CHUNK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def predict_proba(
        self, records: Iterable[Record], *, prevalence: float | None = None
    ) -> NDArray[np.float64]:
        """
        Return the probabilities that each record is irrelevant and that it is relevant.

        Parameters
        ----------
        records
            Any records, with or without abstract and index terms.
        prevalence
            As for `probability`.

        Returns
        -------
        ndarray
            Shape (records, 2), rows sum to 1.
        """
        relevant = self.probability(self.decision_function(records), prevalence=prevalence)
        return np.column_stack((1 - relevant, relevant))

    def probability(
        self, scores: NDArray[np.float64], *, prevalence: float | None = None
    ) -> NDArray[np.float64]:
        """
        Turn scores into probabilities of being relevant.

        Parameters
        ----------
        scores
            Log odds, as `decision_function` returns them.
        prevalence
            Share of relevant records where the records come from, above 0 and below 1; by default
            that of the training pool.

        References
        ----------
        Saerens, M., Latinne, P., Decaestecker, C. (2002). Adjusting the outputs of a classifier to
        new a priori probabilities. Neural Computation 14, equation 2.4.
        """
        shift = 0.0 if prevalence is None else _logit(prevalence) - _logit(self.prevalence)
        return np.asarray(expit(scores + shift), dtype=np.float64)

    def expected(
        self, scores: NDArray[np.float64], *, prevalence: float | None = None
    ) -> Expectation:
        """
        Return how many relevant records alerts at these scores are expected to find and miss.

        Parameters
        ----------
        scores
            Log odds, as `decision_function` returns them.
        prevalence
            As for `probability`.
        """
        likely = self.probability(scores, prevalence=prevalence)
        above = scores >= self.threshold
        return Expectation(
            alerts=int(above.sum()),
            relevant=float(likely[above].sum()),
            missed=float(likely[~above].sum()),
        )

    def explain(self, record: Record) -> Explanation:
        """
        Return the words, concepts and designs whose parts add up to a record's score.

        Parameters
        ----------
        record
            The record.
        """
        reading = self.vocabulary.read([record])
        names = self.vocabulary.word_names(record)
        values = reading.words.data.astype(np.float64) * self.words[reading.words.indices]
        parts = [
            Part(ScoreSource.WORD, names[column], value)
            for column, value in zip(reading.words.indices.tolist(), values.tolist(), strict=True)
            if value
        ]
        parts += [
            Part(ScoreSource.CONCEPT, name, float(value))
            for name, value in zip(
                self.vocabulary.names, reading.features[0] * self.features, strict=True
            )
            if value
        ]
        return build_explanation(float(self._log_odds(reading)[0]), parts, self.intercept)

    def _log_odds(self, reading: RecordFeatures) -> NDArray[np.float64]:
        raw = self.intercept + reading.words @ self.words + reading.features @ self.features
        return np.asarray(raw, dtype=np.float64).round(_DECIMALS)


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
