"""What a list of reviews says about each, read without opening it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoscreen.errors import SchemaError, StoreError
from autoscreen.formats import open_source
from autoscreen.protocol import Protocol, protocol_heading
from autoscreen.review import Review
from autoscreen.review.review_summary import summarise

RIS = b"".join(
    f"TY  - JOUR\nTI  - A study of sleep number {number}\nER  - \n".encode() for number in range(5)
)


def _review(path: Path) -> Review:
    review = Review.create(path, protocol=Protocol.from_title("Melatonin for sleep"))
    source = path.with_suffix(".ris")
    source.write_bytes(RIS)
    review.import_files([open_source(source)])
    return review


def test_a_summary_counts_what_was_decided_and_what_waits_for_whom(tmp_path):
    """Also while the review is open and being written."""
    with _review(tmp_path / "sleep") as review:
        review.label("r1", "include", reviewer="AA")
        review.team.set_double_screening(1.0, reviewer="AA")
        review.label("r2", "exclude", reviewer="AA")
        review.label("r3", "include", reviewer="AA")
        review.label("r3", "exclude", reviewer="BB")
        for reviewer, waiting in (("AA", 0), ("BB", 1)):
            found = summarise(review.path, reviewer)
            assert (found.records, found.labelled, found.include) == (5, 1, 1)
            assert (found.conflicts, found.pending, found.waiting) == (1, 1, waiting)
        assert found.title == "Melatonin for sleep"
        assert found.changed == review.decisions.history("r3")[-1].at


def test_looking_leaves_nothing_beside_the_file(tmp_path):
    """Neither a log nor an index of one; the file is not changed."""
    with _review(tmp_path / "sleep") as review:
        path = review.path
    before = path.read_bytes()
    summarise(path, "AA")
    assert path.read_bytes() == before
    assert {one.name for one in tmp_path.iterdir()} == {"sleep.autoscreen", "sleep.ris"}


def test_what_is_no_review_is_said(tmp_path):
    """As when it is opened."""
    (tmp_path / "text.autoscreen").write_text("no database" * 50)
    with pytest.raises(SchemaError, match="is not a review file"):
        summarise(tmp_path / "text.autoscreen", "AA")
    with pytest.raises(StoreError, match="there is no such review"):
        summarise(tmp_path / "absent.autoscreen", "AA")


@pytest.mark.parametrize("question", ["", 'question = """\nWhat?\n[really]\n"""'])
def test_title_and_question_are_read_without_the_rest(question):
    """Also where a text of several lines has one that looks like a table."""
    text = f'format = 1\nname = "demo"\ntitle = "A\\t demo"\n{question}\n[criteria]\ninclude = []\n'
    expected = "What? [really]" if question else ""
    assert protocol_heading(text) == ("A demo", expected)
