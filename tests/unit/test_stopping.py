"""Stopping rules: what they promise, and that the promise is kept where the truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom, poisson

from _critical_chances import critical_chances
from autoscreen.active import (
    ExactAudit,
    PastReviewsRule,
    advice,
    audit_costs,
    replay_stopping_rules,
)
from autoscreen.active._exact_audit import (
    audit_boundary,
    audit_upper_bound,
    relevant_allowed_to_miss,
)
from autoscreen.active._past_reviews import (
    Calibration,
    PastReview,
    chance_of_missing,
    load_calibration,
    missed_odds,
)
from autoscreen.active._recall_estimates import estimate_total
from autoscreen.errors import ConfigError, InputError


def labels(*relevant: int, of: int) -> np.ndarray:
    """Labels with the relevant ones at these positions, counted from 1."""
    made = np.zeros(of, dtype=bool)
    made[[at - 1 for at in relevant]] = True
    return made


def audited(rest: int, found: int, hidden: int, target: float, dice: np.random.Generator) -> float:
    """Run one audit to its stop and give the recall."""
    drawn = dice.permutation(labels(*range(1, hidden + 1), of=rest))
    finds = draws = 0
    while draws < rest:
        if draws >= audit_boundary(rest, found, finds, target=target):
            break
        finds += int(drawn[draws])
        draws += 1
    return (found + finds) / (found + hidden)


@pytest.mark.parametrize("target", [0.95, 0.9, 0.8])
@pytest.mark.parametrize("found", [3, 25, 90])
def test_a_stop_of_the_audit_keeps_its_promise_whatever_is_hidden(
    target: float, found: int
) -> None:
    """Over random draws, with looks after every draw, at most one audit in twenty is wrong."""
    dice, audits, rest = np.random.default_rng(7), 150, 200
    allowed = binom.ppf(0.9999, audits, 0.05)
    least = relevant_allowed_to_miss(found, target) + 1
    for hidden in {least, least + 1, least + 3, 2 * least + 8}:
        wrong = sum(
            audited(rest, found, hidden, target, dice) < target - 1e-9 for _ in range(audits)
        )
        assert wrong <= allowed, (found, hidden, wrong)


def test_the_boundary_is_not_wasteful() -> None:
    """For the smallest number that breaks the target the error is close to one in twenty."""
    dice, audits = np.random.default_rng(3), 1500
    hidden = relevant_allowed_to_miss(40, 0.95) + 1
    wrong = sum(audited(300, 40, hidden, 0.95, dice) < 0.95 for _ in range(audits))
    assert 0.03 < wrong / audits < 0.07


def test_each_find_asks_for_more_draws() -> None:
    """The boundary never falls as relevant records turn up."""
    bounds = [audit_boundary(500, 30, finds, target=0.9) for finds in range(25)]
    assert bounds == sorted(bounds)
    assert bounds[-1] <= 500
    assert audit_boundary(500, 30, 300, target=0.9) == 500


def test_one_missed_record_of_few_needs_nearly_all_to_be_read() -> None:
    """With fewer than 19 found, 95% of the rest has to be drawn for 95% and 95%."""
    (cost,) = audit_costs(10, 1000, targets=(0.95,), certainties=(0.95,))
    assert cost.records == 950
    assert cost.saved == 50
    decision = ExactAudit(0.95)(labels(1, 2, 3, of=500), 1500)
    assert decision.allowed == 0
    assert decision.more == 950


def _chance_of_failure(rest: int, found: int, hidden: int, target: float) -> float:
    """Add up, over all orders of the draws, the chance to stop with too few finds."""
    bounds = [audit_boundary(rest, found, finds, target=target) for finds in range(hidden + 1)]
    alive, failed = np.eye(1, hidden + 1).ravel(), 0.0
    for draws in range(rest + 1):
        for finds in range(hidden + 1):
            if alive[finds] and draws >= bounds[finds]:
                failed += alive[finds] * (found + finds < target * (found + hidden) - 1e-9)
                alive[finds] = 0
        if draws < rest:
            hit = (hidden - np.arange(hidden + 1)) / (rest - draws)
            alive = alive * (1 - hit) + np.concatenate(([0], (alive * hit)[:-1]))
    return failed


@pytest.mark.parametrize("found", [0, 9])
def test_an_audit_spends_its_error_once(found: int) -> None:
    """The chance of a wrong stop is never above 5%, summed exactly over all its stops."""
    chances = [_chance_of_failure(60, found, hidden, 0.8) for hidden in range(1, 30)]
    assert 0.045 < max(chances) <= 0.05 + 1e-9


def test_the_bound_of_an_audit_holds_at_all_looks_together() -> None:
    """Looked at after every fifteenth draw, at most one audit in twenty is ever too low."""
    dice, audits, rest, hidden = np.random.default_rng(11), 120, 150, 9
    broken = 0
    for _ in range(audits):
        drawn = dice.permutation(labels(*range(1, hidden + 1), of=rest))
        broken += any(
            audit_upper_bound(drawn[:draws], rest) < hidden - drawn[:draws].sum()
            for draws in range(0, rest + 1, 15)
        )
    assert broken <= binom.ppf(0.9999, audits, 0.05)


def test_the_bound_of_an_audit_shrinks_to_nothing() -> None:
    """Nothing drawn says nothing; everything drawn says everything."""
    none = np.zeros(100, dtype=bool)
    bounds = [audit_upper_bound(none[:draws], 100) for draws in (0, 20, 50, 90, 100)]
    assert bounds == sorted(bounds, reverse=True)
    assert (bounds[0], bounds[-1]) == (100, 0)
    with pytest.raises(InputError, match="cannot come from 50"):
        audit_upper_bound(none, 50)


def test_missed_odds_follow_the_rule_of_succession() -> None:
    """After one find at 1 and nine misses, one in nine or fewer, times what is unread."""
    odds = missed_odds(labels(1, of=10), 100)
    assert odds[-1] == pytest.approx(min(1 / 9, 2 / 10) * 90 / 1)
    assert math.isinf(missed_odds(labels(3, of=3), 9)[1])


def test_missed_odds_take_no_rate_from_a_short_tail() -> None:
    """Of 30 records the last 7 are too few, the last 8 are enough."""
    assert missed_odds(labels(*range(1, 23), of=30), 100)[-1] == pytest.approx(1 / 8 * 70 / 22)
    assert missed_odds(labels(*range(1, 24), of=30), 100)[-1] == pytest.approx(2 / 8 * 70 / 23)


def test_the_chance_of_missing_counts_what_the_target_allows() -> None:
    """With 18 found none may be missed at 95%, with 40 two; with none found it is certain."""
    odds, found = np.array([np.inf, 0.1, 0.1]), np.array([0, 18, 40])
    assert chance_of_missing(odds, found, 0.95) == pytest.approx(
        [1, poisson.sf(0, 1.8), poisson.sf(2, 4)]
    )


def test_the_critical_chance_is_the_smallest_before_the_target_was_reached() -> None:
    """A threshold at the critical chance stops in time, a larger one too early."""
    relevant = labels(1, 2, 3, 40, of=100)
    critical = critical_chances(relevant, [1.0])[1.0]
    chances = chance_of_missing(missed_odds(relevant, 100), np.cumsum(relevant), 1.0)
    assert not (chances[:39] < critical).any()
    assert (chances[:39] < critical * 1.001).any()
    assert math.isinf(critical_chances(labels(1, of=5), [1.0])[1.0])


def calibration(*odds: float) -> Calibration:
    """One review for each critical chance."""
    return Calibration([PastReview(f"r{at}", "f", 1000, 50, {0.95: (one,)}) for at, one in
                        enumerate(odds)])  # fmt: skip


def test_too_few_past_reviews_allow_no_stop() -> None:
    """Eighteen reviews cannot support 95%; nineteen can, at the smallest odds of all."""
    many = [0.1 + at for at in range(19)]
    assert calibration(*many[:18]).threshold(0.95) == 0
    assert calibration(*many).threshold(0.95) == 0.1
    with pytest.raises(ConfigError, match=r"choose one of 0\.95"):
        calibration(*many).threshold(0.9)


def test_a_new_review_fails_no_more_often_than_promised() -> None:
    """With exchangeable reviews the risk is at most 5% on average over calibrations."""
    dice, failed, rounds = np.random.default_rng(2), 0, 1500
    for _ in range(rounds):
        odds = dice.lognormal(size=41)
        failed += odds[-1] < calibration(*odds[:-1].tolist()).threshold(0.95)
    assert failed <= binom.ppf(0.9999, rounds, 0.05)


def test_orders_of_one_review_share_its_weight() -> None:
    """Many orders of a review that stopped early count as one review."""
    others = [PastReview(f"r{at}", "f", 9, 3, {0.95: (1.0 + at,)}) for at in range(58)]
    bad = PastReview("bad", "f", 9, 3, {0.95: (0.1, 0.2, 0.3, 0.4)})
    assert Calibration([bad, *others]).threshold(0.95) == 2.0


def test_a_review_unlike_the_past_ones_is_told_apart() -> None:
    """A pool, a number found or a share beyond the range is named."""
    past = load_calibration()
    assert past.unlike(records=2000, relevant=50) == ()
    strange = past.unlike(records=400_000, relevant=50)
    assert [one.what for one in strange] == ["records", "share of relevant records"]
    assert strange[0].value == 400_000 > strange[0].most > strange[0].least


def test_the_calibrated_rule_stops_and_says_what_is_missing() -> None:
    """It holds once so many more records as it says are read without a find."""
    relevant = np.concatenate((np.ones(60, dtype=bool), np.zeros(10, dtype=bool)))
    rule = PastReviewsRule(0.9)
    before = rule(relevant, 3000)
    assert not before.stop
    assert before.more is not None
    longer = np.concatenate((relevant, np.zeros(before.more, dtype=bool)))
    after = rule(longer, 3000)
    assert (after.stop, after.position) == (True, len(longer))
    assert not rule(longer[:-1], 3000).stop
    assert after.reviews == len(load_calibration().reviews)


def test_without_a_find_nothing_is_claimed() -> None:
    """No relevant record found: no stop, and no number of records that would bring one."""
    decision = PastReviewsRule(0.95)(np.zeros(900, dtype=bool), 1000)
    assert (decision.stop, decision.more) == (False, None)


def test_everything_read_is_a_stop_for_both() -> None:
    """With the pool read to its end, each promise holds and the total is what was found."""
    for decision in advice(labels(1, 5, of=20), 20):
        assert decision.stop
        assert decision.estimate.total == decision.estimate.high == 2


def test_advice_has_each_target_on_both_promises() -> None:
    """Three targets, exact and calibrated each."""
    given = advice(labels(*range(1, 41), of=400), 2000, np.zeros(30, dtype=bool))
    assert [one.promise for one in given] == ["exact", "calibrated"] * 3
    assert [one.target for one in given] == [0.95, 0.95, 0.9, 0.9, 0.8, 0.8]


def test_more_read_than_there_is_is_refused() -> None:
    """A pool smaller than what was read is an error that says what to give."""
    with pytest.raises(InputError, match="prior knowledge"):
        advice(labels(1, of=20), 10)


def test_an_audit_bounds_the_total() -> None:
    """The estimate brings the finds up to the rest and stays within its interval."""
    audit = labels(4, of=50)
    estimate = estimate_total(labels(*range(1, 31), of=100), 600, audit)
    assert (estimate.found, estimate.low) == (31, 31)
    assert estimate.total == pytest.approx(31 + 450 / 50)
    assert estimate.high >= estimate.total
    assert 0 < estimate.recall < 1


def test_the_calibrated_total_narrows_as_misses_come_in() -> None:
    """The upper end never grows while nothing is found."""
    start = np.ones(40, dtype=bool)
    highs = [
        estimate_total(np.concatenate((start, np.zeros(more, dtype=bool))), 2000).high
        for more in (50, 300, 900, 1900)
    ]
    assert highs == sorted(highs, reverse=True)
    assert highs[-1] < highs[0]


def test_the_calibrated_total_is_what_half_of_the_past_reviews_say() -> None:
    """It is at the highest recall at which half of them may have stopped, and not at a tie."""
    relevant = labels(*range(1, 11), of=100)
    odds = float(missed_odds(relevant, 1000).min())
    past = [
        PastReview(f"r{n}", "f", 1000, 50, {0.8: (), 0.95: ()}, {0.8: (2 * odds,), 0.95: (odds,)})
        for n in range(9)
    ]
    estimate = estimate_total(relevant, 1000, calibration=Calibration(past))
    assert (estimate.total, estimate.high) == (10 / 0.8, 910.0)


def test_a_replayed_review_names_its_stops() -> None:
    """Six stops with what they found and saved; known labels are neither found nor work."""
    relevant = np.concatenate((np.ones(60, dtype=bool), np.zeros(1940, dtype=bool)))
    stops = replay_stopping_rules(relevant, 2002, {7: True, 8: False}, random_state=1)
    assert [one["rule"] for one in stops] == ["random audit", "past reviews"] * 3
    assert all(one["recall"] == 1 for one in stops)
    assert all(one["work_saved"] == 1 - one["position"] / 2000 for one in stops)
    assert replay_stopping_rules(np.zeros(9, dtype=bool), 9, {}) == []
