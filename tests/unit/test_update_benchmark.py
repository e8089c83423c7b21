"""The benchmark that measures what an earlier review saves in its update."""

from __future__ import annotations

import numpy as np

from autoscreen.records import Record
from autoscreen.review.finished_review import FinishedReview
from update import cut_by_date


def _finished(records: list[Record]) -> FinishedReview:
    relevant = np.arange(len(records)) % 2 == 0
    ids = tuple(range(len(records)))
    return FinishedReview(
        path="", ids=ids, records=tuple(records), relevant=relevant, unlabelled=0, problems=()
    )


def test_a_review_is_cut_by_year_with_no_year_on_both_sides() -> None:
    """The 60th percentile is in 2002, all of which belongs to the earlier review."""
    years = [2003, 2000, 2001, 2002] * 10
    cut = cut_by_date(_finished([Record(title="a", year=year) for year in years]))
    assert cut is not None
    assert {one.year for one in cut.earlier.records} == {2000, 2001, 2002}
    assert {one.year for one in cut.update.records} == {2003}


def test_a_review_without_years_is_cut_by_pmid() -> None:
    """Numbers of records grow with time."""
    cut = cut_by_date(_finished([Record(title="a", pmid=str(at)) for at in range(9, 109)]))
    assert cut is not None
    assert [one.pmid for one in cut.update.records] == [str(at) for at in range(69, 109)]


def test_too_few_relevant_records_on_one_side_are_no_update() -> None:
    """Eight relevant ones are too few for an earlier review."""
    assert cut_by_date(_finished([Record(title="a", pmid=str(at)) for at in range(9, 25)])) is None
