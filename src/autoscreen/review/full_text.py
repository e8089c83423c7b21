"""The stage of full texts: the reports of the records that title and abstract included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscreen.records import Label, Record, Stage
from autoscreen.review.full_text_files import FullTextFiles
from autoscreen.review.open_review import FULL_TEXT_MODEL, OpenReview
from autoscreen.review.reports import ReviewRecord, shown
from autoscreen.review.screening_decisions import ScreeningDecisions
from autoscreen.review.team import ReviewTeam
from autoscreen.review.user_input import clean_input, parse_label
from autoscreen.store import show_id
from autoscreen.store.effective_label import PendingState
from autoscreen.store.stored_values import Decision, FullTextRow, RankPosition

if TYPE_CHECKING:
    from autoscreen.review.full_text_order import FullTextOrder

_WHICH = ("all", "labelled", "unlabelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTextRecord:
    """A record whose full text is assessed, as one reviewer may see it."""

    id: str
    record: Record
    decision: Decision | None  # The decision in force, or while it is hidden the reviewer's own
    # Why there is no label; None if there is one, or nobody whose decision may be seen has decided
    open: PendingState | None
    # Its place in the order of full texts if `learned` is true, otherwise in the newest ranking of
    # title and abstract
    place: RankPosition

    @property
    def label(self) -> Label | None:
        """The label; None if there is none, or none that the reviewer may see."""
        return self.decision.label if self.decision is not None else None

    @property
    def learned(self) -> bool:
        """Whether decisions on full texts influenced its place."""
        return self.place.model == FULL_TEXT_MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTextProgress:
    """How far the stage of full texts has come; each record is counted once."""

    records: int  # Records that title and abstract included
    labels: dict[Label, int]  # How many of them have which label
    pending: int  # How many wait for a second reviewer
    conflicts: int

    @property
    def left(self) -> int:
        """Records about whose full text nobody has decided."""
        return self.records - sum(self.labels.values()) - self.pending - self.conflicts


class FullTextScreening:
    """Decisions about full texts, which change nothing at the stage of title and abstract.

    `decisions` are decisions as a page submits them; `team` is double screening, conflicts,
    agreement and workload; `files` are the PDFs.
    """

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store
        self.decisions = ScreeningDecisions(opened, Stage.FULL_TEXT, place_of=self._place_of)
        self.team = ReviewTeam(opened, Stage.FULL_TEXT)
        self.files = FullTextFiles(opened)
        self._order: FullTextOrder | None = None

    def records(self, reviewer: str = "") -> list[FullTextRecord]:
        """Return the records that title and abstract included, most likely relevant first.

        In double screening no reviewer sees what the other decided before both have.

        The order is that of title and abstract until one full text is included and one excluded;
        from then on these decisions change it, for each reviewer only those that they may see.
        """
        name = clean_input(reviewer)
        pool = {one.number: one for one in self._store.pool.full_texts()}
        hidden = self._store.full_text_screening.hidden_among(list(pool))
        own = self._store.full_text_decisions.newest_by(name) if hidden else {}
        seen = {
            number: own.get(number) if number in hidden else one.decision
            for number, one in pool.items()
        }
        places = self._places(list(pool.values()), seen)
        return [
            FullTextRecord(
                id=show_id(number),
                record=pool[number].record,
                decision=seen[number],
                open=pool[number].open if number not in hidden or number in own else None,
                place=place,
            )
            for number, place in places.items()
        ]

    def _places(
        self, texts: Sequence[FullTextRow], seen: Mapping[int, Decision | None]
    ) -> dict[int, RankPosition]:
        if self._order is None:
            from autoscreen.review.full_text_order import FullTextOrder  # noqa: PLC0415 (numpy)

            self._order = FullTextOrder(self._opened)
        labels = {
            number: decision.label is Label.INCLUDE
            for number, decision in seen.items()
            if decision is not None and decision.label in (Label.INCLUDE, Label.EXCLUDE)
        }
        return self._order.places(texts, labels)

    def _place_of(self, number: int, reviewer: str) -> RankPosition:
        ident = show_id(number)
        return next(one.place for one in self.records(reviewer) if one.id == ident)

    def next(self, reviewer: str = "", *, skip: Iterable[str] = ()) -> str | None:
        """
        Return the id of the next record to assess; None if nothing is left for this reviewer.

        Those that another reviewer has decided and that wait for this one come first.
        """
        name = clean_input(reviewer)
        skipped = set(skip)
        waiting = {show_id(number) for number in self._store.full_text_screening.waiting_for(name)}
        listed = [one for one in self.records(name) if one.id not in skipped]
        first = [one.id for one in listed if one.id in waiting]
        fresh = [one.id for one in listed if one.decision is None and one.open is None]
        return next(iter([*first, *fresh]), None)

    def progress(self) -> FullTextProgress:
        """Count the records by what was decided about their full text."""
        counts = self._store.pool.full_text_counts()
        labels = {label: counts.get(label, 0) for label in Stage.FULL_TEXT.labels}
        return FullTextProgress(
            records=sum(counts.values()),
            labels=labels,
            pending=counts.get(PendingState.PENDING, 0),
            conflicts=counts.get(PendingState.CONFLICT, 0),
        )

    def labelled(self, which: str = "all") -> Iterator[ReviewRecord]:
        """Yield the records whose full text has this label, in the order of import.

        Also ``labelled``, ``unlabelled``, or ``all`` for all that title and abstract included.
        """
        wanted = which if which in _WHICH else parse_label(which, Stage.FULL_TEXT)
        for one in self._store.pool.full_texts():
            label = one.decision.label if one.decision else None
            given = {"all", "unlabelled" if label is None else "labelled", label}
            if wanted in given:
                yield shown(self._store.pool.record(one.number))

    def label(
        self, ident: str, label: str, *, reviewer: str = "", reason: str = "", note: str = ""
    ) -> Decision:
        """
        Decide about the full text of a record; the decision is on the disk when this returns.

        Parameters
        ----------
        label
            ``include``, ``exclude``, ``unsure``, ``not retrieved``, ``awaiting classification`` or
            ``ongoing``.
        reason
            Code of a reason of the protocol, which an exclusion needs: the one reason that counts.
        """
        return self.decisions.add(ident, label, reviewer=reviewer, reason=reason, note=note)
