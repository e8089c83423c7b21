"""The labels that stand, kept up to date by what was added since they were last asked for."""

from __future__ import annotations

from autoscreen.records import Label
from autoscreen.store import Store

__all__ = ["EffectiveLabels"]


class EffectiveLabels:
    """
    The label of each labelled record.

    Reading them all takes longer the more there are, and a page asks after each label.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[int, int] | None = None
        self._entry = 0
        self._labels: dict[int, tuple[int, Label]] = {}
        self._records: set[int] = set()

    def current(self) -> dict[int, Label]:
        """Return the label of each labelled record."""
        self._update()
        return {number: label for number, (_, label) in self._labels.items()}

    def labelled(self) -> set[int]:
        """Return the records that have a label, also unsure ones."""
        self._update()
        return set(self._labels)

    def unsure(self) -> list[int]:
        """Return the records labelled unsure, in the order of deciding."""
        self._update()
        found = [(at, n) for n, (at, label) in self._labels.items() if label is Label.UNSURE]
        return [number for _, number in sorted(found)]

    def records(self) -> set[int]:
        """Return all records of the pool; an order may know some that were merged meanwhile."""
        self._update()
        return self._records

    def _update(self) -> None:
        # The entry first: what comes in meanwhile is read twice rather than never.
        newest = self._store.decisions.newest()
        # Merges and the rule of double screening change labels without a new entry.
        state = (self._store.pool.epoch(), len(self._store.screening.settings()))
        if state != self._known:
            self._labels, self._entry = {}, 0
            self._records = set(self._store.pool.ids())
            self._known = state
        if newest != self._entry:
            for number, at, label in self._store.decisions.labels_since(self._entry):
                if at is None or label is None:
                    self._labels.pop(number, None)
                else:
                    self._labels[number] = (at, label)
            self._entry = newest
