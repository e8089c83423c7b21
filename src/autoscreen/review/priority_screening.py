"""Reading a review in the best order known: rank, next, explain."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from autoscreen.active import Pick, Strategy, load_likelihood, pick_next
from autoscreen.protocol import Protocol
from autoscreen.ranking import Explanation
from autoscreen.records import Label, Record
from autoscreen.review.auditing import Auditing
from autoscreen.review.label_cache import EffectiveLabels
from autoscreen.review.learner import MODEL, Learner, Order
from autoscreen.review.rank_index import RankIndex
from autoscreen.review.term_count_cache import Progress
from autoscreen.store import RankPosition, Store, StoredRecord, show_id
from autoscreen.text.highlights import Highlight, highlights

__all__ = ["PoolScores", "PriorityScreening", "RankedRecord", "Suggestion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedRecord:
    """
    A record with its place in the order.

    Parameters
    ----------
    rank
        Its place among all records, from 1.
    id
        Its id in this review, e.g. ``r17``.
    score
        The score that it was ranked by; higher is more likely relevant.
    record
        Its content.
    label
        The label that stands; None if it is unlabelled.
    probability
        Of being relevant, 0 to 1, as past reviews of the same kind went; see
        `autoscreen.active.Likelihood`. None for a labelled record, and as long as fewer than 20
        were read or none was relevant.
    """

    rank: int
    id: str
    score: float
    record: Record
    label: Label | None
    probability: float | None = None

    @property
    def has_abstract(self) -> bool:
        """Whether it was ranked on more than title and index terms."""
        return bool(self.record.abstract)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """
    The record to read next.

    Parameters
    ----------
    ranked
        The record and its place.
    strategy
        Why it is next: ``audit``, ``most likely``, ``exploration`` or ``unsure again``.
    draw
        Its place among the draws of the audit, from 1; None if it is no draw.
    behind
        Decisions that the order does not know yet.
    explanation
        What moved it up and down; None if nothing can be said without waiting, and for a draw of
        an audit, which is to be judged by itself.
    highlights
        Mentions of the protocol's concepts.
    """

    ranked: RankedRecord
    strategy: str
    behind: int
    explanation: Explanation | None
    highlights: tuple[Highlight, ...]
    draw: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolScores:
    """
    What the ranker thinks of all records, and what that was worth where the label is known.

    Parameters
    ----------
    scores
        Score of each record by its id, in standard deviations of the pool.
    labelled
        For each included or excluded record the score, on the same scale, by a ranker that did not
        see its label, and whether it was included; by rising score.
    """

    scores: Mapping[str, float]
    labelled: Sequence[tuple[float, bool]]


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
        return self._learner.behind()

    def place_of(self, number: int) -> RankPosition:
        """Return the place of a record in the newest order; one without rank if it is not in it."""
        order = self._learner.newest()
        found = order.place(number) if order else None
        return RankPosition(rank=found[0], score=found[1], model=MODEL) if found else RankPosition()

    def probability_of(self, number: int) -> float | None:
        """Return the probability of a record in the newest order; None if it cannot be said."""
        order = self._learner.newest()
        found = order.place(number) if order else None
        if order is None or found is None:
            return None
        return self._likely(order, self._labels.current())(found[0])

    def places(self) -> RankIndex:
        """Return the places in the newest order, also while a newer one is being made."""
        newest = self._learner.newest()
        return (
            RankIndex(newest.records, newest.scores, MODEL)
            if newest
            else RankIndex.stored(self._store)
        )

    def rank(
        self, *, top: int | None, unread: bool, wait: bool, new: bool = False
    ) -> list[RankedRecord]:
        """Return records, best first."""
        if self._store.pool.is_empty():
            return []
        order = self._learner.order(wait=wait)
        labels = dict(self._store.decisions.current_labels())
        likely = self._likely(order, labels)
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
        order = self._learner.order(wait=True)
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
        if self._store.pool.is_empty():
            return None
        labels = self._labels.current()
        order = self._learner.hurried() if hurry else self._learner.order(wait=wait)
        closed = self._store.screening.not_shown_to(reviewer)
        draw = self._auditing.next_draw(labels, skip, closed)
        if draw is not None:
            drawn = Pick(draw.record, Strategy.AUDIT)
            return self._suggestion(order, drawn, labels, draw=draw.place)
        pick = self._pick(order, skip, reviewer)
        if order.epoch != self._store.pool.epoch() and _is_last(pick):
            order = self._learner.order(wait=wait)
            pick = self._pick(order, skip, reviewer)
        return None if pick is None else self._suggestion(order, pick, labels)

    def _suggestion(
        self, order: Order, pick: Pick, labels: Mapping[int, Label], *, draw: int | None = None
    ) -> Suggestion:
        ranked = self._ranked(order, pick.record)
        ranked = replace(ranked, probability=self._likely(order, labels)(ranked.rank))
        told = draw is None and self._learner.ready
        return Suggestion(
            ranked=ranked,
            strategy=str(pick.strategy),
            behind=self.behind(),
            explanation=self.explain(pick.record, top=20) if told else None,
            highlights=highlights(ranked.record, self._protocol),
            draw=draw,
        )

    def _pick(self, order: Order, skip: Collection[int], reviewer: str) -> Pick | None:
        ordered = order.records
        if order.epoch != self._store.pool.epoch():  # some may have been merged away
            there = self._labels.records()
            ordered = np.array([n for n in ordered.tolist() if n in there], dtype=np.int64)
        screening = self._store.screening
        return pick_next(
            ordered,
            {*self._labels.labelled(), *skip, *screening.not_shown_to(reviewer)},
            [number for number in self._labels.unsure() if number not in skip],
            step=self._store.decisions.newest(),
            first=set(screening.waiting_for(reviewer)).difference(skip),
            drawn=screening.randomly_drawn(),
        )

    def warm_up(self) -> bool:
        """Learn behind the caller's back, and tell whether there is an order to read by."""
        self._learner.learn()
        return self._learner.newest() is not None

    @property
    def ready(self) -> bool:
        """Whether scores can be explained at once."""
        return self._learner.ready

    def word_values(self, number: int) -> dict[str, float]:
        """Return what each word and pair of words adds to a score; empty if that has to wait."""
        return self._learner.word_values(number) if self._learner.ready else {}

    def explain(self, number: int, *, top: int) -> Explanation:
        """Take the score of a record apart; the order is made first if it has to be."""
        return self._learner.explain(number, top=top)

    def second_look(self, *, top: int | None) -> list[RankedRecord]:
        """Return the excluded records that the other labels speak for most strongly."""
        excluded = [
            number
            for number, label in self._store.decisions.current_labels()
            if label is Label.EXCLUDE
        ]
        if not excluded:
            return []
        scores = self._learner.held_out()
        best = sorted(excluded, key=lambda number: (-scores[number], number))
        listed = ((at, number, scores[number]) for at, number in enumerate(best, 1))
        return list(self._fetch(islice(listed, top)))

    def _likely(self, order: Order, labels: Mapping[int, Label]) -> Callable[[int], float | None]:
        """Return what tells the probability of the record at a rank."""
        drawn = self._auditing.drawn_records() if self._store.audits.all() else ()
        relevant = [
            one.label is Label.INCLUDE
            for one in self._store.decisions.reading_order()
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
