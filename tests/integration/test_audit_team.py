"""A random audit in a review that two people read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.formats import write
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.priority_screening import Suggestion

RECORDS, READ = 40, 12


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Review]:
    """Forty records that two read; both agree on twelve, and an audit has begun."""
    records = [
        Record(title=f"Study {at * 7919} of gout and diet", abstract=f"Uric acid {at * 31}.")
        for at in range(RECORDS)
    ]
    write(records, tmp_path / "pool.nbib")
    with Review.create(tmp_path / "trial", protocol="rms-pnp") as review:
        review.import_files([tmp_path / "pool.nbib"])
        review.team.set_double_screening(1.0, reviewer="OO")
        for at in range(READ):
            for name in ("AA", "BB"):
                review.label(f"r{at + 1}", "include" if at % 4 else "exclude", reviewer=name)
        review.audits.begin(target=0.8, confidence=0.8, seed=5, reviewer="OO")
        yield review


def _draw(review: Review, name: str) -> Suggestion:
    found = review.next(reviewer=name)
    assert found is not None
    assert found.strategy == "audit"
    return found


def _drawn(review: Review) -> tuple[int, int, int]:
    (audit,) = review.audits.all()
    return audit.drawn, audit.finds, audit.unsure


def test_a_draw_goes_once_to_each_of_two_reviewers(begun):
    """Who has decided about it is given the next draw, the other one the same draw."""
    first = _draw(begun, "AA")
    assert first.draw == 1
    begun.label(first.ranked.id, "exclude", reviewer="AA")
    second = _draw(begun, "AA")
    assert (second.draw, second.ranked.id != first.ranked.id) == (2, True)
    begun.label(second.ranked.id, "exclude", reviewer="AA")
    assert _draw(begun, "AA").draw == 3
    assert (_draw(begun, "BB").draw, _draw(begun, "BB").ranked.id) == (1, first.ranked.id)
    assert _draw(begun, "BB").explanation is None


def test_a_draw_counts_when_both_agree(begun):
    """One reader proves nothing, however much they read."""
    for _ in range(5):
        begun.label(_draw(begun, "AA").ranked.id, "exclude", reviewer="AA")
    assert _drawn(begun) == (0, 0, 0)
    begun.label(_draw(begun, "BB").ranked.id, "exclude", reviewer="BB")
    assert _drawn(begun) == (1, 0, 0)
    assert begun.audits.advice()[0].estimate.found == 9


def test_a_draw_in_conflict_counts_when_it_is_resolved(begun):
    """Neither of the two is given it again; the draws after it wait for the resolution."""
    one = _draw(begun, "AA").ranked.id
    begun.label(one, "exclude", reviewer="AA")
    begun.label(one, "include", reviewer="BB")
    for name in ("AA", "BB"):
        found = _draw(begun, name)
        assert found.draw == 2
        begun.label(found.ranked.id, "exclude", reviewer=name)
    assert _drawn(begun) == (0, 0, 0)
    begun.team.resolve(one, "include", reviewer="CC", note="it is one")
    assert _drawn(begun) == (2, 1, 0)


def test_two_readers_complete_the_proof(begun):
    """Who has read all draws that it takes reads on elsewhere; the other one makes the proof."""
    needed = begun.audits.all()[0].more
    for name in ("AA", "BB"):
        for _ in range(needed):
            begun.label(_draw(begun, name).ranked.id, "exclude", reviewer=name)
        assert begun.next(reviewer=name).strategy != "audit"
        assert begun.audits.all()[0].proved == (name == "BB")
    assert begun.audits.all()[0].drawn == needed


def test_what_the_first_had_drawn_is_no_hint_for_the_second(begun):
    """Rank and score of a draw are the same whatever the first has said about it."""
    found = _draw(begun, "BB")
    begun.label(found.ranked.id, "include", reviewer="AA")
    again = _draw(begun, "BB")
    assert (again.ranked, again.draw) == (found.ranked, found.draw)
