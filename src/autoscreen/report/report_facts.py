"""All facts of a report, read from the review once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscreen._version import __version__
from autoscreen.errors import InputError
from autoscreen.presentation.stopping_report import StoppingReport, stopping_report
from autoscreen.protocol import Protocol
from autoscreen.report.extraction_export import extracted_values
from autoscreen.report.flow_boxes import FlowForm, new_review, updated_review
from autoscreen.report.flow_living import living_review
from autoscreen.review.flow import Box, Flow, FlowChange, Identified

if TYPE_CHECKING:
    from autoscreen.evaluation import PairAgreement
    from autoscreen.review import Review
    from autoscreen.review.auditing import Audit
    from autoscreen.review.full_text import FullTextProgress
    from autoscreen.review.reports import RankingPerformance, ReviewRecord, Status
    from autoscreen.review.review_extraction import FieldAgreement
    from autoscreen.store.effective_label import Setting
    from autoscreen.store.embeddings import EmbeddingUse
    from autoscreen.store.prior_knowledge import PriorFile
    from autoscreen.store.reporting import ModelUse, ScreeningStop
    from autoscreen.store.search_log import NewSearch
    from autoscreen.store.stopping_targets import StoppingTarget
    from autoscreen.store.stored_values import Decision, ProtocolVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRecord:
    """A record with its box in the flow diagram, and the decision that put it there."""

    shown: ReviewRecord
    box: Box
    study: str
    full_text: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFacts:
    """The settings and numbers of one screening stage."""

    name: str
    settings: tuple[Setting, ...]
    agreement: tuple[PairAgreement, ...]
    reviewers: tuple[str, ...]
    resolved: int  # Conflicts that were resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionFacts:
    """How the data of the included studies were extracted."""

    double: bool  # Whether two people extract them independently
    studies: int  # Studies with a value
    reviewers: int  # Who entered a value that is in force
    agreement: tuple[FieldAgreement, ...]
    resolved: int  # Differences that a person resolved
    unresolved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """All facts of a report."""

    made: str  # When, ISO 8601 in UTC
    version: str  # Of autoscreen
    name: str
    protocol: Protocol
    versions: tuple[ProtocolVersion, ...]  # Of the protocol, oldest first
    status: Status
    until: str
    since: str
    flow: Flow  # Of the whole review
    forms: tuple[FlowForm, ...]  # Flow diagrams, the one to show first at the front
    changes: tuple[FlowChange, ...]  # Since the beginning of the update; empty without one
    records: tuple[ReportedRecord, ...]  # Those that were sought for retrieval
    searches: tuple[NewSearch, ...]
    stages: tuple[StageFacts, ...]
    full_texts: FullTextProgress
    stopping: StoppingReport
    stops: tuple[ScreeningStop, ...]
    targets: tuple[StoppingTarget, ...]
    audits: tuple[Audit, ...]
    performance: RankingPerformance
    models: tuple[ModelUse, ...]
    embeddings: tuple[EmbeddingUse, ...]  # Which encoder the ranking used since when, oldest first
    prior: tuple[PriorFile, ...]
    extracted: Mapping[str, Mapping[str, str]]  # Entered values by report and key of the field
    extraction: ExtractionFacts
    left_out: tuple[str, ...] = ()  # Files of the folder that could not be written, and why

    @property
    def reasons(self) -> dict[str, str]:
        """The reasons of the protocol in words, by code."""
        return reason_texts(self.protocol)

    @property
    def imports(self) -> tuple[Identified, ...]:
        """All imports, those from databases and registers first."""
        return (*self.flow.databases.imports, *self.flow.other.imports)

    def in_box(self, box: Box) -> list[ReportedRecord]:
        """Return the records of a box."""
        return [one for one in self.records if one.box is box]


_REPORTED = (
    Box.NOT_RETRIEVED,
    Box.UNASSESSED,
    Box.ASSESSING,
    Box.FULL_TEXT_EXCLUDED,
    Box.AWAITING,
    Box.ONGOING,
    Box.INCLUDED,
)


def reason_texts(protocol: Protocol) -> dict[str, str]:
    """Return the reasons of a protocol in full, by code."""
    return {one.code: one.text for one in protocol.reasons}


def report_facts(
    review: Review, *, since: str = "", until: str = "", versions: Sequence[str] = ()
) -> ReportFacts:
    """
    Read all facts of a report; `versions` are the days on which earlier versions ended.

    For a past date, the flow and the records are those of that date; the methods, such as searches,
    settings and agreement, are current, and the report states this.
    """
    reporting = review.reporting
    flow = reporting.flow(until=until)
    if not flow.records:
        raise InputError("there is nothing to report: no records were imported", path=review.name)
    reasons = reason_texts(review.protocol)
    status, audits = review.status(), review.audits.all()
    stopping = stopping_report(
        review.audits.advice(),
        status.unlabelled,
        audits,
        review.audits.target,
        included=status.include,
    )
    return ReportFacts(
        made=reporting.now(),
        version=__version__,
        name=review.name,
        protocol=review.protocol,
        versions=tuple(reversed(review.protocols.versions())),
        status=status,
        until=until,
        since=since,
        flow=flow,
        forms=tuple(_forms(review, flow, reasons, since=since, until=until, versions=versions)),
        changes=reporting.changes(since, until=until) if since else (),
        records=tuple(_records(review, flow)),
        searches=(
            *review.searches.all(),
            *(search for _, search in review.searches.of_watch()),
        ),
        stages=tuple(_stages(review)),
        full_texts=review.full_text.progress(),
        stopping=stopping,
        stops=tuple(reporting.stops()),
        targets=tuple(review.audits.targets()),
        audits=tuple(audits),
        performance=status.performance,
        models=tuple(reporting.models()),
        embeddings=tuple(review.embeddings.uses()),
        prior=tuple(one for one in review.prior_knowledge.all() if one.in_use),
        extraction=_extraction(review),
        extracted=extracted_values(review),
    )


def _forms(
    review: Review,
    flow: Flow,
    reasons: dict[str, str],
    *,
    since: str,
    until: str,
    versions: Sequence[str],
) -> Iterator[FlowForm]:
    reporting = review.reporting
    if since:
        new = reporting.flow(until=until, since=since)
        yield updated_review(new, reporting.flow_before(since), flow, reasons)
    if versions:
        earlier = [(day, reporting.flow(until=day)) for day in sorted(versions)]
        yield living_review(earlier, flow, reasons)
    yield new_review(flow, reasons)


def _records(review: Review, flow: Flow) -> Sequence[ReportedRecord]:
    said = {one.id: one.decision for one in review.full_text.records()}
    return [
        ReportedRecord(
            shown=review.record(one.id),
            box=one.box,
            study=one.study,
            full_text=said.get(one.id),
        )
        for one in flow.records
        if one.box in _REPORTED
    ]


def _extraction(review: Review) -> ExtractionFacts:
    forms = review.extraction
    studies = forms.studies()
    return ExtractionFacts(
        double=forms.double,
        studies=sum(bool(one.entries) for one in studies),
        reviewers=len({entry.reviewer for one in studies for entry in one.entries.values()}),
        agreement=tuple(forms.agreement()),
        resolved=sum(entry.resolves for one in studies for entry in one.entries.values()),
        unresolved=sum(len(one.state.conflicts) for one in studies),
    )


def _stages(review: Review) -> Sequence[StageFacts]:
    return [
        StageFacts(
            name=name,
            settings=tuple(team.settings()),
            agreement=tuple(team.agreement()),
            reviewers=tuple(one.reviewer for one in team.work()),
            resolved=len(team.resolutions()),
        )
        for name, team in (
            ("title and abstract", review.team),
            ("full text", review.full_text.team),
        )
    ]
