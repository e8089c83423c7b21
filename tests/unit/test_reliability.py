"""Probabilities of unread records, and how their reliability is measured."""

from __future__ import annotations

import numpy as np
import pytest

from _reliability import (
    brier_score,
    calibration_error,
    reliability,
    reliability_svg,
)
from autoscreen.active import load_likelihood
from autoscreen.active._likelihood import FEWEST_READ, RECENT, Likelihood, likelihood_features
from autoscreen.active._past_reviews import last_odds, missed_odds

PLAIN = Likelihood(intercept=-1.0, score=1.0, recent=0.25, found=0.0, read=0.0)


def read(*relevant: int, of: int = 40) -> np.ndarray:
    """Labels with the relevant ones at these places, from 1."""
    labels = np.zeros(of, dtype=bool)
    labels[[at - 1 for at in relevant]] = True
    return labels


def test_a_higher_score_is_more_likely() -> None:
    """The probabilities keep the order of the scores, and lie between 0 and 1."""
    said = PLAIN.probabilities(np.array([3.0, 1.0, 0.0, -2.0]), read(1, 5, 9))
    assert said is not None
    assert (np.diff(said) < 0).all()
    assert ((said > 0) & (said < 1)).all()


def test_finds_that_came_late_make_the_rest_more_likely() -> None:
    """With the same number found, a recent find says that more are left than an early one."""
    scores = np.linspace(2, -2, 300)
    early = PLAIN.probabilities(scores, read(1, 2, 3, of=90))
    late = PLAIN.probabilities(scores, read(1, 2, 90, of=90))
    assert early is not None
    assert late is not None
    assert (late > early).all()


def test_the_share_found_so_far_and_the_time_it_took_count() -> None:
    """What ships knows that many finds mean more to come, up to the most that past reviews read."""
    scores = np.linspace(2, -2, 300)
    few, many = (
        load_likelihood().probabilities(scores, read(*places, of=200))
        for places in ((1, 2), range(1, 41))
    )
    assert few is not None
    assert many is not None
    assert (many > few).all()
    later = [likelihood_features(scores, read(1, of=of))[1][2] for of in (20, 2000, 4000)]
    assert later[0] < later[1] == later[2]


def test_nothing_is_said_too_early() -> None:
    """Before twenty are read, or one is relevant, and when nothing is left."""
    scores = np.arange(5.0)
    assert PLAIN.probabilities(scores, read(1, of=FEWEST_READ - 1)) is None
    assert PLAIN.probabilities(scores, read()) is None
    assert PLAIN.probabilities(scores[:0], read(1)) is None
    assert PLAIN.probabilities(scores, read(1, of=FEWEST_READ)) is not None


def test_equal_scores_are_equally_likely() -> None:
    """A pool in which nothing tells the records apart gives one number, and no warning."""
    said = PLAIN.probabilities(np.full(7, 1.5), read(1, 4))
    assert said is not None
    assert len(set(said.tolist())) == 1


def test_what_ships_rises_with_each_sign() -> None:
    """A high score and recent finds speak for relevance."""
    shipped = load_likelihood()
    assert min(shipped.score, shipped.recent) > 0


def test_the_last_odds_are_the_last_of_all() -> None:
    """The quick way gives what the slow one does."""
    dice = np.random.default_rng(5)
    for _ in range(30):
        relevant = dice.random(60) < 0.2
        relevant[0] = True
        assert last_odds(relevant, 500) == pytest.approx(missed_odds(relevant, 500)[-1])


def test_bins_hold_what_was_said_and_what_was() -> None:
    """Weighted means within the limits; the last bin takes 1 as well, empty ones are left out."""
    said = np.array([0.004, 0.006, 0.15, 1.0])
    bins = reliability(said, np.array([False, True, False, True]), np.array([1.0, 3.0, 1.0, 1.0]))
    assert [(one.low, one.records) for one in bins] == [(0.0, 2), (0.1, 1), (0.9, 1)]
    assert bins[0].said == pytest.approx(0.0055)
    assert bins[0].was == pytest.approx(0.75)
    assert sum(one.share for one in bins) == pytest.approx(1)


def test_probabilities_that_mean_it_have_no_calibration_error() -> None:
    """What is said half the time and is so half the time errs by nothing; certainty can err."""
    said = np.full(4, 0.5)
    half = np.array([True, False, True, False])
    assert calibration_error(reliability(said, half, np.ones(4))) == pytest.approx(0)
    assert brier_score(said, half, np.ones(4)) == pytest.approx(0.25)
    sure = np.ones(4)
    assert calibration_error(reliability(sure, half, np.ones(4))) == pytest.approx(0.5)


def test_the_picture_has_a_line_for_each_method() -> None:
    """Each with its name, and a point for each bin."""
    bins = reliability(np.array([0.02, 0.3]), np.array([False, True]), np.ones(2))
    picture = reliability_svg("unread", {"ours": bins, "theirs": bins})
    assert picture.count("<polyline") == 2
    assert picture.count("<circle") == 4
    assert ">theirs<" in picture


def test_the_features_of_a_likelihood_are_the_score_and_the_stage_of_the_reading() -> None:
    """Scores are standardised; the shares of relevant labels are never 0 or 1."""
    scores = np.array([1.0, 2.0, 3.0])
    long_ago = np.ones(5, dtype=bool)
    z, (recent, found, many) = likelihood_features(
        scores, np.concatenate([long_ago, np.zeros(RECENT, dtype=bool)])
    )
    np.testing.assert_allclose(z, np.array([-1, 0, 1]) * np.sqrt(1.5))
    share = 0.5 / (RECENT + 1)
    assert recent == pytest.approx(np.log(share / (1 - share)))
    assert found == pytest.approx(np.log(5.5 / (RECENT + 0.5)))
    assert many == pytest.approx(np.log((RECENT + 5) / 100))
    z, (recent, found, _) = likelihood_features(np.zeros(2), np.array([True, True, True, False]))
    np.testing.assert_array_equal(z, [0, 0])
    assert recent == found == pytest.approx(np.log(3.5 / 1.5))
