"""Tags on many records at once, renamed, merged, and undone."""

from __future__ import annotations

import pytest

from autoscreen.errors import InputError
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.store.record_filters import Filters


@pytest.fixture
def review(tmp_path, clock, take_in):
    """Four records."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        take_in(made._store, [Record(title=f"Record {n}") for n in range(4)])
        yield made


def tags(review, reviewer=None):
    return {
        one: review.decisions.tags(one, reviewer)
        for one in ("r1", "r2", "r3", "r4")
        if review.decisions.tags(one, reviewer)
    }


def test_a_tag_is_set_on_many_records_and_undone_as_one(review):
    """Records that had the tag before keep it when the act is undone."""
    review.decisions.tag("r1", "key", reviewer="ann")
    act = review.tags.tag_many(["r1", "r2", "r3"], " key ", reviewer="bob")
    assert (act.records, act.tag, act.on) == (2, "key", True)
    assert review.tags.counts() == {"key": 3}
    assert review.tags.tag_many(["r1", "r2"], "key", reviewer="bob") is None
    undone = review.tags.undo(act.id, reviewer="bob")
    assert undone.undone
    assert tags(review) == {"r1": ["key"]}
    with pytest.raises(InputError, match="already"):
        review.tags.undo(act.id)
    with pytest.raises(InputError, match="no change of tags 99"):
        review.tags.undo(99)


def test_a_tag_is_removed_from_many_records(review):
    """Undoing brings it back."""
    review.tags.tag_many(["r1", "r2"], "key", reviewer="ann")
    act = review.tags.tag_many(["r1", "r2", "r3"], "key", on=False, reviewer="ann")
    assert (act.records, tags(review)) == (2, {})
    review.tags.undo(act.id, reviewer="ann")
    assert review.tags.counts() == {"key": 2}


def test_tags_are_renamed_and_merged(review):
    """A new name that is another tag merges the two; undoing parts them again."""
    review.tags.tag_many(["r1", "r2"], "backgruond", reviewer="ann")
    review.tags.tag_many(["r2", "r3"], "background", reviewer="bob")
    act = review.tags.rename("backgruond", "background", reviewer="ann")
    assert (act.records, act.renamed_to) == (2, "background")
    assert review.tags.counts() == {"background": 3}
    review.tags.undo(act.id, reviewer="ann")
    assert tags(review) == {
        "r1": ["backgruond"],
        "r2": ["background", "backgruond"],
        "r3": ["background"],
    }
    with pytest.raises(InputError, match="no record has the tag"):
        review.tags.rename("nothing", "else")
    with pytest.raises(InputError, match="already"):
        review.tags.rename("background", "background")


def test_a_tag_is_deleted_everywhere(review):
    """It is gone from all records, and comes back by undo."""
    review.tags.tag_many(["r1", "r2"], "key", reviewer="ann")
    act = review.tags.delete("key", reviewer="bob")
    assert (act.records, act.renamed_to, review.tags.counts()) == (2, "", {})
    assert [one.id for one in review.tags.acts()] == [act.id, act.id - 1]
    review.tags.undo(act.id)
    assert review.tags.counts() == {"key": 2}


def test_renaming_keeps_each_reviewers_tags_apart_in_double_screening(review):
    """A renamed tag is still seen only by who added it while the record waits for a second one."""
    review.team.set_double_screening(1.0)
    review.tags.tag_many(["r1", "r2"], "key", reviewer="ann")
    review.decisions.tag("r1", "key", reviewer="bob")
    act = review.tags.rename("key", "important", reviewer="bob")
    assert tags(review, "ann") == {"r1": ["important"], "r2": ["important"]}
    assert tags(review, "bob") == {"r1": ["important"]}
    assert review.tags.counts("bob") == {"important": 1}
    assert review.tags.counts("cat") == review.tags.counts() == {}
    review.tags.undo(act.id)
    assert tags(review, "ann") == {"r1": ["key"], "r2": ["key"]}


def test_an_undone_bulk_leaves_the_tag_of_the_other_reviewer(review):
    """Undoing one reviewer's tags changes nothing of the other's."""
    review.team.set_double_screening(1.0)
    review.decisions.tag("r1", "key", reviewer="bob")
    act = review.tags.tag_many(["r1"], "key", reviewer="ann")
    review.tags.undo(act.id, reviewer="ann")
    assert tags(review, "ann") == {}
    assert tags(review, "bob") == {"r1": ["key"]}


def test_the_tags_of_a_file_are_tags(review, take_in):
    """They are counted, found, renamed and removed like those that reviewers add."""
    take_in(review._store, [Record(title="Fifth", tags=("to  discuss", "reading rank 3"))])
    assert review.tags.counts() == {"to discuss": 1}
    found = review._store.browse.numbers(Filters(tag="to discuss"))
    assert found == review._store.browse.numbers(Filters(text="tag:discuss")) == [5]
    assert review._store.browse.numbers(Filters(text="discuss")) == [5]
    act = review.tags.rename("to discuss", "discuss", reviewer="ann")
    assert review.decisions.tags("r5") == ["discuss"]
    review.tags.undo(act.id, reviewer="ann")
    assert review.decisions.tag("r5", "to discuss", on=False, reviewer="ann") == []
    assert review._store.browse.numbers(Filters(text="discuss")) == []


def test_in_double_screening_both_see_the_tags_of_a_file(review, take_in):
    """Removing one is hidden from the other until both have decided."""
    take_in(review._store, [Record(title="Fifth", tags=("kept", "gone"))])
    review.team.set_double_screening(1.0, reviewer="ann")
    review.label("r5", "include", reviewer="ann")
    assert review.decisions.tags("r5", "bob") == review.decisions.tags("r5") == ["kept", "gone"]
    assert review.decisions.tag("r5", "gone", on=False, reviewer="ann") == ["kept"]
    assert review.decisions.tags("r5", "bob") == ["kept", "gone"]
    assert review._store.tags.visible("bob")[5] == ["kept", "gone"]
    review.label("r5", "include", reviewer="bob")
    assert review.decisions.tags("r5", "bob") == ["kept"]


def test_a_long_tag_of_a_file_can_be_removed(review, take_in):
    """Only a new tag has to be short."""
    long = "full text: exclude (" + "a reason " * 20 + ")"
    take_in(review._store, [Record(title="Fifth", tags=(long,))])
    assert review.decisions.tag("r5", long, on=False) == []
