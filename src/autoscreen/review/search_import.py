"""Imports what a search found, as one import, and reports what came of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from autoscreen.errors import RecordLossError
from autoscreen.formats import open_source
from autoscreen.progress_callback import Progress, no_progress
from autoscreen.review.importing import import_source
from autoscreen.store import Store
from autoscreen.store.search_log import SearchRun
from autoscreen.store.stored_values import ImportRun


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchReport:
    """What came of a search."""

    search: SearchRun  # The search as it is logged
    resumed: bool  # Whether an earlier search was continued
    missing: tuple[str, ...]  # PMIDs that were found but whose records did not come
    # The result of importing the records; None if there were none
    imported: ImportRun | None


class ProgressTracker(NamedTuple):
    """Receives the progress."""

    progress: Progress
    expect: Callable[[int], None]


def tracker_of(progress: Progress | None, expect: Callable[[int], None] | None) -> ProgressTracker:
    """Return who receives the progress; nobody by default."""
    return ProgressTracker(progress or no_progress, expect or _unexpected)


def import_search(
    store: Store,
    number: int,
    lines: Iterable[bytes],
    *,
    format: str,
    known: Mapping[bytes, int],
    progress: Progress,
) -> ImportRun:
    """
    Import the records that wait, written as the lines of a file of this format.

    `known` are the records that the review has, by their digest.
    """
    searches = store.searches
    run = searches.run(number)

    def note(import_id: int) -> None:
        searches.imported(number, import_id)
        starts = store.imports.all()[-1].starts
        if starts != run.waiting:
            raise RecordLossError(
                f"{run.waiting} records came from {run.database} and {starts} could be read",
                hint="this is a bug in autoscreen; please report it. They are kept",
            )

    with tempfile.TemporaryFile() as file:
        file.writelines(lines)
        file.seek(0)
        source = open_source(file)
        source.path = f"{run.database} search {number}"
        return import_source(
            store,
            source,
            format=format,
            strict=False,
            reasons=None,
            progress=progress,
            taken=note,
            known=known,
        )


def _unexpected(total: int) -> None:
    """Ignore the number."""
