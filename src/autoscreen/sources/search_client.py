"""Asks one database for all that a query finds, page by page, and notices when pages go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import sleep as wait
from urllib.parse import urlencode

from autoscreen.errors import SourceError
from autoscreen.http_client.failures import Refused
from autoscreen.http_client.http_client import HttpClient, Say, Service
from autoscreen.sources.result_page import Api, Question, ResultPage
from autoscreen.sources.source_refusals import complaint, refused
from autoscreen.sources.source_settings import SourceSettings, load_source_settings

PAGE = 200
"""Records of one page; a registry entry can have a hundred kilobytes."""
_LONGEST = 2_000
"""Characters of a question that fit into an address everywhere."""


class SearchClient:
    """Client for one database; by default with the user's settings for address and time-out."""

    def __init__(
        self,
        api: Api,
        settings: SourceSettings | None = None,
        *,
        say: Say | None = None,
        sleep: Callable[[float], None] = wait,
    ) -> None:
        self.api = api
        self.settings = settings or load_source_settings(api.setting, api.base)
        self._say = say or _unheard
        service = Service(
            name=api.name,
            base=self.settings.base,
            variable=api.variable,
            rate=api.rate,
            timeout=self.settings.timeout,
            complaint=complaint,
            judged=self._judged,
        )
        self._client = HttpClient(service, say=self._say, sleep=sleep)

    def count(self, question: Question) -> int:
        """Return how many records a query finds, as the database counts them."""
        page = self._page(question, self.api.start, 0)
        if page.count is None:
            raise SourceError(f"{self.api.name} does not say how many records it found")
        return page.count

    def pages(self, question: Question, cursor: str = "") -> Iterator[ResultPage]:
        """
        Yield all pages of a search, the last one with an empty cursor.

        Parameters
        ----------
        cursor
            Where an interrupted search continues; if the database no longer knows the place, it is
            asked from the beginning.
        """
        here = cursor or self.api.start
        try:
            page = self._page(question, here, PAGE)
        except Refused:
            if not cursor:
                raise
            self._say(
                f"{self.api.name} no longer knows where the search was interrupted; "
                "it is asked again from the beginning"
            )
            here = self.api.start
            page = self._page(question, here, PAGE)
        known: set[str] = set()
        cursors = {here}
        while True:
            page = self._checked(page, here, known, cursors)
            yield page
            if not page.cursor:
                return
            here = page.cursor
            page = self._page(question, here, PAGE)

    def _checked(
        self, page: ResultPage, here: str, known: set[str], cursors: set[str]
    ) -> ResultPage:
        """Return a page, as the last one if those after it would be the same again."""
        if page.unnamed:
            self._say(f"{self.api.name} sent {page.unnamed} records without an identifier")
        new = page.records.keys() - known
        known |= new
        if page.cursor and page.cursor in cursors:
            if not (self.api.repeats_last and page.cursor == here):
                self._say(f"{self.api.name} repeats a page token; the search ends there")
            return replace(page, cursor="")
        if page.cursor and not new:
            self._say(f"{self.api.name} sends pages without new records; the search ends there")
            return replace(page, cursor="")
        cursors.add(page.cursor)
        return page

    def _page(self, question: Question, cursor: str, size: int) -> ResultPage:
        asked = urlencode(self.api.asked(question, cursor, size))
        address = f"{self.settings.base}{self.api.path}"
        if len(asked) > _LONGEST and self.api.long_path:
            address = f"{self.settings.base}{self.api.long_path}"
            return self._client.ask(address, self.api.read, body=asked.encode())
        return self._client.ask(f"{address}?{asked}", self.api.read)

    def _judged(self, message: str, body: bytes) -> SourceError:
        return refused(
            self.api.name,
            message,
            "check the query; its syntax is that of the database, not PubMed's",
        )


def _unheard(line: str) -> None:
    """Drop what nobody hears."""
