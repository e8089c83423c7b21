"""Parts of the records assigned to people, their queues, and each one's own progress."""

from __future__ import annotations

import pytest

from autoscreen.errors import InputError
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.review_assignments import deal


@pytest.fixture
def review(tmp_path, clock, take_in):
    """Twelve records; those with a higher number speak less of the question."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        records = [
            Record(title=f"Record {n}", abstract="Magnetic stimulation. " * (12 - n))
            for n in range(12)
        ]
        take_in(made._store, records)
        yield made


def queue(review, reviewer, label="exclude"):
    """Decide about all that is given to a reviewer, in its order."""
    seen = []
    while (found := review.next(reviewer=reviewer, wait=True)) and found.strategy != "unsure again":
        seen.append(found.ranked.id)
        review.label(found.ranked.id, label, reviewer=reviewer)
    return seen


def test_each_reviewer_gets_their_own_part_and_then_what_nobody_has(review):
    """Nothing is lost from all queues, and nobody gets what is assigned to somebody else."""
    review.assignments.assign(["r1", "r2", "r3"], "ann", by="oo")
    review.assignments.assign(["r4", "r5"], "bob", by="oo")
    assert review.assignments.unassigned() == 7
    assert review.assignments.reserved("ann") == 2
    assert review.assignments.reserved("cat") == 5
    seen = queue(review, "ann")
    assert set(seen[:3]) == {"r1", "r2", "r3"}
    assert set(seen[3:]) == {f"r{n}" for n in range(6, 13)}
    assert set(queue(review, "bob")) == {"r4", "r5"}
    assert review.progress().unread == 0


def test_a_part_counts_its_own_progress(review):
    """Of their part each one sees what is done; without a part, what they have screened."""
    review.assignments.assign(["r1", "r2"], "ann")
    assert review.assignments.assign(["r2", "r3"], "ann") == 1
    review.label("r1", "include", reviewer="ann")
    review.label("r9", "include", reviewer="ann")
    own = review.assignments.own("ann", review.progress())
    assert (own.done, own.total, own.assigned) == (1, 3, True)
    other = review.assignments.own("bob", review.progress())
    assert (other.done, other.total, other.assigned) == (0, None, False)
    (part,) = review.assignments.parts()
    assert (part.reviewer, part.records, part.done) == ("ann", 3, 1)
    assert review.assignments.of("r2") == ["ann"]
    assert review.assignments.of("r9") == []


def test_in_double_screening_everybody_has_a_total_of_their_own(review):
    """Who has read nothing sees 0 of all, whatever the other one has done."""
    review.team.set_double_screening(1.0)
    for n in range(1, 4):
        review.label(f"r{n}", "exclude", reviewer="ann")
    assert (
        review.assignments.own("ann", review.progress()).done,
        review.assignments.own("ann", review.progress()).total,
    ) == (3, 12)
    assert (
        review.assignments.own("bob", review.progress()).done,
        review.assignments.own("bob", review.progress()).total,
    ) == (0, 12)


def test_two_who_share_records_screen_them_independently(review):
    """A record assigned to two waits for both; nobody else is given it meanwhile."""
    review.team.set_double_screening(1.0)
    review.assignments.split({"ann": 1, "bob": 1}, each=2, by="oo")
    assert queue(review, "cat") == []
    assert len(queue(review, "ann")) == 12
    assert review.progress().pending == 12
    assert queue(review, "cat") == []
    assert len(queue(review, "bob")) == 12
    assert review.progress().exclude == 12


def test_a_record_assigned_to_one_still_gets_its_second_reviewer(review):
    """In double screening, who has no part reads what its one assignee has decided."""
    review.team.set_double_screening(1.0)
    review.assignments.assign(["r1"], "ann")
    assert "r1" not in queue(review, "cat")
    review.label("r1", "exclude", reviewer="ann")
    assert review.next(reviewer="cat", wait=True).ranked.id == "r1"


def test_a_split_spreads_the_ranking_by_shares(review):
    """Shares are kept, everybody gets likely and unlikely records, and screened ones stay out."""
    review.rank()
    review.label("r1", "include", reviewer="oo")
    got = review.assignments.split({"ann": 2, "bob": 1}, by="oo")
    assert sum(got.values()) == 11
    assert got["ann"] in (7, 8)
    assert review.assignments.unassigned() == 0
    dealt = deal(range(9), {"a": 2, "b": 1}, 1)
    assert dealt == {"a": [0, 1, 3, 4, 6, 7], "b": [2, 5, 8]}
    assert review.assignments.split({"ann": 1, "bob": 1}) == {"ann": 0, "bob": 0}
    for shares, each in (({"ann": 1.0}, 2), ({}, 1), ({"ann": 0.0}, 1), ({" ": 1.0}, 1)):
        with pytest.raises(InputError):
            review.assignments.split(shares, each=each)


def test_what_is_released_is_given_to_everybody(review):
    """Taking a part back keeps what was screened of it, and frees the rest."""
    review.assignments.assign(["r1", "r2", "r3"], "ann")
    review.label("r1", "include", reviewer="ann")
    assert review.assignments.release("ann", ["r2", "r9"], by="oo") == 1
    assert review.assignments.release("ann", by="oo") == 1
    assert review.assignments.reserved("bob") == 0
    assert [one.records for one in review.assignments.parts()] == [1]
    acts = review._store._db.rows("SELECT what, reviewer, records, assigned_by FROM assignment_act")
    assert acts == [
        ("assigned", "ann", 3, ""), ("released", "ann", 1, "oo"), ("released", "ann", 1, "oo"),
    ]  # fmt: skip


def test_a_skipped_part_does_not_block_the_rest(review):
    """Whoever skips all of their own part goes on with what nobody has."""
    review.assignments.assign(["r1"], "ann")
    assert review.next(reviewer="ann", wait=True).ranked.id == "r1"
    assert review.next(reviewer="ann", skip=["r1"]).ranked.id != "r1"
