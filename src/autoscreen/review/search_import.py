"""Imports what a search found, as one import, and reports what came of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from autoscreen.errors import RecordLossError, SourceError
from autoscreen.formats import open_source
from autoscreen.progress_callback import Progress, ProgressTracker
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


class FetchedPage(Protocol):
    """Records that were asked for together."""

    @property
    def asked(self) -> Sequence[str]:
        """Return their identifiers."""
        ...

    @property
    def records(self) -> Mapping[str, str]:
        """Return the records that came, by their identifiers."""
        ...


def finish_search(
    store: Store,
    number: int,
    pages: Iterable[FetchedPage],
    import_waiting: Callable[[int, Progress], ImportRun],
    progress: ProgressTracker,
    *,
    resumed: bool,
) -> SearchReport:
    """Fetch what is missing of a search, import it, and return the state of the search."""
    searches = store.searches
    run = searches.run(number)
    progress.expect(run.named - run.fetched)
    before = run.status
    try:
        for page in pages:
            searches.keep(number, page.records)
            progress(f"fetching from {run.database}", len(page.asked))
    except SourceError as error:
        run = searches.run(number)
        error.hint = (
            f"{run.fetched} of {run.named} records came and are kept; "
            "the same command continues from there"
        )
        raise
    waiting = searches.run(number).waiting
    imported = import_waiting(number, progress) if waiting else None
    missing = tuple(searches.todo(number))
    searches.close(number, _status(searches.run(number), missing, before))
    return SearchReport(
        search=searches.run(number), resumed=resumed, missing=missing, imported=imported
    )


def _status(run: SearchRun, missing: tuple[str, ...], before: str) -> str:
    """Return what became of a search; records that did not come are asked for once more."""
    if missing and before == "running":
        return "partial"
    return "incomplete" if run.missing else "done"


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


def import_lines(store: Store, number: int, progress: Progress, *, format: str) -> ImportRun:
    """Import the records that wait, each kept as one line of a file of this format."""
    return import_search(
        store,
        number,
        (f"{line}\n".encode() for line in store.searches.waiting(number)),
        format=format,
        known=store.imports.seen_in_database(number, format),
        progress=progress,
    )
