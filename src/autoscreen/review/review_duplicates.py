"""The possible duplicates of an open review."""

from __future__ import annotations

from autoscreen.review.user_input import clean_input
from autoscreen.store import Store
from autoscreen.store.effective_label import PendingState
from autoscreen.store.possible_duplicates import PairState, PossibleDuplicate


class ReviewDuplicates:
    """Pairs of records that are alike, but not enough for an automatic merge."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, import_id: int | None = None) -> list[PossibleDuplicate]:
        """Return all pairs, also those decided on, or those that one import found."""
        return self._store.duplicates.all(import_id)

    def pending(self) -> list[PossibleDuplicate]:
        """Return the pairs on which nobody has decided, each two records once."""
        waiting = (one for one in self.all() if one.state is PairState.PENDING)
        return list({frozenset((one.first, one.second)): one for one in waiting}.values())

    def count_pending(self) -> int:
        """Return how many pairs of records nobody has decided on."""
        return self._store.duplicates.count_pending()

    def count_conflicts(self) -> int:
        """Return how many records are in conflict at either stage, as a merge may make one."""
        both = self._store.screening, self._store.full_text_screening
        return sum(stage.counts()[PendingState.CONFLICT] for stage in both)

    def get(self, number: int) -> PossibleDuplicate:
        """Return one pair by its number."""
        return self._store.duplicates.get(number)

    def merge(self, number: int, *, reviewer: str = "") -> PossibleDuplicate:
        """Merge a pair: the two are duplicates.

        Raises ConflictError if that would join two records that a person has kept apart.
        """
        return self._store.duplicates.merge(number, clean_input(reviewer))

    def keep_apart(self, number: int, *, reviewer: str = "") -> PossibleDuplicate:
        """Keep a pair as two records; no import will merge them."""
        return self._store.duplicates.keep_apart(number, clean_input(reviewer))

    def undo(self, number: int, *, reviewer: str = "") -> PossibleDuplicate:
        """Withdraw the decision on a pair."""
        return self._store.duplicates.undo(number, clean_input(reviewer))
