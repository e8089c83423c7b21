"""``autoscreen status``: the progress of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.audit import audit_lines, audit_row
from autoscreen.cli.common.full_text_lines import progress_row, progress_words
from autoscreen.cli.common.output import Column, emit_one, format_table
from autoscreen.cli.common.stopping_lines import advice_lines, advice_rows, cost_rows
from autoscreen.cli.common.terminal import colour, terminal_width
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    stage_option,
    verb,
)
from autoscreen.cli.common.watch_status import watch_lines, watch_row
from autoscreen.cli.embed import embedding_row
from autoscreen.cli.prior import prior_row
from autoscreen.presentation.embedding_words import embedding_words
from autoscreen.presentation.prior_words import prior_in_use
from autoscreen.presentation.stopping_report import StoppingReport, stopping_report
from autoscreen.presentation.wording import counted, grouped, minute
from autoscreen.records import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscreen.review.auditing import Audit
    from autoscreen.review.reports import RankingPerformance, Status

IMPORTS = (
    Column("id", "import", right=True),
    Column("finished", "imported (UTC)"),
    Column("file", "file", shrinks=True, keep_end=True),
    Column("format", "format"),
    Column("records", "records", right=True),
    Column("new", "new", right=True),
    Column("merged", "merged", right=True),
    Column("already_there", "already there", right=True),
    Column("lost", "lost", right=True),
    Column("labels", "labels", right=True),
)


@verb(
    "status",
    "autoscreen status rms",
    "autoscreen status rms --targets",
    "autoscreen status rms --stage full-text",
    "autoscreen status rms --format json",
)
@review_argument
@stage_option
@click.option("--targets", is_flag=True, help="Advice for other targets too, and its evidence.")
@format_option
def command(review: str, *, stage: str, targets: bool, how: str) -> None:
    """Show counts, labels, imports, merges, how well the ranking works, and whether to stop.

    The advice is for the target recall of the review (see autoscreen target).
    """
    with open_review(review) as opened:
        full_texts = opened.full_text.progress()
        if stage == Stage.FULL_TEXT:
            emit_one(progress_row(full_texts), [progress_words(full_texts)], how)
            return
        status = opened.status()
        known = opened.prior_knowledge.all()
        costs, audits = opened.audits.costs(), opened.audits.all()
        target = opened.audits.target
        report = stopping_report(
            opened.audits.advice(), status.unlabelled, audits, target, included=status.include
        )
        watched = watch_row(opened.watch)
        embeddings, embedded = opened.embeddings.coverage(), embedding_row(opened)
    row = {
        **_row(status),
        "full_text": progress_row(full_texts),
        "watch": watched,
        "sentence_embeddings": embedded,
        "prior_knowledge": [prior_row(one, how) for one in known],
        "stopping_state": str(report.state),
        "stopping_target": report.target,
        "stopping_headline": report.headline,
        "stopping_expected": round(report.estimate.total, 1) if report.estimate else None,
        "stopping": advice_rows(report, audits),
        "costs": cost_rows(costs),
        "audits": [audit_row(one) for one in audits],
    }
    stopping = _stopping(status, report, audits, targets=targets)
    prior = [f"prior      {line}" for line in prior_in_use(known)]
    if status.records:
        prior = [f"embeddings {embedding_words(embeddings)}", *prior]
    if full_texts.left < full_texts.records:
        prior = [f"full texts {progress_words(full_texts)}", *prior]
    emit_one(row, [*_lines(status, prior), *watch_lines(watched), *stopping], how)


def counts(status: Status) -> str:
    """Return one line on the progress of the reading."""
    line = (
        f"{grouped(status.labelled)} labelled ({grouped(status.include)} include, "
        f"{grouped(status.exclude)} exclude, {grouped(status.unsure)} unsure), "
        f"{grouped(status.unlabelled)} left"
    )
    if status.pending or status.conflicts:
        waits = "waits" if status.pending == 1 else "wait"
        line += f"; {status.pending} {waits} for a second reviewer, "
        line += counted(status.conflicts, "conflict")
    return line + (
        f"; the ranking is updating ({counted(status.behind, 'decision')} behind)"
        if status.behind
        else ""
    )


def _lines(status: Status, prior: Sequence[str]) -> list[str]:
    lines = [
        f"review     {status.name} ({status.path})",
        f"protocol   {status.protocol}",
        f"records    {grouped(status.records)}, {grouped(status.with_abstract)} with an abstract; "
        f"{counted(status.merges, 'merge')}",
        f"labels     {counts(status)}",
    ]
    if named := ", ".join(name or "no name" for name in status.reviewers):
        lines.append(f"reviewers  {named}")
    lines += [f"ranking    {line}" for line in _performance(status.performance)]
    lines += prior
    if status.imports:
        rows = [{**row, "finished": minute(row["finished"])} for row in import_rows(status)]
        table = format_table(rows, IMPORTS, width=terminal_width(), bold=colour())
        lines += ["", table]
    return lines


def _stopping(
    status: Status, report: StoppingReport, audits: Sequence[Audit], *, targets: bool
) -> list[str]:
    if not status.records:
        return []
    audited = audit_lines(audits) if status.unlabelled else []
    return ["", *audited, *[""] * bool(audited), *advice_lines(report, targets=targets)]


def _performance(performance: RankingPerformance) -> list[str]:
    if not performance.read:
        return ["nothing read here yet"]
    lines = [
        f"{grouped(performance.found)} relevant among {grouped(performance.read)} read here; "
        f"{performance.recent_found} among the last {performance.recent}"
    ]
    if performance.random is not None:
        lines.append(
            f"the last relevant one was found after {grouped(performance.found_at[-1])} read; "
            f"without ranking it would have taken about {grouped(performance.random)}, "
            "if there are no others"
        )
    return lines


def import_rows(status: Status) -> list[dict[str, Any]]:
    """Return the imports of a review, oldest first."""
    return [
        {
            "id": run.id,
            "finished": run.finished,
            "file": run.path,
            "format": run.format,
            "sha256": run.sha256,
            "records": run.starts,
            "new": run.new,
            "merged": run.merged,
            "already_there": run.already_there,
            "lost": run.lost,
            "labels": run.labels,
            "conflicts": run.conflicts,
            "columns": dict(run.columns),
            "full_text_decisions": run.full_text,
            "label_column": run.label_column,
            "unused_label_columns": list(run.unused_label_columns),
        }
        for run in status.imports
    ]


def _row(status: Status) -> dict[str, Any]:
    performance = status.performance
    return {
        "name": status.name,
        "path": status.path,
        "protocol": status.protocol,
        "records": status.records,
        "with_abstract": status.with_abstract,
        "include": status.include,
        "exclude": status.exclude,
        "unsure": status.unsure,
        "unlabelled": status.unlabelled,
        "pending": status.pending,
        "conflicts": status.conflicts,
        "merges": status.merges,
        "behind": status.behind,
        "reviewers": list(status.reviewers),
        "performance": {
            "read": performance.read,
            "found": performance.found,
            "recent": performance.recent,
            "recent_found": performance.recent_found,
            "found_at": list(performance.found_at),
            "random": performance.random,
        },
        "imports": import_rows(status),
    }
