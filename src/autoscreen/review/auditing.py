"""Audits of an open review: what was drawn, what is drawn next, and what that proves."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from autoscreen.active import ExactAudit, StopDecision, audit_order
from autoscreen.errors import InputError
from autoscreen.records import Label
from autoscreen.store import Store, show_id
from autoscreen.store.audits import AuditEnd, StoredAudit, going_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """A random audit of the records that were unread when it began."""

    number: int  # Number, from 1
    at: str  # When it began, ISO 8601 in UTC, and who began it
    reviewer: str
    target: float  # The recall to prove, above 0 and below 1
    confidence: float  # Of this audit by itself, 0 to 1
    # Of all audits up to this one together, 0 to 1: each may be wrong, so the
    # errors of those that were begun before are added
    overall: float
    seed: int  # Seed of the draws
    # Records that are audited: those that were unread then, with duplicates found since counted
    # once
    rest: int
    found: int  # Relevant records found before it
    # Draws whose labels count, and the relevant ones among them. The draws after one that was left
    # as unsure count as soon as that one is decided.
    drawn: int
    finds: int
    unsure: int  # Draws that were left as unsure
    more: int  # Further draws until the proof is complete, if none of them is relevant
    proved: bool  # Whether it is complete
    # Ids of unread records that are not in the audit, imported later; it does not cover them
    outside: tuple[str, ...]
    end: AuditEnd | None  # Its end; None if it is in progress


@dataclass(frozen=True, slots=True)
class Draw:
    """The record that an audit draws next."""

    record: int
    place: int
    audit: int


@dataclass(frozen=True, slots=True)
class _Order:
    """The records of an audit in the order in which they are drawn, and all other records."""

    records: array[int]
    members: frozenset[int]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The draws of an audit that were read, and their labels."""

    order: _Order
    labels: tuple[Label, ...]

    @property
    def read(self) -> tuple[int, ...]:
        return tuple(self.order.records[: len(self.labels)])

    @property
    def decided(self) -> NDArray[np.bool_]:
        counted = takewhile(lambda label: label is not Label.UNSURE, self.labels)
        return np.array([label is Label.INCLUDE for label in counted], dtype=bool)

    @property
    def relevant(self) -> NDArray[np.bool_]:
        """All draws that were read, as if the unsure ones were irrelevant."""
        return np.array([label is Label.INCLUDE for label in self.labels], dtype=bool)


class Auditing:
    """The audits of an open review."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._orders: dict[tuple[int, int], _Order] = {}

    def begin(self, *, target: float, confidence: float, seed: int, reviewer: str) -> StoredAudit:
        """Draw an order of the unread records, and record it."""
        for name, value in (("target", target), ("confidence", confidence)):
            if not 0 < value < 1:
                raise InputError(f"the {name} of an audit is above 0 and below 1, got {value:g}")
        store = self._store
        with store.writing():
            labelled = dict(store.decisions.current_labels())
            unread = [number for number in store.pool.ids() if number not in labelled]
            if not unread:
                raise InputError(
                    "nothing is left to audit: every record has a label", path=str(store.path)
                )
            return store.audits.begin(
                audit_order(unread, seed=seed),
                target=target,
                confidence=confidence,
                seed=seed,
                found=sum(one.label is Label.INCLUDE for one in store.decisions.reading_order()),
                reviewer=reviewer,
            )

    def end(self, *, reviewer: str, note: str) -> Audit:
        """End the current audit, and return it."""
        with self._store.writing():
            running = self._store.audits.running()
            if running is None:
                raise InputError(
                    "no audit is in progress",
                    path=str(self._store.path),
                    hint="see: autoscreen audit",
                )
            now = self.all()[-1]
            self._store.audits.end(
                running.id,
                drawn=now.drawn,
                finds=now.finds,
                proved=now.proved,
                reviewer=reviewer,
                note=note,
            )
        return self.all()[-1]

    def all(self) -> list[Audit]:
        """Return all audits, oldest first."""
        labels = dict(self._store.decisions.current_labels())
        stored = self._store.audits.all()
        spent = 0.0
        found = []
        for one in stored:
            drawn = self._drawn(one, labels)
            # An audit that ended before its first draw has shown nothing to choose by.
            if one.end is None or len(drawn.labels):
                spent += 1 - one.confidence
            found.append(self._audit(one, drawn, labels, max(0.0, 1 - spent)))
        return found

    def next_draw(
        self,
        audits: Collection[StoredAudit],
        labels: Mapping[int, Label],
        skip: Collection[int],
        closed: Collection[int] = (),
    ) -> Draw | None:
        """Return the next draw of that of all audits that is going on."""
        running = going_on(audits)
        if running is None:
            return None
        labels = {**labels, **dict.fromkeys(closed, Label.UNSURE)}
        drawn = self._drawn(running, labels)
        if self._judge(running, drawn.order, drawn.decided).stop:
            return None
        # Once only draws that are unsure or with somebody else are missing, the proof
        # waits for these.
        enough = self._judge(running, drawn.order, drawn.relevant).stop
        wanted = Label.UNSURE if enough else None
        taken = {*skip, *closed}
        for place, number in enumerate(drawn.order.records, 1):
            if labels.get(number) is wanted and number not in taken:
                return Draw(number, place, running.id)
        return None

    def drawn_records(self) -> set[int]:
        """Return records that were read as draws of an audit, not in the order of the ranking."""
        audits = self._store.audits.all()
        labels = dict(self._store.decisions.current_labels()) if audits else {}
        return self.drawn_in(audits, labels)

    def drawn_in(self, audits: Collection[StoredAudit], labels: Mapping[int, Label]) -> set[int]:
        """Return the records with these labels that were read as draws of these audits."""
        return {number for one in audits for number in self._drawn(one, labels).read}

    def decide(self, number: int) -> StopDecision:
        """Return what an audit by itself proves now."""
        stored = self._store.audits.get(number)
        drawn = self._drawn(stored, dict(self._store.decisions.current_labels()))
        return self._judge(stored, drawn.order, drawn.decided)

    def _judge(self, stored: StoredAudit, order: _Order, drawn: NDArray[np.bool_]) -> StopDecision:
        readings = self._store.decisions.reading_order()
        found = sum(
            one.label is Label.INCLUDE and one.record not in order.members for one in readings
        )
        # A corrected label may lower the number found before, never raise it.
        return ExactAudit(stored.target, stored.confidence).judge(
            drawn,
            len(order.records),
            found=min(stored.found, found),
            read=sum(one.first <= stored.decision for one in readings),
        )

    def _drawn(self, stored: StoredAudit, labels: Mapping[int, Label]) -> _Drawn:
        order = self._order(stored.id)
        known = set(labels)
        if stored.end is not None:
            first = self._store.decisions.first_decisions()
            known = {number for number in labels if first[number] <= stored.end.decision}
        read = takewhile(known.__contains__, order.records)
        return _Drawn(order, tuple(labels[number] for number in read))

    def _order(self, number: int) -> _Order:
        key = number, self._store.pool.epoch()
        if key not in self._orders:
            self._orders = {old: kept for old, kept in self._orders.items() if old[1] == key[1]}
            records = self._store.audits.draws(number)
            members = frozenset(records)
            others = tuple(one for one in self._store.pool.ids() if one not in members)
            self._orders[key] = _Order(records, members, others)
        return self._orders[key]

    def _audit(
        self, stored: StoredAudit, drawn: _Drawn, labels: Mapping[int, Label], overall: float
    ) -> Audit:
        counted = drawn.decided
        decided = self._judge(stored, drawn.order, counted)
        assert decided.more is not None
        return Audit(
            number=stored.id,
            at=stored.at,
            reviewer=stored.reviewer,
            target=stored.target,
            confidence=stored.confidence,
            overall=overall,
            seed=stored.seed,
            rest=len(drawn.order.records),
            found=stored.found,
            drawn=len(counted),
            finds=int(np.count_nonzero(counted)),
            unsure=drawn.labels.count(Label.UNSURE),
            more=decided.more,
            proved=decided.stop,
            outside=tuple(show_id(one) for one in drawn.order.others if one not in labels),
            end=stored.end,
        )
