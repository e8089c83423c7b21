"""Agreement of reviewers beyond chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from autoscreen.evaluation import AGREEMENTS, agreement_by_pair
from autoscreen.evaluation._agreement import AC1, KAPPA, PABAK, RAW_AGREEMENT

TABLES = st.lists(st.integers(0, 30), min_size=9, max_size=9).map(
    lambda counts: np.array(counts).reshape(3, 3)
)


def _said(table):
    """The labels of both reviewers, one record after another."""
    pairs = [pair for pair, count in np.ndenumerate(table) for _ in range(count)]
    return [one for one, _ in pairs], [other for _, other in pairs]


@pytest.mark.parametrize(
    ("table", "measure", "published"),
    [
        # Feinstein, Cicchetti 1990, J Clin Epidemiol 43:543: one agreement, two kappas.
        ([[40, 9], [6, 45]], KAPPA, 0.70),
        ([[80, 10], [5, 5]], KAPPA, 0.32),
        ([[80, 10], [5, 5]], RAW_AGREEMENT, 0.85),
        ([[80, 10], [5, 5]], PABAK, 0.70),
        # Gwet 2002, Statistical Methods for Inter-Rater Reliability Assessment 1: kappa below 0
        # where two raters agree on 118 of 125.
        ([[118, 5], [2, 0]], KAPPA, -0.0234),
        ([[118, 5], [2, 0]], AC1, 0.9408),
    ],
)
def test_published_examples_come_out(table, measure, published):
    """Each measure gives, to the digits printed, what its literature gives."""
    digits = 4 if abs(published) != round(abs(published), 2) else 2
    assert round(measure.of(np.array(table)), digits) == published


@given(TABLES)
def test_kappa_is_that_of_scikit_learn(table):
    """Wherever kappa is defined."""
    value = KAPPA.of(table)
    one, other = _said(table)
    if math.isnan(value):
        assert len(set(one)) <= 1
        assert len(set(other)) <= 1
    else:
        assert value == pytest.approx(cohen_kappa_score(one, other, labels=[0, 1, 2]))


@given(TABLES, st.permutations(range(3)))
def test_names_and_order_do_not_matter(table, places):
    """Who is called the first reviewer, and which label is called the first, changes nothing."""
    for measure in AGREEMENTS:
        expected = pytest.approx(measure.of(table), nan_ok=True)
        assert measure.of(table.T) == expected
        assert measure.of(table[np.ix_(places, places)]) == expected


@given(st.lists(st.integers(0, 30), min_size=3, max_size=3).filter(lambda c: sum(c) > 0))
def test_full_agreement_is_one(counts):
    """Where both always agree each measure is 1, and kappa is undefined if they know one label."""
    table = np.diag(counts)
    for measure in (RAW_AGREEMENT, AC1, PABAK):
        assert measure.of(table) == pytest.approx(1)
    one_label = sum(count > 0 for count in counts) == 1
    assert KAPPA.of(table) == pytest.approx(math.nan if one_label else 1.0, nan_ok=True)


@given(TABLES)
def test_the_interval_holds_the_value(table):
    """No measure exceeds 1, the same seed gives the same interval, and its ends are in order."""
    for measure in AGREEMENTS:
        found = measure.interval(table, repeats=50)
        assert repr(measure.interval(table, repeats=50)) == repr(found)
        assert repr(measure.interval(table, repeats=50)) == repr(found)
        if not math.isnan(found.mean):
            assert found.low <= found.high <= 1 + 1e-9


def test_intervals_narrow_as_the_overlap_grows():
    """Ten times the records give an interval about a third as wide, around the same value."""
    few = KAPPA.interval(np.array([[10, 3], [2, 85]]))
    many = KAPPA.interval(np.array([[100, 30], [20, 850]]))
    assert few.mean == pytest.approx(many.mean)
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(10**0.5, rel=0.2)
    assert many.low < many.mean < many.high


def test_the_interval_agrees_with_the_asymptotic_one():
    """With many records the drawn interval is that of the standard error of Fleiss et al. 1969."""
    table = np.array([[100, 30], [20, 850]])
    found = KAPPA.interval(table, repeats=5_000)
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(_standard_error(table), rel=0.06)


def _standard_error(table):
    """Large-sample standard error of kappa (Fleiss, Cohen, Everitt 1969, formula 13)."""
    p = table / table.sum()
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = np.trace(p), (rows * columns).sum()
    kappa = (observed - chance) / (1 - chance)
    same = sum(p[i, i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in range(len(p)))
    apart = (1 - kappa) ** 2 * sum(
        p[i, j] * (columns[i] + rows[j]) ** 2
        for i in range(len(p))
        for j in range(len(p))
        if i != j
    )
    spread = same + apart - (kappa - chance * (1 - kappa)) ** 2
    return math.sqrt(spread / table.sum()) / (1 - chance)


def test_nothing_in_common_is_no_number():
    """Without an overlap there is no agreement to measure."""
    for measure in AGREEMENTS:
        assert math.isnan(measure.of(np.zeros((2, 2), dtype=int)))
        assert math.isnan(measure.interval(np.zeros((2, 2), dtype=int)).low)


@pytest.mark.parametrize("table", [[1, 2], [[1, 2, 3], [4, 5, 6]], [[3]], [[1, -1], [0, 2]]])
def test_what_is_no_table_is_refused(table):
    """A table is a square of counts for two labels or more."""
    with pytest.raises(ValueError, match="square of counts"):
        KAPPA.of(np.array(table))


def test_more_than_two_reviewers_are_taken_pairwise():
    """Each two with an overlap get a row with its size; who shares no record gets none."""
    decisions = {
        "CC": {1: "exclude", 2: "exclude"},
        "AA": {1: "include", 2: "exclude", 3: "exclude", 4: "unsure"},
        "BB": {2: "exclude", 3: "include", 4: "unsure", 9: "include"},
        "DD": {77: "include"},
    }
    found = agreement_by_pair(decisions, ["include", "exclude", "unsure"])
    assert [(pair.one, pair.other, pair.n) for pair in found] == [
        ("AA", "BB", 3),
        ("AA", "CC", 2),
        ("BB", "CC", 1),
    ]
    assert found[0].table == ((0, 0, 0), (1, 1, 0), (0, 0, 1))
    assert found[0].values["agreement"].mean == pytest.approx(2 / 3)
    assert [measure.name for measure in AGREEMENTS] == list(found[0].values)
