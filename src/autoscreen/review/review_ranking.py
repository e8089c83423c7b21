"""The newest ranking of an open review, and its explanations of single records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autoscreen.errors import InputError
from autoscreen.records import Label, Record
from autoscreen.review.open_review import OpenReview
from autoscreen.review.word_evidence import WordEvidence, evidence_of
from autoscreen.store.stored_values import RankPosition

if TYPE_CHECKING:
    from autoscreen.review.priority_screening import PoolScores, RankedRecord
    from autoscreen.review.rank_index import RankIndex


class ReviewRanking:
    """The newest ranking: ranks, probabilities, and the words for or against a record."""

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store

    def warm_up(self) -> bool:
        """Start the first ranking; return whether the next record is available without waiting."""
        return self._store.pool.is_empty() or self._opened.ranker.warm_up()

    @property
    def explains(self) -> bool:
        """Whether scores can be explained without waiting for an order."""
        ranker = self._opened.opened_ranker
        return ranker is not None and ranker.ready

    def scores(self) -> PoolScores:
        """Score all records, and those with a label once more without it."""
        return self._opened.ranker.scores()

    def places(self) -> RankIndex:
        """Return the places of all records in the newest order; empty if there is none yet."""
        return self._opened.places()

    def place(self, ident: str) -> RankPosition:
        """Return the place of a record; without a rank if it is not in the order."""
        return self._opened.place_of(self._store.pool.find(ident))

    def unread_place(self, ident: str, reviewer: str = "") -> tuple[int, int] | None:
        """Return the place of a record among the unscreened, and their count; None if unknown."""
        ranker = self._opened.opened_ranker
        number = self._store.pool.find(ident)
        return None if ranker is None else ranker.unread_place_of(number, reviewer)

    def probability(self, ident: str) -> float | None:
        """Return the probability that a record is relevant, as `RankedRecord.probability`."""
        number = self._store.pool.find(ident)
        ranker = self._opened.opened_ranker
        return None if ranker is None else ranker.probability_of(number)

    def evidence(self, ident: str, record: Record) -> tuple[WordEvidence, ...]:
        """Return the words that affected the rank of a record, in text order; empty without one."""
        values = self._opened.ranker.word_values(self._store.pool.find(ident))
        return evidence_of(record, values)

    def second_look(self, *, top: int | None = 20, label: str = "exclude") -> list[RankedRecord]:
        """Return the decisions that the other labels contradict most; all if `top` is None.

        About one in ten human exclusions is wrong (Wang et al. 2020); each of these was scored by a
        ranker that did not see its label. With the label ``include``, those that look irrelevant.
        """
        if label not in (Label.EXCLUDE, Label.INCLUDE):
            raise InputError(f"{label!r} has no second look", hint="give exclude or include")
        return self._opened.ranker.second_look(top=top, label=Label(label))
