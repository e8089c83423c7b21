"""What a search of PubMed would give, without storing anything."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from autoscreen.cli._output import Column, counted, emit, emit_one
from autoscreen.cli._progress import note, progress
from autoscreen.errors import InputError

if TYPE_CHECKING:
    from autoscreen.pubmed import Eutils, YearCount

__all__ = ["tell"]

YEARS = (
    Column("years", "published"),
    Column("records", "records", right=True),
)


def tell(client: Eutils, query: str, *, since: date | None, until: date | None, how: str) -> None:
    """Say what PubMed would give: count, how it understood the query, and years."""
    asked = " ".join(query.split())
    if not asked:
        raise InputError("the protocol has no PubMed query", hint="give one with --query")
    found = client.count(asked, since=since, until=until)
    for warning in found.warnings:
        note(f"note: {warning}")
    years = _years(client, asked, since, until) if found.count else []
    rows = [{"years": _span(one), "records": one.count} for one in years if one.count]
    if how == "csv":
        emit(rows, YEARS, how)
        return
    row = {
        "query": asked,
        "translation": found.translation,
        "since": str(since or ""),
        "until": str(until or ""),
        "count": found.count,
        "warnings": list(found.warnings),
        "by_year": rows,
    }
    lines = [
        f"query      {asked}",
        f"understood {found.translation}",
        *([f"entered    {since or 'ever'} to {until or 'now'}"] * bool(since or until)),
        f"found      {counted(found.count, 'record')}",
    ]
    emit_one(row, lines, how)
    if how == "table":
        emit(rows, YEARS, how, empty="")
        click.echo("nothing was stored; without --dry-run the records are brought in", err=True)


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
