"""Whatever happens to a review, in any order, nothing is lost."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from autoscreen.dedup import match_fields
from autoscreen.errors import InputError
from autoscreen.records import SCREENING_LABELS, Label, Record, Verdict
from autoscreen.store import Store
from autoscreen.store.match_keys import _decode, encode_key
from autoscreen.store.record_codec import decode, encode, pack, unpack
from property._strategies import records

REVIEWERS = st.sampled_from(["", "AA", "BB"])


@given(records)
def test_a_record_comes_back_from_json(record: Record):
    """Writing a record as JSON and reading it gives an equal record."""
    assert decode(encode(record)) == record


@given(records)
def test_a_match_key_comes_back_from_json(record: Record):
    """A kept match key is equal to a new one."""
    key = match_fields(record)
    assert _decode(encode_key(key)) == key


@given(st.text(st.characters(exclude_categories=())))
def test_raw_text_comes_back_from_its_pack(raw: str):
    """Any text survives, also what is no valid Unicode."""
    assert unpack(pack(raw)) == raw


@dataclass
class Model:
    """What a review should be, without SQL."""

    parent: dict[int, int] = field(default_factory=dict)
    """Each source that was merged, with the one it was merged into."""
    merges: dict[int, tuple[int, int]] = field(default_factory=dict)
    apart: set[tuple[int, int]] = field(default_factory=set)
    decisions: list[tuple[int, str, Label]] = field(default_factory=list)
    aware: list[set[int]] = field(default_factory=list)
    """Of each decision: the earlier ones about what was its record when it was made."""
    withdrawn: set[int] = field(default_factory=set)
    entries: int = 0
    sources: int = 0

    def head(self, number: int) -> int:
        while number in self.parent:
            number = self.parent[number]
        return number

    def groups(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for number in range(1, self.sources + 1):
            found.setdefault(self.head(number), []).append(number)
        return found

    def decide(self, number: int, reviewer: str, label: Label) -> None:
        head = self.head(number)
        self.aware.append(
            {place for place, (one, *_) in enumerate(self.decisions) if self.head(one) == head}
        )
        self.decisions.append((head, reviewer, label))

    def labels(self) -> dict[int, Label]:
        """Return the label of each record on which the decisions that count do not differ."""
        found: dict[int, list[int]] = {}
        for place, (number, *_) in enumerate(self.decisions):
            if place not in self.withdrawn:
                found.setdefault(self.head(number), []).append(place)
        counted = {head: self._labels_that_count(places) for head, places in found.items()}
        return {head: labels.pop() for head, labels in counted.items() if len(labels) == 1}

    def _labels_that_count(self, places: list[int]) -> set[Label]:
        """Leave out what was decided anew knowing it, or by the same reviewer."""
        newest = {
            self.decisions[place][1]: self.decisions[place][2]
            for place in places
            if not any(place in self.aware[later] for later in places)
        }
        return set(newest.values())


class History(RuleBasedStateMachine):
    """Imports, labels, undoes, merges and unmerges in any order, beside a simple model."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "rms"
        self.store = Store.create(path, name="rms", protocol="", origin="")
        self.model = Model()

    def teardown(self) -> None:
        assert self.store.damage() == []
        self.store.close()
        self._folder.cleanup()

    @initialize()
    def begin(self) -> None:
        self.take_in(4)

    @rule(count=st.integers(1, 3))
    def take_in(self, count: int) -> None:
        incoming = self.store.incoming()
        for number in range(1, count + 1):
            record = Record(title=f"Record {self.model.sources + number}")
            incoming.add(record, number, match_fields(record))
        with self.store.writing():
            run = self.store.imports.open(
                path="a", format="ris", sha256="s", started=self.store.time(), starts=count
            )
            self.store.imports.take(run, incoming)
            self.store.imports.close(run, labels=0)
        incoming.discard()
        self.model.sources += count

    @rule(data=st.data(), label=st.sampled_from(SCREENING_LABELS), reviewer=REVIEWERS)
    def label(self, data: st.DataObject, label: Label, reviewer: str) -> None:
        number = data.draw(st.integers(1, self.model.sources))
        made = self.store.decisions.add(number, Verdict(label=label, reviewer=reviewer))
        assert made.record_id == f"r{self.model.head(number)}"
        self.model.decide(number, reviewer, label)
        self.model.entries += 1

    @rule(reviewer=REVIEWERS)
    def undo(self, reviewer: str) -> None:
        standing = [
            place
            for place, (_, who, _) in enumerate(self.model.decisions)
            if who == reviewer and place not in self.model.withdrawn
        ]
        withdrawn = self.store.decisions.undo(reviewer)
        assert (withdrawn is None) == (not standing)
        if standing:
            self.model.withdrawn.add(standing[-1])
            self.model.entries += 1

    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        some = st.integers(1, self.model.sources)
        one, other = data.draw(some), data.draw(some)
        kept, absorbed = sorted((self.model.head(one), self.model.head(other)))
        count = self.store.merges.join([(one, other, "drawn")])
        assert count == (kept != absorbed)
        if count:
            self.model.parent[absorbed] = kept
            self.model.merges[len(self.store.merges.all())] = kept, absorbed

    @precondition(lambda self: self.model.merges)
    @rule(data=st.data())
    def unmerge(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.model.merges)))
        _, absorbed = self.model.merges[number]
        if self.store.merges.get(number).undone_at is not None:
            with pytest.raises(InputError):
                self.store.merges.undo(number)
            return
        before = self.model.groups()[self.model.head(absorbed)]
        del self.model.parent[absorbed]
        self.store.merges.undo(number)
        parted = self.model.groups()[absorbed]
        self.model.apart |= {
            (min(a, b), max(a, b)) for a in parted for b in before if b not in parted
        }

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = Store.open(self.store.path)

    @invariant()
    def each_source_is_in_one_record(self) -> None:
        held = {
            number: [source.number for source in self.store.pool.sources(number)]
            for number in self.store.pool.ids()
        }
        assert held == self.model.groups()
        titles = {stored.number: stored.record.title for stored in self.store.pool.records()}
        assert list(titles) == list(held)
        assert all(int(titles[number].split()[1]) in held[number] for number in held)

    @invariant()
    def no_decision_vanishes(self) -> None:
        entries = list(self.store.decisions.history())
        assert len(entries) == self.model.entries
        made = [(int(d.record_id[1:]), d.reviewer, d.label) for d in entries if d.label]
        assert made == self.model.decisions

    @invariant()
    def what_decisions_agree_on_is_in_force(self) -> None:
        assert dict(self.store.decisions.current_labels()) == self.model.labels()

    @invariant()
    def what_was_parted_is_known(self) -> None:
        assert set(self.store.merges.apart(range(1, 1000))) == self.model.apart
        links = {frozenset(link) for link in self.store.merges.links(range(1, 1000))}
        assert links == {frozenset(link) for link in self.model.parent.items()}


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=settings().max_examples // 4, stateful_step_count=25)
