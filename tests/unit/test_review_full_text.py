"""The stage of full texts: its own decisions, double screening and conflicts."""

from __future__ import annotations

import pytest

from autoscreen.errors import ConflictError, InputError
from autoscreen.formats import read
from autoscreen.records import Label, Record, Stage, Verdict
from autoscreen.review import Review
from autoscreen.review.open_review import FULL_TEXT_MODEL
from autoscreen.store.effective_label import PendingState


@pytest.fixture
def review(tmp_path, clock, take_in):
    """A review with four records, of which title and abstract included the first three."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        take_in(made._store, [Record(title=f"Coil {n} for pain", pmid=f"{n}") for n in range(1, 5)])
        for number in (1, 2, 3):
            made.label(f"r{number}", "include", reviewer="A")
        made.label("r4", "exclude", reviewer="A")
        yield made


def test_a_full_text_decision_changes_nothing_at_title_and_abstract(review):
    """Labels, history, undo, order and the state of the learner belong to one stage each."""
    before = review._store.decisions.state()
    review.full_text.label("r1", "exclude", reviewer="A", reason="WRONG_TYPE", note="a letter")
    assert review._store.decisions.state() == before
    assert review.record("r1").label is Label.INCLUDE
    assert [one.label for one in review.decisions.history("r1")] == [Label.INCLUDE]
    assert review.status().behind == len(list(review._store.decisions.history()))
    (made,) = review.full_text.decisions.history("r1")
    assert (made.label, made.reason, made.stage) == (Label.EXCLUDE, "WRONG_TYPE", Stage.FULL_TEXT)
    review.undo(reviewer="A")
    assert review.record("r4").label is None
    assert len(review.full_text.decisions.history("r1")) == 1
    review.full_text.decisions.undo(reviewer="A")
    assert review.full_text.records()[0].label is None
    assert review.full_text.decisions.undo(reviewer="A") is None


def test_an_exclusion_needs_a_reason_and_the_record_an_inclusion(review):
    """What title and abstract did not include has no full text to assess."""
    with pytest.raises(InputError, match="needs a reason"):
        review.full_text.label("r1", "exclude")
    with pytest.raises(InputError, match="r4 is not included by title and abstract"):
        review.full_text.label("r4", "include")
    with pytest.raises(InputError, match="r4 is not included by title and abstract"):
        review.full_text.decisions.submit("r4", "include", key="k1", seen=0)
    with pytest.raises(InputError, match="is not a label"):
        review.label("r1", "not retrieved")
    with pytest.raises(InputError, match="goes with exclude or unsure"):
        review.full_text.label("r1", "ongoing", reason="WRONG_TYPE")


def test_the_states_of_a_full_text_are_counted(review):
    """Each record is counted once."""
    review.full_text.label("r1", "not-retrieved")
    review.full_text.label("r2", "awaiting classification")
    progress = review.full_text.progress()
    assert (progress.records, progress.left) == (3, 1)
    assert {one: n for one, n in progress.labels.items() if n} == {
        Label.NOT_RETRIEVED: 1,
        Label.AWAITING: 1,
    }
    assert review.full_text.next() == "r3"
    assert review.full_text.next(skip=["r3"]) is None


def test_two_reviewers_assess_blinded_and_their_conflict_is_resolved(review):
    """Neither sees the other's decision before both have decided."""
    team = review.full_text.team
    team.set_double_screening(1.0, reviewer="A")
    assert review.team.double_screening == 0
    review.full_text.label("r1", "include", reviewer="A")
    seen = {name: {one.id: one for one in review.full_text.records(name)} for name in "AB"}
    assert (seen["A"]["r1"].label, seen["A"]["r1"].open) == (Label.INCLUDE, PendingState.PENDING)
    assert (seen["B"]["r1"].label, seen["B"]["r1"].open) == (None, None)
    assert review.full_text.decisions.seen_history("r1", "B") == []
    assert review.full_text.next("B") == "r1"
    assert review.full_text.next("A") != "r1"
    review.full_text.label("r1", "exclude", reviewer="B", reason="WRONG_TYPE")
    assert review.full_text.progress().conflicts == 1
    assert [one.id for one in team.conflicts()] == ["r1"]
    assert review.team.conflicts() == []
    with pytest.raises(InputError, match="needs a reason"):
        team.resolve("r1", "exclude", reviewer="C")
    team.resolve("r1", "include", reviewer="C", note="the methods are in the supplement")
    assert team.conflicts_left() == 0
    with pytest.raises(ConflictError):
        team.resolve("r1", "include", reviewer="C")
    (pair,) = team.agreement()
    assert (pair.n, pair.values["agreement"].mean) == (1, 0)
    assert review.team.agreement() == []


def test_that_a_report_was_not_retrieved_is_decided_by_as_many_as_all_else(review):
    """In double screening both have to say so; who got hold of it is in conflict with the other."""
    review.full_text.label("r2", "not retrieved", reviewer="A")
    assert review.full_text.progress().labels[Label.NOT_RETRIEVED] == 1
    review.full_text.team.set_double_screening(1.0)
    review.full_text.label("r1", "not retrieved", reviewer="A")
    assert review.full_text.progress().pending == 1
    review.full_text.label("r1", "not retrieved", reviewer="B")
    assert review.full_text.progress().labels[Label.NOT_RETRIEVED] == 2
    review.full_text.label("r1", "include", reviewer="B")
    assert review.full_text.progress().conflicts == 1
    review.full_text.label("r1", "include", reviewer="A")
    assert review.full_text.progress().labels[Label.INCLUDE] == 1


def test_full_text_decisions_survive_export_and_import(review, tmp_path):
    """A file keeps the stages apart, and comes back as it went out."""
    review.full_text.label("r1", "exclude", reviewer="A", reason="WRONG_TYPE")
    review.full_text.label("r2", "not retrieved", reviewer="A", note="asked the library")
    path = tmp_path / "all.ris"
    review.export(path)
    verdicts = [one.verdicts for one in read(path)]
    assert verdicts[1] == (
        Verdict(label=Label.INCLUDE, reviewer="A"),
        Verdict(
            label=Label.NOT_RETRIEVED,
            reviewer="A",
            note="asked the library",
            stage=Stage.FULL_TEXT,
        ),
    )
    with Review.create(tmp_path / "copy", protocol="rms-pnp") as copy:
        (run,) = copy.import_files([path])
        assert (run.labels, run.full_text) == (4, 2)
        labels = {one.id: one.label for one in copy.full_text.records()}
    assert labels == {"r1": Label.EXCLUDE, "r2": Label.NOT_RETRIEVED, "r3": None}


def test_export_of_a_label_of_the_full_text(review, tmp_path):
    """Only those that title and abstract included can be chosen."""
    review.full_text.label("r1", "include", reviewer="A")
    chosen = {"all": 3, "include": 1, "unlabelled": 2, "not-retrieved": 0}
    for label, number in chosen.items():
        path = tmp_path / f"{label}.ris"
        assert review.export(path, label=label, stage="full-text") == number, label
    with pytest.raises(InputError, match="is not a label"):
        review.export(tmp_path / "x.ris", label="pending", stage="full-text")


def test_a_merge_joins_the_decisions_of_both_stages(review):
    """Two records that turn out to be the same have one full text, and may be in conflict."""
    review.full_text.label("r1", "include", reviewer="A")
    review.full_text.label("r2", "exclude", reviewer="B", reason="WRONG_TYPE")
    review._store.merges.join([(1, 2, "the same paper")])
    assert [one.id for one in review.full_text.team.conflicts()] == ["r1"]
    (merge,) = review.merges.all()
    review.merges.undo(merge.id)
    labels = {one.id: one.label for one in review.full_text.records()}
    assert labels == {"r1": Label.INCLUDE, "r2": Label.EXCLUDE, "r3": None}


@pytest.fixture
def two_kinds(review, take_in):
    """The same review with six included records: three with coils, three about drugs."""
    take_in(
        review._store,
        [Record(title=f"Gabapentin dose {n} for neuralgia", pmid=f"5{n}") for n in range(1, 4)],
    )
    for number in (5, 6, 7):
        review.label(f"r{number}", "include", reviewer="A")
    return review


def order_of(review, reviewer=""):
    return [one.id for one in review.full_text.records(reviewer)]


def test_full_texts_are_sorted_by_what_their_decisions_taught(two_kinds):
    """Before both kinds of decision the order is that of title and abstract."""
    full_text = two_kinds.full_text
    first = order_of(two_kinds)
    full_text.label("r1", "exclude", reason="WRONG_TYPE")
    full_text.label("r2", "not retrieved")
    assert order_of(two_kinds) == first
    assert not any(one.learned for one in full_text.records())
    full_text.label("r5", "include")
    assert all(one.learned for one in full_text.records())
    learned = order_of(two_kinds)
    assert max(learned.index("r6"), learned.index("r7")) < learned.index("r3")
    assert full_text.next() in ("r6", "r7")
    made = full_text.label("r6", "include")
    assert (made.rank, made.model) == (1 + learned.index("r6"), FULL_TEXT_MODEL)
    full_text.decisions.undo(record="r1")
    assert order_of(two_kinds) == first


def test_a_reviewers_order_learns_only_from_decisions_that_they_may_see(two_kinds):
    """While full texts wait for a second reviewer, the order of the other stays as it was."""
    full_text, first = two_kinds.full_text, order_of(two_kinds)
    full_text.team.set_double_screening(1.0, reviewer="A")
    full_text.label("r1", "exclude", reviewer="A", reason="WRONG_TYPE")
    full_text.label("r5", "include", reviewer="A")
    assert order_of(two_kinds, "A") != first
    assert order_of(two_kinds, "B") == order_of(two_kinds) == first
    full_text.label("r1", "exclude", reviewer="B", reason="WRONG_TYPE")
    full_text.label("r5", "include", reviewer="B")
    assert order_of(two_kinds, "A") == order_of(two_kinds, "B") == order_of(two_kinds) != first
    full_text.label("r6", "exclude", reviewer="A", reason="WRONG_TYPE")
    full_text.label("r6", "include", reviewer="B")
    assert order_of(two_kinds, "A") == order_of(two_kinds, "B")
