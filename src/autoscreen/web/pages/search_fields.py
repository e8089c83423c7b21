"""What the forms of all searches have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from autoscreen.errors import InputError
from autoscreen.store.search_log import SearchRun

TITLE = 90
LONGEST = 50_000
"""Characters of a query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as the form submits it."""

    query: str
    since: str = ""
    until: str = ""


def day_of(text: str) -> str:
    """Return a day of a form; empty if none was chosen."""
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError:
        raise InputError(f"{text[:20]!r} is not a day", hint="write it as 2026-01-31") from None


def unfinished(runs: Sequence[SearchRun]) -> list[SearchRun]:
    """Return the searches of one database, newest first, that can be continued."""
    newest = {(one.query, one.since, one.until): one for one in reversed(runs)}
    return [
        one
        for one in newest.values()
        if one.kind == "query" and one.status in ("running", "partial")
    ]
