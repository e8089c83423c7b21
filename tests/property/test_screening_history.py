"""Whatever a team does, in any order, what a record shows follows from what was decided."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from autoscreen.dedup import match_fields
from autoscreen.errors import ConflictError
from autoscreen.records import SCREENING_LABELS, Label, Record, Verdict
from autoscreen.store import Store
from autoscreen.store.effective_label import PendingState, held_sources, held_voices, settle

RECORDS = 5
REVIEWERS = st.sampled_from(["AA", "BB", "CC"])
NUMBERS = st.integers(1, RECORDS)


class Team(RuleBasedStateMachine):
    """Decisions, undoes, settings, resolutions, merges and their undoing, beside the rule."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.store = Store.create(
            Path(self._folder.name) / "rms", name="rms", protocol="", origin=""
        )
        self.entries = 0
        self.merged = 0

    def teardown(self) -> None:
        assert self.store.damage() == []
        self.store.close()
        self._folder.cleanup()

    @initialize()
    def begin(self) -> None:
        incoming = self.store.incoming()
        for number in range(1, RECORDS + 1):
            record = Record(title=f"Record {number}")
            incoming.add(record, number, match_fields(record))
        with self.store.writing():
            self.run = self.store.imports.open(
                path="a", format="ris", sha256="s", started=self.store.time(), starts=RECORDS
            )
            self.store.imports.take(self.run, incoming)
            self.store.imports.close(self.run, labels=0)
        incoming.discard()

    @rule(share=st.sampled_from([0.0, 0.5, 1.0]), seed=st.integers(0, 3))
    def set(self, share: float, seed: int) -> None:
        conflicts = {conflict.id for conflict in self.store.screening.conflicts()}
        self.store.screening.set(share, seed=seed)
        still = {conflict.id for conflict in self.store.screening.conflicts()}
        assert still == conflicts, "a switch decides no conflict and makes none"

    @rule(
        number=NUMBERS,
        label=st.sampled_from(SCREENING_LABELS),
        reviewer=REVIEWERS,
        imported=st.booleans(),
    )
    def label(self, number: int, label: Label, reviewer: str, imported: bool) -> None:
        verdict = Verdict(label=label, reviewer=reviewer)
        self.store.decisions.add(number, verdict, import_id=self.run if imported else None)
        self.entries += 1

    @rule(reviewer=REVIEWERS, number=st.none() | NUMBERS)
    def undo(self, reviewer: str, number: int | None) -> None:
        self.entries += self.store.decisions.undo(reviewer, record=number) is not None

    @rule(number=NUMBERS, label=st.sampled_from(SCREENING_LABELS), reviewer=REVIEWERS)
    def resolve(self, number: int, label: Label, reviewer: str) -> None:
        head = self.store.pool.find(f"r{number}")
        state = self.store.screening.open(head)
        try:
            made = self.store.screening.resolve(number, Verdict(label=label, reviewer=reviewer))
        except ConflictError:
            assert state is not PendingState.CONFLICT
            return
        assert state is PendingState.CONFLICT
        self.entries += 1
        stands = self.store.pool.record(head).decision
        assert stands is not None
        assert (stands.id, stands.label) == (made.id, label)

    @rule(one=NUMBERS, other=NUMBERS)
    def merge(self, one: int, other: int) -> None:
        self.merged += self.store.merges.join([(one, other, "drawn")])

    @precondition(lambda self: self.merged)
    @rule(data=st.data())
    def part(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, self.merged))
        if self.store.merges.get(number).undone_at is None:
            self.store.merges.undo(number)

    @invariant()
    def each_record_shows_what_the_rule_says(self) -> None:
        numbers = self.store.pool.ids()
        db = self.store._db
        voices, sources = held_voices(db, numbers), held_sources(db, numbers)
        known = self.store.screening.settings()
        for number in numbers:
            standing, state = settle(voices.get(number, []), sources[number], known)
            shown = self.store.pool.record(number).decision
            assert (shown.id if shown else None, self.store.screening.open(number)) == (
                standing,
                state,
            )

    @invariant()
    def no_decision_vanishes(self) -> None:
        assert len(list(self.store.decisions.history())) == self.entries

    @invariant()
    def nobody_is_asked_twice_and_nobody_is_forgotten(self) -> None:
        pending = {stored.number for stored in self.store.pool.records("pending")}
        for reviewer in ("AA", "BB", "CC", "DD"):
            waiting = set(self.store.screening.waiting_for(reviewer))
            closed = set(self.store.screening.not_shown_to(reviewer))
            assert waiting.isdisjoint(closed)
            assert pending <= waiting | closed
        assert set(self.store.screening.waiting_for("DD")) == pending


TestTeam = Team.TestCase
TestTeam.settings = settings(max_examples=settings().max_examples // 4, stateful_step_count=25)
