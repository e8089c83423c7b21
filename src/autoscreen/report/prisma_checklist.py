"""The PRISMA 2020 checklist: which items the report fills, and which the team has to write."""

from __future__ import annotations

from collections.abc import Iterator

from autoscreen.report.report_blocks import Paragraph, Section, Table
from autoscreen.report.report_facts import ReportFacts
from autoscreen.review.flow import Box

_NO = "to be written by the team"
_TITLE, _ABSTRACT, _INTRODUCTION = "Title", "Abstract", "Introduction"
_METHODS, _RESULTS, _DISCUSSION, _OTHER = "Methods", "Results", "Discussion", "Other information"
_TOPICS = (
    (_TITLE, "1", "The report is named a systematic review"),
    (_ABSTRACT, "2", "Abstract by the PRISMA 2020 list for abstracts"),
    (_INTRODUCTION, "3", "Rationale"),
    (_INTRODUCTION, "4", "Objectives or questions"),
    (_METHODS, "5", "Eligibility criteria, and grouping of studies for syntheses"),
    (_METHODS, "6", "Information sources with dates"),
    (_METHODS, "7", "Full search strategies"),
    (_METHODS, "8", "Selection process: reviewers, independence, automation tools"),
    (_METHODS, "9", "Data collection process"),
    (_METHODS, "10a", "Outcomes sought"),
    (_METHODS, "10b", "Other variables sought, and assumptions"),
    (_METHODS, "11", "Assessment of risk of bias"),
    (_METHODS, "12", "Effect measures"),
    (_METHODS, "13a", "Which studies enter which synthesis"),
    (_METHODS, "13b", "Preparation of data, such as missing values"),
    (_METHODS, "13c", "Tables and graphs of results"),
    (_METHODS, "13d", "Methods and software of syntheses"),
    (_METHODS, "13e", "Exploration of heterogeneity"),
    (_METHODS, "13f", "Sensitivity analyses"),
    (_METHODS, "14", "Assessment of missing results (reporting bias)"),
    (_METHODS, "15", "Assessment of certainty"),
    (_RESULTS, "16a", "Results of search and selection, with a flow diagram"),
    (_RESULTS, "16b", "Excluded studies that might seem eligible, with reasons"),
    (_RESULTS, "17", "Characteristics of included studies, with citations"),
    (_RESULTS, "18", "Risk of bias in each study"),
    (_RESULTS, "19", "Results of individual studies"),
    (_RESULTS, "20a", "Characteristics and risk of bias of the studies in each synthesis"),
    (_RESULTS, "20b", "Results of syntheses with precision and heterogeneity"),
    (_RESULTS, "20c", "Results on causes of heterogeneity"),
    (_RESULTS, "20d", "Results of sensitivity analyses"),
    (_RESULTS, "21", "Risk of bias from missing results"),
    (_RESULTS, "22", "Certainty of the evidence"),
    (_DISCUSSION, "23a", "Interpretation in the context of other evidence"),
    (_DISCUSSION, "23b", "Limitations of the evidence"),
    (_DISCUSSION, "23c", "Limitations of the review process"),
    (_DISCUSSION, "23d", "Implications for practice, policy and research"),
    (_OTHER, "24a", "Registration number, or that there is none"),
    (_OTHER, "24b", "Where the protocol is available"),
    (_OTHER, "24c", "Amendments of registration or protocol"),
    (_OTHER, "25", "Funding and the role of funders"),
    (_OTHER, "26", "Competing interests"),
    (_OTHER, "27", "Availability of data, code and other materials"),
)


def prisma_checklist(facts: ReportFacts) -> Section:
    """Return the items with the place where autoscreen filled them, or that the team has to."""
    filled = {item: (state, where) for item, state, where in _filled(facts)}
    rows = tuple(
        (section, item, topic, *filled.get(item, ("no", _NO))) for section, item, topic in _TOPICS
    )
    return Section(
        "prisma-2020",
        "PRISMA 2020 checklist",
        (
            Paragraph(
                "The topics are in short; the full wording is in Page MJ, et al. BMJ 2021;372:n71. "
                "Replace each location by the page of your paper."
            ),
            Table(("section", "item", "topic", "filled", "location"), rows, "prisma-2020.csv"),
        ),
    )


def _filled(facts: ReportFacts) -> Iterator[tuple[str, str, str]]:
    """Yield what the log has on an item: whether it fills it, and where; or what is missing."""
    protocol, history = facts.protocol, len(facts.versions)
    criteria = protocol.criteria.include or protocol.criteria.exclude
    if protocol.question:
        yield "4", "yes", "section Protocol and its history"
    if criteria:
        yield "5", "partly", "criteria: protocol.toml; grouping for syntheses: " + _NO
    elsewhere = [one for one in facts.imports if not one.origin.logged and one.records]
    undated = any(not one.origin.search.searched for one in elsewhere)
    unknown = any(not one.origin.search.query for one in elsewhere)
    where = "section Search strategies and imports; imports.csv"
    yield "6", *_partly(where, undated, "days of searches that were run elsewhere")
    yield "7", *_partly(where + "; prisma-s.csv", unknown, "searches that were run elsewhere")
    yield "8", "yes", "section Methods (methods.txt); agreement.csv; software.csv"
    if facts.extraction.studies:
        yield "9", "partly", "section Methods; how the studies' authors were contacted: " + _NO
    if protocol.extraction:
        fields = "the extraction fields in protocol.toml"
        yield "10a", "partly", f"{fields}; which results were sought of each outcome: {_NO}"
        yield "10b", "partly", f"{fields}; assumptions about missing information: {_NO}"
    open_records = any(
        column.count(Box.UNSCREENED, Box.SCREENING, Box.UNASSESSED, Box.ASSESSING)
        for column in (facts.flow.databases, facts.flow.other)
    )
    pictures = ", ".join(f"{form.name}.svg, {form.name}.pdf" for form in facts.forms)
    where = f"section PRISMA 2020 flow diagram ({pictures}); section Methods"
    yield "16a", *_partly(where, open_records, "records that are not decided yet")
    yield "16b", "yes", "section Reports excluded, not retrieved or not decided; exclusions.csv"
    included = facts.in_box(Box.INCLUDED)
    keys = {field.key for field in protocol.extraction}
    empty = not keys or any(keys - facts.extracted.get(one.shown.id, {}).keys() for one in included)
    where = "section Characteristics of included studies; characteristics.csv"
    yield "17", *_partly(where, empty, "values of empty cells")
    if protocol.registration:
        yield "24a", "yes", protocol.registration
    yield "24b", "partly", f"protocol.toml; where a reader finds it: {_NO}"
    if history > 1:
        yield "24c", "partly", f"protocol-history.csv; amendments of a registration: {_NO}"
    yield "27", "partly", f"report.json, the CSV files; where a reader finds them: {_NO}"


def _partly(where: str, missing: bool, what: str) -> tuple[str, str]:
    return ("partly", f"{where}; still missing: {what}") if missing else ("yes", where)
