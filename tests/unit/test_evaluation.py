"""Measures of an order of reading, and what is said of many."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score, roc_auc_score

from _recall_curves import recall_curve, recall_svg
from _summary import Result, bootstrap_interval, compare, means
from autoscreen.evaluation import measure_all
from autoscreen.evaluation._measures import (
    LAST_RELEVANT,
    LOSS,
    MEASURES,
    NDCG,
    RECALL5,
    RECALL10,
    RECALL20,
    TNR95,
    WSS95,
)

ORDERS = st.lists(st.booleans(), min_size=2, max_size=60).filter(lambda x: 0 < sum(x) < len(x))


def _order(text):
    return np.array([letter == "x" for letter in text])


@given(ORDERS)
def test_loss_is_one_minus_the_area_under_the_curve(relevant):
    """Reading first what ranks first, the loss is what the AUROC lacks."""
    scores = -np.arange(len(relevant))
    expected = 1 - roc_auc_score(relevant, scores)
    assert LOSS.of(np.array(relevant)) == pytest.approx(expected)


@given(ORDERS)
def test_gain_is_that_of_scikit_learn(relevant):
    """NDCG with gains of 0 and 1."""
    expected = ndcg_score([relevant], [-np.arange(len(relevant))])
    assert NDCG.of(np.array(relevant)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("xx........", 1.0),
        ("........xx", 0.0),
        ("x...x.....", 1 - 3 / 8),
        ("....x", 0.0),
        ("xxx", 1.0),
        # 19 of 20 are 95%: the last relevant one need not be found.
        ("x" * 19 + "..........x", 1.0),
        # 20 of 21 are the first count that reaches 95%.
        ("x" * 19 + ".....x....." + "x", 1 - 5 / 10),
    ],
)
def test_true_negative_rate_counts_what_is_never_read(order, expected):
    """Reading stops at the record that makes 95%, rounded up."""
    assert TNR95.of(_order(order)) == pytest.approx(expected)


def test_recall_is_read_off_at_the_share_rounded_up():
    """5% of 30 are the first two."""
    order = _order("xx........x..................x")
    assert RECALL5.of(order) == 0.5
    assert RECALL10.of(order) == 0.5
    assert RECALL20.of(order) == 0.5
    assert RECALL20.of(_order("...x......")) == 0.0
    assert RECALL5.of(_order("x" + "." * 19)) == 1.0


def test_work_saved_and_the_last_relevant_by_hand():
    """Of ten records five need not be read."""
    order = _order("x...x.....")
    assert WSS95.of(order) == pytest.approx(0.5 - 0.05)
    assert LAST_RELEVANT.of(order) == 0.5


def test_without_a_relevant_record_nothing_can_be_measured():
    """The answer is not a number, not a zero that looks like one."""
    assert all(map(math.isnan, measure_all(_order("....")).values()))


@given(ORDERS)
def test_every_measure_is_best_for_the_best_order(relevant):
    """No order is better than all relevant records first."""
    given_order, best = np.array(relevant), np.sort(np.array(relevant))[::-1]
    for measure in MEASURES:
        sign = 1 if measure.higher_is_better else -1
        assert sign * measure.of(best) >= sign * measure.of(given_order) - 1e-12


def test_a_measure_says_what_it_is_and_where_it_is_from():
    """Each can be cited."""
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    assert all(measure.definition and measure.source for measure in MEASURES)


def test_an_interval_holds_the_mean_and_repeats():
    """The same seed gives the same ends; equal values leave no doubt."""
    found = bootstrap_interval([0.1, 0.2, 0.3, 0.4], random_state=1)
    assert found.mean == pytest.approx(0.25)
    assert found.low < found.mean < found.high
    assert found == bootstrap_interval([0.1, 0.2, 0.3, 0.4], random_state=1)
    assert bootstrap_interval([0.1, 0.2, 0.3, 0.4], random_state=1, level=0.5).low > found.low
    same = bootstrap_interval([0.5] * 6)
    assert (same.low, same.high) == (0.5, 0.5)


@pytest.mark.parametrize("values", [[], [0.1, math.nan]])
def test_an_interval_of_nothing_is_refused(values):
    """What is missing is not averaged away."""
    with pytest.raises(ValueError, match="finite"):
        bootstrap_interval(values)


def _result(review, tool, order, seed=1):
    return Result(
        review=review,
        family="all",
        start="1+1",
        seed=seed,
        tool=tool,
        measures=measure_all(_order(order)),
    )


def test_only_what_both_replayed_is_compared():
    """Pairs of one review and seed; a review counts once, whatever its seeds."""
    results = [
        _result("a", "ours", "xx......"),
        _result("a", "ours", "x.x.....", seed=2),
        _result("a", "peer", "x..x...."),
        _result("a", "peer", "x.x.....", seed=2),
        _result("b", "ours", "....xx.."),
        _result("b", "peer", "...xx..."),
        _result("c", "ours", "xx......"),
    ]
    loss = compare(results, "ours", "peer")[0]
    assert (loss.measure, loss.reviews, loss.better, loss.worse) == (LOSS, 2, 1, 1)
    expected = (means(results)["a", "1+1", "ours"]["loss"] + 4 / 6) / 2
    assert loss.ours == pytest.approx(expected)
    assert loss.difference.mean == pytest.approx(loss.ours - loss.theirs)
    assert loss.change == pytest.approx(loss.ours / loss.theirs - 1)
    assert compare(results, "ours", "nobody") == []


def test_a_recall_curve_goes_from_nothing_to_all():
    """It steps where the relevant records were read."""
    curve = recall_curve([1, 50, 100], 100)
    assert curve[0] == 0
    assert curve[1] == pytest.approx(1 / 3)
    assert curve[49] == pytest.approx(1 / 3)
    assert curve[50] == pytest.approx(2 / 3)
    assert curve[-1] == 1


def test_curves_are_drawn_as_readable_xml():
    """A title with an ampersand does not break the picture."""
    from xml.etree import ElementTree

    curve = recall_curve([1, 5], 10)
    drawn = recall_svg("Drugs & <devices>", {"ours": [curve, curve], "peer": [curve]})
    tree = ElementTree.fromstring(drawn)
    names = [element.tag.rpartition("}")[2] for element in tree.iter()]
    assert names.count("polyline") == 2
    assert names.count("polygon") == 1
    assert "Drugs & <devices>" in "".join(tree.itertext())
