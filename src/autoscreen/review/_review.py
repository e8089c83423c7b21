"""The one place that joins records, decisions and the learner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.formats import open_source, write
from autoscreen.protocol import Protocol, load_protocol, parse_protocol, protocol_toml
from autoscreen.records import Label, Verdict
from autoscreen.review._export import frame_of, ranks_of, with_decision
from autoscreen.review._importing import Progress, import_source
from autoscreen.review._order import worth_of
from autoscreen.review._values import ImportReport, ReviewRecord, Status
from autoscreen.store import (
    Clock,
    Decision,
    MergeEntry,
    SourceRow,
    Store,
    StoredRecord,
    review_path,
    show_id,
    system_clock,
)
from autoscreen.text.highlights import Highlight, highlights

if TYPE_CHECKING:
    import pandas as pd

    from autoscreen.ranking import Explanation
    from autoscreen.review._reading import RankedRecord, Reading, Suggestion

__all__ = ["Review"]

WHICH = ("all", "include", "exclude", "unsure", "labelled", "unlabelled")


class Review:
    """
    A systematic review: its records in the best order known, and every decision about them.

    Use :meth:`create` or :meth:`open`. It can be used as a context manager, which closes it.
    Whatever a method wrote is on the disk when it returns.

    Parameters
    ----------
    store
        The open review file.
    progress
        Called with what the ranker is doing and the number of records done since the last call;
        from another thread.
    """

    def __init__(self, store: Store, *, progress: Progress | None = None) -> None:
        self._store = store
        self._progress = progress
        self._protocol: Protocol | None = None
        self._opened_reading: Reading | None = None

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        protocol: str | Path | Protocol = "rms-pnp",
        name: str | None = None,
        now: Clock = system_clock,
    ) -> Self:
        """
        Start a review.

        Parameters
        ----------
        path
            Where its file is to stand; ``rms`` stands for ``rms.autoscreen``.
        protocol
            A built-in protocol by name, a TOML file by path, or a protocol.
        name
            Name of the review; by default that of the file.
        now
            The clock.

        Raises
        ------
        ConflictError
            If there is such a file already.
        ConfigError
            If there is no such protocol, or it does not hold together.
        """
        chosen, origin = _chosen(protocol)
        where = review_path(path)
        store = Store.create(
            where, name=name or where.stem, protocol=protocol_toml(chosen), origin=origin, now=now
        )
        return cls(store)

    @classmethod
    def open(
        cls, path: str | Path, *, now: Clock = system_clock, progress: Progress | None = None
    ) -> Self:
        """
        Open a review.

        Parameters
        ----------
        path
            Its file; ``rms`` stands for ``rms.autoscreen``.
        now
            The clock.
        progress
            Called with what the ranker is doing and the number of records done since the last
            call; from another thread.

        Raises
        ------
        SchemaError
            If the file is no review, is damaged or was written by a newer version.
        StoreError
            If it does not exist or cannot be written.
        """
        return cls(Store.open(path, now=now), progress=progress)

    def close(self) -> None:
        """Keep the newest order, and close the file."""
        try:
            self._close_reading()
        finally:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The file."""
        return self._store.path

    @property
    def name(self) -> str:
        """Name of the review."""
        return self._store.name

    @property
    def protocol(self) -> Protocol:
        """The protocol in force."""
        if self._protocol is None:
            text, origin = self._store.protocol()
            self._protocol = parse_protocol(text, origin=origin)
        return self._protocol

    def set_protocol(self, protocol: str | Path | Protocol) -> None:
        """
        Put another protocol in force; the earlier one stays in the file.

        Raises
        ------
        ConfigError
            If there is no such protocol, or it does not hold together.
        """
        chosen, origin = _chosen(protocol)
        self._store.set_protocol(protocol_toml(chosen), origin)
        self._close_reading()
        self._protocol = None

    def import_files(
        self,
        paths: Iterable[str | Path],
        *,
        format: str | None = None,
        strict: bool = False,
        labels: bool = True,
        progress: Progress | None = None,
    ) -> list[ImportReport]:
        """
        Bring export files into the review, each as a whole.

        Records that are there already are merged; each merge can be seen and undone.

        Parameters
        ----------
        paths
            The files; ``-`` is standard input.
        format
            Name of the format; by default the content of each file decides.
        strict
            Refuse a file with any problem. By default it gives all its good records.
        labels
            Take over the decisions that stand in the files.
        progress
            Called with what is being done and the number of records done since the last call.

        Raises
        ------
        FormatError
            If a file is in no known format, or is refused. The files before it are in.
        InputError
            If a file cannot be read.
        """
        reports: list[ImportReport] = []
        for path in paths:
            try:
                report = import_source(
                    self._store,
                    open_source(path),
                    format=format,
                    strict=strict,
                    labels=labels,
                    progress=progress or _unheard,
                )
            except AutoscreenError as error:
                if reports:
                    error.hint = f"{error.hint}; " if error.hint else ""
                    error.hint += f"taken in before it: {', '.join(r.path for r in reports)}"
                raise
            reports.append(report)
        return reports

    def records(self, label: str | None = None) -> Iterator[ReviewRecord]:
        """
        Yield records in the order in which they came, without holding them all.

        Parameters
        ----------
        label
            ``include``, ``exclude``, ``unsure``, ``labelled``, ``unlabelled``, or ``all``, which
            is the default.

        Raises
        ------
        InputError
            If `label` is none of these.
        """
        if label is not None and label not in WHICH:
            raise InputError(f"{label!r} is not a label", hint=f"choose one of: {', '.join(WHICH)}")
        return map(_shown, self._store.pool.records(label or "all"))

    def record(self, ident: str) -> ReviewRecord:
        """
        Give one record.

        Parameters
        ----------
        ident
            Its id (``r17``), PMID or DOI. An id that was merged away gives the record that has it.

        Raises
        ------
        UnknownRecordError
            If there is none.
        """
        return _shown(self._store.pool.record(self._store.pool.find(ident)))

    def sources(self, ident: str) -> list[SourceRow]:
        """
        Give what each file said about a record, with its text as it stood there, oldest first.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        return self._store.pool.sources(self._store.pool.find(ident))

    def history(self, ident: str) -> list[Decision]:
        """
        Give all decisions about a record and their withdrawals, oldest first.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        return self._store.decisions.history_of(self._store.pool.find(ident))

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
        verdict = Verdict(
            label=_label(label),
            reason=self._reason(_label(label), _storable(reason)),
            note=_storable(note),
            reviewer=_storable(reviewer),
        )
        number = self._store.pool.find(ident)
        place = (self._opened_reading or self._store.rankings).place_of(number)
        return self._store.decisions.add(number, verdict, place)

    def rank(
        self, *, top: int | None = None, unread: bool = False, wait: bool = True
    ) -> list[RankedRecord]:
        """
        Give records in the best order known, most likely relevant first.

        Parameters
        ----------
        top
            How many; None for all.
        unread
            Leave out those that have a label.
        wait
            Wait until the order knows all labels. Otherwise the newest order is given at once.
        """
        return self._reading.rank(top=top, unread=unread, wait=wait)

    def next(self, *, wait: bool = False, skip: Iterable[str] = ()) -> Suggestion | None:
        """
        Choose the next record to read.

        Parameters
        ----------
        wait
            Wait until the order knows all labels. By default they are learnt meanwhile.
        skip
            Ids, PMIDs or DOIs of records that the reader does not want now.

        Returns
        -------
        Suggestion or None
            None if nothing is left to read.

        Raises
        ------
        UnknownRecordError
            If a record to skip is not in the review.
        """
        return self._reading.next(wait=wait, skip=[self._store.pool.find(one) for one in skip])

    def explain(self, ident: str, *, top: int = 20) -> Explanation:
        """
        Take the score of a record apart into words and concepts that sum to it.

        Parameters
        ----------
        ident
            Its id (``r17``), PMID or DOI.
        top
            How many parts to list one by one; the others are summed up.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        return self._reading.explain(self._store.pool.find(ident), top=top)

    def highlights(self, ident: str) -> tuple[Highlight, ...]:
        """
        Give the mentions of the protocol's concepts in a record.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        return highlights(self.record(ident).record, self.protocol)

    def undo(self, *, reviewer: str = "") -> Decision | None:
        """
        Withdraw a reviewer's newest decision that still stands; an earlier one stands again.

        Returns
        -------
        Decision or None
            The entry that withdraws it; None if there was nothing to withdraw.
        """
        return self._store.decisions.undo(_storable(reviewer))

    def merges(self) -> list[MergeEntry]:
        """Give all merges with their evidence, also the undone ones, oldest first."""
        return self._store.merges.all()

    def unmerge(self, ident: str | int) -> MergeEntry:
        """
        Part two records again; each gets its sources and decisions back.

        They are not merged again by a later import.

        Parameters
        ----------
        ident
            Number of the merge, or id, PMID or DOI of the record that was merged away.

        Raises
        ------
        InputError
            If it does not name one merge that is in force.
        UnknownRecordError
            If there is no such record.
        """
        return self._store.merges.undo(self._merge_number(str(ident).strip()))

    def status(self) -> Status:
        """Say where the review stands."""
        counts = self._store.pool.counts()
        labels = self._store.decisions.counts()
        return Status(
            name=self.name,
            path=str(self.path),
            protocol=self.protocol.title,
            records=counts.records,
            with_abstract=counts.with_abstract,
            include=labels[Label.INCLUDE],
            exclude=labels[Label.EXCLUDE],
            unsure=labels[Label.UNSURE],
            imports=tuple(self._store.imports.all()),
            merges=self._store.merges.in_force(),
            reviewers=tuple(self._store.decisions.reviewers()),
            behind=(self._opened_reading or self._store.rankings).behind(),
            worth=worth_of(self._store.decisions.reading_order(), pool=counts.records),
        )

    def export(self, path: str | Path, *, format: str | None = None, label: str = "all") -> int:
        """
        Write records with their labels, reasons, notes and ranks for other programs.

        Parameters
        ----------
        path
            The file, which is replaced if it exists; ``-`` is standard output.
        format
            Name of the format; by default what the file's name ends in decides.
        label
            As for :meth:`records`.

        Returns
        -------
        int
            Number of records written.

        Raises
        ------
        FormatError
            If there is no such format.
        InputError
            If the file cannot be written, or `label` is unknown.
        """
        ranks = self._ranks()
        records = self.records(label)
        return write(
            (with_decision(stored, ranks.get(stored.id)) for stored in records),
            path,
            format=format,
        )

    def to_frame(self) -> pd.DataFrame:
        """Give all records with their labels and ranks as a table, by their ids."""
        return frame_of(self.records(), self._ranks())

    @property
    def _reading(self) -> Reading:
        """The order; it loads numpy, which a reviewer who only labels need not wait for."""
        if self._opened_reading is None:
            from autoscreen.review._reading import Reading  # noqa: PLC0415

            self._opened_reading = Reading(
                self._store, protocol=self.protocol, progress=self._progress
            )
        return self._opened_reading

    def _close_reading(self) -> None:
        reading, self._opened_reading = self._opened_reading, None
        if reading is not None:
            reading.close()

    def _ranks(self) -> dict[str, int]:
        if self._opened_reading is not None:
            self._opened_reading.keep()
        ranks = ranks_of(self._store.rankings.load())
        return {show_id(number): rank for number, rank in ranks.items()}

    def _reason(self, label: Label, reason: str) -> str:
        known = [one.code for one in self.protocol.reasons]
        if reason and label is Label.INCLUDE:
            raise InputError(f"a reason ({reason}) goes with exclude or unsure, not with {label}")
        if reason and known and reason not in known:
            raise InputError(
                f"{reason!r} is not a reason of the protocol", hint=f"choose: {', '.join(known)}"
            )
        return reason

    def _merge_number(self, ident: str) -> int:
        merges = self._store.merges.all()
        if ident.isdecimal() and any(merge.id == int(ident) for merge in merges):
            return int(ident)
        number = self._store.pool.find(ident)
        if len(in_force := _joining(self._store.merges.of(number), ident)) == 1:
            return in_force[0].id
        if not in_force:
            raise InputError(f"{ident} was not merged with another record")
        listed = ", ".join(f"{merge.id} ({merge.absorbed})" for merge in in_force)
        raise InputError(f"{ident} came of {len(in_force)} merges: {listed}", hint="name one")


def _joining(merges: list[MergeEntry], ident: str) -> list[MergeEntry]:
    """Give the merge that took this id away, or else all those of its record."""
    return [merge for merge in merges if merge.absorbed == ident.lower()] or merges


def _unheard(what: str, done: int) -> None:
    """Take progress that nobody wants to hear of."""


def _chosen(protocol: str | Path | Protocol) -> tuple[Protocol, str]:
    if isinstance(protocol, Protocol):
        return protocol, protocol.name
    return load_protocol(protocol), str(protocol)


def _label(label: str) -> Label:
    try:
        return Label(label.lower())
    except ValueError:
        known = ", ".join(Label)
        raise InputError(f"{label!r} is not a label", hint=f"choose one of: {known}") from None


def _storable(text: str) -> str:
    """Replace what came from a terminal and is no Unicode."""
    return text.encode("utf-8", "replace").decode()


def _shown(stored: StoredRecord) -> ReviewRecord:
    decision = stored.decision
    return ReviewRecord(
        id=show_id(stored.number),
        record=stored.record,
        label=decision.label if decision else None,
        reason=decision.reason if decision else "",
        note=decision.note if decision else "",
        reviewer=decision.reviewer if decision else "",
        at=decision.at if decision else "",
    )
