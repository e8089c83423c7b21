"""Decisions: added, withdrawn, never lost."""

from __future__ import annotations

import sqlite3

import pytest

from autoscreen.errors import StoreError
from autoscreen.records import SCREENING_LABELS, Label, Record, Verdict
from autoscreen.store.stored_values import RankPosition

INCLUDE, EXCLUDE, UNSURE = (Verdict(label=label) for label in SCREENING_LABELS)


@pytest.fixture
def filled(store, take_in):
    """A review with five records."""
    take_in(store, [Record(title=f"Record {n}", abstract="Text." * (n % 2)) for n in range(5)])
    return store


def labels(store) -> dict[int, str]:
    return {number: str(label) for number, label in store.decisions.current_labels()}


def test_a_decision_keeps_all_that_was_said(filled):
    """Label, reason, note, reviewer, time and place in the order come back."""
    verdict = Verdict(label=Label.EXCLUDE, reason="WRONG_POP", note="mice, “n = 3”", reviewer="AA")
    made = filled.decisions.add(2, verdict, RankPosition(rank=7, score=-0.25, model="lexical"))
    assert made == filled.decisions.get(made.id)
    assert (made.record_id, made.label, made.reason) == ("r2", Label.EXCLUDE, "WRONG_POP")
    assert (made.note, made.reviewer) == ("mice, “n = 3”", "AA")
    assert (made.rank, made.score, made.model) == (7, -0.25, "lexical")
    assert made.at.startswith("2026-01-02T03:0")
    assert made.at.endswith("Z")
    assert filled.pool.record(2).decision == made


def test_the_newest_decision_stands(filled):
    """A reviewer who changes their mind leaves both decisions in the history."""
    filled.decisions.add(1, INCLUDE)
    filled.decisions.add(1, EXCLUDE)
    assert labels(filled) == {1: "exclude"}
    assert [d.label for d in filled.decisions.history_of(1)] == [Label.INCLUDE, Label.EXCLUDE]


def test_undo_gives_the_label_before(filled):
    """Undoing steps back through one's own decisions, and the history only grows."""
    filled.decisions.add(1, INCLUDE)
    filled.decisions.add(1, EXCLUDE)
    filled.decisions.add(2, UNSURE)
    seen = []
    while withdrawn := filled.decisions.undo(""):
        assert withdrawn.label is None
        seen.append((withdrawn.record_id, withdrawn.withdraws, labels(filled)))
    assert seen == [
        ("r2", 3, {1: "exclude"}),
        ("r1", 2, {1: "include"}),
        ("r1", 1, {}),
    ]
    assert len(list(filled.decisions.history())) == 6
    assert filled.decisions.newest() == 6


def test_undo_is_ones_own(filled):
    """What another reviewer, or a file, decided is not withdrawn."""
    run = filled.imports.all()[0].id
    filled.decisions.add(1, Verdict(label=Label.INCLUDE, reviewer="AA"))
    filled.decisions.add(1, Verdict(label=Label.EXCLUDE, reviewer="BB"))
    filled.decisions.add(2, Verdict(label=Label.EXCLUDE, reviewer="AA"), import_id=run)
    assert filled.decisions.undo("AA").withdraws == 1
    assert filled.decisions.undo("AA") is None
    assert labels(filled) == {1: "exclude", 2: "exclude"}
    assert filled.decisions.reviewers() == ["AA", "BB"]


def test_labels_come_in_the_order_of_deciding(filled):
    """A learner sees labels as a reviewer gave them, each record once with its newest."""
    for number, verdict in ((3, INCLUDE), (1, EXCLUDE), (3, UNSURE)):
        filled.decisions.add(number, verdict)
    assert filled.decisions.current_labels() == [(1, Label.EXCLUDE), (3, Label.UNSURE)]
    assert filled.decisions.counts() == {Label.INCLUDE: 0, Label.EXCLUDE: 1, Label.UNSURE: 1}
    assert filled.decisions.newest() == 3


def test_records_can_be_asked_for_by_label(filled):
    """Each record is in exactly one of the labels or unlabelled."""
    filled.decisions.add(2, INCLUDE)
    filled.decisions.add(4, EXCLUDE)
    found = {
        which: [stored.number for stored in filled.pool.records(which)]
        for which in ("all", "labelled", "unlabelled", "include", "exclude", "unsure")
    }
    assert found == {
        "all": [1, 2, 3, 4, 5],
        "labelled": [2, 4],
        "unlabelled": [1, 3, 5],
        "include": [2],
        "exclude": [4],
        "unsure": [],
    }


def test_records_can_be_labelled_while_they_are_listed(filled, monkeypatch):
    """A loop over the records may label them, also while another process writes."""
    monkeypatch.setattr(
        "autoscreen.store.database.Database.paged.__kwdefaults__", {"size": 2}, raising=True
    )
    with filled.reopen() as other:
        for stored in filled.pool.records("unlabelled"):
            other.decisions.add(5, UNSURE)
            filled.decisions.add(stored.number, EXCLUDE)
    assert set(labels(filled).values()) == {"exclude", "unsure"}
    assert len(labels(filled)) == 5


def test_the_history_is_only_ever_added_to(filled):
    """Neither this program nor another one can change or delete a decision."""
    filled.decisions.add(1, INCLUDE)
    for statement in ("UPDATE decision SET label = 'exclude'", "DELETE FROM decision"):
        with pytest.raises(StoreError, match="decisions are only ever added"):
            filled._db.run(statement)


def test_a_withdrawal_withdraws_once(filled):
    """The tables themselves refuse a label outside the three, and withdrawing twice."""
    filled.decisions.add(1, INCLUDE)
    filled.decisions.undo("")
    columns = "(record_id, reviewer, label, reason, note, at, model, withdraws)"
    for values in ("(1,'','perhaps','','','','',NULL)", "(1,'',NULL,'','','','',1)"):
        with pytest.raises(StoreError) as caught:
            filled._db.run(f"INSERT INTO decision {columns} VALUES {values}")
        assert isinstance(caught.value.__cause__, sqlite3.IntegrityError)
