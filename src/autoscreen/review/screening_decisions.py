"""
Decisions about single records as a page submits them, each once and only once; and tags.

A page may submit the same decision again because it did not get the answer, or decide about a
record that somebody else has decided about meanwhile; neither may lose or double a decision.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autoscreen.errors import ConflictError, DecidedMeanwhileError, InputError
from autoscreen.formats import plain
from autoscreen.records import Record, Stage
from autoscreen.review.manual_sources import add_source
from autoscreen.review.open_review import OpenReview
from autoscreen.review.review_comments import Thread, thread_of
from autoscreen.review.user_input import clean_input, clean_tag
from autoscreen.store.prior_copies import PriorCopy
from autoscreen.store.stored_values import Decision, RankPosition, StoredRecord

_SHORTEST_ABSTRACT, _LONGEST_ABSTRACT = 40, 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRecord:
    """What a reviewer may see of what was said about a record."""

    history: list[Decision]  # Decisions and withdrawals, oldest first
    tags: list[str]
    thread: Thread
    earlier: Sequence[PriorCopy]  # What earlier reviews decided about it


class ScreeningDecisions:
    """Decisions of a stage as a page submits them, tags, and abstracts that were missing."""

    def __init__(
        self,
        opened: OpenReview,
        stage: Stage = Stage.TITLE_ABSTRACT,
        *,
        place_of: Callable[[int, str], RankPosition] | None = None,
    ) -> None:
        self._opened = opened
        self._store = opened.store
        self._stage = stage
        self._decisions = opened.store.decisions_of(stage)
        self._place_of = place_of or (lambda number, reviewer: opened.place_of(number))

    def add(
        self, ident: str, label: str, *, reviewer: str = "", reason: str = "", note: str = ""
    ) -> Decision:
        """Decide about a record, as `Review.label` does at the stage of title and abstract."""
        opened, number = self._opened, self._store.pool.find(ident)
        if self._stage is Stage.FULL_TEXT:
            opened.require_full_text(number)
        verdict = opened.verdict(
            label, reviewer=reviewer, reason=reason, note=note, stage=self._stage
        )
        return self._decisions.add(number, verdict, self._place_of(number, reviewer))

    def undo(self, *, reviewer: str = "", record: str | None = None) -> Decision | None:
        """Withdraw a reviewer's newest decision, as `Review.undo` does."""
        about = None if record is None else self._store.pool.find(record)
        return self._decisions.undo(clean_input(reviewer), record=about)

    def history(self, ident: str) -> list[Decision]:
        """Return all decisions about a record and their withdrawals, oldest first."""
        return self._decisions.history_of(self._store.pool.find(ident))

    def submit(
        self,
        ident: str,
        label: str,
        *,
        key: str,
        seen: int,
        reviewer: str = "",
        reason: str = "",
        note: str = "",
    ) -> Decision:
        """Decide about a record as a page showed it; the decision is on the disk when this returns.

        The page chooses a key for each decision; under a key received before, nothing is added and
        the decision of then is returned. `seen` is the newest entry that the page knew of
        (`newest_seen`); DecidedMeanwhileError is raised if there is a newer one that the reviewer
        may see.
        """
        with self._store.writing():
            known = self._store.pages.handed_in(key)
            if known is not None:
                return self._decisions.get(known)
            history = self._seen_by(reviewer, self._store.pool.find(ident))
            if (history[-1].id if history else 0) != seen:
                raise DecidedMeanwhileError(
                    f"somebody decided about {ident} meanwhile",
                    hint="look at what they decided, then decide again",
                )
            made = self.add(ident, label, reviewer=reviewer, reason=reason, note=note)
            self._store.pages.submit_decision(key, made.id)
            return made

    def seen_history(self, ident: str, reviewer: str) -> list[Decision]:
        """
        Return what a reviewer may see of a record's history, oldest first.

        While the record is not settled in double screening, that is their own entries only.
        """
        return self._seen_by(reviewer, self._store.pool.find(ident))

    def seen(self, ident: str, reviewer: str) -> SeenRecord:
        """Return what a reviewer may see of what was said about a record."""
        number, who = self._store.pool.find(ident), clean_input(reviewer)
        hidden = self._store.screening.hidden(number)
        history = self._store.decisions.history_of(number)
        return SeenRecord(
            history=[one for one in history if one.reviewer == who] if hidden else history,
            tags=self._opened.tags_of(number, who, hidden=hidden),
            thread=thread_of(self._store, number, who, hidden),
            earlier=self._store.prior_copies.of(number),
        )

    def newest_seen(self, ident: str, reviewer: str) -> int:
        """Return the number of the newest entry that a reviewer may see; 0 if none."""
        history = self.seen_history(ident, reviewer)
        return history[-1].id if history else 0

    def withdraw(self, *, key: str, of: str = "", reviewer: str = "") -> Decision | None:
        """Withdraw a decision at the request of a page; one of a bulk action with all of that.

        `key` is as for `submit`; `of` is the key of the decision, by default the reviewer's newest
        one. None is returned if there was nothing to withdraw.
        """
        with self._store.writing():
            known = self._store.pages.handed_in(key)
            if known is not None:
                return self._decisions.get(known)
            decision = self._store.pages.handed_in(of) if of else None
            if of and decision is None:
                return None
            made = self._undo(clean_input(reviewer), decision)
            if made is not None:
                self._store.pages.submit_decision(key, made.id)
            return made

    def _undo(self, reviewer: str, decision: int | None) -> Decision | None:
        """Withdraw a decision, or the newest one with the bulk action that it was part of."""
        decisions = self._decisions
        alone = decision is not None or self._stage is Stage.FULL_TEXT
        bulk = None if alone else self._store.bulks.newest_of(reviewer)
        if bulk is None:
            return decisions.undo(reviewer, decision=decision)
        self._store.bulks.undo(bulk.id, reviewer)
        return decisions.get(decisions.newest())

    def _seen_by(self, reviewer: str, number: int) -> list[Decision]:
        entries = self._decisions.history_of(number)
        if not entries or not self._store.screening_of(self._stage).hidden(number):
            return entries
        return [entry for entry in entries if entry.reviewer == reviewer]

    def tags(self, ident: str, reviewer: str | None = None) -> list[str]:
        """
        Return the tags that a reviewer may see on a record.

        While the record waits for a second reviewer, these are only the reviewer's own.
        """
        number = self._store.pool.find(ident)
        who = None if reviewer is None else clean_input(reviewer)
        return self._opened.tags_of(number, who, hidden=self._store.screening.hidden(number))

    def tag(self, ident: str, tag: str, *, on: bool = True, reviewer: str = "") -> list[str]:
        """Add a tag to a record or remove it, and return its tags."""
        words = clean_tag(tag, new=on)
        number = self._store.pool.find(ident)
        who, blind = clean_input(reviewer), self._store.screening.hidden(number)
        self._store.tags.set(number, words, who, on=on, blind=blind)
        return self._opened.tags_of(number, who, hidden=blind)

    def add_abstract(self, ident: str, abstract: str, *, reviewer: str = "") -> None:
        """Add the abstract that all sources of a record lack, without its line breaks and mark-up.

        It is kept as a source of its own, merged into the record; `Review.unmerge` removes it
        again. Raises ConflictError if there is an abstract.
        """
        found = self._lacks_abstract(ident)
        text = plain(clean_input(abstract))
        if not _SHORTEST_ABSTRACT <= len(text) <= _LONGEST_ABSTRACT:
            raise InputError(
                f"a text of {len(text)} characters is no abstract",
                hint=f"paste {_SHORTEST_ABSTRACT} to {_LONGEST_ABSTRACT} characters",
            )
        said = Record(
            title=found.record.title,
            abstract=text,
            pmid=found.record.pmid,
            doi=found.record.doi,
            raw=clean_input(abstract),
        )
        origin = f"abstract pasted by {reviewer}" if reviewer else "abstract pasted"
        add_source(self._store, found.number, said, origin=origin, raw_format="pasted")

    def add_fetched(self, ident: str, record: Record, *, reviewer: str = "") -> None:
        """Add the abstract and other fields of PubMed to a record, as `add_abstract` does."""
        found = self._lacks_abstract(ident)
        if not record.abstract:
            raise InputError(
                f"PubMed has no abstract of {ident} either", hint="paste it, or decide by the title"
            )
        origin = f"PubMed, asked by {reviewer}" if reviewer else "PubMed"
        add_source(self._store, found.number, record, origin=origin, raw_format=record.raw_format)

    def _lacks_abstract(self, ident: str) -> StoredRecord:
        found = self._store.pool.record(self._store.pool.find(ident))
        if found.record.abstract:
            raise ConflictError(f"{ident} has an abstract already", hint="see its sources")
        return found
