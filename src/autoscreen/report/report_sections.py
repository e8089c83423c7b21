"""The sections of a report, in the order in which they are read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from autoscreen.presentation.search_wording import shown_date
from autoscreen.presentation.wording import citation as cited
from autoscreen.presentation.wording import minute, percent
from autoscreen.report.extraction_export import agreement_table
from autoscreen.report.flow_boxes import FlowForm
from autoscreen.report.methods_text import methods_paragraphs
from autoscreen.report.prisma_checklist import prisma_checklist
from autoscreen.report.report_blocks import (
    Block,
    Listing,
    Paragraph,
    Picture,
    Section,
    Table,
    doi_link,
    pubmed_link,
)
from autoscreen.report.report_facts import ReportedRecord, ReportFacts
from autoscreen.report.search_appendix import prisma_s, search_appendix
from autoscreen.report.software_statement import citation, software_rows
from autoscreen.review.flow import Box

if TYPE_CHECKING:
    from autoscreen.evaluation import Interval

RECALL_PICTURE = "recall.svg"
CHARACTERISTICS = "characteristics.csv"
_TO_EXTEND = ("design", "population", "intervention", "comparison", "outcomes", "n")


def report_sections(facts: ReportFacts) -> tuple[Section, ...]:
    """Return all sections."""
    return (
        _flow(facts),
        Section("methods", "Methods", tuple(map(Paragraph, methods_paragraphs(facts)))),
        search_appendix(facts),
        prisma_s(facts),
        prisma_checklist(facts),
        _excluded(facts),
        _included(facts),
        _agreement(facts),
        _stopping(facts),
        _software(facts),
        _protocol(facts),
    )


def _flow(facts: ReportFacts) -> Section:
    moment = f"at the end of {facts.until}" if facts.until else f"on {shown_date(facts.made)}"
    named: tuple[Block, ...] = (Paragraph("The numbers add up, and nothing contradicts the log."),)
    if facts.flow.inconsistencies:
        lines = tuple((one,) for one in facts.flow.inconsistencies)
        named = (Paragraph("What does not fit together:"), Table(("to check",), lines))
    return Section(
        "flow",
        "PRISMA 2020 flow diagram",
        (
            Paragraph(f"The flow of records {moment}."),
            *named,
            *(block for form in facts.forms for block in diagram(form)),
            *_changes(facts),
        ),
    )


def diagram(form: FlowForm) -> Iterator[Block]:
    """Yield a flow diagram with its numbers as a table."""
    what = "The whole review"
    if form.since:
        what = f"The update: the boxes hold what was identified since {form.since}"
    if form.versions:
        what = "All versions of the living review"
    yield Paragraph(f"{what}.")
    yield Picture(f"{form.name}.svg", f"{form.title}; the table has the same numbers", form.notes)
    rows: tuple[tuple[str | int, ...], ...] = tuple(
        (box.phase, box.column, line.text.rstrip(":"), *line.earlier, line.n)
        for box in form.boxes
        for line in box.lines
        if line.n is not None
    )
    versions = (f"n at the end of {day}" for day in form.versions)
    header = ("phase", "column", "line", *versions, "n")
    yield Table(header, rows, f"{form.name}.csv", folded="The numbers as a table")


def _changes(facts: ReportFacts) -> tuple[Block, ...]:
    if not facts.since:
        return ()
    rows = tuple(
        (one.id, str(one.before or "not identified yet"), str(one.now or "merged"))
        for one in facts.changes
    )
    return (
        Paragraph(f"Records that ended elsewhere than at the beginning of {facts.since}:"),
        Table(("record", "before", "now"), rows, "changes.csv"),
    )


def _excluded(facts: ReportFacts) -> Section:
    rows = tuple(
        (
            one.shown.id,
            cited(one.shown.record),
            one.shown.record.title,
            doi_link(one.shown.record),
            pubmed_link(one.shown.record),
            str(one.box),
            _reason(facts, one),
            one.full_text.note if one.full_text else "",
        )
        for one in facts.records
        if one.box is not Box.INCLUDED
    )
    header = ("record", "citation", "title", "doi", "pmid", "state", "reason", "note")
    return Section(
        "excluded",
        "Reports excluded, not retrieved or not decided",
        (Table(header, rows, "exclusions.csv"),),
    )


def _reason(facts: ReportFacts, one: ReportedRecord) -> str:
    code = one.full_text.reason if one.full_text else ""
    return facts.reasons.get(code, code)


def _included(facts: ReportFacts) -> Section:
    """Return the included reports with the values that were extracted from them."""
    fields = {field.key: field.label for field in facts.protocol.extraction}
    columns = fields or {name: name for name in _TO_EXTEND}
    rows = tuple(
        (
            one.study,
            one.shown.id,
            cited(one.shown.record),
            one.shown.record.year,
            one.shown.record.title,
            doi_link(one.shown.record),
            pubmed_link(one.shown.record),
            "; ".join(str(notice.kind) for notice in one.shown.record.notices),
            *(facts.extracted.get(one.shown.id, {}).get(key, "") for key in columns),
        )
        for one in facts.in_box(Box.INCLUDED)
    )
    header = ("study", "report", "citation", "year", "title", "doi", "pmid", "notices")
    return Section(
        "included",
        "Characteristics of included studies",
        (
            Paragraph("One row for each report; empty cells are to be filled in."),
            Table((*header, *columns.values()), rows, CHARACTERISTICS),
        ),
    )


def _agreement(facts: ReportFacts) -> Section:
    rows = tuple(
        (
            stage.name,
            pair.one,
            pair.other,
            pair.n,
            name,
            *_interval(value),
        )
        for stage in facts.stages
        for pair in stage.agreement
        for name, value in pair.values.items()
    )
    header = ("stage", "reviewer", "and", "both read", "measure", "value", "95% low", "95% high")
    return Section(
        "agreement",
        "Agreement",
        (
            Paragraph(
                "Measured on records that both decided before they could see the other's decision."
            ),
            Table(header, rows, "agreement.csv", empty="No two reviewers read the same record."),
            *_extraction_agreement(facts),
        ),
    )


def _extraction_agreement(facts: ReportFacts) -> tuple[Block, ...]:
    if not facts.extraction.agreement:
        return ()
    return (
        Paragraph(
            "Data extraction: the two people's values of each field before they saw each other's "
            f"form; {facts.extraction.resolved} differences were resolved by a person, "
            f"{facts.extraction.unresolved} are not resolved yet."
        ),
        agreement_table(facts.extraction.agreement),
    )


def _interval(value: Interval) -> tuple[float | None, ...]:
    return tuple(
        None if math.isnan(one) else round(one, 3) for one in (value.mean, value.low, value.high)
    )


def _stopping(facts: ReportFacts) -> Section:
    report = facts.stopping
    done = facts.performance
    targets = tuple(
        (minute(one.at), percent(one.target), one.reviewer, one.reason) for one in facts.targets
    )
    stops = tuple(
        (
            minute(one.at),
            "stopped" if one.stopped else "resumed",
            "ranking and stopping advice" if one.automation else "another reason",
            one.reviewer,
            one.note,
        )
        for one in facts.stops
    )
    audits = tuple(
        (
            one.number,
            minute(one.at),
            percent(one.target),
            percent(one.overall),
            one.drawn,
            one.finds,
            "proved" if one.proved else "not proved",
        )
        for one in facts.audits
    )
    curve = tuple(enumerate(done.found_at, 1))
    evidence: tuple[Block, ...] = tuple(map(Paragraph, (*report.details, *report.warnings)))
    rows = tuple((percent(one.target), one.past, one.audit) for one in report.rows)
    return Section(
        "stopping",
        "Recall and stopping",
        (
            Paragraph(f"For a target recall of {percent(report.target)}: {report.headline}"),
            *evidence,
            *_targets(facts, rows),
            Picture(RECALL_PICTURE, f"{done.found} relevant of {done.read} records screened here"),
            Table(
                ("relevant record", "records screened when it was found"),
                curve,
                "recall.csv",
                folded="The curve as a table",
            ),
            Paragraph("Targets that were set:"),
            Table(("at (UTC)", "target", "by", "why"), targets, empty="None; 95% by default."),
            Paragraph("Stops of screening:"),
            Table(("at (UTC)", "what", "because of", "by", "note"), stops, "stops.csv"),
            Paragraph("Random audits:"),
            Table(
                ("audit", "begun (UTC)", "target", "confidence", "drawn", "relevant", "result"),
                audits,
            ),
        ),
    )


def _targets(facts: ReportFacts, rows: tuple[tuple[str, str, str], ...]) -> tuple[Block, ...]:
    if not facts.status.unlabelled and not rows:
        return ()  # all records have been screened, which the headline says
    return (Table(("target", "past reviews", "random audit"), rows, empty="Too early to say."),)


def _software(facts: ReportFacts) -> Section:
    return Section(
        "software",
        "What the software did and did not decide",
        (
            Paragraph("By the items of PRISMA-trAIce and RAISE."),
            Table(("item", "report"), software_rows(facts), "software.csv"),
            Paragraph(f"To cite: {citation(facts)}"),
        ),
    )


def _protocol(facts: ReportFacts) -> Section:
    versions = tuple(
        (one.id, minute(one.at), one.reviewer, one.note, one.origin) for one in facts.versions
    )
    return Section(
        "protocol",
        "Protocol and its history",
        (
            Paragraph(facts.protocol.question or facts.protocol.title),
            Paragraph(
                f"Registration: {facts.protocol.registration or 'none is entered in the protocol'}."
            ),
            Table(
                ("version", "in force from (UTC)", "by", "note", "origin"),
                versions,
                "protocol-history.csv",
            ),
            Listing(facts.versions[-1].text),
        ),
    )
