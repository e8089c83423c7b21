"""
Decisions about single records: given, handed in by a page once and only once, undone; and tags.

A page may hand the same decision in again because it did not hear the answer, or decide about a
record that somebody else has decided about meanwhile; neither may lose or double a decision.
"""

from __future__ import annotations

from autoscreen.errors import ConflictError, DecidedMeanwhileError, InputError
from autoscreen.formats import plain
from autoscreen.records import Label, Record, Verdict
from autoscreen.review.manual_sources import add_source
from autoscreen.review.records_table import ReviewTable
from autoscreen.review.reports import ReadingProgress
from autoscreen.review.user_input import parse_label, parse_reason, replace_surrogates
from autoscreen.review.word_evidence import WordEvidence, evidence_of
from autoscreen.store import Decision, PendingState, RankPosition, StoredRecord

__all__ = ["ReviewSitting"]

_LONGEST_TAG = 100
_SHORTEST_ABSTRACT, _LONGEST_ABSTRACT = 40, 30_000


class ReviewSitting(ReviewTable):
    """An open review that is read and labelled, record by record."""

    def label(
        self, ident: str, label: str, *, reviewer: str = "", reason: str = "", note: str = ""
    ) -> Decision:
        """
        Decide about a record; the decision is on the disk when this returns.

        Parameters
        ----------
        ident
            Its id (``r17``), PMID or DOI.
        label
            ``include``, ``exclude`` or ``unsure``.
        reviewer
            Who decides; empty for a person working alone.
        reason
            Code of a reason of the protocol; not with ``include``.
        note
            Anything worth remembering.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        InputError
            If label or reason is not one that the protocol knows.
        """
        chosen = parse_label(label)
        verdict = Verdict(
            label=chosen,
            reason=parse_reason(
                replace_surrogates(reason), chosen, self.protocol.reasons if reason else ()
            ),
            note=replace_surrogates(note),
            reviewer=replace_surrogates(reviewer),
        )
        number = self._store.pool.find(ident)
        place = (self._opened_reading or self._store.rankings).place_of(number)
        return self._store.decisions.add(number, verdict, place)

    def undo(self, *, reviewer: str = "", record: str | None = None) -> Decision | None:
        """
        Withdraw a reviewer's newest decision that still stands; an earlier one stands again.

        Parameters
        ----------
        reviewer
            Whose decision.
        record
            Id, PMID or DOI of the record that it must be about; None for any.

        Returns
        -------
        Decision or None
            The entry that withdraws it; None if there was nothing to withdraw.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        about = None if record is None else self._store.pool.find(record)
        return self._store.decisions.undo(replace_surrogates(reviewer), record=about)

    def submit_decision(
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
        """
        Decide about a record as a page showed it; the decision is on the disk when this returns.

        Parameters
        ----------
        ident, label, reviewer, reason, note
            As for `Review.label`.
        key
            Chosen by the page for this decision. Under a key that came in before, nothing is
            added, and the decision of then is given.
        seen
            Number of the newest entry that the page knew of, see `newest_seen`.

        Raises
        ------
        DecidedMeanwhileError
            If there is a newer entry that the reviewer may see.
        UnknownRecordError
            If there is no such record.
        InputError
            If label or reason is not one that the protocol knows.
        """
        with self._store.writing():
            known = self._store.pages.handed_in(key)
            if known is not None:
                return self._store.decisions.get(known)
            if self.newest_seen(ident, reviewer) != seen:
                raise DecidedMeanwhileError(
                    f"somebody decided about {ident} meanwhile",
                    hint="look at what they decided, then decide again",
                )
            made = self.label(ident, label, reviewer=reviewer, reason=reason, note=note)
            self._store.pages.submit_decision(key, made.id)
            return made

    def newest_seen(self, ident: str, reviewer: str) -> int:
        """Return the number of the newest entry that a reviewer may see; 0 if none."""
        history = self.seen_history(ident, reviewer)
        return history[-1].id if history else 0

    def withdraw(self, *, key: str, of: str = "", reviewer: str = "") -> Decision | None:
        """
        Withdraw a decision as a page asks for it.

        Parameters
        ----------
        key
            Chosen by the page for this act; as for `submit_decision`.
        of
            Key of the decision; by default the reviewer's newest one.
        reviewer
            Whose decision.

        Returns
        -------
        Decision or None
            The entry that withdraws it; None if there was nothing to withdraw.
        """
        with self._store.writing():
            known = self._store.pages.handed_in(key)
            if known is not None:
                return self._store.decisions.get(known)
            decision = self._store.pages.handed_in(of) if of else None
            if of and decision is None:
                return None
            made = self._store.decisions.undo(replace_surrogates(reviewer), decision=decision)
            if made is not None:
                self._store.pages.submit_decision(key, made.id)
            return made

    def tags(self, ident: str) -> list[str]:
        """
        Return the tags that readers put on a record.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        return self._store.pages.tags(self._store.pool.find(ident))

    def tag(self, ident: str, tag: str, *, on: bool = True, reviewer: str = "") -> list[str]:
        """
        Put a tag on a record, or take it off, and give its tags.

        Parameters
        ----------
        ident
            Id, PMID or DOI of the record.
        tag
            Any words.
        on
            False takes it off.
        reviewer
            Who.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        InputError
            If the tag is empty or too long.
        """
        words = " ".join(replace_surrogates(tag).split())
        if not 0 < len(words) <= _LONGEST_TAG:
            raise InputError(f"{words!r} is no tag", hint=f"give 1 to {_LONGEST_TAG} characters")
        number = self._store.pool.find(ident)
        self._store.pages.set_tag(number, words, replace_surrogates(reviewer), on=on)
        return self._store.pages.tags(number)

    def progress(self) -> ReadingProgress:
        """Return how far reading has come; quicker than `Review.status`."""
        labels = self._store.decisions.counts()
        still_open = self._store.screening.counts()
        return ReadingProgress(
            records=self._store.pool.counts().records,
            include=labels[Label.INCLUDE],
            exclude=labels[Label.EXCLUDE],
            unsure=labels[Label.UNSURE],
            pending=still_open[PendingState.PENDING],
            conflicts=still_open[PendingState.CONFLICT],
        )

    def add_abstract(self, ident: str, abstract: str, *, reviewer: str = "") -> None:
        """
        Return a record the abstract that its sources lack.

        It is kept as a source of its own, merged into the record; nothing is overwritten, and
        `Review.unmerge` takes it away again.

        Parameters
        ----------
        ident
            Id, PMID or DOI of the record.
        abstract
            The text; line breaks and mark-up go.
        reviewer
            Who adds it.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        ConflictError
            If it has an abstract.
        InputError
            If the text is too short or too long to be one.
        """
        found = self._lacks_abstract(ident)
        text = plain(replace_surrogates(abstract))
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
            raw=replace_surrogates(abstract),
        )
        origin = f"abstract pasted by {reviewer}" if reviewer else "abstract pasted"
        add_source(self._store, found.number, said, origin=origin, raw_format="pasted")

    def add_fetched(self, ident: str, record: Record, *, reviewer: str = "") -> None:
        """
        Return a record the abstract that PubMed has, with what else PubMed says; as `add_abstract`.

        Parameters
        ----------
        ident
            Id, PMID or DOI of the record.
        record
            What PubMed gave.
        reviewer
            Who asked.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        ConflictError
            If it has an abstract.
        InputError
            If PubMed has no abstract either.
        """
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

    def place(self, ident: str) -> RankPosition:
        """
        Return the place of a record in the newest order; without a rank if it is not in it.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        number = self._store.pool.find(ident)
        return (self._opened_reading or self._store.rankings).place_of(number)

    def warm_up(self) -> bool:
        """
        Begin to make the first order, or to learn what explains the one that there is.

        Returns
        -------
        bool
            Whether the next record can be given without waiting; ask again if not.
        """
        return not self._store.pool.counts().records or self._reading.warm_up()

    @property
    def explains(self) -> bool:
        """Whether scores can be explained without waiting for an order."""
        return self._opened_reading is not None and self._opened_reading.ready

    def evidence(self, ident: str) -> tuple[WordEvidence, ...]:
        """
        Return the words of a record that moved it up or down in the order, with how far.

        Returns
        -------
        tuple of Evidence
            In the order of the text; empty as long as the first order is being made.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        number = self._store.pool.find(ident)
        values = self._reading.word_values(number)
        return evidence_of(self._store.pool.record(number).record, values)

    def probability(self, ident: str) -> float | None:
        """
        Return the probability that an unread record is relevant, as `RankedRecord.probability`.

        Returns
        -------
        float or None
            None for a labelled record, and as long as it cannot be said without waiting.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        number = self._store.pool.find(ident)
        return self._opened_reading.probability_of(number) if self._opened_reading else None
