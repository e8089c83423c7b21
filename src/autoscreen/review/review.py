"""The one place that joins records, decisions and the learner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from autoscreen.errors import InputError
from autoscreen.formats import Problem, Source
from autoscreen.progress_callback import Progress, no_progress
from autoscreen.protocol import Protocol, protocol_toml
from autoscreen.records import SCREENING_LABELS, Stage
from autoscreen.review.export import export_records, frame_of
from autoscreen.review.full_text import FullTextScreening
from autoscreen.review.importing import import_all
from autoscreen.review.open_review import OpenReview, first_protocol
from autoscreen.review.protocol_change import ReviewProtocols
from autoscreen.review.pubmed_search import ReviewSearches
from autoscreen.review.records_table import RecordsTable
from autoscreen.review.reports import ReadingProgress, ReviewRecord, Status, shown
from autoscreen.review.review_assignments import ReviewAssignments
from autoscreen.review.review_audits import ReviewAudits
from autoscreen.review.review_backups import ReviewBackups
from autoscreen.review.review_comments import ReviewComments
from autoscreen.review.review_duplicates import ReviewDuplicates
from autoscreen.review.review_embeddings import ReviewEmbeddings
from autoscreen.review.review_extraction import ReviewExtraction
from autoscreen.review.review_merges import ReviewMerges
from autoscreen.review.review_prior_knowledge import ReviewPriorKnowledge
from autoscreen.review.review_ranking import ReviewRanking
from autoscreen.review.review_reporting import ReviewReporting
from autoscreen.review.review_status import reading_progress, review_status
from autoscreen.review.review_tags import ReviewTags
from autoscreen.review.screening_decisions import ScreeningDecisions
from autoscreen.review.team import ReviewTeam
from autoscreen.review.user_input import clean_input
from autoscreen.store import Store, review_path
from autoscreen.store.database import Clock, system_clock
from autoscreen.store.effective_label import PendingState
from autoscreen.store.job_log import JobLog
from autoscreen.store.stored_values import Decision, ImportRun, SourceRow
from autoscreen.store.watch_log import Watches
from autoscreen.text.highlights import Highlight, highlights

if TYPE_CHECKING:
    import pandas as pd

    from autoscreen.ranking import Explanation
    from autoscreen.review.priority_screening import RankedRecord, Suggestion

WHICH = ("all", *SCREENING_LABELS, "labelled", "unlabelled", *PendingState)


class Review:
    """
    A systematic review: its ranked records, and every decision about them.

    Use :meth:`create` or :meth:`open`. It can be used as a context manager, which closes it.
    What a method wrote is on the disk when it returns. Methods about one record take its id
    (``r17``), PMID or DOI, and raise `UnknownRecordError` if there is none. What is needed less
    often is in its attributes, each of which groups methods for one task.

    Parameters
    ----------
    store
        The open review file.
    progress
        Called with what the ranker is doing and the number of records done since the last call;
        from another thread.
    """

    def __init__(self, store: Store, *, progress: Progress | None = None) -> None:
        opened = OpenReview(store, progress)
        self._store = store
        self._opened = opened
        self.decisions = ScreeningDecisions(opened)
        self.full_text = FullTextScreening(opened)
        self.ranking = ReviewRanking(opened)
        self.embeddings = ReviewEmbeddings(opened)
        self.audits = ReviewAudits(opened)
        self.team = ReviewTeam(opened)
        self.assignments = ReviewAssignments(opened)
        self.tags = ReviewTags(opened)
        self.comments = ReviewComments(opened)
        self.table = RecordsTable(opened)
        self.merges = ReviewMerges(store)
        self.duplicates = ReviewDuplicates(store)
        self.prior_knowledge = ReviewPriorKnowledge(store)
        self.protocols = ReviewProtocols(opened)
        self.searches = ReviewSearches(opened)
        self.watch: Watches = store.watches
        self.jobs: JobLog = store.jobs
        self.backups = ReviewBackups(store)
        self.reporting = ReviewReporting(opened)
        self.extraction = ReviewExtraction(opened)

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        protocol: str | Path | Protocol | None = None,
        title: str | None = None,
        name: str | None = None,
        now: Clock = system_clock,
    ) -> Self:
        """
        Start a review from a protocol, or from its title alone.

        Parameters
        ----------
        path
            Path of the new file; ``rms`` means ``rms.autoscreen``.
        protocol
            A built-in protocol by name, a TOML file by path, or a protocol.
        title
            Title of the review, instead of a protocol; its words make the first ranking.
        name
            Name of the review; by default that of the file.
        now
            The clock.

        Raises
        ------
        ConflictError
            If there is such a file already.
        ConfigError
            If there is neither a protocol nor a title, or both; if there is no such protocol, or
            it contains an error.
        """
        chosen, origin = first_protocol(protocol, title)
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
            Its file; ``rms`` means ``rms.autoscreen``.
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

    def reopen(self) -> Self:
        """Open the same review once more, for use in another thread."""
        return type(self)(self._store.reopen(), progress=self._opened.progress)

    def damage(self) -> list[str]:
        """Check the file and its PDFs; return one line for each damaged part, none if intact."""
        return [*self._store.damage(), *self.full_text.files.damage()]

    def close(self) -> None:
        """Save the newest ranking, and close the file."""
        try:
            self._opened.close_ranker()
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
        """The current protocol."""
        return self._opened.protocol

    def import_files(
        self,
        paths: Iterable[str | Path | Source],
        *,
        format: str | None = None,
        strict: bool = False,
        labels: bool = True,
        label_column: str = "",
        progress: Progress | None = None,
    ) -> list[ImportRun]:
        """
        Import export files, each completely or not at all.

        Duplicates are merged; each merge can be seen and undone.

        Parameters
        ----------
        paths
            The files, or what `autoscreen.formats.open_source` returned; ``-`` is standard input.
        format
            Name of the format; by default the content of each file decides.
        strict
            Refuse a file with any problem. By default all readable records are imported.
        labels
            Import the decisions found in the files.
        label_column
            The column of a table that holds the decisions; by default its names decide.
        progress
            Called with what is being done and the number of records done since the last call.

        Raises
        ------
        FormatError
            If a file is in no known format, or is refused. The files before it are imported.
        InputError
            If a file cannot be read.
        """
        return import_all(
            self._store,
            paths,
            format=format,
            strict=strict,
            label_column=label_column,
            reasons=self.protocol.reasons if labels else None,
            progress=progress or no_progress,
        )

    def records(self, label: str | None = None) -> Iterator[ReviewRecord]:
        """
        Yield records in the order of import, without loading all of them at the same time.

        Parameters
        ----------
        label
            ``include``, ``exclude``, ``unsure``, ``labelled``, ``unlabelled`` (nobody has
            decided), ``pending`` (waits for a second reviewer), ``conflict``, or ``all``, which
            is the default.

        Raises
        ------
        InputError
            If `label` is none of these.
        """
        if label is not None and label not in WHICH:
            raise InputError(f"{label!r} is not a label", hint=f"choose one of: {', '.join(WHICH)}")
        return map(shown, self._store.pool.records(label or "all"))

    def record(self, ident: str) -> ReviewRecord:
        """
        Return one record.

        Parameters
        ----------
        ident
            Its id (``r17``), PMID or DOI. The id of a merged duplicate returns the record that
            contains it.
        """
        return shown(self._store.pool.record(self._store.pool.find(ident)))

    def sources(self, ident: str) -> list[SourceRow]:
        """Return the record as each file had it, with the original text, oldest first."""
        return self._store.pool.sources(self._store.pool.find(ident))

    def rank(
        self, *, top: int | None = None, unread: bool = False, wait: bool = True, new: bool = False
    ) -> list[RankedRecord]:
        """
        Return the ranked records, most likely relevant first.

        Parameters
        ----------
        top
            How many; None for all.
        unread
            Leave out those that have a label.
        wait
            Wait until the ranking has learnt all labels. Otherwise return the newest one at once.
        new
            Only unlabelled records that the watch imported.
        """
        return self._opened.ranker.rank(top=top, unread=unread, wait=wait, new=new)

    def next(
        self,
        *,
        wait: bool = False,
        skip: Iterable[str] = (),
        reviewer: str = "",
        hurry: bool = False,
    ) -> Suggestion | None:
        """
        Return the next record to read; during an audit, its next draw.

        Parameters
        ----------
        wait
            Wait until the ranking has learnt all labels. By default it learns in the background.
        skip
            Ids, PMIDs or DOIs of records to skip for now.
        reviewer
            Who reads. In double screening, records that another one has decided about and that
            wait for this one come first.
        hurry
            While new records are being ranked, use those that are ranked already.

        Returns
        -------
        Suggestion or None
            None if nothing is left to read.
        """
        skipped = self._store.pool.find_all(skip)
        return self._opened.ranker.next(
            wait=wait, skip=skipped, reviewer=clean_input(reviewer), hurry=hurry
        )

    def label(
        self, ident: str, label: str, *, reviewer: str = "", reason: str = "", note: str = ""
    ) -> Decision:
        """
        Decide about a record; the decision is on the disk when this returns.

        Parameters
        ----------
        label
            ``include``, ``exclude`` or ``unsure``.
        reviewer
            Who decides; empty for a person working alone.
        reason
            Code of a reason of the protocol; not with ``include``.
        note
            A note on the decision.

        Raises
        ------
        InputError
            If there is no such label, or the protocol has no such reason.
        """
        return self.decisions.add(ident, label, reviewer=reviewer, reason=reason, note=note)

    def undo(self, *, reviewer: str = "", record: str | None = None) -> Decision | None:
        """
        Withdraw a reviewer's newest decision; the earlier one, if any, is valid again.

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
        """
        return self.decisions.undo(reviewer=reviewer, record=record)

    def explain(self, ident: str) -> Explanation:
        """
        Explain the score of a record: all parts of it, its concepts and similar labelled records.

        The parts sum to the score.
        """
        return self._opened.ranker.explain(self._store.pool.find(ident))

    def highlights(self, ident: str) -> tuple[Highlight, ...]:
        """Return the mentions of the protocol's concepts in a record."""
        return highlights(self.record(ident).record, self.protocol)

    def imports(self) -> list[ImportRun]:
        """Return all imports, oldest first; their problems are in `problems`."""
        return self._store.imports.all()

    def problems(self, number: int) -> list[Problem]:
        """
        Return what could not be read, or was repaired, in one import.

        Parameters
        ----------
        number
            Number of the import, as in `Status.imports`; an unknown number has no problems.
        """
        return self._store.imports.problems(number)

    def progress(self) -> ReadingProgress:
        """Return how many records were read and found; quicker than `Review.status`."""
        return reading_progress(self._store)

    def status(self) -> Status:
        """Return counts, progress, imports and advice on stopping."""
        return review_status(self._opened)

    def export(
        self,
        path: str | Path,
        *,
        format: str | None = None,
        label: str = "all",
        stage: str = Stage.TITLE_ABSTRACT,
    ) -> int:
        """
        Write records with their labels, reasons, notes and ranks for other programs.

        Parameters
        ----------
        path
            The file, which is replaced if it exists; ``-`` is standard output.
        format
            Name of the format; by default the file extension decides.
        label
            As for :meth:`records`.
        stage
            ``full-text`` for the records included by title and abstract, of which those with this
            label of the full text are written.

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
        if Stage(stage) is Stage.FULL_TEXT:
            return export_records(self._opened, self.full_text.labelled(label), path, format)
        return export_records(self._opened, self.records(label), path, format)

    def to_frame(self) -> pd.DataFrame:
        """Return all records with their labels and ranks as a table, by their ids."""
        return frame_of(self._opened, self.records())
