"""The one place that joins records, decisions and the learner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from autoscreen.errors import AutoscreenError, ConfigError, InputError
from autoscreen.formats import Problem, Source, open_source, write
from autoscreen.progress_callback import Progress, no_progress
from autoscreen.protocol import Protocol, protocol_toml
from autoscreen.records import SCREENING_LABELS, Label, Stage
from autoscreen.review.export import frame_of, ranks_of, with_decision
from autoscreen.review.full_text import FullTextScreening
from autoscreen.review.importing import import_source
from autoscreen.review.open_review import OpenReview, read_protocol
from autoscreen.review.performance import ranking_performance
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
from autoscreen.review.review_tags import ReviewTags
from autoscreen.review.screening_decisions import ScreeningDecisions
from autoscreen.review.team import ReviewTeam
from autoscreen.review.user_input import clean_input
from autoscreen.store import Store, review_path, show_id
from autoscreen.store.database import Clock, system_clock
from autoscreen.store.effective_label import PendingState
from autoscreen.store.job_log import JobLog
from autoscreen.store.stored_values import Decision, FirstReading, ImportRun, SourceRow
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
    What a method wrote is on the disk when it returns. What is needed less often is in its
    attributes.

    Parameters
    ----------
    store
        The open review file.
    progress
        Called with what the ranker is doing and the number of records done since the last call;
        from another thread.

    Attributes
    ----------
    decisions
        Decisions as a page submits them, tags, and abstracts that were missing.
    full_text
        The stage of full texts, with its own decisions, double screening and conflicts.
    ranking
        The newest ranking: ranks, probabilities, and the words for or against a record.
    embeddings
        Sentence embeddings: what each record means, which improves the ranking.
    audits
        Random audits, and whether screening may stop.
    team
        Double screening, conflicts, agreement, and the work of each reviewer.
    tags
        The tags of all records: counted, set on many at once, renamed.
    assignments
        Which records are assigned to whom, and each reviewer's own progress.
    comments
        Comments on records, and the colleagues they mention.
    table
        The records as a table, and decisions about many of them.
    merges
        Which records were merged as duplicates.
    duplicates
        Possible duplicates that were not merged automatically.
    prior_knowledge
        Decisions of earlier reviews, which train the ranking and do not count here.
    protocols
        The versions of the protocol, and what another one would change.
    searches
        Searches of PubMed.
    watch
        What the watch of the literature found and reported.
    jobs
        The long tasks that were started from pages, and their results.
    backups
        Copies of the whole review.
    reporting
        The flow of records as PRISMA counts it, studies and their reports, and stops of screening.
    extraction
        The extraction form of each included study, with proposed values.
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
        if protocol and title:
            raise ConfigError("a review has a protocol or a title", hint="give only one of them")
        about = protocol or (title and Protocol.from_title(title))
        if not about:
            raise ConfigError(
                "a new review needs a protocol or a title",
                hint="add title='Title of the review', or protocol= with a name or a TOML file",
            )
        chosen, origin = read_protocol(about)
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
        reports: list[ImportRun] = []
        for path in paths:
            try:
                source = path if isinstance(path, Source) else open_source(path)
                source.label_column = label_column
                report = import_source(
                    self._store,
                    source,
                    format=format,
                    strict=strict,
                    reasons=self.protocol.reasons if labels else None,
                    progress=progress or no_progress,
                )
            except AutoscreenError as error:
                if reports:
                    error.hint = f"{error.hint}; " if error.hint else ""
                    error.hint += f"imported before it: {', '.join(r.path for r in reports)}"
                raise
            reports.append(report)
        return reports

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

        Raises
        ------
        UnknownRecordError
            If there is none.
        """
        return shown(self._store.pool.record(self._store.pool.find(ident)))

    def reports_of_same_study(self, ident: str) -> list[tuple[str, str]]:
        """
        Return the other records of the same study, each with the registration number they share.

        Parameters
        ----------
        ident
            Its id (``r17``), PMID or DOI.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        found = self._store.pool.reports_of_same_study(self._store.pool.find(ident))
        return [(show_id(number), registration) for number, registration in found]

    def sources(self, ident: str) -> list[SourceRow]:
        """
        Return the record as each file had it, with the original text, oldest first.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
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

        Raises
        ------
        UnknownRecordError
            If a record to skip is not in the review.
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
        ident
            Its id (``r17``), PMID or DOI.
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
        UnknownRecordError
            If there is no such record.
        InputError
            If there is no such label, or the protocol has no such reason.
        """
        verdict = self._opened.verdict(label, reviewer=reviewer, reason=reason, note=note)
        number = self._store.pool.find(ident)
        return self._store.decisions.add(number, verdict, self._opened.place_of(number))

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

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        about = None if record is None else self._store.pool.find(record)
        return self._store.decisions.undo(clean_input(reviewer), record=about)

    def history(self, ident: str) -> list[Decision]:
        """
        Return all decisions about a record and their withdrawals, oldest first.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        return self._store.decisions.history_of(self._store.pool.find(ident))

    def explain(self, ident: str) -> Explanation:
        """
        Explain the score of a record: all parts of it, its concepts and similar labelled records.

        The parts sum to the score.

        Parameters
        ----------
        ident
            Its id (``r17``), PMID or DOI.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
        return self._opened.ranker.explain(self._store.pool.find(ident))

    def second_look(self, *, top: int | None = 20, label: str = "exclude") -> list[RankedRecord]:
        """
        Return the decisions that the other labels contradict most strongly.

        About one in ten human exclusions is wrong (Wang et al. 2020); each of these was scored by
        a ranker that did not see its label.

        Parameters
        ----------
        top
            How many; None for all.
        label
            ``exclude`` for excluded records that look relevant, ``include`` for included ones that
            look irrelevant.

        Raises
        ------
        InputError
            If `label` is neither.
        """
        if label not in (Label.EXCLUDE, Label.INCLUDE):
            raise InputError(f"{label!r} has no second look", hint="give exclude or include")
        return self._opened.ranker.second_look(top=top, label=Label(label))

    def highlights(self, ident: str) -> tuple[Highlight, ...]:
        """
        Return the mentions of the protocol's concepts in a record.

        Raises
        ------
        UnknownRecordError
            If there is no such record.
        """
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
        counts = self._store.progress()
        return ReadingProgress(
            records=counts.records,
            include=counts.labels[Label.INCLUDE],
            exclude=counts.labels[Label.EXCLUDE],
            unsure=counts.labels[Label.UNSURE],
            pending=counts.still_open[PendingState.PENDING],
            conflicts=counts.still_open[PendingState.CONFLICT],
            double=counts.double,
        )

    def status(self) -> Status:
        """Return counts, progress, imports and advice on stopping."""
        counts = self._store.progress()
        return Status(
            name=self.name,
            path=str(self.path),
            protocol=self.protocol.title,
            records=counts.records,
            with_abstract=counts.with_abstract,
            include=counts.labels[Label.INCLUDE],
            exclude=counts.labels[Label.EXCLUDE],
            unsure=counts.labels[Label.UNSURE],
            pending=counts.still_open[PendingState.PENDING],
            conflicts=counts.still_open[PendingState.CONFLICT],
            imports=tuple(self._store.imports.all()),
            merges=self._store.merges.in_force(),
            reviewers=tuple(self._store.decisions.reviewers()),
            behind=(self._opened.opened_ranker or self._store.rankings).behind(),
            performance=ranking_performance(self._ranked_readings(), pool=counts.records),
        )

    def _ranked_readings(self) -> list[FirstReading]:
        """Return what was read in the order of the ranking, without the draws of audits."""
        readings = self._store.decisions.reading_order()
        if not self._store.audits.all():
            return list(readings)
        drawn = self._opened.auditing.drawn_records()
        return [one for one in readings if one.record not in drawn]

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
        self._store.check_decisions()
        ranks, said, tags = self._ranks(), self._opened.each_decision(), self._opened.each_tag()
        reasons = self._opened.reason_texts
        full = self._opened.each_full_text()
        at_full_text = Stage(stage) is Stage.FULL_TEXT
        chosen = self.full_text.labelled(label) if at_full_text else self.records(label)
        return write(
            (
                with_decision(
                    stored,
                    ranks.get(stored.id),
                    said.get(stored.id, ()),
                    tags.get(stored.id, ()),
                    full.get(stored.id),
                    reasons=reasons,
                )
                for stored in chosen
            ),
            path,
            format=format,
        )

    def to_frame(self) -> pd.DataFrame:
        """Return all records with their labels and ranks as a table, by their ids."""
        return frame_of(
            self.records(), self._ranks(), self._opened.each_tag(), self._opened.reason_texts
        )

    def _ranks(self) -> dict[str, int]:
        if self._opened.opened_ranker is not None:
            self._opened.opened_ranker.keep()
        ranks = ranks_of(self._store.rankings.load())
        return {show_id(number): rank for number, rank in ranks.items()}
