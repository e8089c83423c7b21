"""The current labels, kept up to date by what was added since they were last read."""

from __future__ import annotations

from autoscreen.records import Label
from autoscreen.store import Store
from autoscreen.store.stored_values import ReviewState


class EffectiveLabels:
    """
    The label of each labelled record.

    Reading all of them takes longer the more there are, and a page needs them after each label. A
    caller that has just read the state of the review passes it on.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[int, int] | None = None
        self._entry = 0
        self._labels: dict[int, tuple[int, Label]] = {}
        self._records: set[int] = set()

    def current(self, state: ReviewState | None = None) -> dict[int, Label]:
        """Return the label of each labelled record."""
        self._update(state)
        return {number: label for number, (_, label) in self._labels.items()}

    def labelled(self, state: ReviewState | None = None) -> set[int]:
        """Return the records that have a label, also unsure ones."""
        self._update(state)
        return set(self._labels)

    def unsure(self, state: ReviewState | None = None) -> list[int]:
        """Return the records labelled unsure, in the order of deciding."""
        self._update(state)
        found = [(at, n) for n, (at, label) in self._labels.items() if label is Label.UNSURE]
        return [number for _, number in sorted(found)]

    def records(self, state: ReviewState | None = None) -> set[int]:
        """Return all records of the pool; an order may know some that were merged meanwhile."""
        self._update(state)
        return self._records

    def _update(self, state: ReviewState | None) -> None:
        newest, rules, epoch, _ = state or self._store.decisions.state()
        # Merges and the rule of double screening change labels without a new entry.
        if (rules, epoch) != self._known:
            self._labels, self._entry = {}, 0
            self._records = set(self._store.pool.ids())
            self._known = rules, epoch
        if newest != self._entry:
            for number, at, label in self._store.decisions.labels_since(self._entry):
                if at is None or label is None:
                    self._labels.pop(number, None)
                else:
                    self._labels[number] = (at, label)
            self._entry = newest
