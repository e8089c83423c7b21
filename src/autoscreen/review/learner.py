"""Keeps the order of a review up to date with its labels, in a background thread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autoscreen.active import BackgroundRefit
from autoscreen.progress_callback import Progress
from autoscreen.ranking import (
    Explanation,
    FusedScores,
    explain_row,
    fuse,
    held_out_scores,
    order,
    word_values,
)
from autoscreen.records import Label
from autoscreen.review.pool_model import PoolModel, load_pool
from autoscreen.store import Store, show_id
from autoscreen.store.stored_values import Ranking, ReviewState

MODEL = "protocol+lexical+meaning/6"
"""Name of the ranker in decisions and stored orders; a new number means another order."""
MODEL_WITH_SENTENCES = f"{MODEL}+sentences/1"

_PATIENCE = 2.0
"""Seconds that closing waits for a refit at work."""


@dataclass(frozen=True, slots=True)
class Order:
    """All records of a review, best first."""

    records: NDArray[np.int64]
    scores: NDArray[np.float64]
    decision: int
    epoch: int
    model: str = MODEL
    pool: PoolModel | None = None
    fused: FusedScores | None = None

    def explain(self, number: int) -> Explanation:
        """Take the score of a record apart."""
        pool, fused = self._made_from()
        return explain_row(
            pool.rows[number],
            matrix=pool.terms.matrix,
            prior=pool.prior,
            fused=fused,
            names=pool.names(number),
            name_of=lambda row: show_id(int(pool.numbers[row])),
        )

    def word_values(self, number: int) -> dict[str, float]:
        """Return what each word and pair of words of a record adds to its score."""
        pool, fused = self._made_from()
        return word_values(
            pool.rows[number],
            matrix=pool.terms.matrix,
            prior=pool.prior,
            fused=fused,
            names=pool.names(number),
        )

    def _made_from(self) -> tuple[PoolModel, FusedScores]:
        assert self.pool is not None
        assert self.fused is not None
        return self.pool, self.fused

    def place(self, number: int) -> tuple[int, float] | None:
        """Rank from 1 and score of a record; None if it came after this order was made."""
        found = np.flatnonzero(self.records == number)
        return (int(found[0]) + 1, float(self.scores[found[0]])) if len(found) else None


def model_name(pool: PoolModel) -> str:
    """Return the name of the ranker of a pool."""
    return MODEL_WITH_SENTENCES if pool.encoder else MODEL


class Learner:
    """The order of one open review."""

    def __init__(self, store: Store, *, progress: Progress | None = None) -> None:
        self._store = store
        self._work = _Work(store, progress)
        self._refit: BackgroundRefit[None, Order] | None = None
        self._asked: tuple[int, int] | None = None
        self._stored = _load(store)
        self._saved = (self._stored.epoch, self._stored.decision) if self._stored else None

    def order(self, state: ReviewState, *, wait: bool) -> Order:
        """Return the order to read by."""
        found = self.newest()
        covers = found is not None and found.epoch == state.epoch
        if found is not None and covers and found.decision == state.decision:
            return found
        self.learn(state)
        if found is not None and covers and not wait:
            return found
        return self._wait()

    def hurried(self, state: ReviewState) -> Order:
        """
        Return the newest order that there is, also one that lacks records or labels.

        What it lacks is learnt meanwhile. Only the very first order is waited for.
        """
        found = self.newest()
        if found is None:
            return self.order(state, wait=False)
        if (found.decision, found.epoch) != (state.decision, state.epoch):
            self.learn(state)
        return found

    def learn(self, state: ReviewState) -> None:
        """Learn the labels so far, in a background thread."""
        if self._refit is None:
            self._refit = BackgroundRefit(self._work)
        now = (state.decision, state.epoch)
        if now != self._asked:
            self._refit.submit(None)
            self._asked = now

    def explainable(self, state: ReviewState) -> Order:
        """Return an order with what it was made from, which one read from the file lacks."""
        found = self.order(state, wait=False)
        if found.pool is None:
            self.learn(state)
            found = self._wait()
        return found

    def held_out(self) -> dict[int, float]:
        """Score each included or excluded record by a ranker that did not see its label."""
        pool = self.explainable(self._store.decisions.state()).pool
        assert pool is not None
        labels = {
            pool.rows[number]: label is Label.INCLUDE
            for number, label in self._store.decisions.current_labels()
            if label is not Label.UNSURE and number in pool.rows
        }
        scores = held_out_scores(pool.terms.matrix, pool.prior, labels, also=pool.known)
        return {int(pool.numbers[row]): score for row, score in scores.items()}

    def save(self) -> None:
        """Keep the newest order in the review file, so that the next session begins with it."""
        found = self.newest()
        if found is None or self._saved == (found.epoch, found.decision):
            return
        self._store.rankings.save(
            Ranking(
                model=found.model,
                decision=found.decision,
                epoch=found.epoch,
                records=found.records.tolist(),
                scores=found.scores.tolist(),
            )
        )
        self._saved = (found.epoch, found.decision)

    def close(self) -> None:
        """Save the newest order and stop learning."""
        if self._refit is not None:
            self._refit.close(patience=_PATIENCE)
        self.save()

    def newest(self) -> Order | None:
        """Return the newest order, even if records came in since; None if there never was one."""
        learnt = self._refit.newest() if self._refit is not None else None
        return learnt or self._stored

    def _wait(self) -> Order:
        assert self._refit is not None
        found = self._refit.wait()
        assert found is not None
        self.save()
        return found


class _Work:
    """What the other thread does: it owns the pool's model and the last fit."""

    def __init__(self, store: Store, progress: Progress | None) -> None:
        self._store = store
        self._progress = progress
        self._pool: PoolModel | None = None
        self._last: FusedScores | None = None

    def __call__(self, _: None) -> Order:
        # A connection belongs to one thread, so this one opens its own.
        with self._store.reopen() as store:
            # The number first: a label given meanwhile is learnt twice rather than never.
            decision = store.decisions.newest()
            pool = self._current_pool(store, decision)
            labels = {
                pool.rows[number]: label is Label.INCLUDE
                for number, label in store.decisions.current_labels()
                if label is not Label.UNSURE and number in pool.rows
            }
        if self._progress is not None:
            self._progress("learning from the decisions", 0)
        self._last = fused = fuse(
            pool.terms.matrix, pool.prior, labels, last=self._last, also=pool.known
        )
        best = order(fused.scores)
        return Order(
            pool.numbers[best],
            fused.scores[best],
            decision,
            pool.epoch,
            model_name(pool),
            pool,
            fused,
        )

    def _current_pool(self, store: Store, decision: int) -> PoolModel:
        if self._pool is None or self._pool.epoch != store.pool.epoch():
            self._pool = load_pool(store, progress=self._progress)
            self._last = None
            store.embeddings.use(
                self._pool.encoder,
                embedded=self._pool.embedded,
                records=len(self._pool.numbers),
                decision=decision,
            )
        return self._pool


def _load(store: Store) -> Order | None:
    stored = store.rankings.load()
    if stored is None or stored.model not in (MODEL, MODEL_WITH_SENTENCES):
        return None
    return Order(
        np.array(stored.records, dtype=np.int64),
        np.array(stored.scores, dtype=np.float64),
        stored.decision,
        stored.epoch,
        stored.model,
    )
