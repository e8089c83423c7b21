"""Double screening: two reviewers decide without knowing of each other."""

from __future__ import annotations

import pytest

from autoscreen.errors import ConflictError, InputError, StoreError
from autoscreen.records import Label, Record, Verdict
from autoscreen.store import Store
from autoscreen.store.effective_label import PendingState, Setting, in_sample
from autoscreen.store.stored_values import RankPosition


@pytest.fixture
def filled(store, take_in):
    """A review with six records that two reviewers read."""
    take_in(store, [Record(title=f"Record {n}") for n in range(6)])
    store.screening.set(1.0, reviewer="owner")
    return store


def say(store: Store, number: int, label: str, reviewer: str, **more):
    return store.decisions.add(number, Verdict(label=Label(label), reviewer=reviewer, **more))


def labels(store: Store) -> dict[int, str]:
    return {number: str(label) for number, label in store.decisions.current_labels()}


def test_one_decision_is_no_label(filled):
    """What only one of two has decided trains nothing, counts as nothing and is in no list."""
    say(filled, 1, "include", "AA")
    assert labels(filled) == {}
    assert filled.decisions.reading_order() == ()
    assert sum(filled.decisions.counts().values()) == 0
    assert filled.pool.record(1).decision is None
    assert [stored.number for stored in filled.pool.records("labelled")] == []
    assert [stored.number for stored in filled.pool.records("pending")] == [1]
    assert filled.progress().still_open == {PendingState.PENDING: 1, PendingState.CONFLICT: 0}


def test_what_both_say_stands(filled):
    """The second reviewer's agreement makes a label of it."""
    say(filled, 1, "exclude", "AA", reason="WRONG_POP")
    say(filled, 1, "exclude", "BB", reason="WRONG_TYPE")
    assert labels(filled) == {1: "exclude"}
    assert filled.screening.open(1) is None
    said = [(d.reviewer, d.reason) for d in filled.screening.each_decision()[1]]
    assert said == [("AA", "WRONG_POP"), ("BB", "WRONG_TYPE")]


def test_each_is_given_what_they_have_not_read(filled):
    """A reviewer is given what the other has decided, and neither their own nor a conflict."""
    say(filled, 1, "include", "AA")
    say(filled, 2, "include", "BB")
    say(filled, 3, "include", "AA")
    say(filled, 3, "exclude", "BB")
    assert (filled.screening.waiting_for("AA"), filled.screening.not_shown_to("AA")) == (
        [2],
        [1, 3],
    )
    assert (filled.screening.waiting_for("BB"), filled.screening.not_shown_to("BB")) == (
        [1],
        [2, 3],
    )
    assert filled.screening.waiting_for("CC") == [1, 2]


def test_two_who_differ_are_in_conflict_until_somebody_resolves_it(filled):
    """A conflict is no label; its resolution is one, whatever the two have said."""
    say(filled, 1, "include", "AA", note="the coil is magnetic")
    say(filled, 1, "exclude", "BB", reason="WRONG_POP")
    assert labels(filled) == {}
    (conflict,) = filled.screening.conflicts()
    assert conflict.id == "r1"
    assert [(d.reviewer, d.label, d.reason or d.note) for d in conflict.decisions] == [
        ("AA", "include", "the coil is magnetic"),
        ("BB", "exclude", "WRONG_POP"),
    ]
    made = filled.screening.resolve(
        1, Verdict(label=Label.INCLUDE, reviewer="CC", note="population is mixed")
    )
    assert labels(filled) == {1: "include"}
    assert filled.screening.conflicts() == []
    assert filled.screening.resolutions() == [made.id]
    assert len(filled.decisions.history_of(1)) == 3


def test_what_is_not_in_conflict_is_not_resolved(filled):
    """Two who resolve the same conflict at once do not overrule each other unseen."""
    say(filled, 1, "include", "AA")
    with pytest.raises(ConflictError, match="r1 is not in conflict"):
        filled.screening.resolve(1, Verdict(label=Label.EXCLUDE, reviewer="CC"))
    say(filled, 1, "exclude", "BB")
    filled.screening.resolve(1, Verdict(label=Label.EXCLUDE, reviewer="CC"))
    with pytest.raises(ConflictError, match="somebody may have resolved it"):
        filled.screening.resolve(1, Verdict(label=Label.INCLUDE, reviewer="DD"))
    assert labels(filled) == {1: "exclude"}


def test_a_resolution_can_be_withdrawn(filled):
    """Its undo opens the conflict again, with both decisions as they were."""
    say(filled, 1, "include", "AA")
    say(filled, 1, "exclude", "BB")
    filled.screening.resolve(1, Verdict(label=Label.EXCLUDE, reviewer="CC"))
    filled.decisions.undo("CC")
    assert labels(filled) == {}
    assert [d.reviewer for d in filled.screening.conflicts()[0].decisions] == ["AA", "BB"]


def test_a_later_doubt_opens_a_resolved_record_again(filled):
    """Who differs from a resolution is heard: the record is in conflict once more."""
    say(filled, 1, "include", "AA")
    say(filled, 1, "exclude", "BB")
    filled.screening.resolve(1, Verdict(label=Label.EXCLUDE, reviewer="CC"))
    say(filled, 1, "exclude", "BB")
    assert labels(filled) == {1: "exclude"}
    say(filled, 1, "include", "AA")
    assert labels(filled) == {}
    assert [d.reviewer for d in filled.screening.conflicts()[0].decisions] == ["CC", "BB", "AA"]


def test_a_change_of_mind_settles_a_conflict(filled):
    """Two who talk it over need nobody else, but their agreement stays what it was at first."""
    say(filled, 1, "include", "AA")
    say(filled, 1, "exclude", "BB")
    say(filled, 1, "exclude", "AA")
    assert labels(filled) == {1: "exclude"}
    assert filled.screening.first_labels() == {"AA": {1: "include"}, "BB": {1: "exclude"}}


def test_a_slip_corrected_in_time_counts_as_corrected(filled):
    """What a reviewer changes before the other has decided is their first word."""
    say(filled, 1, "include", "AA")
    say(filled, 1, "exclude", "AA")
    say(filled, 1, "exclude", "BB")
    say(filled, 1, "include", "CC")
    assert filled.screening.first_labels() == {
        "AA": {1: "exclude"},
        "BB": {1: "exclude"},
        "CC": {1: "include"},
    }


def test_undo_is_ones_own_in_double_screening_too(filled):
    """A withdrawn decision leaves the other's waiting for a second reader."""
    say(filled, 1, "include", "AA")
    say(filled, 1, "include", "BB")
    filled.decisions.undo("AA")
    assert labels(filled) == {}
    assert filled.screening.waiting_for("AA") == [1]
    assert filled.screening.waiting_for("BB") == []


def test_a_sample_is_the_same_everywhere_and_grows_with_its_share():
    """A seed gives one sample; a larger share holds all of a smaller one."""
    tenth, third, other = (
        {
            number
            for number in range(1, 5001)
            if in_sample(Setting(share=share, seed=seed, reviewer="", at="", decision=0), [number])
        }
        for share, seed in ((0.1, 7), (0.3, 7), (0.1, 8))
    )
    assert tenth < third
    assert tenth != other
    assert len(tenth) == pytest.approx(500, abs=70)
    assert sorted(tenth)[:5] == [2, 27, 28, 34, 43]


def test_what_is_outside_the_sample_is_read_once(filled):
    """One decision is enough for the records that are not to be read twice."""
    filled.screening.set(0.5, seed=3)
    for number in range(1, 7):
        say(filled, number, "exclude", "AA")
    sample = {n for n in range(1, 7) if in_sample(filled.screening.settings()[-1], [n])}
    assert 0 < len(sample) < 6
    assert set(labels(filled)) == set(range(1, 7)) - sample
    assert set(filled.screening.waiting_for("BB")) == sample


def test_labels_given_before_keep_standing(store, take_in):
    """Switching it on in mid-work takes no label away; what is decided from then on is double."""
    take_in(store, [Record(title=f"Record {n}") for n in range(3)])
    say(store, 1, "include", "AA")
    store.screening.set(1.0)
    assert labels(store) == {1: "include"}
    say(store, 1, "exclude", "BB")
    say(store, 2, "include", "AA")
    assert labels(store) == {1: "exclude"}
    assert store.screening.first_labels() == {"AA": {2: "include"}}


def test_switching_off_leaves_conflicts_to_be_resolved(filled):
    """What waited for a second reader gets its one label; a conflict is not decided by a switch."""
    say(filled, 1, "include", "AA")
    say(filled, 2, "include", "AA")
    say(filled, 2, "exclude", "BB")
    filled.screening.set(0.0)
    assert labels(filled) == {1: "include"}
    assert [conflict.id for conflict in filled.screening.conflicts()] == ["r2"]
    say(filled, 3, "exclude", "BB")
    assert labels(filled) == {1: "include", 3: "exclude"}
    filled.screening.resolve(2, Verdict(label=Label.EXCLUDE, reviewer="AA"))
    assert labels(filled) == {1: "include", 2: "exclude", 3: "exclude"}
    filled.screening.set(1.0)
    assert filled.screening.waiting_for("BB") == [1]
    assert [setting.share for setting in filled.screening.settings()] == [1.0, 0.0, 1.0]


def test_prior_knowledge_is_not_read_twice(filled):
    """A label that came with a file stands, and one reviewer is enough to correct it."""
    run = filled.imports.all()[0].id
    filled.decisions.add(1, Verdict(label=Label.INCLUDE, reviewer="XX"), import_id=run)
    assert labels(filled) == {1: "include"}
    say(filled, 1, "exclude", "AA")
    assert labels(filled) == {1: "exclude"}
    assert filled.screening.first_labels() == {}


def test_merging_brings_two_readers_of_one_study_together(filled):
    """Of two records found to be one, both reviewers' decisions count; parting parts them."""
    say(filled, 1, "include", "AA")
    say(filled, 2, "exclude", "BB")
    filled.merges.join([(1, 2, "same DOI")])
    assert [c.id for c in filled.screening.conflicts()] == ["r1"]
    filled.merges.undo(1)
    assert filled.progress().still_open == {PendingState.PENDING: 2, PendingState.CONFLICT: 0}
    assert labels(filled) == {}


def test_work_is_told_by_reviewer_and_day(filled):
    """Who did how much, when, and what waits for whom."""
    for number in (1, 2, 3):
        say(filled, number, "exclude", "AA")
    say(filled, 1, "exclude", "BB")
    say(filled, 4, "exclude", "BB")
    work = [(w.reviewer, w.decided, w.days) for w in filled.screening.work()]
    assert work == [("AA", 3, (("2026-01-02", 3),)), ("BB", 2, (("2026-01-02", 2),))]


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_between_none_and_all(filled, share):
    """Anything else is refused and changes nothing."""
    with pytest.raises(InputError, match="not a share"):
        filled.screening.set(share)
    assert len(filled.screening.settings()) == 1


def test_settings_and_resolutions_are_only_ever_added(filled):
    """Nobody can make it look as if the review had been screened in another way."""
    say(filled, 1, "include", "AA")
    say(filled, 1, "exclude", "BB")
    filled.screening.resolve(1, Verdict(label=Label.EXCLUDE, reviewer="CC"))
    for statement in (
        "UPDATE double_screening SET share = 0",
        "DELETE FROM double_screening",
        "UPDATE resolution SET decision_id = 1",
        "DELETE FROM resolution",
    ):
        with pytest.raises(StoreError, match=r"new setting|only ever added"):
            filled._db.run(statement)


def test_a_decision_about_one_record_can_be_withdrawn(filled):
    """Undo can name its record; it never takes back another decision."""
    say(filled, 1, "include", "AA")
    say(filled, 2, "include", "AA")
    assert filled.decisions.undo("AA", record=1).withdraws == 1
    assert filled.decisions.undo("AA", record=1) is None
    assert [d.record_id for d in filled.decisions.history_of(2)] == ["r2"]


def test_what_was_read_out_of_turn_is_known(filled):
    """A record far down the order when it was first decided was drawn at random."""
    for number, rank in ((1, 1), (2, 24), (3, 400), (4, None)):
        verdict = Verdict(label=Label.EXCLUDE, reviewer="AA")
        filled.decisions.add(number, verdict, RankPosition(rank=rank, score=0.5, model="m"))
    assert filled.screening.randomly_drawn() == [3]
    say(filled, 3, "exclude", "BB")
    assert filled.screening.randomly_drawn() == []
