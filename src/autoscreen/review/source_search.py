"""Searches a database that returns its records page by page: Europe PMC, ClinicalTrials.gov."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from autoscreen.errors import ConfigError, InputError, SourceError
from autoscreen.progress_callback import ProgressTracker
from autoscreen.protocol import Protocol
from autoscreen.review.search_import import SearchReport, import_lines
from autoscreen.search_strategy.other_databases import (
    clinicaltrials_query,
    europe_pmc_query,
    unsearched_terms,
)
from autoscreen.store import Store
from autoscreen.store.search_log import NewSearch

if TYPE_CHECKING:
    from autoscreen.sources.result_page import Api, Question
    from autoscreen.sources.search_client import SearchClient

_BUILT = {"europepmc": europe_pmc_query, "clinicaltrials": clinicaltrials_query}


def built_query(protocol: Protocol, api: Api) -> str:
    """Return the query that the concepts of a protocol give for a database."""
    query = _BUILT[api.key](protocol)
    if not query:
        raise ConfigError(
            "the protocol of this review has no concepts whose terms could be searched in "
            f"{api.name}",
            hint="give a query with --query, in the syntax of that database",
        )
    return query


def left_out(protocol: Protocol, api: Api) -> tuple[str, ...]:
    """Return a warning of the terms that a built query cannot search."""
    terms = unsearched_terms(protocol) if api.key == "clinicaltrials" else ()
    return (f"{api.name} cannot search these terms: {', '.join(terms)}",) if terms else ()


class SourceSearch:
    """
    One search, from the first page to the import.

    Each page is kept in the review file with the place of the next one, before it is asked for:
    an interrupted search continues there.
    """

    def __init__(
        self,
        store: Store,
        client: SearchClient,
        progress: ProgressTracker,
        warnings: tuple[str, ...],
        *,
        kind: str = "query",
    ) -> None:
        self._store = store
        self._client = client
        self._progress = progress
        self._warnings = warnings
        self._kind = kind

    def run(
        self, query: str, span: tuple[date | None, date | None], *, anew: bool, most: int
    ) -> SearchReport:
        """Search, or continue a search for the same, and import what came."""
        from autoscreen.sources import Question  # noqa: PLC0415  (it loads the HTTP client)

        question = Question(query=query, since=span[0], until=span[1])
        searches = self._store.searches
        days = ("" if day is None else day.isoformat() for day in span)
        unfinished = searches.unfinished(self._kind, query, *days, database=self._client.api.name)
        if unfinished is not None and not anew:
            return self._finish(question, unfinished, resumed=True)
        entry = self._logged(question, most)
        if unfinished is not None:
            searches.close(unfinished, "abandoned")
        return self._finish(question, searches.open(entry, ()), resumed=False)

    def _logged(self, question: Question, most: int) -> NewSearch:
        """Count what a search finds; refuse too much."""
        started = self._store.time()
        found = self._client.count(question)
        if found > most:
            raise InputError(
                f"the query finds {found} records, more than {most}",
                hint="make it narrower, or allow more (--max)",
            )
        api = self._client.api
        dated = bool(question.since or question.until)
        return NewSearch(
            kind=self._kind,
            database=api.name,
            platform=self._client.settings.base,
            query=question.query,
            warnings=self._warnings,
            date_type=api.date_type if dated else "",
            since="" if question.since is None else question.since.isoformat(),
            until="" if question.until is None else question.until.isoformat(),
            found=found,
            started=started,
        )

    def _finish(self, question: Question, number: int, *, resumed: bool) -> SearchReport:
        searches = self._store.searches
        before = searches.run(number)
        self._progress.expect(max(0, before.found - before.named))
        try:
            self._fetch(question, number)
        except SourceError as error:
            run = searches.run(number)
            error.hint = (
                f"{run.named} of {run.found} records came and are kept; "
                "the same command continues from there"
            )
            raise
        waiting = searches.run(number).waiting
        imported = (
            import_lines(self._store, number, self._progress, format=self._client.api.format)
            if waiting
            else None
        )
        missing = searches.run(number).missing
        again = "partial" if before.status == "running" else "incomplete"
        searches.close(number, again if missing else "done")
        return SearchReport(
            search=searches.run(number), resumed=resumed, missing=(), imported=imported
        )

    def _fetch(self, question: Question, number: int) -> None:
        """Keep all pages; where they do not add up, the database is asked to count again."""
        searches, name = self._store.searches, self._client.api.name
        known = searches.run(number).named
        for page in self._client.pages(question, searches.cursor(number)):
            searches.add(number, page.records, page.cursor)
            run = searches.run(number)
            self._progress(f"fetching from {name}", run.named - known)
            known = run.named
        run = searches.run(number)
        if run.named != run.found:
            found = self._client.count(question)
            searches.recount(
                number,
                found,
                f"{name} counted {run.found} records at first, {found} at the end, "
                f"and sent {run.named}",
            )
