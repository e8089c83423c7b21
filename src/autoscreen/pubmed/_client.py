"""Searches PubMed and fetches records, so that what comes adds up to what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import sleep as wait

from autoscreen.errors import InputError
from autoscreen.pubmed._answers import (
    Found,
    HistoryLost,
    NoneKnown,
    Unsound,
    found_in,
    records_in,
    salvaged,
)
from autoscreen.pubmed._settings import Settings, load_settings
from autoscreen.pubmed._transport import TRIES, Say, Transport
from autoscreen.pubmed._values import Page, SearchResult, Slice
from autoscreen.pubmed._window import FIRST, LAST, Window
from autoscreen.records import Record

__all__ = ["LIMIT", "PAGE", "Eutils", "YearCount"]

LIMIT = 9_999
"""PubMed names no more records of one search than these, whatever it counts."""
PAGE = 200
"""Records fetched with one request."""
_ROUNDS = 2
"""How often a record that did not come with the others is asked for by its PMID."""
_AGAIN = 2
"""How many damaged answers are enough for records that did not come with the others."""
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class YearCount:
    """
    Records of a search that were published in some years.

    Parameters
    ----------
    first, last
        The years, both included; None for an open end.
    count
        Records. One with a date in print and one online can count in two years.
    """

    first: int | None
    last: int | None
    count: int


def _clock() -> datetime:
    return datetime.now(UTC)


class Eutils:
    """
    PubMed, as the E-utilities give it.

    Parameters
    ----------
    settings
        Whom to ask and as whom; by default what environment and user's file say.
    say
        Hears, in one line, of each wait and of what is out of the ordinary.
    now
        The clock.
    sleep
        How to wait.

    Raises
    ------
    ConfigError
        If the settings cannot be used, or NCBI is to be asked without an e-mail address.
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
        self._sleep = sleep
        self._transport = Transport(self.settings, say=self._say, sleep=sleep)

    def count(self, query: str, *, since: date | None = None, until: date | None = None) -> Found:
        """
        Count the records of a query, and say how PubMed understood it; none is named.

        Parameters
        ----------
        query
            As it would be typed into PubMed.
        since, until
            First and last day on which records entered PubMed.

        Raises
        ------
        SourceError
            If PubMed does not answer as it should.
        """
        return self._found(Window(query=_clean(query), since=since, until=until), most=0)

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
        Search, and learn the PMIDs of all records found.

        Parameters
        ----------
        query
            As it would be typed into PubMed.
        since, until
            First and last day on which records entered PubMed.
        by
            ``edat`` for these days; ``mdat`` for days on which records last changed.
        most
            Refuse if more records than these are found.

        Raises
        ------
        InputError
            If there is no query, or it finds too much.
        SourceError
            If PubMed does not answer as it should.
        """
        window = Window(query=_clean(query), since=since, until=until, by=by)
        started = self._now()
        whole = self._found(window)
        if most is not None and whole.count > most:
            raise InputError(
                f"the query finds {whole.count} records, more than {most}",
                hint="make it narrower, or allow more (--max)",
            )
        if whole.count > LIMIT:
            self._say(f"{whole.count} records: PubMed names {LIMIT} at a time, so by days of entry")
        slices = tuple(self._slices(window, whole))
        named = len({pmid for part in slices for pmid in part.ids})
        warnings = list(whole.warnings)
        if named != whole.count and len(slices) > 1:
            # Records may have come in meanwhile.
            whole = self._found(window, most=0)
        if named != whole.count:
            warnings.append(f"PubMed counts {whole.count} records and names {named}")
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
            What `search` gave.

        Raises
        ------
        SourceError
            If PubMed does not answer as it should. Pages that came before it are sound.
        """
        seen: set[str] = set()
        for part in result.slices:
            history: Slice | None = part if part.web_env and part.query_key else None
            for start in range(0, len(part.ids), PAGE):
                asked = part.ids[start : start + PAGE]
                records, history = self._page(asked, history, start)
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
            If PubMed does not answer as it should. Pages that came before it are sound.
        """
        wanted = list(dict.fromkeys(pmids))
        for start in range(0, len(wanted), PAGE):
            asked = tuple(wanted[start : start + PAGE])
            yield Page(asked=asked, records=self._page(asked, None, start)[0])

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
            If PubMed does not answer as it should.
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
            If PubMed does not answer as it should.
        """
        last = self._now().year
        first = last - years + 1
        term = Window(query=_clean(query), since=since, until=until).whole_term
        yield self._published(term, last + 1, None)
        for year in range(last, first - 1, -1):
            yield self._published(term, year, year)
        yield self._published(term, None, first - 1)

    def _published(self, query: str, first: int | None, last: int | None) -> YearCount:
        years = {
            "mindate": f"{first or FIRST.year}/01/01",
            "maxdate": f"{last or LAST.year}/12/31",
        }
        asked: dict[str, str | int] = {"db": "pubmed", "term": query, "retmode": "xml"}
        found = self._transport.ask(
            "esearch", found_in, {**asked, "retmax": 0, "datetype": "pdat", **years}
        )
        return YearCount(first, last, found.count)

    def _found(self, window: Window, *, start: int = 0, most: int = LIMIT) -> Found:
        """Ask for the count of a search and for some of its PMIDs."""
        history = {"usehistory": "y"} if most and not start else {}
        asked = {"db": "pubmed", "term": window.term, "retmode": "xml"}
        span = {"retstart": start, "retmax": most}
        return self._transport.ask("esearch", found_in, {**asked, **span, **history, **window.days})

    def _slices(self, window: Window, found: Found) -> Iterator[Slice]:
        """Cut a search until each part is small enough, or cannot be cut any further."""
        if found.count <= LIMIT:
            yield self._slice(window, found)
            return
        halves = [(half, self._found(half)) for half in window.halves(self._now().date())]
        # A server that takes no notice of the days would have them cut for ever.
        if not halves or all(part.count >= found.count for _, part in halves):
            self._say(f"{window.label}: {found.count} records cannot be parted any further")
            yield self._slice(window, found)
            return
        for half, part in halves:
            if part.count:
                yield from self._slices(half, part)

    def _slice(self, window: Window, found: Found) -> Slice:
        """Learn all PMIDs of a search that PubMed names."""
        ids = list(dict.fromkeys(found.ids))
        for _ in range(_ATTEMPTS):
            while len(ids) < min(found.count, LIMIT):
                more = self._found(window, start=len(ids), most=LIMIT - len(ids)).ids
                fresh = [pmid for pmid in dict.fromkeys(more) if pmid not in set(ids)]
                if not fresh:
                    break
                ids += fresh
        return Slice(
            label=window.label,
            count=found.count,
            ids=tuple(ids),
            web_env=found.web_env,
            query_key=found.query_key,
        )

    def _page(
        self, asked: Sequence[str], history: Slice | None, start: int
    ) -> tuple[dict[str, str], Slice | None]:
        """Fetch some records: from the history of a search, and by PMID what that did not give."""
        wanted = set(asked)
        records: dict[str, str] = {}
        again = False
        if history is not None:
            records, history = self._kept(history, start, len(asked))
            records = {pmid: xml for pmid, xml in records.items() if pmid in wanted}
            again = bool(records) or history is not None
        for _ in range(_ROUNDS):
            missing = [pmid for pmid in asked if pmid not in records]
            if not missing:
                break
            if again:
                counts = f"{len(missing)} of {len(asked)} records"
                self._say(f"{counts} did not come; they are asked for by PMID")
            came = self._records({"id": ",".join(missing)}, patience=_AGAIN if again else TRIES)
            records |= {pmid: xml for pmid, xml in came.items() if pmid in wanted}
            again = True
        return records, history

    def _kept(self, history: Slice, start: int, count: int) -> tuple[dict[str, str], Slice | None]:
        """Fetch from the history of a search; give it up if the server no longer has it."""
        try:
            records = self._records(
                {
                    "WebEnv": history.web_env,
                    "query_key": history.query_key,
                    "retstart": start,
                    "retmax": count,
                }
            )
        except HistoryLost as lost:
            self._say(f"{lost.message}; the records are asked for by PMID")
            return {}, None
        expected = history.ids[start : start + count]
        # Whole pages of other records: its order is not that of the PMIDs.
        strange = len(records) == count and not records.keys() & set(expected)
        return records, None if strange else history

    def _records(self, which: Mapping[str, str | int], *, patience: int = TRIES) -> dict[str, str]:
        asked = {"db": "pubmed", "retmode": "xml", **which}
        try:
            return self._transport.ask("efetch", records_in, asked, patience=patience)
        except NoneKnown:
            return {}
        except Unsound as error:
            if b"<Pubmed" not in error.body:
                raise
            whole = salvaged(error.body)
            self._say(f"{error.message}; {len(whole)} whole records were taken from it")
            return whole


def _clean(query: str) -> str:
    """Put a query on one line, as PubMed's own page does."""
    text = " ".join(query.split())
    if not text:
        raise InputError("there is no query to search for", hint="give one with --query")
    return text


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _unheard(line: str) -> None:
    """Take what nobody wants to hear."""
