"""The merges of an open review; undoes them."""

from __future__ import annotations

from autoscreen.errors import InputError
from autoscreen.store import Store
from autoscreen.store.stored_values import MergeEntry


class ReviewMerges:
    """Which records were merged as duplicates."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[MergeEntry]:
        """Return all merges with their evidence, also the undone ones, oldest first."""
        return self._store.merges.all()

    def of(self, ident: str) -> list[MergeEntry]:
        """Return the current merges that made a record, oldest first."""
        return self._store.merges.of(self._store.pool.find(ident))

    def undo(self, ident: str | int) -> MergeEntry:
        """
        Separate two records again; each gets its sources and decisions back.

        They are not merged again by a later import.

        Parameters
        ----------
        ident
            Number of the merge, or id, PMID or DOI of the record that was merged away.
        """
        return self._store.merges.undo(self._number(str(ident).strip()))

    def _number(self, text: str) -> int:
        """Return the number of a merge, given by its number or by the record that it absorbed."""
        if text.isdecimal() and any(merge.id == int(text) for merge in self.all()):
            return int(text)
        in_force = _joining(self.of(text), text)
        if not in_force:
            raise InputError(f"{text} was not merged with another record")
        if len(in_force) > 1:
            listed = ", ".join(f"{merge.id} ({merge.absorbed})" for merge in in_force)
            raise InputError(f"{text} came of {len(in_force)} merges: {listed}", hint="name one")
        return in_force[0].id


def _joining(merges: list[MergeEntry], ident: str) -> list[MergeEntry]:
    """Return the merge that absorbed this id, or else all those of its record."""
    return [merge for merge in merges if merge.absorbed == ident.lower()] or merges
