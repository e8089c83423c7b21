"""Searches databases for a review: fetches what is found, and imports it in one step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from autoscreen.errors import ConfigError, InputError
from autoscreen.formats import read
from autoscreen.progress_callback import NO_TRACKER, Progress, ProgressTracker
from autoscreen.records import Record
from autoscreen.review.citation_search import CitationSearch
from autoscreen.review.open_review import OpenReview
from autoscreen.review.search_import import SearchReport, finish_search, import_search
from autoscreen.review.source_search import SourceSearch, built_query, left_out
from autoscreen.search_strategy.from_concepts import pubmed_query
from autoscreen.store import Store
from autoscreen.store.search_log import PUBMED, NewSearch, SearchRun
from autoscreen.store.stored_values import ImportRun

if TYPE_CHECKING:
    from autoscreen.pubmed import Eutils, Page, SearchResult
    from autoscreen.sources.openalex_client import OpenAlex
    from autoscreen.sources.result_page import Api
    from autoscreen.sources.search_client import SearchClient

MOST = 50_000
"""A search that finds more than these records is refused unless more are allowed."""


class ReviewSearches:
    """Searches of databases, each imported as a whole."""

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store

    def search(
        self,
        client: Eutils,
        query: str = "",
        *,
        since: date | None = None,
        until: date | None = None,
        anew: bool = False,
        most: int = MOST,
        progress: ProgressTracker = NO_TRACKER,
    ) -> SearchReport:
        """Search PubMed and import all results, as one import.

        By default the query is that of the protocol, or one built from its concepts. Results are
        kept in the review file at once, so an interrupted search continues where it was; `anew`
        starts again. The search stops if more than `most` records are found.
        """
        asked = " ".join((query or pubmed_query(self._opened.protocol)).split())
        if not asked:
            raise ConfigError(
                "the protocol of this review has no PubMed query and no concepts to build one from",
                path=str(self._store.path),
                hint="write one under [search] in the protocol, or give one with --query",
            )
        days = (_iso(since), _iso(until))
        number = self._store.searches.unfinished("query", asked, *days)
        if number is not None and not anew:
            return self._continue(client, number, progress)
        result = client.search(asked, since=since, until=until, most=most)
        if number is not None:
            self._store.searches.close(number, "abandoned")
        number = self._store.searches.open(logged_search(result), result.ids)
        return self._finish(client.pages(result), number, progress, resumed=False)

    def search_source(
        self,
        client: SearchClient,
        query: str = "",
        *,
        since: date | None = None,
        until: date | None = None,
        anew: bool = False,
        most: int = MOST,
        progress: ProgressTracker = NO_TRACKER,
    ) -> SearchReport:
        """Search another database than PubMed and import all results, as one import.

        The query has the syntax of the database; by default it is built from the protocol's
        concepts.
        """
        built, warnings = (query, ()) if query else self.built_query(client.api)
        asked = " ".join(built.split())
        search = SourceSearch(self._store, client, progress, warnings)
        return search.run(asked, (since, until), anew=anew, most=most)

    def watch_source(
        self, client: SearchClient, *, since: date, until: date, progress: ProgressTracker
    ) -> SearchReport:
        """Do as `search_source`, with the query built from the concepts, for the watch."""
        query, warnings = self.built_query(client.api)
        search = SourceSearch(self._store, client, progress, warnings, kind="watch")
        return search.run(" ".join(query.split()), (since, until), anew=False, most=MOST)

    def built_query(self, api: Api) -> tuple[str, tuple[str, ...]]:
        """Return the query built for a database from the concepts, and what it leaves out."""
        protocol = self._opened.protocol
        return built_query(protocol, api), left_out(protocol, api)

    def citations(
        self,
        client: OpenAlex,
        studies: Sequence[Record],
        *,
        citing: bool = True,
        cited: bool = True,
        anew: bool = False,
        most: int = MOST,
        progress: ProgressTracker = NO_TRACKER,
    ) -> SearchReport:
        """Import the works that cite some studies, and those that they cite, as one import.

        Each study is looked up by its PMID or DOI.
        """
        search = CitationSearch(self._store, client, progress)
        return search.run(studies, citing=citing, cited=cited, anew=anew, most=most)

    def fetch(
        self,
        client: Eutils,
        path: str | Path,
        *,
        anew: bool = False,
        progress: ProgressTracker = NO_TRACKER,
    ) -> SearchReport:
        """Fetch records from PubMed by their PMIDs and import them, as one import.

        The PMIDs are in a file in any format that is read, e.g. one number a line. `anew` asks for
        all again even if an earlier run was not finished.
        """
        pmids = _pmids_of(path)
        asked = f"{len(pmids)} PMIDs from {Path(path).name}: {','.join(pmids)}"
        number = self._store.searches.unfinished("pmids", asked, "", "")
        if number is not None and not anew:
            return self._continue(client, number, progress)
        if number is not None:
            self._store.searches.close(number, "abandoned")
        entry = _logged_pmids(asked, len(pmids), client.settings.base, self._store)
        number = self._store.searches.open(entry, pmids)
        return self._finish(client.fetch(pmids), number, progress, resumed=False)

    def all(self) -> list[SearchRun]:
        """Return all searches of this review except those of the watch, oldest first."""
        return self._store.searches.all()

    def of_watch(self) -> list[tuple[int, NewSearch]]:
        """Return the searches of the watch, oldest first, each with the number of its run."""
        return self._store.searches.watched()

    def _continue(self, client: Eutils, number: int, progress: ProgressTracker) -> SearchReport:
        todo = self._store.searches.todo(number)
        return self._finish(client.fetch(todo), number, progress, resumed=True)

    def _finish(
        self, pages: Iterator[Page], number: int, progress: ProgressTracker, *, resumed: bool
    ) -> SearchReport:
        """Fetch what is missing, import it, and return the state of the search."""
        return finish_search(self._store, number, pages, self._import, progress, resumed=resumed)

    def _import(self, number: int, progress: Progress) -> ImportRun:
        from autoscreen.pubmed import article_set  # noqa: PLC0415  (it loads the HTTP client)

        return import_search(
            self._store,
            number,
            article_set(self._store.searches.waiting(number)),
            format="pubmed-xml",
            known=self._store.imports.seen_in_search(number),
            progress=progress,
        )


def logged_search(result: SearchResult, *, kind: str = "query") -> NewSearch:
    """Return a search of PubMed as the review file logs it."""
    return NewSearch(
        kind=kind,
        database=PUBMED,
        platform=result.platform,
        query=result.query,
        translation=result.translation,
        warnings=result.warnings,
        date_type=result.date_type,
        since=_iso(result.since),
        until=_iso(result.until),
        found=result.count,
        slices=len(result.slices),
        started=result.started,
    )


def _logged_pmids(asked: str, count: int, platform: str, store: Store) -> NewSearch:
    return NewSearch(
        kind="pmids",
        database=PUBMED,
        platform=platform,
        query=asked,
        found=count,
        started=store.time(),
    )


def _pmids_of(path: str | Path) -> list[str]:
    """Read the PMIDs of a file; refuse what is none, as it may be the one that matters."""
    found: list[str] = []
    for one in read(path):
        if not isinstance(one, Record):
            if one.lost:
                raise InputError(one.message, path=one.path, line=one.line, hint="correct the file")
        elif one.pmid is None:
            raise InputError(
                f"a record without a PMID: {one.title[:60]!r}", path=str(path), hint="leave it out"
            )
        else:
            found.append(one.pmid)
    if not found:
        raise InputError("holds no PMID", path=str(path))
    return list(dict.fromkeys(found))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
