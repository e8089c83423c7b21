"""The tags of a review: on single records, on many at once, and renamed or merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain

from autoscreen.errors import InputError
from autoscreen.review.open_review import OpenReview
from autoscreen.review.user_input import clean_input, clean_tag
from autoscreen.store.record_tags import TagAct


class ReviewTags:
    """
    The tags of all records.

    A tag on a record that others may still screen independently is seen only by who added it.
    """

    def __init__(self, opened: OpenReview) -> None:
        self._store = opened.store

    def counts(self, reviewer: str | None = None) -> Mapping[str, int]:
        """Return each tag with the number of records that have it, in alphabetical order."""
        tags = self._store.tags.visible(None if reviewer is None else clean_input(reviewer))
        return dict(sorted(Counter(chain.from_iterable(tags.values())).items()))

    def tag_many(
        self, idents: Iterable[str], tag: str, *, on: bool = True, reviewer: str = ""
    ) -> TagAct | None:
        """Add a tag to many records, or remove it, as one action that `undo` reverses.

        A tag is at most 100 characters long. None is returned if no record changed.
        """
        numbers = dict.fromkeys(self._store.pool.find_all(idents))
        words = clean_tag(tag, new=on)
        return self._store.tags.set_many(numbers, words, clean_input(reviewer), on=on)

    def rename(self, tag: str, new: str, *, reviewer: str = "") -> TagAct:
        """Rename a tag on all records; if there is a tag of the new name, the two become one."""
        wanted = clean_tag(new)
        if wanted == tag:
            raise InputError(f"the tag is called {tag!r} already")
        return self._done(self._store.tags.rename(tag, wanted, clean_input(reviewer)), tag)

    def delete(self, tag: str, *, reviewer: str = "") -> TagAct:
        """Remove a tag from all records."""
        return self._done(self._store.tags.rename(tag, "", clean_input(reviewer)), tag)

    def acts(self) -> list[TagAct]:
        """Return the bulk changes of tags, newest first."""
        return self._store.tags.acts()

    def undo(self, number: int, *, reviewer: str = "") -> TagAct:
        """Undo a bulk change of tags."""
        return self._store.tags.undo(number, clean_input(reviewer))

    @staticmethod
    def _done(act: TagAct | None, tag: str) -> TagAct:
        if act is None:
            raise InputError(f"no record has the tag {tag!r}", hint="see the list of tags")
        return act
