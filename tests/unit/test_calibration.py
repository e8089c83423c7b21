"""The one calibration and the one threshold that all rankers use."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression

from autoscreen.evaluation import clopper_pearson, fit_sigmoid, threshold_at_sensitivity


def test_the_sigmoid_is_that_of_scikit_learn() -> None:
    """Its own Platt scaling, with the same targets, gives the same probabilities."""
    draws = np.random.default_rng(1)
    relevant = np.arange(200) % 5 == 0
    scores = draws.normal(np.where(relevant, 1.0, -0.5), 1.0)
    column = scores.reshape(-1, 1)
    model = LogisticRegression().fit(column, relevant)
    peer = CalibratedClassifierCV(FrozenEstimator(model)).fit(column, relevant)
    raw = model.decision_function(column)
    ours = fit_sigmoid(raw, relevant).probability(raw)
    np.testing.assert_allclose(ours, peer.predict_proba(column)[:, 1], atol=2e-4)


def test_a_probability_rises_with_the_score_and_is_never_certain() -> None:
    """Even where a score separates the labelled records perfectly."""
    sigmoid = fit_sigmoid(np.arange(100.0), np.arange(100) >= 50)
    values = sigmoid.probability([-1e9, 0, 40, 60, 99, 1e9]).tolist()
    assert values == sorted(values)
    assert 0 < values[0] < 0.05
    assert 0.95 < values[-1] < 1


@pytest.mark.parametrize("sign", [1, -1])
def test_scores_without_information_give_the_share_of_relevant_records(sign: int) -> None:
    """And a ranker that is worse than chance does not reverse its order."""
    sigmoid = fit_sigmoid(sign * np.arange(200.0), np.arange(200) % 4 == 0)
    assert sigmoid.slope > 0
    assert sigmoid.probability([-199.0, 0.0, 199.0]) == pytest.approx(0.25, abs=0.05)


def test_equal_scores_are_calibrated_too() -> None:
    """There is no spread to divide by."""
    assert fit_sigmoid([2.0] * 10, [True] * 5 + [False] * 5).probability(2.0) == pytest.approx(0.5)


@given(
    st.lists(st.floats(-9, 9), min_size=1, max_size=60),
    st.sampled_from([0.01, 0.5, 0.8, 0.9, 0.95, 0.99, 1.0]),
)
def test_the_threshold_is_the_highest_that_keeps_the_sensitivity(
    relevant: list[float], sensitivity: float
) -> None:
    """Enough records reach it, and too few lie above it."""
    line = threshold_at_sensitivity(relevant, sensitivity)
    needed = sensitivity * len(relevant)
    assert sum(one >= line for one in relevant) >= needed - 1e-6
    above = sum(one > line for one in relevant)
    assert above < needed + 1e-6 or not above


@pytest.mark.parametrize(
    ("found", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (5, 10, 0.1871, 0.8129),
        (95, 100, 0.8872, 0.9836),
    ],
)
def test_the_interval_of_a_proportion_is_the_tabled_one(
    found: int, total: int, low: float, high: float
) -> None:
    """Clopper and Pearson's values."""
    assert clopper_pearson(found, total) == pytest.approx((low, high), abs=5e-5)
