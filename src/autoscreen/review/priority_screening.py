"""Reading a review in the best order known: rank, next, explain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from autoscreen.active import Pick, Strategy, load_likelihood, pick_next
from autoscreen.progress_callback import Progress
from autoscreen.protocol import Protocol
from autoscreen.ranking import Explanation
from autoscreen.records import Label, Record
from autoscreen.review.auditing import Auditing, Draw
from autoscreen.review.label_cache import EffectiveLabels
from autoscreen.review.learner import Learner, Order
from autoscreen.review.rank_index import RankIndex
from autoscreen.review.word_evidence import WordEvidence, evidence_of
from autoscreen.store import Store, show_id
from autoscreen.store.audits import StoredAudit
from autoscreen.store.stored_values import RankPosition, ReviewState, StoredRecord
from autoscreen.text.highlights import Highlight, highlights


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedRecord:
    """A record with its place in the order."""

    rank: int  # Its place among all records, from 1
    id: str  # Its id in this review, e.g. ``r17``.
    score: float  # The score that it was ranked by; higher is more likely relevant
    record: Record
    label: Label | None  # The current label; None if it is unlabelled
    # Of being relevant, 0 to 1, as past reviews of the same kind went; see
    # `autoscreen.active.Likelihood`. None for a labelled record, and as long as fewer than 20 were
    # read or none was relevant.
    probability: float | None = None

    @property
    def has_abstract(self) -> bool:
        """Whether it was ranked on more than title and index terms."""
        return bool(self.record.abstract)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The record to read next."""

    ranked: RankedRecord  # The record and its place
    strategy: str  # Why it is next: ``audit``, ``most likely``, ``exploration`` or ``unsure again``
    unread: int  # Records that are still to be read first, this one among them; no conflicts
    behind: int  # Decisions that the order does not know yet
    # What moved it up and down; None if nothing can be said without waiting, and for a draw of an
    # audit, which is to be judged by itself
    explanation: Explanation | None
    highlights: tuple[Highlight, ...]  # Mentions of the protocol's concepts
    # The words that moved it, in the order of the text; empty where `explanation` is None
    evidence: tuple[WordEvidence, ...] = ()
    draw: int | None = None  # Its place among the draws of the audit, from 1; None if it is no draw
    audit: int | None = None  # Number of the audit that it is a draw of; None if it is no draw
    # Whether records are assigned to people, and this one to the reviewer who asks
    divided: bool = False
    own: bool = False
    double: bool = False  # Whether two reviewers read some of the records


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolScores:
    """The scores of all records, and how well they agree with the labels that are known."""

    # Score of each record by its id, in standard deviations of the pool
    scores: Mapping[str, float]
    # For each included or excluded record the score, on the same scale, by a ranker that did not
    # see its label, and whether it was included; by rising score
    labelled: Sequence[tuple[float, bool]]


@dataclass(frozen=True, slots=True)
class _Queue:
    """What double screening keeps from a reviewer, wants of them, and has drawn at random."""

    closed: Sequence[int]
    waiting: Sequence[int]
    drawn: Sequence[int]
    reserved: Collection[int]  # Assigned to others, or to be screened after the reviewer's own part
    divided: bool  # Whether anything is assigned to anybody
    own: frozenset[int]  # Assigned to the reviewer, and still to be screened


class PriorityScreening:
    """The order of an open review, and the next record to read."""

    def __init__(
        self,
        store: Store,
        *,
        protocol: Protocol,
        auditing: Auditing,
        progress: Progress | None = None,
    ) -> None:
        self._store = store
        self._protocol = protocol
        self._auditing = auditing
        self._learner = Learner(store, progress=progress)
        self._labels = EffectiveLabels(store)

    def close(self) -> None:
        """Keep the newest order in the review file and stop learning."""
        self._learner.close()

    def behind(self) -> int:
        """Count the decisions that the newest order does not know."""
        order = self._learner.newest()
        return self._store.decisions.since(order.decision if order else 0)

    def place_of(self, number: int) -> RankPosition:
        """Return the place of a record in the newest order; one without rank if it is not in it."""
        order = self._learner.newest()
        found = order.place(number) if order else None
        if order is None or found is None:
            return RankPosition()
        return RankPosition(rank=found[0], score=found[1], model=order.model)

    def unread_place_of(self, number: int, reviewer: str = "") -> tuple[int, int] | None:
        """Return the place of a record among the unread, and their count; None if it is read."""
        order = self._learner.newest()
        state = self._store.decisions.state()
        if order is None or order.epoch != state.epoch:
            return None
        unread = self._unread(self._closed(reviewer, state), state)
        if number not in unread or order.place(number) is None:
            return None
        before = order.records[: int(np.flatnonzero(order.records == number)[0])].tolist()
        return 1 + sum(other in unread for other in before), len(unread)

    def probability_of(self, number: int) -> float | None:
        """Return the probability of a record in the newest order; None if it cannot be said."""
        order = self._learner.newest()
        found = order.place(number) if order else None
        if order is None or found is None:
            return None
        state = self._store.decisions.state()
        audits = self._store.audits.all()
        return self._likely(order, self._labels.current(state), state, audits)(found[0])

    def places(self) -> RankIndex:
        """Return the places in the newest order, also while a newer one is being made."""
        newest = self._learner.newest()
        return (
            RankIndex(newest.records, newest.scores, newest.model)
            if newest
            else RankIndex.stored(self._store)
        )

    def rank(
        self, *, top: int | None, unread: bool, wait: bool, new: bool = False
    ) -> list[RankedRecord]:
        """Return records, best first."""
        if self._store.pool.is_empty():
            return []
        order = self._learner.order(self._store.decisions.state(), wait=wait)
        labels = dict(self._store.decisions.current_labels())
        state, audits = self._store.decisions.state(), self._store.audits.all()
        likely = self._likely(order, labels, state, audits)
        wanted = self._store.watches.new_records() if new else None
        listed = (
            (rank, number, score)
            for rank, (number, score) in enumerate(
                zip(order.records.tolist(), order.scores.tolist(), strict=True), 1
            )
            if not (unread and number in labels) and (wanted is None or number in wanted)
        )
        return [
            replace(one, probability=likely(one.rank)) for one in self._fetch(islice(listed, top))
        ]

    def scores(self) -> PoolScores:
        """Score all records, and those with a label once more without it."""
        if not self._store.pool.counts().records:
            return PoolScores(scores={}, labelled=())
        order = self._learner.order(self._store.decisions.state(), wait=True)
        scaled = (order.scores - order.scores.mean()) / (float(order.scores.std()) or 1.0)
        labels = self._store.decisions.current_labels()
        included = {number for number, label in labels if label is Label.INCLUDE}
        held_out = self._learner.held_out() if included else {}
        return PoolScores(
            scores={
                show_id(number): score
                for number, score in zip(order.records.tolist(), scaled.tolist(), strict=True)
            },
            labelled=sorted((score, number in included) for number, score in held_out.items()),
        )

    def keep(self) -> None:
        """Keep the newest order in the review file."""
        self._learner.save()

    def next(
        self, *, wait: bool, skip: Collection[int], reviewer: str = "", hurry: bool = False
    ) -> Suggestion | None:
        """Choose the next record to read."""
        order = self._learner.newest()
        if (order is None or not len(order.records)) and self._store.pool.is_empty():
            return None
        state = self._store.decisions.state()
        order = self._learner.hurried(state) if hurry else self._learner.order(state, wait=wait)
        if order.epoch != state.epoch:  # it may have been waited for
            state = self._store.decisions.state()
        queue = self._queue(reviewer, state, order.records.tolist(), skip)
        labels, audits = self._labels.current(state), self._store.audits.all()
        draw = self._auditing.next_draw(audits, labels, skip, queue.closed)
        if draw is not None:
            drawn = Pick(draw.record, Strategy.AUDIT)
            return self._suggestion(order, drawn, queue, state, audits=audits, draw=draw)
        pick = self._pick(order, skip, queue, state)
        if order.epoch != state.epoch and _is_last(pick):
            order = self._learner.order(state, wait=wait)
            state = self._store.decisions.state()
            pick = self._pick(order, skip, queue, state)
        if pick is None:
            return None
        found = self._suggestion(order, pick, queue, state, audits=audits)
        return replace(found, divided=queue.divided, own=pick.record in queue.own)

    def _unread(self, closed: Collection[int], state: ReviewState) -> set[int]:
        return self._labels.records(state) - self._labels.labelled(state) - {*closed}

    def _closed(self, reviewer: str, state: ReviewState) -> Sequence[int]:
        screening = self._store.screening
        return screening.not_shown_to(reviewer) if state.rules else screening.conflict_numbers()

    def _suggestion(
        self,
        order: Order,
        pick: Pick,
        queue: _Queue,
        state: ReviewState,
        *,
        audits: Collection[StoredAudit],
        draw: Draw | None = None,
    ) -> Suggestion:
        ranked = self._ranked(order, pick.record)
        likely = self._likely(order, self._labels.current(state), state, audits)
        ranked = replace(ranked, probability=likely(ranked.rank))
        explains = draw is None and order.pool is not None and order.epoch == state.epoch
        words = order.word_values(pick.record) if explains else {}
        return Suggestion(
            ranked=ranked,
            strategy=str(pick.strategy),
            unread=len(self._unread(queue.closed, state)),
            behind=max(0, state.decision - order.decision),
            explanation=order.explain(pick.record) if explains else None,
            highlights=highlights(ranked.record, self._protocol),
            evidence=evidence_of(ranked.record, words),
            draw=draw.place if draw else None,
            audit=draw.audit if draw else None,
            double=state.double > 0,
        )

    def _queue(
        self, reviewer: str, state: ReviewState, records: Sequence[int], skip: Collection[int]
    ) -> _Queue:
        """Look up what double screening, conflicts and assignments keep from a reviewer."""
        screening, assignments = self._store.screening, self._store.assignments
        divided, own, reserved = assignments.any(), frozenset[int](), frozenset[int]()
        if divided:
            part = assignments.reserved(reviewer)
            own, reserved = part.own, part.others
            if left := own.difference(skip):  # the reviewer's own part comes first
                reserved = frozenset(number for number in records if number not in left)
        closed = self._closed(reviewer, state)
        if not state.rules:
            return _Queue(closed, [], [], reserved, divided, own)
        return _Queue(
            closed,
            screening.waiting_for(reviewer),
            screening.randomly_drawn(),
            reserved,
            divided,
            own,
        )

    def _pick(
        self, order: Order, skip: Collection[int], queue: _Queue, state: ReviewState
    ) -> Pick | None:
        ordered = order.records
        if order.epoch != state.epoch:  # some may have been merged away
            there = self._labels.records(state)
            ordered = np.array([n for n in ordered.tolist() if n in there], dtype=np.int64)
        return pick_next(
            ordered,
            {*self._labels.labelled(state), *skip, *queue.closed, *queue.reserved},
            [number for number in self._labels.unsure(state) if number not in skip],
            step=state.decision,
            first=set(queue.waiting).difference(skip, queue.reserved),
            drawn=queue.drawn,
        )

    def warm_up(self) -> bool:
        """Learn in a background thread, and return whether there is an order to read by."""
        self._learner.learn(self._store.decisions.state())
        return self._learner.newest() is not None

    @property
    def ready(self) -> bool:
        """Whether scores can be explained at once."""
        order = self._learner.newest()
        return (
            order is not None and order.pool is not None and order.epoch == self._store.pool.epoch()
        )

    def word_values(self, number: int) -> dict[str, float]:
        """Return what each word and pair of words adds to a score; empty if that has to wait."""
        if not self.ready:
            return {}
        return self._learner.explainable(self._store.decisions.state()).word_values(number)

    def explain(self, number: int) -> Explanation:
        """Take the score of a record apart; the order is made first if it has to be."""
        return self._learner.explainable(self._store.decisions.state()).explain(number)

    def second_look(self, *, top: int | None, label: Label) -> list[RankedRecord]:
        """Return the records with this label that the other labels contradict most strongly."""
        held = [n for n, one in self._store.decisions.current_labels() if one is label]
        if not held:
            return []
        scores = self._learner.held_out()
        sign = 1 if label is Label.INCLUDE else -1
        doubtful = sorted(held, key=lambda number: (sign * scores[number], number))
        listed = ((at, number, scores[number]) for at, number in enumerate(doubtful, 1))
        return list(self._fetch(islice(listed, top)))

    def _likely(
        self,
        order: Order,
        labels: Mapping[int, Label],
        state: ReviewState,
        audits: Collection[StoredAudit],
    ) -> Callable[[int], float | None]:
        """Return a function from a rank to the probability of the record there."""
        drawn = self._auditing.drawn_in(audits, labels)
        relevant = [
            one.label is Label.INCLUDE
            for one in self._store.decisions.reading_order(state)
            if one.record not in drawn
        ]
        unread = ~np.isin(order.records, np.fromiter(labels, dtype=np.int64, count=len(labels)))
        said = load_likelihood().probabilities(order.scores[unread], np.array(relevant, dtype=bool))
        if said is None:
            return lambda rank: None
        places = np.cumsum(unread) - 1
        return lambda rank: float(said[places[rank - 1]]) if unread[rank - 1] else None

    def _ranked(self, order: Order, number: int) -> RankedRecord:
        place = order.place(number)
        assert place is not None  # it was taken from this order
        return _shown(place[0], place[1], self._store.pool.record(number))

    def _fetch(self, listed: Iterator[tuple[int, int, float]]) -> Iterator[RankedRecord]:
        for rank, number, score in listed:
            yield _shown(rank, score, self._store.pool.record(number))


def _shown(rank: int, score: float, stored: StoredRecord) -> RankedRecord:
    return RankedRecord(
        rank=rank,
        id=show_id(stored.number),
        score=score,
        record=stored.record,
        label=stored.decision.label if stored.decision else None,
    )


def _is_last(pick: Pick | None) -> bool:
    """Whether nothing unread is left in an order."""
    return pick is None or pick.strategy is Strategy.UNSURE_AGAIN
