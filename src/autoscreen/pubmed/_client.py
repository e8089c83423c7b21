"""Searches PubMed and fetches records; the records fetched are checked against those found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from time import sleep as wait

from autoscreen.errors import InputError
from autoscreen.http_client.http_client import Say
from autoscreen.pubmed._answers import Found
from autoscreen.pubmed._date_span import DateSpan
from autoscreen.pubmed._efetch import PAGE, Fetcher
from autoscreen.pubmed._esearch import LIMIT, Finder
from autoscreen.pubmed._eutils_settings import Settings, load_settings
from autoscreen.pubmed._search_results import Page, SearchResult, Slice, YearCount
from autoscreen.pubmed._transport import Transport
from autoscreen.records import Record


def _clock() -> datetime:
    return datetime.now(UTC)


class Eutils:
    """
    Client for PubMed, by the E-utilities.

    Parameters
    ----------
    settings
        Address, e-mail and key; by default from the environment and the user's settings file.
    say
        Called with one line for each wait and each problem.
    now
        The clock.
    sleep
        How to wait.

    Raises
    ------
    ConfigError
        If the settings are invalid, or NCBI is to be queried without an e-mail address.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        say: Say | None = None,
        now: Callable[[], datetime] = _clock,
        sleep: Callable[[float], None] = wait,
    ) -> None:
        self.settings = load_settings() if settings is None else settings
        self._say = say or _unheard
        self._now = now
        transport = Transport(self.settings, say=self._say, sleep=sleep)
        self._finder = Finder(transport, say=self._say)
        self._fetcher = Fetcher(transport, say=self._say)

    def count(self, query: str, *, since: date | None = None, until: date | None = None) -> Found:
        """
        Count the records of a query and return how PubMed understood it, without their PMIDs.

        Parameters
        ----------
        query
            As it would be typed into PubMed.
        since, until
            First and last day on which records entered PubMed.

        Raises
        ------
        SourceError
            If PubMed fails or its response is wrong.
        """
        return self._finder.found(DateSpan(query=_clean(query), since=since, until=until), most=0)

    def search(
        self,
        query: str,
        *,
        since: date | None = None,
        until: date | None = None,
        by: str = "edat",
        most: int | None = None,
    ) -> SearchResult:
        """
        Search, and return the PMIDs of all records found.

        Parameters
        ----------
        query
            As it would be typed into PubMed.
        since, until
            First and last day on which records entered PubMed.
        by
            ``edat`` for these days; ``mdat`` for days on which records last changed.
        most
            Stop if more records than this are found.

        Raises
        ------
        InputError
            If there is no query, or it has more results than `most`.
        SourceError
            If PubMed fails or its response is wrong.
        """
        window = DateSpan(query=_clean(query), since=since, until=until, by=by)
        started = self._now()
        whole = self._finder.found(window)
        if most is not None and whole.count > most:
            raise InputError(
                f"the query finds {whole.count} records, more than {most}",
                hint="make it narrower, or allow more (--max)",
            )
        if whole.count > LIMIT:
            self._say(f"{whole.count} records: PubMed lists {LIMIT} at a time, so by entry date")
        slices = tuple(self._finder.slices(window, whole, started.date()))
        named = len({pmid for part in slices for pmid in part.ids})
        warnings = list(whole.warnings)
        if named != whole.count and len(slices) > 1:
            # Records may have been added meanwhile.
            whole = self._finder.found(window, most=0)
        if named != whole.count:
            warnings.append(f"PubMed counts {whole.count} records and lists {named}")
            self._say(warnings[-1])
        return SearchResult(
            query=window.query,
            since=since,
            until=until,
            platform=self.settings.base,
            started=_utc(started),
            count=whole.count,
            translation=whole.translation,
            warnings=tuple(warnings),
            slices=slices,
            date_type=by,
        )

    def pages(self, result: SearchResult) -> Iterator[Page]:
        """
        Fetch the records of a search, page by page.

        Parameters
        ----------
        result
            Result of `search`.

        Raises
        ------
        SourceError
            If PubMed fails or its response is wrong. Pages yielded before it are complete.
        """
        seen: set[str] = set()
        for part in result.slices:
            history: Slice | None = part if part.web_env and part.query_key else None
            for start in range(0, len(part.ids), PAGE):
                asked = part.ids[start : start + PAGE]
                records, history = self._fetcher.page(asked, history, start)
                # A record that changed between two slices may be in both.
                fresh = tuple(pmid for pmid in asked if pmid not in seen)
                seen.update(fresh)
                yield Page(asked=fresh, records=records)

    def fetch(self, pmids: Iterable[str]) -> Iterator[Page]:
        """
        Fetch records by their PMIDs, page by page.

        Parameters
        ----------
        pmids
            Each is asked for once, whatever their number.

        Raises
        ------
        SourceError
            If PubMed fails or its response is wrong. Pages yielded before it are complete.
        """
        wanted = list(dict.fromkeys(pmids))
        for start in range(0, len(wanted), PAGE):
            asked = tuple(wanted[start : start + PAGE])
            yield Page(asked=asked, records=self._fetcher.page(asked, None, start)[0])

    def records(self, pmids: Iterable[str]) -> Iterator[Record]:
        """
        Fetch and read records by their PMIDs; those that PubMed does not have are left out.

        Parameters
        ----------
        pmids
            Each is asked for once.

        Raises
        ------
        SourceError
            If PubMed fails or its response is wrong.
        """
        for page in self.fetch(pmids):
            yield from (one for one in page.read() if isinstance(one, Record))

    def years(
        self,
        query: str,
        *,
        since: date | None = None,
        until: date | None = None,
        years: int = 20,
    ) -> Iterator[YearCount]:
        """
        Count the records of a query by year of publication, newest year first.

        Parameters
        ----------
        query
            As it would be typed into PubMed.
        since, until
            First and last day on which records entered PubMed.
        years
            How many years are counted one by one; what is earlier or later is counted together.

        Raises
        ------
        SourceError
            If PubMed fails or its response is wrong.
        """
        last = self._now().year
        first = last - years + 1
        term = DateSpan(query=_clean(query), since=since, until=until).whole_term
        yield self._finder.published(term, last + 1, None)
        for year in range(last, first - 1, -1):
            yield self._finder.published(term, year, year)
        yield self._finder.published(term, None, first - 1)


def _clean(query: str) -> str:
    """Put a query on one line, as the PubMed website does."""
    text = " ".join(query.split())
    if not text:
        raise InputError("there is no query to search for", hint="add one with --query")
    return text


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _unheard(line: str) -> None:
    """Ignore progress."""
