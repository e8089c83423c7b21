"""Any record scores, alone as among others, and its parts sum to the score."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.ranking import ScreeningModel, load_model
from autoscreen.records import Record, StudyDesign
from autoscreen.text import study_designs

WORDS = st.sampled_from(
    [
        *("rTMS", "pain", "neuralgia", "tDCS", "rats", "randomised", "sham", "review", "protocol"),
        *("depression", "10", "Hz", "(TBS)", "phantom", "limb", "healthy", "volunteers", "versus"),
        *("without", "of", "µ", "ß", "疼痛", "=cmd", "-"),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=30).map(" ".join))
RECORDS = st.builds(
    Record,
    title=TEXTS,
    abstract=TEXTS,
    mesh=st.lists(WORDS, max_size=4).map(tuple),
    publication_types=st.lists(
        st.sampled_from(["Review", "Journal Article", "Randomized Controlled Trial"]), max_size=2
    ).map(tuple),
)


@cache
def model() -> ScreeningModel:
    """The model that ships, read once."""
    return load_model("rms-pnp")


@given(st.lists(RECORDS, max_size=6))
def test_records_do_not_change_each_others_score(records: list[Record]) -> None:
    """Scores are finite, and the same in any company."""
    scores = model().decision_function(records)
    assert np.isfinite(scores).all()
    alone = [float(model().decision_function([record])[0]) for record in records]
    assert scores.tolist() == alone
    assert model().decision_function(records[::-1]).tolist() == alone[::-1]


@given(RECORDS)
def test_the_parts_sum_to_the_score(record: Record) -> None:
    """Nothing is left out of an explanation, whatever the record."""
    explanation = model().explain(record)
    assert sum(part.value for part in explanation.parts) == pytest.approx(
        explanation.score, abs=1e-4
    )


@given(RECORDS)
def test_designs_come_once_and_in_order(record: Record) -> None:
    """A design is named at most once, in the order of the list."""
    found = study_designs(record)
    assert list(found) == [design for design in StudyDesign if design in found]
    assert not {StudyDesign.RANDOMISED, StudyDesign.CONTROLLED} <= set(found)
