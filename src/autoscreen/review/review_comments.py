"""The discussion of records: comments, and the colleagues they mention."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autoscreen.errors import InputError
from autoscreen.review.open_review import OpenReview
from autoscreen.review.user_input import clean_input
from autoscreen.store import Store
from autoscreen.store.comments import Comment

_LONGEST = 5000
_NAME = re.compile(r"(?<!\w)@(\w[\w.-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The comments on a record, as one reviewer sees them."""

    comments: Sequence[Comment]
    blind: bool  # Whether the record is still screened independently, so that others see none


class ReviewComments:
    """
    Comments on records.

    A comment on a record that others may still screen independently is seen only by its author;
    others see it, and are notified of a mention, once the record is decided at the stage at which
    it was written.
    """

    def __init__(self, opened: OpenReview) -> None:
        self._store = opened.store

    def add(
        self, ident: str, text: str, *, reviewer: str = "", people: Iterable[str] = ()
    ) -> Comment:
        """Add a comment to a record; ``@name`` mentions a colleague.

        `people` are names that can be mentioned, beside those of all who have decided here.
        """
        words = clean_input(text).strip()
        if not 0 < len(words) <= _LONGEST:
            raise InputError(
                f"a comment of {len(words):,} characters cannot be saved",
                hint=f"write 1 to {_LONGEST:,} characters",
            )
        number, who = self._store.pool.find(ident), clean_input(reviewer)
        known = {*people, *self._store.decisions.reviewers()} - {who, ""}
        made = self._store.comments.add(number, words, who, mentioned(words, known)[0])
        comments = self._store.comments.of(number, who)
        return next(one for one in comments if one.id == made)

    def of(self, ident: str, reviewer: str | None = None) -> list[Comment]:
        """Return the comments on a record that a reviewer may see, oldest first."""
        return self._store.comments.of(self._store.pool.find(ident), reviewer)

    def thread(self, ident: str, reviewer: str) -> Thread:
        """Return the comments on a record for a reviewer, and whether others see theirs yet."""
        number = self._store.pool.find(ident)
        return thread_of(self._store, number, reviewer, self._store.comments.hidden(number))

    def mentions(self, reviewer: str) -> list[Comment]:
        """Return the comments that mention a reviewer, newest first."""
        return self._store.comments.mentions_of(clean_input(reviewer))[::-1]

    def set_done(self, number: int, *, reviewer: str, done: bool = True) -> None:
        """Mark a mention as done, or as open again."""
        self._store.comments.set_done(number, clean_input(reviewer), done=done)

    def withdraw(self, number: int, *, reviewer: str = "") -> Comment:
        """Withdraw one's own comment."""
        return self._store.comments.withdraw(number, clean_input(reviewer))


def thread_of(store: Store, number: int, reviewer: str, hidden: bool) -> Thread:
    """Return the comments on a record for a reviewer, and whether others see a new one yet."""
    return Thread(comments=store.comments.of(number, reviewer), blind=hidden)


def mentioned(text: str, people: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the people that a text mentions, and the names in it that nobody has."""
    found: dict[str, None] = {}
    for name in sorted(people, key=len, reverse=True):  # "Ann Lee" before "Ann"
        text, count = re.subn(rf"(?<!\w)@{re.escape(name)}(?!\w)", " ", text, flags=re.IGNORECASE)
        if count:
            found[name] = None
    return list(found), list(dict.fromkeys(_NAME.findall(text)))
