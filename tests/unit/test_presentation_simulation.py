"""The result of a simulation in words."""

from __future__ import annotations

import pytest

from autoscreen.presentation.simulation_report import (
    reading_needed,
    simulation_sentence,
    stop_outcomes,
)


@pytest.mark.parametrize(
    ("relevant", "sentence"),
    [
        (
            [True] * 19 + [False] * 980 + [True],
            "95% of the relevant records (19 of 20) were found after reading 19 of 1,000 records; "
            "981 records need not have been read.",
        ),
        (
            [False, True, True, False],
            "All 2 relevant records were found after reading 3 of 4 records; "
            "1 record need not have been read.",
        ),
        (
            [False, True],
            "The only relevant record was found after reading 2 of 2 records; "
            "0 records need not have been read.",
        ),
    ],
)
def test_the_result_is_one_sentence(relevant, sentence):
    """It never rounds to a better result than there was."""
    assert simulation_sentence(relevant) == sentence


def test_each_target_names_what_has_to_be_read():
    """The counts of a target are whole records, rounded up."""
    needed = reading_needed([True, True, False, True, False, False, True, False])
    assert [(one.target, one.found, one.read, one.unread) for one in needed] == [
        (0.5, 2, 2, 6),
        (0.8, 4, 7, 1),
        (0.9, 4, 7, 1),
        (0.95, 4, 7, 1),
        (1.0, 4, 7, 1),
    ]


def test_a_rule_from_elsewhere_has_no_target():
    """It is listed all the same."""
    stop = {"rule": "mine", "target": None, "position": 3, "recall": 0.5, "work_saved": 0.25}
    (one,) = stop_outcomes([stop])
    assert (one.rule, one.target, one.read, one.recall, one.saved) == ("mine", None, 3, 0.5, 0.25)
