"""The searches of a review, each exactly as it was run, and the items of PRISMA-S."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.presentation.search_wording import days, shown_date
from autoscreen.presentation.wording import counted, grouped, minute
from autoscreen.report.report_blocks import Block, Listing, Paragraph, Section, Table
from autoscreen.report.report_facts import ReportFacts
from autoscreen.store.reporting import OriginKind

if TYPE_CHECKING:
    from autoscreen.review.flow import Identified
    from autoscreen.store.search_log import NewSearch

_BY_AUTHORS = "not in the log: to be added by the authors"
_NONE = "none is in the log"


def search_appendix(facts: ReportFacts) -> Section:
    """Return each search, and the files that came from searches run elsewhere."""
    imports = facts.imports
    blocks: list[Block] = [Paragraph("Each search exactly as it was run, as PRISMA-S asks for.")]
    for number, run in enumerate(facts.searches, 1):
        blocks += _own(number, run)
    for one in _elsewhere(facts):
        blocks += _other(one)
    rows = tuple(
        (
            one.import_id,
            str(one.origin.kind),
            one.origin.name,
            one.origin.search.platform,
            one.origin.search.searched,
            Path(one.path).name,
            minute(one.at),
            one.records,
            one.duplicates,
            one.lost,
            one.again,
        )
        for one in imports
    )
    header = ("import", "kind", "name", "platform", "searched", "file", "imported (UTC)")
    numbers = ("records", "duplicates", "not readable", "imported before, not counted")
    return Section(
        "searches",
        "Search strategies and imports",
        (*blocks, Table((*header, *numbers), rows, "imports.csv")),
    )


def public_searches(facts: ReportFacts) -> Section:
    """Return each search without the names of files."""
    blocks = [block for number, run in enumerate(facts.searches, 1) for block in _own(number, run)]
    for one in _elsewhere(facts):
        blocks += _other(one, public=True)
    return Section("searches", "Searches", tuple(blocks))


def _own(number: int, run: NewSearch) -> Iterator[Block]:
    limits = days(run.since, run.until) or "none"
    yield Paragraph(
        f"Search {number}: {run.database}, {run.platform}, {shown_date(run.started)}; limits of "
        f"date: {limits}; {counted(run.found, 'record')} found."
    )
    yield Listing(run.query)
    if run.translation:
        yield from (Paragraph("As the database understood it:"), Listing(run.translation))
    if run.warnings:
        yield Paragraph(f"The database noted: {'; '.join(run.warnings)}")


def _other(one: Identified, *, public: bool = False) -> Iterator[Block]:
    search = one.origin.search
    named = {
        "platform": search.platform,
        "day of the search": search.searched,
        "limits": search.limits,
        "exact search": search.query,
    }
    said = [search.platform, f"searched on {search.searched}" * bool(search.searched)]
    said += [f"limits: {search.limits}" * bool(search.limits)]
    where = "; ".join((one.origin.name, *filter(None, said)))
    text = "" if public else f"Import {one.import_id} ({Path(one.path).name}): "
    text += f"{where}; "
    text += f"{counted(one.records, 'record')}."
    missing = [name for name, value in named.items() if not value]
    if missing and public:
        text += f" Not stated: {', '.join(missing)}."
    elif missing:
        text += (
            f" Not entered yet: {', '.join(missing)}. Enter them on the page Report or with "
            f"autoscreen origin REVIEW {one.import_id}."
        )
    yield Paragraph(text)
    if search.query:
        yield Listing(search.query)


def _elsewhere(facts: ReportFacts) -> list[Identified]:
    return [one for one in facts.imports if not one.origin.logged and one.records]


def prisma_s(facts: ReportFacts) -> Section:
    """Return the sixteen items of PRISMA-S with the information in the log on each."""
    rows = (
        (1, "Database name", _listed(facts, OriginKind.DATABASE)),
        (2, "Multi-database searching", _shared_platforms(facts)),
        (3, "Study registries", _listed(facts, OriginKind.REGISTER)),
        (
            4,
            "Online resources and browsing",
            _listed(facts, OriginKind.WEBSITE, OriginKind.ORGANISATION),
        ),
        (5, "Citation searching", _listed(facts, OriginKind.CITATIONS)),
        (6, "Contacts", _BY_AUTHORS),
        (7, "Other methods", _listed(facts, OriginKind.OTHER)),
        (8, "Full search strategies", _strategies(facts)),
        (9, "Limits and restrictions", _limits(facts)),
        (10, "Search filters", _BY_AUTHORS),
        (11, "Prior work", _BY_AUTHORS),
        (12, "Updates", _updates(facts)),
        (13, "Dates of searches", _dates(facts)),
        (14, "Peer review", _BY_AUTHORS),
        (15, "Total records", _totals(facts)),
        (
            16,
            "Deduplication",
            f"autoscreen {facts.version}: the same identifier, or a matching title, authors and "
            f"source; {grouped(sum(one.duplicates for one in facts.imports))} removed",
        ),
    )
    return Section(
        "prisma-s",
        "PRISMA-S checklist",
        (Table(("item", "topic", "report"), rows, "prisma-s.csv"),),
    )


def _listed(facts: ReportFacts, *kinds: OriginKind) -> str:
    own = {run.database: run.platform for run in facts.searches}
    platforms: dict[str, str] = {}
    for one in facts.imports:
        name = one.origin.name
        if one.origin.kind in kinds:
            found = one.origin.search.platform or own.get(name, "")
            platforms[name] = platforms.get(name, "") or found
    return _joined(
        f"{name} ({found or 'platform not entered'})" for name, found in platforms.items()
    )


def _shared_platforms(facts: ReportFacts) -> str:
    found: dict[str, set[str]] = {}
    for one in facts.imports:
        if one.origin.search.platform:
            found.setdefault(one.origin.search.platform, set()).add(one.origin.name)
    return _joined(
        f"{platform}: {', '.join(sorted(names))}"
        for platform, names in found.items()
        if len(names) > 1
    )


def _strategies(facts: ReportFacts) -> str:
    without = [one for one in _elsewhere(facts) if not one.origin.search.query]
    text = "in the section Search strategies and imports"
    if without:
        text += f"; not entered yet for {_joined(_name(one) for one in without)}"
    return text


def _limits(facts: ReportFacts) -> str:
    own = [f"{run.database}: {days(run.since, run.until) or 'none'}" for run in facts.searches]
    others = [
        f"{_name(one)}: {one.origin.search.limits or 'not entered'}" for one in _elsewhere(facts)
    ]
    return _joined((*own, *others))


def _dates(facts: ReportFacts) -> str:
    own = [f"{run.database}: {run.started[:10]}" for run in facts.searches]
    others = [
        f"{_name(one)}: {one.origin.search.searched or 'not entered'}" for one in _elsewhere(facts)
    ]
    return _joined((*own, *others))


def _updates(facts: ReportFacts) -> str:
    runs = len(facts.searches)
    return f"{counted(runs, 'search', 'searches')} run by autoscreen" if runs else _NONE


def _totals(facts: ReportFacts) -> str:
    return _joined(
        f"{name}: {grouped(n)}"
        for column in (facts.flow.databases, facts.flow.other)
        for (_, name), n in column.by_name.items()
    )


def _name(one: Identified) -> str:
    return f"{one.origin.name} (import {one.import_id})"


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(parts)) or _NONE
