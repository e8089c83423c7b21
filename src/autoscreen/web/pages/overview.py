"""The overview: progress, stopping advice, imports, searches and alerts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.formats import Problem, Source
from autoscreen.presentation.stopping_report import StoppingReport, stopping_report
from autoscreen.presentation.stopping_words import audit_variants
from autoscreen.review import Review
from autoscreen.review.reports import Status
from autoscreen.review.review_embeddings import EmbeddingCoverage
from autoscreen.store.job_log import Job, JobState
from autoscreen.store.possible_duplicates import PairState, PossibleDuplicate
from autoscreen.store.prior_knowledge import PriorFile
from autoscreen.store.search_log import SearchRun
from autoscreen.store.stopping_targets import StoppingTarget
from autoscreen.store.stored_values import ImportRun
from autoscreen.store.watch_values import WatchRun
from autoscreen.web.accounts.members import Role
from autoscreen.web.charts import DayChart, RecallChart, day_chart, recall_chart
from autoscreen.web.pages.records import EXPORTS
from autoscreen.web.routes import Route
from autoscreen.web.uploaded_files import FILES, uploaded_source
from autoscreen.web.visit import Visit

if TYPE_CHECKING:
    from autoscreen.active import AuditCost
    from autoscreen.evaluation import PairAgreement
    from autoscreen.review.auditing import Audit

_MOST = 2 * 1024**3
_RUNS = 20
_PROBLEMS = 50
"""Problems of a file that are shown at once; a page of its own has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """The overview as the template shows it."""

    status: Status
    report: StoppingReport | None
    curve: RecallChart | None
    days: DayChart | None
    without_abstract: int
    possible_duplicates: int
    concepts: int
    agreement: Sequence[PairAgreement]
    audits: Sequence[Audit]
    costs: Sequence[AuditCost]
    variants: Sequence[AuditCost]
    targets: Sequence[StoppingTarget]
    searches: Sequence[SearchRun]
    watch: Sequence[WatchRun]
    earlier_watch: int
    alerts: Mapping[int, int]
    prior: Sequence[PriorFile]
    embeddings: EmbeddingCoverage
    embedding_failure: Job | None


@dataclass(slots=True, kw_only=True)
class _Outcome:
    """The result of importing one file."""

    name: str
    report: ImportRun | None = None
    prior: PriorFile | None = None
    problems: Sequence[Problem] = ()
    error: str = ""
    shown: list[Problem] = field(default_factory=list)

    @property
    def more(self) -> int:
        """Problems that are not shown."""
        return len(self.problems) - len(self.shown)


async def page(visit: Visit) -> Response:
    """Show the overview."""
    return await _page(visit, ())


async def import_files(visit: Visit) -> Response:
    """Import uploaded files, one after another."""
    async with visit.request.form(max_files=FILES) as form:
        files = [one for one in form.getlist("file") if isinstance(one, UploadFile)]
        labels, column = form.get("labels") == "1", str(form.get("label_column") or "").strip()
        prior = form.get("prior") == "1"
        sources = [await asyncio.to_thread(uploaded_source, one) for one in files if one.filename]
    if not sources:
        raise InputError("no file was chosen", hint="choose one or more files of records")
    for source in sources:
        source.label_column = column
    outcomes = [await _import(visit, source, labels=labels, prior=prior) for source in sources]
    visit.executor.warm_up()
    visit.hub.publish("import", file="", what="", done=0)
    visit.hub.publish("counts")
    return await _page(visit, outcomes)


async def imported(visit: Visit) -> Response:
    """Show the result of one import."""
    number = visit.path("number")
    run, found, pairs = await visit.executor.read(lambda review: _imported(review, number))
    return visit.render("overview/import_run.html", run=run, problems=found, pairs=pairs)


async def _page(visit: Visit, outcomes: Sequence[_Outcome]) -> Response:
    state = await visit.executor.read(_state)
    return visit.render(
        "overview/page.html",
        state=state,
        status_=state.status,
        outcomes=outcomes,
        embedding=visit.state.jobs.running("embed"),
        may=visit.visitor.role >= Role.REVIEWER,
        owner=visit.visitor.role >= Role.OWNER,
        file=visit.executor.path.stem,
        exports=EXPORTS,
    )


async def _import(visit: Visit, source: Source, *, labels: bool, prior: bool) -> _Outcome:
    """Import one file; an unreadable file does not stop the others."""
    outcome = _Outcome(name=source.path)
    done = 0

    def progress(what: str, count: int) -> None:
        nonlocal done
        done += count
        visit.hub.publish(
            "import", file=source.path, what=what.split(" ", maxsplit=1)[0], done=done
        )

    column, name = source.label_column, visit.visitor.name

    def work(review: Review) -> None:
        if prior:
            outcome.prior = review.prior_knowledge.import_file(
                source, label_column=column, reviewer=name, progress=progress
            )
            outcome.problems = review.prior_knowledge.problems(outcome.prior.id)
            return
        (outcome.report,) = review.import_files(
            [source], labels=labels, label_column=column, progress=progress
        )
        outcome.problems = outcome.report.problems

    if visit.executor.long_must_wait:
        visit.hub.publish("import", file=source.path, what="waiting", done=0)
    try:
        await visit.executor.run_long(work)
        outcome.shown = list(outcome.problems[:_PROBLEMS])
    except AutoscreenError as problem:
        outcome.error = problem.message + (f"; {problem.hint}" if problem.hint else "")
    return outcome


def _state(review: Review) -> _State:
    status = review.status()
    performance = status.performance
    audits = review.audits.all()
    report, estimate = None, None
    if performance.read:
        report = stopping_report(
            review.audits.advice(),
            status.unlabelled,
            audits,
            review.audits.target,
            included=status.include,
        )
        if known := report.estimate:
            estimate = (known.total, float(known.low), float(known.high))
    prior = status.labelled - performance.read
    curve = None
    if performance.read:
        curve = recall_chart(
            performance.found_at, performance.read, pool=status.records - prior, estimate=estimate
        )
    costs = review.audits.costs() if performance.read and status.unlabelled else ()
    watches = review.watch
    runs, last = watches.runs(), review.jobs.all("embed", newest=1)
    return _State(
        status=status,
        report=report,
        curve=curve,
        days=day_chart(review.table.labels_per_day()),
        possible_duplicates=review.duplicates.count_pending(),
        without_abstract=status.records - status.with_abstract,
        concepts=len(review.protocol.concepts),
        agreement=review.team.agreement() if len(status.reviewers) > 1 else (),
        audits=audits,
        costs=costs,
        variants=audit_variants(costs),
        targets=review.audits.targets(),
        searches=review.searches.all(),
        watch=runs[-_RUNS:],
        earlier_watch=len(runs[:-_RUNS]),
        alerts=watches.announced_by_run(),
        prior=review.prior_knowledge.all(),
        embeddings=review.embeddings.coverage(),
        embedding_failure=last[0] if last and last[0].state is JobState.FAILED else None,
    )


def _imported(
    review: Review, number: str
) -> tuple[ImportRun, list[Problem], list[PossibleDuplicate]]:
    runs = {str(run.id): run for run in review.status().imports}
    if number not in runs:
        raise InputError(f"there is no import {number[:20]!r}")
    pairs = [one for one in review.duplicates.all(int(number)) if one.state is PairState.PENDING]
    return runs[number], review.problems(int(number)), pairs


ROUTES = (
    Route(path="/overview", handler=page, role=Role.OBSERVER),
    Route(path="/import", handler=import_files, role=Role.REVIEWER, method="POST", max_body=_MOST),
    Route(path="/imports/{number}", handler=imported, role=Role.OBSERVER),
)
