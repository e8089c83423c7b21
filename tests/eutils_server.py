"""
A server on this machine that speaks E-utilities on invented records, and can misbehave.

It answers ESearch, EFetch and EPost for PubMed as NCBI does: XML, a history server, at most 9,999
records of a search, dates of entry and publication, GET and POST. `faults` makes it misbehave once
for each fault that is put there. Records that are `withheld` never come, those that are `broken`
never come whole, and those that are `damaged` come with a mistake in their XML.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

__all__ = ["Call", "Entry", "EutilsServer", "eutils_server", "invented"]

LIMIT = 9_999
HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_RANGE = re.compile(r'\("(\d{4}/\d\d/\d\d)"\[(dp|edat)\] : "(\d{4}/\d\d/\d\d)"\[\2\]\)')


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One invented record of the server; `types` and `comments` are XML of MEDLINE."""

    pmid: str
    title: str
    abstract: str = "An invented abstract."
    entered: date = date(2026, 1, 5)
    published: date = date(2026, 1, 1)
    types: tuple[str, ...] = ("Journal Article",)
    comments: str = ""
    mesh: tuple[str, ...] = ()
    language: str = "eng"
    status: str = "MEDLINE"
    book: bool = False

    def xml(self) -> str:
        """Write it as EFetch does."""
        return self._book() if self.book else self._article()

    def _article(self) -> str:
        types = "".join(f"<PublicationType>{escape(one)}</PublicationType>" for one in self.types)
        mesh = "".join(
            f"<MeshHeading><DescriptorName>{escape(one)}</DescriptorName></MeshHeading>"
            for one in self.mesh
        )
        comments = self.comments and (
            f"<CommentsCorrectionsList>{self.comments}</CommentsCorrectionsList>"
        )
        abstract = self.abstract and (
            f"<Abstract><AbstractText>{escape(self.abstract)}</AbstractText></Abstract>"
        )
        return (
            f'<PubmedArticle><MedlineCitation Status="{self.status}" Owner="NLM">'
            f'<PMID Version="1">{self.pmid}</PMID>'
            "<Article PubModel='Print'><Journal><JournalIssue CitedMedium='Internet'><PubDate>"
            f"<Year>{self.published.year}</Year></PubDate></JournalIssue>"
            "<Title>Journal of inventions</Title></Journal>"
            f"<ArticleTitle>{escape(self.title)}</ArticleTitle>{abstract}"
            "<AuthorList><Author><LastName>Inventor</LastName><Initials>A</Initials></Author>"
            f"</AuthorList><Language>{self.language}</Language>"
            f"<PublicationTypeList>{types}</PublicationTypeList></Article>"
            f"{comments}{mesh and f'<MeshHeadingList>{mesh}</MeshHeadingList>'}"
            "</MedlineCitation><PubmedData><History>"
            f'<PubMedPubDate PubStatus="entrez">{_parts(self.entered)}</PubMedPubDate></History>'
            "<PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
            f'<ArticleId IdType="pubmed">{self.pmid}</ArticleId></ArticleIdList></PubmedData>'
            "</PubmedArticle>\n"
        )

    def _book(self) -> str:
        return (
            f'<PubmedBookArticle><BookDocument><PMID Version="1">{self.pmid}</PMID>'
            "<Book><BookTitle>Book of inventions</BookTitle><PubDate>"
            f"<Year>{self.published.year}</Year></PubDate></Book>"
            f"<ArticleTitle>{escape(self.title)}</ArticleTitle>"
            f"<Abstract><AbstractText>{escape(self.abstract)}</AbstractText></Abstract>"
            "</BookDocument></PubmedBookArticle>\n"
        )


def invented(count: int, *, first: int = 1000, since: date = date(2020, 1, 1)) -> list[Entry]:
    """Make records that no two of are alike, entered day after day."""
    words = ["coil", "nerve", "sleep", "motor", "sham", "cord", "limb", "dose", "trial", "scale"]
    entries = []
    for number in range(count):
        subject = " ".join(words[int(digit)] for digit in f"{number * 7919 % 10**8:08d}")
        day = since + timedelta(days=number % 2000)
        entries.append(
            Entry(
                pmid=str(first + number),
                title=f"Of {subject}",
                abstract=f"{subject}. " * 3,
                entered=day,
                published=day,
            )
        )
    return entries


@dataclass(frozen=True)
class Call:
    """One request that came in."""

    utility: str
    parameters: dict[str, str]
    at: float
    method: str


@dataclass
class EutilsServer:
    """
    What the server knows, and how it behaves.

    `faults` holds pairs of a utility (``"*"`` for any) and the name of a method of `_Faults`; each
    is used once, in their order, by the first request to that utility. `matches` decides whether a
    record fits a term; by default all do. `translate` and `said` make what PubMed says of a query.
    `changed` holds the days on which records last changed, where these are not those of entry.
    """

    records: dict[str, Entry] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    withheld: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)
    changed: dict[str, date] = field(default_factory=dict)
    matches: Callable[[str, Entry], bool] = lambda term, entry: True
    translate: Callable[[str], str] = lambda term: f"translated: {term}"
    said: str = ""
    limit: int = LIMIT
    blind: bool = False
    reverse_history: bool = False
    retry_after: int = 1
    calls: list[Call] = field(default_factory=list)
    url: str = ""
    _histories: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, entries: Iterable[Entry]) -> None:
        """Let the server know of records, or of newer versions of them."""
        self.records |= {entry.pmid: entry for entry in entries}

    def asked(self, utility: str) -> list[Call]:
        """Give the requests to one utility."""
        return [call for call in self.calls if call.utility == utility]

    def forget(self) -> None:
        """Let every history expire."""
        self._histories.clear()

    def fault(self, utility: str) -> str:
        """Take the next fault that is meant for a utility."""
        with self._lock:
            for place, (meant, name) in enumerate(self.faults):
                if meant in ("*", utility):
                    del self.faults[place]
                    return name
        return ""

    def keep(self, ids: list[str]) -> tuple[str, str]:
        """Keep a result in the history."""
        with self._lock:
            name = (f"MCID_{len(self._histories)}", "1")
            self._histories[name] = ids[::-1] if self.reverse_history else ids
        return name

    def esearch(self, given: dict[str, str]) -> str:
        """Answer ESearch."""
        term = given.get("term", "")
        if not term.strip():
            return "<eSearchResult><ERROR>Empty term and query_key - nothing todo</ERROR>" + (
                "</eSearchResult>"
            )
        ids = self._found(term, given)
        start, most = int(given.get("retstart", 0)), int(given.get("retmax", 20))
        if start >= self.limit:
            return (
                "<eSearchResult><ERROR>Search Backend failed: Exception: 'retstart' cannot be "
                f"larger than {self.limit - 1}.</ERROR></eSearchResult>"
            )
        shown = ids[start : min(start + most, self.limit)]
        history = ""
        if given.get("usehistory") == "y":
            web_env, key = self.keep(ids[: self.limit])
            history = f"<QueryKey>{key}</QueryKey><WebEnv>{web_env}</WebEnv>"
        listed = "".join(f"<Id>{one}</Id>\n" for one in shown)
        said = self.said or (
            ""
            if ids
            else "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
        )
        return (
            '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
            '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
            f"<eSearchResult><Count>{len(ids)}</Count><RetMax>{len(shown)}</RetMax>"
            f"<RetStart>{start}</RetStart>{history}<IdList>\n{listed}</IdList><TranslationSet/>"
            f"<QueryTranslation>{escape(self.translate(term))}</QueryTranslation>{said}"
            "</eSearchResult>"
        )

    def efetch(self, given: dict[str, str]) -> tuple[int, str]:
        """Answer EFetch."""
        if "id" in given:
            ids = [one for one in given["id"].split(",") if one in self.records]
            if not ids:
                empty = "<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs."
                return 400, f"{empty}</ERROR></eFetchResult>"
        else:
            kept = self._histories.get((given.get("WebEnv", ""), given.get("query_key", "")))
            if kept is None:
                return 400, (
                    "<eFetchResult><ERROR>Cannot retrieve history data. query_key: 1, WebEnv: "
                    "MCID_0</ERROR><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"
                )
            start = int(given.get("retstart", 0))
            ids = kept[start : start + int(given.get("retmax", 20))]
        come = [one for one in ids if one not in self.withheld]
        return 200, article_set(self._xml(one) for one in come)

    def epost(self, given: dict[str, str]) -> str:
        """Answer EPost."""
        web_env, key = self.keep([one for one in given.get("id", "").split(",") if one])
        return f"<ePostResult><QueryKey>{key}</QueryKey><WebEnv>{web_env}</WebEnv></ePostResult>"

    def _day_of(self, entry: Entry, kind: str) -> date:
        if kind in ("dp", "pdat"):
            return entry.published
        return self.changed.get(entry.pmid, entry.entered) if kind == "mdat" else entry.entered

    def _xml(self, pmid: str) -> str:
        xml = self.records[pmid].xml()
        if pmid in self.broken:
            return xml[: len(xml) * 2 // 3]
        return (
            xml.replace("</ArticleTitle>", " p<0.05</ArticleTitle>")
            if pmid in self.damaged
            else xml
        )

    def _found(self, term: str, given: dict[str, str]) -> list[str]:
        spans = [] if self.blind else _spans(term, given)
        return [
            pmid
            for pmid, entry in sorted(self.records.items(), key=lambda one: -int(one[0]))
            if self.matches(term, entry)
            and all(first <= self._day_of(entry, kind) <= last for kind, first, last in spans)
        ]


def article_set(records: Iterable[str]) -> str:
    """Put records together as EFetch does."""
    return (
        '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st '
        'January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
        f"<PubmedArticleSet>\n{''.join(records)}</PubmedArticleSet>"
    )


def _parts(day: date) -> str:
    return f"<Year>{day.year}</Year><Month>{day.month}</Month><Day>{day.day}</Day>"


def _spans(term: str, given: dict[str, str]) -> list[tuple[str, date, date]]:
    spans = [
        (kind, _day(first, last=False), _day(last, last=True))
        for first, kind, last in _RANGE.findall(term)
    ]
    if "mindate" in given and "maxdate" in given:
        first, last = _day(given["mindate"], last=False), _day(given["maxdate"], last=True)
        spans.append((given.get("datetype", "pdat"), first, last))
    return spans


def _day(text: str, *, last: bool) -> date:
    parts = [int(part) for part in text.split("/")]
    if len(parts) == 1:
        parts += [12, 31] if last else [1, 1]
    return date(*parts)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: EutilsServer

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def _answer(self, query: str) -> None:
        path = urlsplit(self.path).path
        given = {name: values[-1] for name, values in parse_qs(query).items()}
        place = re.fullmatch(r"/entrez/eutils/(\w+)\.fcgi", path)
        if not place:
            self._send(404, HTML.replace("502 Bad Gateway", "404 Not Found"), kind="text/html")
            return
        utility = place[1]
        self.state.calls.append(Call(utility, given, time.time(), self.command))
        status, text = self._sound(utility, given)
        fault = self.state.fault(utility)
        if fault:
            getattr(_Faults, fault)(self, status, text)
        else:
            self._send(status, text)

    def _sound(self, utility: str, given: dict[str, str]) -> tuple[int, str]:
        if utility == "efetch":
            return self.state.efetch(given)
        return 200, getattr(self.state, utility)(given)

    def _send(
        self, status: int, text: str | bytes, *, kind: str = "text/xml", **headers: str
    ) -> None:
        body = text.encode() if isinstance(text, str) else text
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)


class _Faults:
    """Ways to misbehave; each gets the correct answer and sends another one."""

    @staticmethod
    def too_many(handler: _Handler, status: int, text: str) -> None:
        """Answer 429 with the seconds to wait."""
        answer = {"error": "API rate limit exceeded", "api-key": "KEY-IN-ANSWER", "limit": "3"}
        seconds = str(handler.state.retry_after)
        handler._send(429, json.dumps(answer), kind="application/json", Retry_After=seconds)

    @staticmethod
    def too_many_date(handler: _Handler, status: int, text: str) -> None:
        """Answer 429 with the moment to wait for."""
        moment = formatdate(time.time() + handler.state.retry_after, usegmt=True)
        handler._send(429, "{}", kind="application/json", Retry_After=moment)

    @staticmethod
    def unavailable(handler: _Handler, status: int, text: str) -> None:
        """Answer 503 with a web page."""
        handler._send(503, HTML.replace("502 Bad Gateway", "503 Unavailable"), kind="text/html")

    @staticmethod
    def server_error(handler: _Handler, status: int, text: str) -> None:
        """Answer 500 with nothing."""
        handler._send(500, "")

    @staticmethod
    def forbidden(handler: _Handler, status: int, text: str) -> None:
        """Answer 400 as for a bad key, which is repeated in the answer."""
        answer = {"error": "API key invalid", "api-key": "s3cr3t"}
        handler._send(400, json.dumps(answer).replace("invalid", "invalid: s3cr3t"))

    @staticmethod
    def behind(handler: _Handler, status: int, text: str) -> None:
        """Answer 400 with the error page of a server behind, as EFetch does; it breaks off."""
        page = f"<ERROR>Error: proxy_stream() returned 502 {HTML}"
        handler._send(400, f"<eFetchResult>{page}")

    @staticmethod
    def html(handler: _Handler, status: int, text: str) -> None:
        """Answer a web page with status 200."""
        handler._send(200, HTML, kind="text/html")

    @staticmethod
    def empty(handler: _Handler, status: int, text: str) -> None:
        """Answer nothing with status 200."""
        handler._send(200, "")

    @staticmethod
    def error(handler: _Handler, status: int, text: str) -> None:
        """Answer that the search failed, with status 200."""
        failed = "<ERROR>Search Backend failed: Couldn&apos;t resolve #exception</ERROR>"
        handler._send(200, f"<eSearchResult>{failed}</eSearchResult>")

    @staticmethod
    def json_error(handler: _Handler, status: int, text: str) -> None:
        """Answer as JSON, with status 200, that there were too many requests."""
        handler._send(200, '{"error":"API rate limit exceeded","count":"4","limit":"3"}')

    @staticmethod
    def truncated(handler: _Handler, status: int, text: str) -> None:
        """Send two thirds of the answer as if that were all."""
        handler._send(status, text[: len(text) * 2 // 3])

    @staticmethod
    def cut_off(handler: _Handler, status: int, text: str) -> None:
        """Announce the whole answer, send half of it, and hang up."""
        handler._send(status, text[: len(text) // 2], Content_Length=str(len(text.encode())))
        handler.close_connection = True

    @staticmethod
    def reset(handler: _Handler, status: int, text: str) -> None:
        """Break the connection."""
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        handler.close_connection = True
        handler.connection.close()

    @staticmethod
    def hang(handler: _Handler, status: int, text: str) -> None:
        """Be silent for longer than the client waits in tests."""
        time.sleep(1.5)
        handler.close_connection = True

    @staticmethod
    def drip_body(handler: _Handler, status: int, text: str) -> None:
        """Send the answer byte by byte, without end."""
        handler.send_response(200)
        handler.end_headers()
        _drip(handler, b"<")

    @staticmethod
    def drip_head(handler: _Handler, status: int, text: str) -> None:
        """Send the head of an answer byte by byte, without end."""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        _drip(handler, b"x")

    @staticmethod
    def drip_error(handler: _Handler, status: int, text: str) -> None:
        """Send an error page byte by byte, without end."""
        handler.send_response(500)
        handler.end_headers()
        _drip(handler, b"<")

    @staticmethod
    def status_line(handler: _Handler, status: int, text: str) -> None:
        """Answer something that is no HTTP, with control characters."""
        handler.wfile.write(b"\x1b[2J\x1b]0;owned\x07 HELLO\x9b31m\r\n\r\n")
        handler.close_connection = True

    @staticmethod
    def nested(handler: _Handler, status: int, text: str) -> None:
        """Answer JSON that is nested without end."""
        handler._send(200, '{"error":' + "[" * 100_000, kind="application/json")

    @staticmethod
    def echo_cut(handler: _Handler, status: int, text: str) -> None:
        """Repeat the key and the address of the caller where a message is cut."""
        key = "0123456789abcdef0123456789abcdef0123"
        words = f"api key invalid: {'x' * 105} tester@example.org {key} and so on"
        handler._send(400, json.dumps({"error": words}))

    @staticmethod
    def redirect(handler: _Handler, status: int, text: str) -> None:
        """Send the caller on to another server."""
        handler._send(302, "", Location="http://127.0.0.1:9/elsewhere")

    @staticmethod
    def fewer(handler: _Handler, status: int, text: str) -> None:
        """Leave out the last record."""
        cut = text.rindex("<PubmedArticle>")
        handler._send(status, f"{text[:cut]}</PubmedArticleSet>")

    @staticmethod
    def none(handler: _Handler, status: int, text: str) -> None:
        """Answer a valid set without any record."""
        handler._send(200, article_set([]))

    @staticmethod
    def expired(handler: _Handler, status: int, text: str) -> None:
        """Forget all histories, and say so."""
        handler.state.forget()
        gone = "<ERROR>Unable to obtain query #1</ERROR>"
        handler._send(200, f"<eFetchResult>{gone}</eFetchResult>")

    @staticmethod
    def not_text(handler: _Handler, status: int, text: str) -> None:
        """Answer bytes that are no text."""
        handler._send(200, b"\xff\xfe\x00\x01" * 10)


def _drip(handler: _Handler, byte: bytes) -> None:
    handler.close_connection = True
    end = time.monotonic() + 4
    with suppress(OSError):
        while time.monotonic() < end:
            handler.wfile.write(byte)
            handler.wfile.flush()
            time.sleep(0.05)


@contextmanager
def eutils_server(entries: Iterable[Entry] = ()) -> Iterator[EutilsServer]:
    """Run a server in a thread; its address is `url`."""
    state = EutilsServer()
    state.add(entries)
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}/entrez/eutils/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
