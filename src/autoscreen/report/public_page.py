"""
The public page of a living review: a static site with each of its versions.

It has no names of reviewers, no notes, no names of files, and of excluded reports only citation and
reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autoscreen.errors import InputError
from autoscreen.presentation.wording import citation as cited
from autoscreen.presentation.wording import counted
from autoscreen.report.flow_diagram import flow_svg
from autoscreen.report.handover import study_names
from autoscreen.report.report_blocks import (
    Block,
    Link,
    Paragraph,
    Section,
    Table,
    doi_link,
    pubmed_link,
)
from autoscreen.report.report_facts import ReportFacts, report_facts
from autoscreen.report.report_folder import table_csv
from autoscreen.report.report_page import report_page
from autoscreen.report.report_sections import diagram
from autoscreen.report.search_appendix import public_searches
from autoscreen.report.software_statement import citation
from autoscreen.review.flow import Box

if TYPE_CHECKING:
    from autoscreen.review import Review

_PAGE, _STATE, _VERSIONS = "index.html", "version.json", "versions"
_ABOUT = {
    "flow.svg": "the flow diagram of this version",
    "flow-living.svg": "the flow diagram of all versions",
    "included.csv": "the included studies as a table",
    _STATE: "this version for programs",
}


def publish(review: Review, folder: str | Path, *, until: str = "") -> ReportFacts:
    """Write the state of a review as a new version of its public page, and return its content.

    `folder` is that of the site: ``index.html`` is the newest version, ``versions`` keeps each in a
    folder of its day; a version of the same day is replaced. With `until` the end of that day is
    published. Raises InputError if the folder holds something else or a later version, there are no
    records, or the database or register of an import is not known.
    """
    where = Path(folder)
    day = until[:10] or review.reporting.now()[:10]
    earlier = _earlier(where, day)
    facts = report_facts(review, until=until, versions=[one["day"] for one in earlier])
    _require_origins(facts)
    state = {"day": day, "made": facts.made, **_state(facts)}
    sections = (
        _changes(facts, earlier, state),
        Section("flow", "Flow of records", tuple(_flow(facts))),
        _included(facts),
        _not_included(facts),
        public_searches(facts),
        _criteria(facts),
    )
    pictures = {f"{form.name}.svg": flow_svg(form, title=form.title) for form in facts.forms}
    tables = [b for one in sections for b in one.blocks if isinstance(b, Table) and b.file]
    texts = {
        **pictures,
        **{table.file: table_csv(table) for table in tables},
        _STATE: json.dumps(state, ensure_ascii=False, indent=1) + "\n",
    }
    version = where / _VERSIONS / day
    version.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (version / name).write_text(text, encoding="utf-8", newline="")
    days = [*(one["day"] for one in earlier), day]
    for page, files, root in (
        (version / _PAGE, "", "../../"),
        (where / _PAGE, f"{_VERSIONS}/{day}/", ""),
    ):
        text = report_page(
            (*sections, _list(days, root)),
            title=facts.protocol.title or facts.name,
            about=_about(facts, len(days), day),
            pictures=pictures,
            files={name: _ABOUT.get(name, "a table of this page") for name in texts},
            where=files,
        )
        page.write_text(text, encoding="utf-8", newline="")
    return facts


def _earlier(where: Path, day: str) -> list[dict[str, Any]]:
    """Return the versions before a day, oldest first."""
    versions = where / _VERSIONS
    if where.is_file() or (where.is_dir() and any(where.iterdir()) and not versions.is_dir()):
        raise InputError(
            "is no folder of a public page", path=str(where), hint="choose a new or empty folder"
        )
    found = [json.loads(one.read_text("utf-8")) for one in sorted(versions.glob(f"*/{_STATE}"))]
    if later := [one["day"] for one in found if one["day"] > day]:
        raise InputError(
            f"has a version of {later[-1]}, which is later than {day}",
            path=str(where),
            hint="publish into a new folder, oldest version first",
        )
    return [one for one in found if one["day"] < day]


def _require_origins(facts: ReportFacts) -> None:
    for one in facts.imports:
        if not one.origin.known and one.records:
            raise InputError(
                f"import {one.import_id} names no database or register",
                path=facts.name,
                hint=f"set it with autoscreen origin REVIEW {one.import_id} NAME",
            )


def _state(facts: ReportFacts) -> dict[str, Any]:
    names = _studies(facts)
    return {
        "identified": sum(one.records for one in facts.imports),
        "studies": facts.flow.studies(),
        "included": {
            one.shown.id: {
                "study": names[one.shown.id],
                "citation": cited(one.shown.record),
                "notices": [str(notice.kind) for notice in one.shown.record.notices],
            }
            for one in facts.in_box(Box.INCLUDED)
        },
    }


def _studies(facts: ReportFacts) -> dict[str, str]:
    included = facts.in_box(Box.INCLUDED)
    return study_names((one.shown.id, one.study, one.shown.record) for one in included)


def _changes(
    facts: ReportFacts, earlier: Sequence[Mapping[str, Any]], state: Mapping[str, Any]
) -> Section:
    title = "Changes since the last version"
    if not earlier:
        return Section("changes", title, (Paragraph("This is the first version."),))
    last = earlier[-1]
    then, now = last["included"], state["included"]
    rows = [
        ("newly included", one["study"], one["citation"])
        for key, one in now.items()
        if key not in then
    ]
    rows += [
        ("no longer included", one["study"], one["citation"])
        for key, one in then.items()
        if key not in now
    ]
    rows += [
        (notice, one["study"], one["citation"])
        for key, one in now.items()
        for notice in one["notices"]
        if notice not in then.get(key, {"notices": []})["notices"]
    ]
    new = state["identified"] - last["identified"]
    text = (
        f"Since the version of {last['day']}, {counted(new, 'record')} were identified; the review "
        f"now includes {counted(state['studies'], 'study', 'studies')}, then {last['studies']}."
    )
    table = Table(
        ("change", "study", "report"),
        tuple(rows),
        "changes.csv",
        empty="No change of the included studies.",
    )
    return Section("changes", title, (Paragraph(text), table))


def _flow(facts: ReportFacts) -> Iterator[Block]:
    if number := len(facts.flow.inconsistencies):
        yield Paragraph(f"The team still has to check {counted(number, 'point')} of the numbers.")
    for form in facts.forms:
        yield from diagram(form)


def _included(facts: ReportFacts) -> Section:
    names = _studies(facts)
    rows = sorted(
        (
            (
                names[one.shown.id],
                cited(one.shown.record),
                one.shown.record.title,
                doi_link(one.shown.record),
                pubmed_link(one.shown.record),
                "; ".join(str(notice.kind) for notice in one.shown.record.notices),
            )
            for one in facts.in_box(Box.INCLUDED)
        ),
        key=lambda row: row[:2],
    )
    header = ("study", "report", "title", "doi", "pmid", "notices")
    return Section("included", "Included studies", (Table(header, tuple(rows), "included.csv"),))


def _not_included(facts: ReportFacts) -> Section:
    boxes = (Box.FULL_TEXT_EXCLUDED, Box.AWAITING, Box.ONGOING, Box.NOT_RETRIEVED)
    rows = tuple(
        (
            cited(one.shown.record),
            one.shown.record.title,
            doi_link(one.shown.record),
            pubmed_link(one.shown.record),
            str(box),
            facts.reasons.get(one.full_text.reason, "") if one.full_text else "",
        )
        for box in boxes
        for one in facts.in_box(box)
    )
    header = ("report", "title", "doi", "pmid", "state", "reason")
    table = Table(header, rows, "not-included.csv")
    return Section("not-included", "Reports excluded, awaiting classification or ongoing", (table,))


def _criteria(facts: ReportFacts) -> Section:
    criteria = facts.protocol.criteria
    rows = tuple(
        (name, line)
        for name, lines in (("include", criteria.include), ("exclude", criteria.exclude))
        for line in lines
    )
    question = (Paragraph(facts.protocol.question),) if facts.protocol.question else ()
    table = Table(("criterion", "text"), rows, empty="No criteria are in the protocol.")
    return Section("criteria", "Question and eligibility criteria", (*question, table))


def _list(days: Sequence[str], root: str) -> Section:
    rows: list[tuple[int, Link]] = [
        (number, Link(day, f"{root}{_VERSIONS}/{day}/{_PAGE}"))
        for number, day in enumerate(days, 1)
    ]
    blocks: list[Block] = [Table(("version", "day"), tuple(reversed(rows)))]
    if root:
        newest = Link("The newest version", f"{root}{_PAGE}")
        blocks.append(Table(("there may be a newer one",), ((newest,),)))
    return Section("versions", "Versions", tuple(blocks))


def _about(facts: ReportFacts, number: int, day: str) -> str:
    searched = max((one.at[:10] for one in facts.imports), default=day)
    return (
        f"Version {number} of a living systematic review, {day}. Newest import of records: "
        f"{searched}. Numbers are derived from the screening log. {citation(facts)}"
    )
