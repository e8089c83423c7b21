"""The lexical ranker as a scikit-learn estimator that stands alone: text in, scores out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from autoscreen.features import Counts, WeightedTerms, count_terms, weigh
from autoscreen.ranking._lexical import LexicalFit, fit_lexical
from autoscreen.ranking._prior import standardise

__all__ = ["ScreeningClassifier"]

_FOLDS = 5
_SMALLEST_SLOPE = 1e-3
_CALIBRATION_COST = 100.0


class ScreeningClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # untyped
    """
    Ranks texts by how likely they belong to the second of two classes.

    A linear support vector machine with squared hinge loss on TF-IDF of words and word pairs,
    the lexical part of autoscreen's ranker. It needs no protocol and no review file.

    Parameters
    ----------
    cost
        Inverse strength of the regularisation, above 0.
    ratio
        Weight of all relevant texts together over that of all irrelevant ones, above 0.
    seed
        Seed of the folds used for calibration.

    Attributes
    ----------
    classes_
        The two labels; the second, in sorted order, is the relevant one (``True``, 1,
        ``"include"``).

    Examples
    --------
    >>> texts = ["magnetic stimulation for phantom pain", "a drug for asthma"] * 5
    >>> model = ScreeningClassifier().fit(texts, ["include", "exclude"] * 5)
    >>> model.predict(["magnetic stimulation for sciatica"]).tolist()
    ['include']
    """

    def __init__(self, *, cost: float = 0.11, ratio: float = 9.8, seed: int = 0) -> None:
        self.cost = cost
        self.ratio = ratio
        self.seed = seed

    def fit(self, texts: Iterable[str], labels: ArrayLike) -> Self:
        """
        Learn from labelled texts.

        Parameters
        ----------
        texts
            Title and abstract of each record.
        labels
            One label per text, of exactly two kinds.

        Raises
        ------
        ValueError
            If the lengths differ, or if there are not exactly two kinds of label.
        """
        texts = _texts(texts)
        given: NDArray[Any] = column_or_1d(labels)
        check_classification_targets(given)
        if len(given) != len(texts):
            raise ValueError(f"{len(texts)} texts but {len(given)} labels")
        self.classes_, codes = np.unique(given, return_inverse=True)
        if len(self.classes_) != 2:
            raise ValueError(f"labels must be of 2 classes, got {len(self.classes_)} class(es)")
        counts = count_terms(texts)
        self._terms, self._fit = self._learn(counts, codes == 1)
        self._calibration = self._calibrate(counts, codes == 1)
        return self

    def decision_function(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """
        Log odds of each text to be relevant: the distance from the plane, calibrated.

        Parameters
        ----------
        texts
            Title and abstract of each record.

        Raises
        ------
        NotFittedError
            If `fit` has not been called.
        """
        check_is_fitted(self, "classes_")
        slope, offset = self._calibration
        scores = self._fit.scores(_rows(self._terms, count_terms(_texts(texts))))
        return slope * scores + offset

    def predict(self, texts: Iterable[str]) -> NDArray[Any]:
        """
        Return the more likely class of each text.

        Parameters
        ----------
        texts
            Title and abstract of each record.
        """
        log_odds = self.decision_function(texts)
        return np.asarray(self.classes_[(log_odds > 0).astype(int)])

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """
        Probability of each class, by a sigmoid fitted to held-out scores (Platt 1999).

        Parameters
        ----------
        texts
            Title and abstract of each record.

        Returns
        -------
        ndarray
            Shape (texts, 2), rows sum to 1. The probabilities hold for texts with the same share
            of relevant ones as the labelled texts.
        """
        relevant = expit(self.decision_function(texts))
        return np.column_stack((1 - relevant, relevant))

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that this estimator takes texts and two classes."""
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.classifier_tags.multi_class = False
        return tags

    def _learn(
        self, counts: Counts, relevant: NDArray[np.bool_]
    ) -> tuple[WeightedTerms, LexicalFit]:
        terms = weigh(counts, _no_terms(len(counts)))
        labels = dict(enumerate(relevant.tolist()))
        return terms, fit_lexical(terms.matrix, labels, cost=self.cost, ratio=self.ratio)

    def _calibrate(self, counts: Counts, relevant: NDArray[np.bool_]) -> tuple[float, float]:
        """
        Slope and offset from scores of texts that nothing was learnt from.

        The words of the held-out texts are weighed anew in each part: a new text has words that
        were never seen, and with them left out of the weights its score lies farther out.
        """
        folds = min(_FOLDS, int(relevant.sum()), int((~relevant).sum()))
        if folds < 2:
            return 1.0, 0.0
        held_out = np.empty(len(relevant))
        splits = StratifiedKFold(folds, shuffle=True, random_state=self.seed)
        for train, test in splits.split(np.zeros(len(relevant)), relevant):
            terms, plane = self._learn(counts.take(train), relevant[train])
            held_out[test] = plane.scores(_rows(terms, counts.take(test)))
        unit = standardise(held_out)[1]
        model = LogisticRegression(C=_CALIBRATION_COST)
        model.fit(held_out.reshape(-1, 1) / unit, relevant)
        # A slope that is not positive says that so few labels cannot be calibrated on; the order
        # of the scores must not turn over.
        return max(float(model.coef_[0, 0]), _SMALLEST_SLOPE) / unit, float(model.intercept_[0])


def _rows(terms: WeightedTerms, counts: Counts) -> csr_array:
    return terms.rows(counts, _no_terms(len(counts)))


def _no_terms(records: int) -> Counts:
    """Count the index terms of records that have none."""
    return count_terms([""] * records)


def _texts(texts: Iterable[str]) -> list[str]:
    if isinstance(texts, str):
        raise ValueError("texts must be a sequence of texts, got one text")
    found = list(texts)
    for text in found:
        if not isinstance(text, str):
            raise ValueError(f"each text must be a str, got {type(text).__name__}")
    return found
