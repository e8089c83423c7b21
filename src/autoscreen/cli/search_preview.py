"""What a search of PubMed would give, without storing anything."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit, emit_one, wrapped
from autoscreen.cli.common.progress import note, progress
from autoscreen.errors import InputError
from autoscreen.presentation.search_wording import days
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from autoscreen.pubmed import Eutils, Found, YearCount

YEARS = (
    Column("years", "published"),
    Column("records", "records", right=True),
)


def preview(
    client: Eutils, query: str, *, since: date | None, until: date | None, how: str
) -> None:
    """Return what PubMed would give: count, how it understood the query, and years."""
    asked = " ".join(query.split())
    if not asked:
        raise InputError(
            "the protocol has no PubMed query and no concepts to build one from",
            hint="give one with --query",
        )
    found = client.count(asked, since=since, until=until)
    for warning in found.warnings:
        note(f"note: {warning}")
    years = _years(client, asked, since, until) if found.count else []
    if sum(one.count for one in years) > 2 * found.count:
        # One record counts twice at most: in print and online.
        note("note: the years add up to more than twice the whole, so they are unreliable")
    rows = [{"years": _span(one), "records": one.count} for one in years if one.count]
    if how == "csv":
        emit(rows, YEARS, how)
        return
    row: dict[str, Any] = {
        "query": asked,
        "translation": found.translation,
        "since": str(since or ""),
        "until": str(until or ""),
        "count": found.count,
        "warnings": list(found.warnings),
        "by_year": rows,
    }
    emit_one(row, _lines(asked, found, days(row["since"], row["until"])), how)
    if how == "table":
        emit(rows, YEARS, how, empty="")
        click.echo("nothing was stored; without --dry-run the records are imported", err=True)


def _lines(asked: str, found: Found, span: str) -> list[str]:
    return [
        *wrapped("query      ", asked),
        *wrapped("understood ", found.translation),
        *([f"entered    {span}"] if span else []),
        f"found      {counted(found.count, 'record')}",
    ]


def _years(client: Eutils, query: str, since: date | None, until: date | None) -> list[YearCount]:
    with progress() as tick:
        years = []
        tick.expect(22)
        for year in client.years(query, since=since, until=until):
            tick("counting by year", 1)
            years.append(year)
    return years


def _span(one: YearCount) -> str:
    if one.first is None:
        return f"{one.last} and before"
    return f"{one.first} and later" if one.last is None else str(one.first)
