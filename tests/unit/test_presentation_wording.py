"""Numbers and records in words."""

from __future__ import annotations

import pytest

from autoscreen.presentation.wording import citation, counted, percent
from autoscreen.records import Record


def test_counts_agree_with_their_nouns() -> None:
    """One is singular, all else plural, thousands are grouped."""
    assert counted(1, "record") == "1 record"
    assert counted(0, "study", "studies") == "0 studies"
    assert counted(2539, "record") == "2,539 records"


@pytest.mark.parametrize(("share", "shown"), [(0.004, "below 1%"), (0.95, "95%"), (1.0, "100%")])
def test_percentages_are_whole(share: float, shown: str) -> None:
    """A small probability is not shown as zero."""
    assert percent(share) == shown


def test_citations_name_three_authors() -> None:
    """Initials follow the family name; what is missing leaves no trace."""
    names = ("Smith, Jane Ann", "Doe, J-P", "Roe", "Poe, E")
    record = Record(title="T", authors=names, journal="J Pain.", year=2020, volume="5", pages="1-2")
    assert citation(record) == "Smith JA, Doe JP, Roe et al. J Pain. 2020;5:1-2"
    assert citation(Record(title="T")) == ""
