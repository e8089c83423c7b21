"""Merging records and parting them again."""

from __future__ import annotations

import pytest

from autoscreen.errors import InputError
from autoscreen.records import Label, Record, Verdict

INCLUDE, EXCLUDE = Verdict(label=Label.INCLUDE), Verdict(label=Label.EXCLUDE)


@pytest.fixture
def filled(store, take_in):
    """A review with six records; the second has no abstract, but a DOI."""
    records = [Record(title=f"Record {n}", pmid=str(n), abstract="Text.") for n in (1, 3, 4, 5, 6)]
    records.insert(1, Record(title="Record 2", doi="10.1000/two"))
    take_in(store, records)
    return store


def groups(store) -> dict[int, list[int]]:
    return {n: [row.number for row in store.pool.sources(n)] for n in store.pool.ids()}


def test_a_merge_joins_the_sources_and_shows_the_best_of_each(filled):
    """The earlier id goes on; the view has the abstract of one and the DOI of the other."""
    before = filled.pool.epoch()
    assert filled.merges.join([(2, 1, "same title")]) == 1
    assert groups(filled) == {1: [1, 2], 3: [3], 4: [4], 5: [5], 6: [6]}
    record = filled.pool.record(1).record
    assert (record.abstract, record.pmid, record.doi) == ("Text.", "1", "10.1000/two")
    assert filled.pool.find("10.1000/TWO") == 1
    assert filled.pool.find("r2") == 1
    assert filled.pool.epoch() > before


def test_a_merge_tells_its_evidence(filled):
    """Each merge can be seen with the titles of both sides."""
    filled.merges.join([(1, 2, "same title")])
    merge = filled.merges.all()[0]
    assert (merge.id, merge.kept, merge.absorbed) == (1, "r1", "r2")
    assert (merge.evidence, merge.undone_at) == ("same title", None)
    assert (merge.kept_title, merge.absorbed_title) == ("Record 1", "Record 2")
    assert filled.merges.of(1) == [merge]
    assert filled.merges.of(3) == []


def test_undoing_gives_both_records_back(filled):
    """After parting, each is as it was read, and the two stand as set apart."""
    before = [filled.pool.record(n) for n in (1, 2)]
    filled.merges.join([(1, 2, "e")])
    undone = filled.merges.undo(1)
    assert undone.undone_at is not None
    assert [filled.pool.record(n) for n in (1, 2)] == before
    assert filled.merges.apart(range(1, 9)) == [(1, 2)]
    assert (filled.merges.in_force(), filled.merges.links(range(1, 9))) == (0, [])
    assert filled.pool.find("10.1000/two") == 2
    assert len(filled.merges.all()) == 1


def test_a_chain_is_parted_where_it_was_joined(filled):
    """Undoing one merge of several takes along what had been merged into that side before."""
    filled.merges.join([(3, 4, "a")])
    filled.merges.join([(5, 6, "b")])
    filled.merges.join([(6, 4, "c"), (1, 5, "d")])
    assert groups(filled) == {1: [1, 3, 4, 5, 6], 2: [2]}
    assert filled.merges.links(range(1, 9)) == [(3, 4), (5, 6), (3, 5), (1, 3)]
    filled.merges.undo(3)
    assert groups(filled) == {1: [1, 3, 4], 2: [2], 5: [5, 6]}
    assert filled.merges.apart(range(1, 9)) == [(a, b) for a in (1, 3, 4) for b in (5, 6)]
    filled.merges.undo(4)
    assert groups(filled) == {1: [1], 2: [2], 3: [3, 4], 5: [5, 6]}


def test_pairs_of_one_group_merge_once(filled):
    """Three pairs among three records are two merges."""
    assert filled.merges.join([(1, 2, "a"), (2, 3, "b"), (1, 3, "c")]) == 2
    assert filled.merges.in_force() == 2


def test_decisions_that_differ_are_a_conflict_after_a_merge(filled):
    """Two people decided about two records: when these are merged, neither overrides the other."""
    filled.decisions.add(1, Verdict(label=Label.INCLUDE, reviewer="AA"))
    filled.decisions.add(2, EXCLUDE)
    filled.merges.join([(1, 2, "same title")])
    assert filled.merges.get(1).evidence == (
        "same title; labels differ: r1 include by AA, r2 exclude; both are kept"
    )
    assert filled.decisions.current_labels() == []
    (conflict,) = filled.screening.conflicts()
    assert [one.label for one in conflict.decisions] == [Label.INCLUDE, Label.EXCLUDE]
    assert len(filled.decisions.history_of(1)) == 2


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_decision_about_the_merged_record_overrides_those_before(filled, order):
    """Whoever decides after the merge sees both decisions, whichever record was decided first."""
    for number, label in zip(order, (Label.INCLUDE, Label.EXCLUDE), strict=True):
        filled.decisions.add(number, Verdict(label=label, reviewer=f"R{number}"))
    filled.merges.join([(1, 2, "e")])
    assert filled.screening.open(1) == "conflict"
    filled.decisions.add(1, Verdict(label=Label.UNSURE, reviewer="CC"))
    assert filled.decisions.current_labels() == [(1, Label.UNSURE)]
    filled.merges.join([(1, 3, "f")])
    assert filled.decisions.current_labels() == [(1, Label.UNSURE)]
    filled.decisions.undo("CC")
    assert filled.screening.open(1) == "conflict"


def test_a_resolution_does_not_settle_a_record_that_is_merged_later(filled):
    """A conflict was resolved; then a record with another decision turns out to be the same."""
    filled.screening.set(1.0)
    for reviewer, label in (("AA", Label.INCLUDE), ("BB", Label.EXCLUDE)):
        filled.decisions.add(1, Verdict(label=label, reviewer=reviewer))
    filled.decisions.add(2, Verdict(label=Label.EXCLUDE, reviewer="AA"))
    filled.screening.resolve(1, Verdict(label=Label.INCLUDE, reviewer="CC"))
    filled.merges.join([(1, 2, "e")])
    assert filled.screening.open(1) == "conflict"


def test_one_person_who_decided_differently_about_two_copies_is_in_conflict(filled):
    """Neither is a second thought, at either stage; the next decision settles it."""
    filled.decisions.add(1, Verdict(label=Label.INCLUDE, reviewer="AA"))
    filled.decisions.add(2, Verdict(label=Label.EXCLUDE, reviewer="AA"))
    filled.merges.join([(1, 2, "e")])
    assert filled.screening.open(1) == "conflict"
    assert [one.label for one in filled.screening.conflicts()[0].decisions] == [
        Label.INCLUDE,
        Label.EXCLUDE,
    ]
    filled.decisions.add(2, Verdict(label=Label.EXCLUDE, reviewer="AA"))
    assert filled.decisions.current_labels() == [(1, Label.EXCLUDE)]


def test_equal_labels_need_no_word(filled):
    """Two records with the same label, or one without, merge quietly."""
    for number in (1, 2, 3):
        filled.decisions.add(number, INCLUDE)
    filled.merges.join([(1, 2, "a"), (3, 4, "b")])
    assert [merge.evidence for merge in filled.merges.all()] == ["a", "b"]
    assert filled.decisions.counts()[Label.INCLUDE] == 2


def test_parting_gives_each_side_its_own_decisions(filled):
    """What was decided before the merge, and about the merged record, stays where it was said."""
    filled.decisions.add(2, EXCLUDE)
    filled.merges.join([(1, 2, "e")])
    filled.decisions.add(2, INCLUDE)
    assert filled.decisions.current_labels() == [(1, Label.INCLUDE)]
    filled.merges.undo(1)
    assert filled.decisions.current_labels() == [(2, Label.EXCLUDE), (1, Label.INCLUDE)]


def test_a_withdrawn_decision_stays_withdrawn_through_merges(filled):
    """Undo before a merge holds after it, and undo works on what was merged since."""
    filled.decisions.add(1, INCLUDE)
    filled.decisions.undo("")
    filled.decisions.add(2, EXCLUDE)
    filled.merges.join([(1, 2, "e")])
    assert filled.decisions.current_labels() == [(1, Label.EXCLUDE)]
    filled.decisions.undo("")
    assert filled.decisions.current_labels() == []
    filled.merges.undo(1)
    assert filled.decisions.current_labels() == []


@pytest.mark.parametrize(("number", "words"), [(9, "no merge 9"), (1, "merge 1 was undone")])
def test_what_cannot_be_undone_is_named(filled, number, words):
    """An unknown merge, or one that was undone, is refused and changes nothing."""
    filled.merges.join([(1, 2, "e")])
    filled.merges.undo(1)
    before = filled.pool.epoch()
    with pytest.raises(InputError, match=words):
        filled.merges.undo(number)
    assert filled.pool.epoch() == before


def test_a_parted_pair_can_be_merged_by_hand_and_parted_again(filled):
    """Being apart binds the program, not the person."""
    for number in (1, 2):
        filled.merges.join([(1, 2, "e")])
        filled.merges.undo(number)
    assert filled.merges.apart(range(1, 9)) == [(1, 2)]
    assert len(filled.merges.all()) == 2
