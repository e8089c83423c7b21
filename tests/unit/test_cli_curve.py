"""How well the ranking works, in text and numbers."""

from __future__ import annotations

import random
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.cli.common.terminal_curve import draw, expected_reading, reading_until

ORDERS = st.lists(st.booleans(), min_size=1, max_size=300)


def test_reading_until_counts_records_read() -> None:
    """Half of four is two; .95 of twenty is nineteen."""
    order = [True, False, True, False, False, True, True]
    assert reading_until(order, 0.5) == 3
    assert reading_until(order, 1.0) == 7
    assert reading_until([True] * 19 + [False] * 50 + [True], 0.95) == 19


@pytest.mark.parametrize("share", [0.5, 0.95, 1.0])
def test_a_random_order_is_as_slow_as_the_formula_says(share: float) -> None:
    """The expectation agrees with shuffled orders."""
    generator = random.Random(5)
    order = [True] * 10 + [False] * 90
    read = []
    for _ in range(2000):
        generator.shuffle(order)
        read.append(reading_until(order, share))
    assert mean(read) == pytest.approx(expected_reading(100, 10, share), abs=1.0)


@given(ORDERS, st.integers(10, 80), st.integers(3, 20))
def test_the_curve_fits_its_field_and_rises(order: list[bool], width: int, height: int) -> None:
    """Every column has one point of the order, never lower than the one before."""
    lines = draw(order, width=width, height=height)
    field = [line[7:].ljust(width + 1) for line in lines[: height + 1]]
    assert all(len(row) == width + 1 for row in field)
    heights = [[row[x] for row in field].index("\N{BULLET}") for x in range(width + 1)]
    assert heights == sorted(heights, reverse=True)


def test_the_curve_of_a_perfect_order_is_full_at_once() -> None:
    """All relevant records first: the top is reached where they end."""
    lines = draw([True] * 10 + [False] * 10, width=20, height=4)
    assert lines[0] == " 100% |" + " " * 10 + "\N{BULLET}" * 11
