"""Replays a finished review: which record would have been read when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, Required, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.active._query_strategies import EXPLORATION_SHARE, draw_at_random
from autoscreen.ranking import FusedScores, KernelRanker, Prior, fuse, order

DENSE_POOL = 4500
"""Up to this many records all products between them fit into 80 MB."""


@dataclass(frozen=True, slots=True)
class Refits:
    """After which labels the ranker is fitted again."""

    every: int = 1000  # After every label up to this many
    # From then on whenever the labels have grown by this share; 0 is after every label
    growth: float = 0.01

    def next_after(self, labels: int) -> int:
        """Return the number of labels at which the ranker learns next."""
        if labels < self.every:
            return labels + 1
        return labels + max(1, int(labels * self.growth))


USUAL_REFITS = Refits()
"""Of a review of 2,000 records nearly every refit, of larger ones what a person can wait for."""
ESTIMATOR_REFITS = Refits(every=50, growth=0.05)
"""For an estimator, which scores all texts again after each fit."""


class ReplayRanker(Protocol):
    """The interface of a ranker in a replay."""

    def learn(self, row: int, *, relevant: bool) -> None:
        """Add a label."""

    def scores(self) -> NDArray[np.float64]:
        """Score every record from the labels so far."""


class ReplayOptions(TypedDict, total=False):
    """How a finished review is replayed."""

    known: Required[Mapping[int, bool]]  # Labels from before, by row
    random_state: int  # Seed of the random records; 0 by default
    exploration: float  # Share of random records
    # Instead of autoscreen's own ranker: one that has learnt the known labels
    ranker: ReplayRanker | None
    refits: Refits  # After which labels the ranker is fitted again
    progress: Callable[[int], None] | None


def replay(
    matrix: csr_array,
    prior: Prior,
    relevant: NDArray[np.bool_],
    **options: Unpack[ReplayOptions],
) -> NDArray[np.int64]:
    """
    Order in which autoscreen would have shown the records of a finished review.

    Once the last relevant record is found no measure depends on the order of the rest, and they
    follow in the order of the last fit.
    """
    known, progress = options["known"], options.get("progress")
    ranker = options.get("ranker")
    refits = options.get("refits", USUAL_REFITS if ranker is None else ESTIMATOR_REFITS)
    if ranker is None:
        ranker = (
            KernelRanker(matrix, prior, known, size=len(relevant))
            if len(relevant) <= DENSE_POOL
            else _SparseRanker(matrix, prior, known)
        )
    unread = np.ones(len(relevant), dtype=bool)
    unread[list(known)] = False
    left = int((relevant & unread).sum())
    reading = _Reading(
        unread,
        len(known),
        options.get("random_state", 0),
        options.get("exploration", EXPLORATION_SHARE),
    )
    due = len(known)
    while left:
        if reading.step >= due:
            reading.rank(ranker.scores())
            due = refits.next_after(reading.step)
        row = reading.next()
        ranker.learn(row, relevant=bool(relevant[row]))
        left -= bool(relevant[row])
        if progress is not None:
            progress(1)
    return reading.finished(ranker)


class _SparseRanker:
    """Fits the ranker as the live review does."""

    def __init__(self, matrix: csr_array, prior: Prior, known: Mapping[int, bool]) -> None:
        self._matrix = matrix
        self._prior = prior
        self._labels = dict(known)
        self._last: FusedScores | None = None

    def learn(self, row: int, *, relevant: bool) -> None:
        """Add a label."""
        self._labels[row] = relevant

    def scores(self) -> NDArray[np.float64]:
        """Score every record from the labels so far."""
        self._last = fuse(self._matrix, self._prior, self._labels, last=self._last)
        return self._last.scores


class _Reading:
    """What is read, and what is next."""

    def __init__(self, unread: NDArray[np.bool_], step: int, seed: int, exploration: float) -> None:
        self.step = step
        self._unread = unread
        self._seed = seed
        self._exploration = exploration
        self._read: list[int] = []
        self._ordered: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._at = 0

    def rank(self, scores: NDArray[np.float64]) -> None:
        """Use a new order of the pool."""
        self._ordered = order(scores)
        self._at = 0

    def next(self) -> int:
        """Read the next record."""
        row = self._random_row()
        if row is None:
            while not self._unread[self._ordered[self._at]]:
                self._at += 1
            row = int(self._ordered[self._at])
        self._unread[row] = False
        self._read.append(row)
        self.step += 1
        return row

    def finished(self, ranker: ReplayRanker) -> NDArray[np.int64]:
        """Return all that was read, and what is left in the order of the last fit."""
        if self._unread.any() and not len(self._ordered):
            self.rank(ranker.scores())
        rest = self._ordered[self._unread[self._ordered]]
        return np.concatenate((np.array(self._read, dtype=np.int64), rest))

    def _random_row(self) -> int | None:
        draw = draw_at_random(step=self.step, share=self._exploration, seed=self._seed)
        if draw is None:
            return None
        left = self._ordered[self._unread[self._ordered]]
        return int(left[int(draw.integers(len(left)))])
