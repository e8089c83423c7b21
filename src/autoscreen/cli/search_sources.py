"""Searches of Europe PMC and ClinicalTrials.gov on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import emit_one, wrapped
from autoscreen.cli.common.progress import note, progress
from autoscreen.presentation.search_wording import days
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from autoscreen.review import Review
    from autoscreen.review.search_import import SearchReport
    from autoscreen.sources.search_client import SearchClient


def search_source(
    opened: Review, source: str, asked: Mapping[str, Any], *, dry_run: bool, how: str
) -> SearchReport | None:
    """Search a database; only count for a dry run, of which there is no report."""
    from autoscreen.sources.apis import api_named
    from autoscreen.sources.search_client import SearchClient

    client = SearchClient(api_named(source), say=note)
    if dry_run:
        _preview(opened, client, asked, how)
        return None
    with progress() as tick:
        return opened.searches.search_source(client, **asked, progress=tick)


def _preview(opened: Review, client: SearchClient, asked: Mapping[str, Any], how: str) -> None:
    """Show the query and how many records it finds."""
    from autoscreen.sources.result_page import Question

    query: str = asked["query"]
    warnings: tuple[str, ...] = ()
    if not query:
        query, warnings = opened.searches.built_query(client.api)
    question = Question(query=" ".join(query.split()), since=asked["since"], until=asked["until"])
    count = client.count(question)
    for warning in warnings:
        note(f"note: {warning}")
    row: dict[str, Any] = {
        "database": client.api.name,
        "query": question.query,
        "since": str(question.since or ""),
        "until": str(question.until or ""),
        "count": count,
        "warnings": list(warnings),
    }
    span = days(row["since"], row["until"])
    lines = [
        f"database   {client.api.name}",
        *wrapped("query      ", question.query),
        *([f"entered    {span}"] if span else []),
        f"found      {counted(count, 'record')}",
    ]
    emit_one(row, lines, how)
    if how == "table":
        click.echo("nothing was stored; without --dry-run the records are imported", err=True)
