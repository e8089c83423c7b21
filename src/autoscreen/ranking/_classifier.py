"""The lexical ranker as a scikit-learn estimator: texts in, scores out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d

from autoscreen.evaluation import Sigmoid, fit_sigmoid
from autoscreen.features import TermCounts, TfidfTerms, count_terms, fit_tfidf
from autoscreen.ranking._lexical import LexicalFit, fit_lexical

_FOLDS = 5


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
    random_state
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

    def __init__(self, *, cost: float = 0.11, ratio: float = 9.8, random_state: int = 0) -> None:
        self.cost = cost
        self.ratio = ratio
        self.random_state = random_state

    def fit(self, texts: Iterable[str | None], labels: ArrayLike) -> Self:
        """
        Fit to labelled texts.

        Parameters
        ----------
        texts
            Title and abstract of each record; missing ones (None, NaN) are empty texts.
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
        if len(self.classes_) > 2:
            # scikit-learn's checks require this wording.
            raise ValueError(
                "Only binary classification is supported: labels must be of 2 classes, "
                f"got {len(self.classes_)}"
            )
        if len(self.classes_) < 2:
            raise ValueError(f"labels must be of 2 classes, got {len(self.classes_)} class")
        counts = count_terms(texts)
        self._terms, self._fit = self._learn(counts, codes == 1)
        self._calibration = self._calibrate(counts, codes == 1)
        return self

    def decision_function(self, texts: Iterable[str | None]) -> NDArray[np.float64]:
        """
        Log odds that each text is relevant: the calibrated distance from the hyperplane.

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
        scores = self._fit.scores(_rows(self._terms, count_terms(_texts(texts))))
        return self._calibration.log_odds(scores)

    def predict(self, texts: Iterable[str | None]) -> NDArray[Any]:
        """
        Return the more likely class of each text.

        Parameters
        ----------
        texts
            Title and abstract of each record.
        """
        log_odds = self.decision_function(texts)
        return np.asarray(self.classes_[(log_odds > 0).astype(int)])

    def predict_proba(self, texts: Iterable[str | None]) -> NDArray[np.float64]:
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
        """Declare to scikit-learn that this estimator takes texts and two classes."""
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.classifier_tags.multi_class = False
        return tags

    def _learn(
        self, counts: TermCounts, relevant: NDArray[np.bool_]
    ) -> tuple[TfidfTerms, LexicalFit]:
        terms = fit_tfidf(counts, _no_terms(len(counts)))
        labels = dict(enumerate(relevant.tolist()))
        return terms, fit_lexical(terms.matrix, labels, cost=self.cost, ratio=self.ratio)

    def _calibrate(self, counts: TermCounts, relevant: NDArray[np.bool_]) -> Sigmoid:
        """
        Fit the calibration to out-of-fold scores.

        The TF-IDF weights are fitted again in each fold: a new text has words that were never seen,
        and without them in the weights its score would be more extreme.
        """
        folds = min(_FOLDS, int(relevant.sum()), int((~relevant).sum()))
        if folds < 2:
            return Sigmoid(1.0, 0.0)
        held_out = np.empty(len(relevant))
        splits = StratifiedKFold(folds, shuffle=True, random_state=self.random_state)
        for train, test in splits.split(np.zeros(len(relevant)), relevant):
            terms, plane = self._learn(counts.take(train), relevant[train])
            held_out[test] = plane.scores(_rows(terms, counts.take(test)))
        return fit_sigmoid(held_out, relevant)


def _rows(terms: TfidfTerms, counts: TermCounts) -> csr_array:
    return terms.rows(counts, _no_terms(len(counts)))


def _no_terms(records: int) -> TermCounts:
    """Return the counts of records without index terms."""
    return count_terms([""] * records)


def _texts(texts: Iterable[Any]) -> list[str]:
    if isinstance(texts, str):
        raise ValueError("texts must be a sequence of texts, got one text")
    found = ["" if _missing(text) else text for text in texts]
    for text in found:
        if not isinstance(text, str):
            raise ValueError(f"each text must be a str, got {type(text).__name__}")
    return found


def _missing(text: Any) -> bool:
    """Return whether a text is None, NaN or pandas' NA, none of which equals itself."""
    return text is None or (not isinstance(text, str) and (text == text) is not True)  # noqa: PLR0124
