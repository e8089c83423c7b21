"""scikit-learn's own checks of its contract, on the estimator over texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import validate_data

from autoscreen import ScreeningClassifier

EXPECTED_FAILED: dict[str, str] = {}
"""Name of each check that fails, and why: at present there is none."""


class OverNumbers(ScreeningClassifier):
    """The same estimator over tables of numbers: scikit-learn has few checks for texts."""

    def fit(self, X: Any, y: Any) -> OverNumbers:  # their names
        """Learn from rows that are written as words."""
        numbers, labels = validate_data(self, X, y)
        return super().fit(_written(numbers), labels)

    def decision_function(self, X: Any) -> np.ndarray:
        """Score rows that are written as words."""
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self)
        return super().decision_function(_written(validate_data(self, X, reset=False)))

    def __sklearn_tags__(self) -> Any:
        """Declare a table of numbers."""
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = tags.input_tags.string = False
        tags.input_tags.two_d_array = True
        return tags


def _written(numbers: np.ndarray) -> list[str]:
    """One word for each cell, with half units as steps."""
    return [
        " ".join(f"c{at}v{int(value * 2) + 1000}" for at, value in enumerate(row))
        for row in np.asarray(numbers, dtype=float)
    ]


@parametrize_with_checks([OverNumbers()], expected_failed_checks=lambda _: EXPECTED_FAILED)  # type: ignore[untyped-decorator] # scikit-learn
def test_scikit_learns_checks(estimator: Any, check: Any) -> None:
    """Each check passes, or fails for the reason that is listed."""
    check(estimator)


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA])
def test_a_missing_text_is_an_empty_one(missing: Any) -> None:
    """As tables have them for records without an abstract."""
    texts = ["magnetic stimulation for pain", "a drug for asthma"] * 5
    labels = [1, 0] * 5
    with_gap = ScreeningClassifier().fit([*texts, missing], [*labels, 0])
    with_empty = ScreeningClassifier().fit([*texts, ""], [*labels, 0])
    asked = ["magnetic drug", missing]
    assert with_gap.decision_function(asked).tolist() == (
        with_empty.decision_function(["magnetic drug", ""]).tolist()
    )


def test_a_column_of_a_table_is_taken_as_it_is() -> None:
    """With the gaps that pandas reads from empty cells."""
    texts = pd.Series(["magnetic stimulation", "asthma", None, float("nan")] * 3)
    model = ScreeningClassifier().fit(texts, [True, False, False, False] * 3)
    assert model.predict(texts).shape == (12,)
