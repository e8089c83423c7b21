"""``autoscreen records``: the records that match a search, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import (
    empty_words,
    format_option,
    open_review,
    review_argument,
    reviewer_option,
    verb,
)
from autoscreen.presentation.reason_words import reason_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autoscreen.protocol import Reason
    from autoscreen.review.records_table import TableRow

# Written out, as the modules that use them would slow down the help.
LABELS = (
    *("all", "labelled", "unlabelled"),
    *("include", "exclude", "unsure", "pending", "conflict"),
)
SORTS = ("rank", "came", "year", "title", "author", "journal", "decision", "decided")
COLUMNS = (
    Column("id", "id"),
    Column("rank", "rank", right=True),
    Column("decision", "decision"),
    Column("year", "year", right=True),
    Column("author", "first author", shrinks=True),
    Column("title", "title", shrinks=True),
    Column("tags", "tags", shrinks=True),
)


@verb(
    "records",
    "autoscreen records rms 'pain -child*'",
    "autoscreen records rms tag:background --sort year --descending",
    "autoscreen records rms --label exclude --format csv > excluded.csv",
)
@review_argument
@click.argument("search", default="", metavar="[SEARCH]")
@click.option(
    "--label",
    type=click.Choice(LABELS),
    default="all",
    show_default=True,
    help="Only those with this decision.",
)
@click.option(
    "--sort", type=click.Choice(SORTS), default="rank", show_default=True, help="The order."
)
@click.option("--descending", is_flag=True, help="Reverse the order.")
@click.option("--top", type=click.IntRange(1), metavar="N", help="Only the first N.")
@reviewer_option
@format_option
def command(
    review: str,
    search: str,
    label: str,
    *,
    sort: str,
    descending: bool,
    top: int | None,
    reviewer: str,
    how: str,
) -> None:
    """List the records that match a search.

    SEARCH is a list of words that must all occur: 'nerve pain'. "A phrase" is searched for as it
    is, stimul* has any ending, -child* excludes, 'rat OR mouse' is either; title:, abstract:,
    author:, journal:, tag: and note: search that part only.
    """
    from autoscreen.review.records_table import TableQuery
    from autoscreen.store.record_filters import Filters
    from autoscreen.store.text_search import search_problems

    for problem in search_problems(search):
        click.echo(problem, err=True)
    filters = Filters(text=search, label=label, viewer=reviewer)
    with open_review(review) as opened:
        query = TableQuery(filters=filters, sort=sort, descending=descending)
        size = top or max(1, opened.status().records)
        found = opened.table.page(query, size=size)
        reasons = opened.protocol.reasons
        empty = empty_words(opened, review, "no record matches")
    emit((_row(one, reasons) for one in found.rows), COLUMNS, how, empty=empty)


def _row(one: TableRow, reasons: Sequence[Reason]) -> dict[str, Any]:
    shown, record = one.shown, one.shown.record
    words = reason_text(shown.reason, reasons) if shown.reason else ""
    label = shown.label or one.open or ""
    return {
        "id": shown.id,
        "rank": one.rank,
        "decision": f"{label} ({words})" if words else str(label),
        "label": None if shown.label is None else str(shown.label),
        "reason": shown.reason,
        "reason_text": words,
        "year": record.year,
        "author": record.authors[0] if record.authors else "",
        "journal": record.journal,
        "title": record.title,
        "tags": list(one.tags),
        "notes": list(one.notes),
        "pmid": record.pmid,
        "doi": record.doi,
    }
