"""Places of many records in an order, looked up at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autoscreen.store import Store
from autoscreen.store.stored_values import RankPosition


class RankIndex:
    """The places of all records in an order, to look many of them up."""

    def __init__(self, records: NDArray[np.int64], scores: NDArray[np.float64], model: str) -> None:
        self._scores = scores
        self._model = model
        self._at = np.full(int(records.max(initial=0)) + 1, len(records), dtype=np.int64)
        self._at[records] = np.arange(len(records))

    @classmethod
    def stored(cls, store: Store) -> Self:
        """Return the places in the stored ranking of the review file; it may be of any age."""
        found = store.rankings.load()
        if found is None:
            return cls(np.empty(0, dtype=np.int64), np.empty(0), "")
        return cls(np.array(found.records, dtype=np.int64), np.array(found.scores), found.model)

    def of(self, number: int) -> RankPosition:
        """Return the place of a record; one without rank if it is not in the order."""
        at = int(self._at[number]) if number < len(self._at) else len(self._scores)
        if at == len(self._scores):
            return RankPosition()
        return RankPosition(rank=at + 1, score=float(self._scores[at]), model=self._model)

    def sorted(self, numbers: Sequence[int], *, descending: bool = False) -> list[int]:
        """Return records best first; those that are not in the order come last."""
        given = np.array(numbers, dtype=np.int64)
        none = len(self._scores)
        known = given < len(self._at)
        at = np.full(len(given), none, dtype=np.int64)
        at[known] = self._at[given[known]]
        key = np.where(at < none, -at, 1) if descending else at
        best: list[int] = given[np.argsort(key, kind="stable")].tolist()
        return best
