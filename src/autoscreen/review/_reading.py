"""Reading a review in the best order known: rank, next, explain."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from autoscreen.active import Pick, Strategy, pick_next
from autoscreen.protocol import Protocol
from autoscreen.ranking import Explanation
from autoscreen.records import Label, Record
from autoscreen.review._learning import MODEL, Learner, Order
from autoscreen.review._places import Places
from autoscreen.review._pool_cache import Progress
from autoscreen.review._standing import StandingLabels
from autoscreen.store import Place, Store, StoredRecord, show_id
from autoscreen.text.highlights import Highlight, highlights

__all__ = ["RankedRecord", "Reading", "Suggestion"]


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
    """

    rank: int
    id: str
    score: float
    record: Record
    label: Label | None

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
        Why it is next: ``most likely``, ``exploration`` or ``unsure again``.
    behind
        Decisions that the order does not know yet.
    explanation
        What moved it up and down; None if nothing can be said without waiting.
    highlights
        Mentions of the protocol's concepts.
    """

    ranked: RankedRecord
    strategy: str
    behind: int
    explanation: Explanation | None
    highlights: tuple[Highlight, ...]


class Reading:
    """
    The order of an open review, and the next record to read.

    Parameters
    ----------
    store
        The review file.
    protocol
        The protocol in force.
    progress
        Called with what is being done and the number of records done since the last call; from
        another thread.
    """

    def __init__(
        self, store: Store, *, protocol: Protocol, progress: Progress | None = None
    ) -> None:
        self._store = store
        self._protocol = protocol
        self._learner = Learner(store, progress=progress)
        self._labels = StandingLabels(store)

    def close(self) -> None:
        """Keep the newest order in the review file and stop learning."""
        self._learner.close()

    def behind(self) -> int:
        """Count the decisions that the newest order does not know."""
        return self._learner.behind()

    def place_of(self, number: int) -> Place:
        """Give the place of a record in the newest order; one without rank if it is not in it."""
        order = self._learner.newest()
        found = order.place(number) if order else None
        return Place(rank=found[0], score=found[1], model=MODEL) if found else Place()

    def places(self) -> Places:
        """Give the places in the newest order, also while a newer one is being made."""
        newest = self._learner.newest()
        return (
            Places(newest.records, newest.scores, MODEL) if newest else Places.stored(self._store)
        )

    def rank(self, *, top: int | None, unread: bool, wait: bool) -> list[RankedRecord]:
        """
        Give records, best first.

        Parameters
        ----------
        top
            How many; None for all.
        unread
            Leave out those that have a label.
        wait
            Wait until the order knows all labels.
        """
        if not self._store.pool.counts().records:
            return []
        order = self._learner.order(wait=wait)
        labelled = dict(self._store.decisions.current_labels()) if unread else {}
        listed = (
            (rank, number, score)
            for rank, (number, score) in enumerate(
                zip(order.records.tolist(), order.scores.tolist(), strict=True), 1
            )
            if number not in labelled
        )
        return list(self._fetch(islice(listed, top)))

    def keep(self) -> None:
        """Keep the newest order in the review file."""
        self._learner.save()

    def next(
        self, *, wait: bool, skip: Collection[int], reviewer: str = "", hurry: bool = False
    ) -> Suggestion | None:
        """
        Choose the next record to read.

        Parameters
        ----------
        wait
            Wait until the order knows all labels.
        skip
            Records that the reader does not want now.
        reviewer
            Who reads.
        hurry
            While records that came in are being ranked, go on with those that are ranked already.
        """
        if not self._store.pool.counts().records:
            return None
        order = self._learner.hurried() if hurry else self._learner.order(wait=wait)
        pick = self._pick(order, skip, reviewer)
        if order.epoch != self._store.pool.epoch() and _is_last(pick):
            order = self._learner.order(wait=wait)
            pick = self._pick(order, skip, reviewer)
        if pick is None:
            return None
        ranked = self._ranked(order, pick.record)
        return Suggestion(
            ranked=ranked,
            strategy=str(pick.strategy),
            behind=self.behind(),
            explanation=self.explain(pick.record, top=20) if self._learner.ready else None,
            highlights=highlights(ranked.record, self._protocol),
        )

    def _pick(self, order: Order, skip: Collection[int], reviewer: str) -> Pick | None:
        ordered = order.records
        if order.epoch != self._store.pool.epoch():  # some may have been merged away
            there = self._labels.records()
            ordered = np.array([n for n in ordered.tolist() if n in there], dtype=np.int64)
        screening = self._store.screening
        return pick_next(
            ordered,
            {*self._labels.labelled(), *skip, *screening.closed_to(reviewer)},
            [number for number in self._labels.unsure() if number not in skip],
            step=self._store.decisions.newest(),
            first=set(screening.waiting_for(reviewer)).difference(skip),
            drawn=screening.out_of_turn(),
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
        """Give what each word and pair of words adds to a score; empty if that has to wait."""
        return self._learner.word_values(number) if self._learner.ready else {}

    def explain(self, number: int, *, top: int) -> Explanation:
        """Take the score of a record apart; the order is made first if it has to be."""
        return self._learner.explain(number, top=top)

    def second_look(self, *, top: int | None) -> list[RankedRecord]:
        """
        Give the excluded records that the other labels speak for most strongly.

        Parameters
        ----------
        top
            How many; None for all.
        """
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
