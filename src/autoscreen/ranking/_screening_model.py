"""A saved model: scores any record by itself, says why, and from which score on to alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from autoscreen.ranking._explanation import Explanation, Part, ScoreSource, build_explanation
from autoscreen.ranking._screening_features import RecordFeatures, Vocabulary
from autoscreen.records import Record

__all__ = ["Alert", "Expectation", "ScreeningModel"]

# Scores that differ less are equal, so that no machine's last bits decide.
_DECIMALS = 6
_CHUNK = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """
    What to expect from alerting at the threshold, by scores of records held out of the training.

    Parameters
    ----------
    threshold
        Records of this score or more are alerted.
    target
        The sensitivity that it was chosen for, 0 to 1.
    found, relevant
        Relevant records at or above it, and all relevant ones that were held out.
    low, high
        Clopper-Pearson interval of the sensitivity, 95%.
    false_alarms
        Share of the other records of the training pool at or above it, 0 to 1.
    reads_per_relevant
        Records at or above it per relevant one in the training pool.
    """

    threshold: float
    target: float
    found: int
    relevant: int
    low: float
    high: float
    false_alarms: float
    reads_per_relevant: float

    @property
    def sensitivity(self) -> float:
        """Share of the held-out relevant records that were found."""
        return self.found / self.relevant


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """
    What to expect of some scored records; the numbers are expected values, not counts.

    Parameters
    ----------
    alerts
        Records at or above the threshold, counted.
    relevant
        Relevant records among them.
    missed
        Relevant records below the threshold.
    """

    alerts: int
    relevant: float
    missed: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ScreeningModel:
    """
    A linear model of words, concepts and study designs, trained on the labels of one review.

    Parameters
    ----------
    name
        Name of the model.
    vocabulary
        What it reads in a record.
    words, signs
        Weight of each word and of each other feature, in log odds.
    base
        Log odds of a record without any feature.
    alert
        The alert threshold and what it promises.
    prevalence
        Share of relevant records for which the log odds hold, above 0 and below 1.
    card
        What it was trained on, how it was tested and where it fails.
    """

    name: str
    vocabulary: Vocabulary
    words: NDArray[np.float32]
    signs: NDArray[np.float64]
    base: float
    alert: Alert
    prevalence: float
    card: Mapping[str, Any]

    @classmethod
    def load(cls, name_or_path: str | Path) -> ScreeningModel:
        """
        Return a model that ships with autoscreen by its name, or one of your own by its path.

        Parameters
        ----------
        name_or_path
            ``"rms-pnp"``, or the path of a model's JSON file with or without ``.json``.

        Raises
        ------
        ModelFormatError
            If there is no such model, or it is damaged or of another format.

        Examples
        --------
        >>> ScreeningModel.load("rms-pnp").name
        'rms-pnp'
        """
        from autoscreen.ranking._screening_file import load_screening_model  # noqa: PLC0415

        return load_screening_model(name_or_path)

    def save(self, path: str | Path) -> None:
        """
        Write the model as PATH.json, PATH.npz and a card to read, PATH.md.

        Parameters
        ----------
        path
            With or without ``.json``.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        from autoscreen.ranking._screening_file import save_screening_model  # noqa: PLC0415

        save_screening_model(self, path)

    @property
    def threshold(self) -> float:
        """Score from which on a record is alerted."""
        return self.alert.threshold

    def score(self, records: Iterable[Record]) -> NDArray[np.float64]:
        """
        Log odds of each record to be relevant; a record's score rests on that record alone.

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
            self._score(self.vocabulary.read(rows[start : start + _CHUNK]))
            for start in range(0, len(rows), _CHUNK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def probability(
        self, scores: NDArray[np.float64], *, prevalence: float | None = None
    ) -> NDArray[np.float64]:
        """
        Turn scores into probabilities of being relevant.

        Parameters
        ----------
        scores
            What `score` gave.
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
        Return what an alert of records with these scores is expected to find and to miss.

        Parameters
        ----------
        scores
            What `score` gave.
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

    def explain(self, record: Record, *, top: int = 20) -> Explanation:
        """
        Take a record's score apart into words, concepts and designs.

        Parameters
        ----------
        record
            The record.
        top
            How many parts to list one by one, 1 or more.
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
                self.vocabulary.names, reading.signs[0] * self.signs, strict=True
            )
            if value
        ]
        return build_explanation(float(self._score(reading)[0]), parts, self.base, top)

    def _score(self, reading: RecordFeatures) -> NDArray[np.float64]:
        raw = self.base + reading.words @ self.words + reading.signs @ self.signs
        return np.asarray(raw, dtype=np.float64).round(_DECIMALS)


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
