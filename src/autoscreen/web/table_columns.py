"""Which columns the table of records has; a cookie of the browser keeps the choice."""

from __future__ import annotations

COOKIE = "autoscreen_columns"

COLUMNS = {
    "rank": "Rank",
    "authors": "Authors",
    "journal": "Journal",
    "year": "Year",
    "decision": "Decision",
    "tags": "Tags and notes",
    "date": "Date",
}
"""Name and heading of each column that can be left out; the title is always there."""


def chosen_columns(cookie: str | None) -> frozenset[str]:
    """Return the columns to show: all of them, until somebody has chosen."""
    return frozenset(COLUMNS if cookie is None else COLUMNS.keys() & set(cookie.split(".")))
