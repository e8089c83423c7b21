"""Imports the works that cite some studies, and those that they cite, from OpenAlex."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from autoscreen.errors import InputError
from autoscreen.progress_callback import ProgressTracker
from autoscreen.records import Record
from autoscreen.review.search_import import SearchReport, finish_search, import_lines
from autoscreen.store import Store
from autoscreen.store.search_log import NewSearch

if TYPE_CHECKING:
    from autoscreen.sources.openalex_client import Citations, OpenAlex

_DATABASE = "OpenAlex"
_FORMAT = "openalex"


class Direction(NamedTuple):
    """Which citations are looked for."""

    citing: bool
    cited: bool
    words: str


BOTH = "both"
DIRECTIONS = {
    BOTH: Direction(citing=True, cited=True, words="works that cite or are cited by"),
    "citing": Direction(citing=True, cited=False, words="works that cite"),
    "cited": Direction(citing=False, cited=True, words="works that are cited by"),
}
"""By their names on the command line and in forms."""


class CitationSearch:
    """One search: the numbers of all works are kept before the first of them is fetched."""

    def __init__(self, store: Store, client: OpenAlex, progress: ProgressTracker) -> None:
        self._store = store
        self._client = client
        self._progress = progress

    def run(
        self, studies: Sequence[Record], *, citing: bool, cited: bool, anew: bool, most: int
    ) -> SearchReport:
        """List the works and import them, or continue an interrupted search for the same."""
        named = [name for one in studies if (name := _name(one))]
        if not named:
            raise InputError(
                "there is no included study with a PMID or DOI",
                hint="include studies first: citations are looked up by these identifiers",
            )
        words = {one[:2]: one.words for one in DIRECTIONS.values()}[citing, cited]
        asked = f"{words}: {', '.join(named)}"
        searches = self._store.searches
        number = searches.unfinished("citations", asked, "", "", database=_DATABASE)
        if number is not None and not anew:
            return self._fetch(number, resumed=True)
        started = self._store.time()
        found = self._client.citations(studies, citing=citing, cited=cited)
        if len(found.ids) > most:
            raise InputError(
                f"there are {len(found.ids)} works, more than {most}",
                hint="ask for one direction only, or allow more (--max)",
            )
        if number is not None:
            searches.close(number, "abandoned")
        return self._fetch(
            searches.open(self._logged(asked, found, started), found.ids), resumed=False
        )

    def _logged(self, asked: str, found: Citations, started: str) -> NewSearch:
        unknown = f"OpenAlex does not have: {', '.join(found.unknown)}"
        unlisted = f"OpenAlex counts {found.unlisted} citing works that it does not list"
        return NewSearch(
            kind="citations",
            database=_DATABASE,
            platform=self._client.settings.base,
            query=asked,
            warnings=(*[unknown] * bool(found.unknown), *[unlisted] * bool(found.unlisted)),
            found=len(found.ids) + found.unlisted,
            started=started,
        )

    def _fetch(self, number: int, *, resumed: bool) -> SearchReport:
        pages = self._client.fetch(self._store.searches.todo(number))
        into = partial(import_lines, self._store, format=_FORMAT)
        return finish_search(self._store, number, pages, into, self._progress, resumed=resumed)


def _name(study: Record) -> str:
    return f"PMID {study.pmid}" if study.pmid else study.doi or ""
