"""
A server on this machine that speaks the APIs of Europe PMC, ClinicalTrials.gov and OpenAlex.

All return invented records page by page, with a cursor. `faults` makes it misbehave, once for each
fault that is put there; ``*NAME`` does so for ever.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["PagingServer", "article", "paging_server", "trial", "work"]

Json = dict[str, Any]


def article(number: int, *, source: str = "MED", **more: Any) -> Json:
    """Return a record as Europe PMC has it."""
    identifier = str(number) if source == "MED" else f"{source}{number}"
    named = {"pmid": identifier} if source == "MED" else {}
    return {
        "id": identifier,
        "source": source,
        **named,
        "title": f"Article {number} on coils and nerves.",
        "authorList": {"author": [{"lastName": "Inventor", "firstName": "Ann", "initials": "A"}]},
        "pubYear": "2026",
        "abstractText": f"<h4>Methods</h4>Coil {number} was used. <h4>Results</h4>It worked.",
        **more,
    }


def trial(number: int, **modules: Any) -> Json:
    """Return a registry entry as ClinicalTrials.gov has it."""
    section: Json = {
        "identificationModule": {
            "nctId": f"NCT{number:08d}",
            "briefTitle": f"Coils in trial {number}",
            "officialTitle": f"Magnetic coils for nerves: trial number {number}",
        },
        "statusModule": {
            "overallStatus": "RECRUITING",
            "studyFirstPostDateStruct": {"date": "2025-03-04", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Hospital of Inventions"}},
        "descriptionModule": {"briefSummary": f"Whether coil {number} helps."},
        "conditionsModule": {"conditions": ["Neuralgia"], "keywords": ["coil"]},
    }
    return {"protocolSection": {**section, **modules}}


def work(number: int, *, cites: tuple[int, ...] = (), **more: Any) -> Json:
    """Return a work as OpenAlex has it; its PMID is its number, and it cites other numbers."""
    return {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/10.1000/{number}",
        "ids": {"pmid": f"https://pubmed.ncbi.nlm.nih.gov/{number}"},
        "title": f"Work {number} on coils",
        "publication_year": 2020,
        "abstract_inverted_index": {"Coils": [0], f"work{number}": [2], "are": [1]},
        "referenced_works": [f"https://openalex.org/W{one}" for one in cites],
        **more,
    }


@dataclass
class PagingServer:
    """What the server has, and how it behaves."""

    articles: list[Json] = field(default_factory=list)
    trials: list[Json] = field(default_factory=list)
    works: list[Json] = field(default_factory=list)
    withheld: set[str] = field(default_factory=set)  # Numbers of works that never come
    faults: list[str] = field(default_factory=list)
    calls: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    counted: int = 0  # What it counts too much
    retry_after: int = 1
    longest: int = 100  # Works of one page
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self) -> str:
        """Take the next fault."""
        with self._lock:
            if not self.faults:
                return ""
            return self.faults[0][1:] if self.faults[0].startswith("*") else self.faults.pop(0)

    def search(self, given: dict[str, str]) -> Json:
        """Answer a search of Europe PMC."""
        start = 0 if given["cursorMark"] == "*" else int(given["cursorMark"].removeprefix("at-"))
        found = self.articles[start : start + int(given["pageSize"])]
        return {
            "version": "6.9",
            "hitCount": len(self.articles) + self.counted,
            "nextCursorMark": f"at-{start + len(found)}",
            "resultList": {"result": found},
        }

    def studies(self, given: dict[str, str]) -> Json:
        """Answer a search of ClinicalTrials.gov, which counts on the first page only."""
        start = int(given.get("pageToken", "at-0").removeprefix("at-"))
        end = start + int(given["pageSize"])
        answer: Json = {"studies": self.trials[start:end]}
        if not start:
            answer["totalCount"] = len(self.trials) + self.counted
        return {**answer, "nextPageToken": f"at-{end}"} if end < len(self.trials) else answer

    def openalex(self, given: dict[str, str]) -> Json:
        """Answer a list of works of OpenAlex."""
        kind, _, values = given["filter"].partition(":")
        wanted = values.split("|")
        found = [one for one in self.works if self._fits(one, kind, wanted)]
        start = 0 if given.get("cursor", "*") == "*" else int(given["cursor"].removeprefix("at-"))
        end = start + min(int(given["per-page"]), self.longest)
        more = f"at-{end}" if end < len(found) and "cursor" in given else None
        count = len(found) + self.counted * (kind == "cites")
        return {"meta": {"count": count, "next_cursor": more}, "results": found[start:end]}

    def _fits(self, one: Json, kind: str, wanted: list[str]) -> bool:
        number = one["id"].rpartition("/")[2]
        if kind == "cites":
            return any(
                f"https://openalex.org/{cited}" in one["referenced_works"] for cited in wanted
            )
        if kind == "openalex":
            return number in wanted and number not in self.withheld
        value = one["ids"].get("pmid", "") if kind == "pmid" else one.get("doi") or ""
        return any(value.endswith(f"/{name}") for name in wanted)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: PagingServer

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def _answer(self, query: str) -> None:
        place = urlsplit(self.path).path.rpartition("/")[2]
        given = {name: values[-1] for name, values in parse_qs(query).items()}
        self.state.calls.append((place, given, self.command))
        ask = {
            "search": "search",
            "searchPOST": "search",
            "studies": "studies",
            "works": "openalex",
        }.get(place)
        if ask is None:
            self._send("<html><title>404 Not Found</title></html>", 404)
            return
        fault = self.state.fault()
        cursor = given.get("cursorMark") or given.get("pageToken") or given.get("cursor", "*")
        if fault == "forgotten" and cursor != "*":
            self._send("The page token is unknown", 400)
            return
        answer = getattr(self.state, ask)(given)
        if fault:
            getattr(self, f"_{fault}")(answer)
        else:
            self._send(json.dumps(answer))

    def _send(self, text: str, status: int = 200, *, size: int = 0, **headers: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(size or len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def _forgotten(self, answer: Json) -> None:
        self._send(json.dumps(answer))

    def _too_many(self, answer: Json) -> None:
        self._send("slow down", 429, Retry_After=str(self.state.retry_after))

    def _unavailable(self, answer: Json) -> None:
        self._send("<html><title>503 Unavailable</title></html>", 503)

    def _bad_query(self, answer: Json) -> None:
        self._send("Unbalanced parentheses in \x1b[31mquery.term", 400)

    def _error(self, answer: Json) -> None:
        self._send(json.dumps({"errCode": 500, "errMsg": "the index is being built"}))

    def _cut_off(self, answer: Json) -> None:
        text = json.dumps(answer)
        self.close_connection = True
        self._send(text[: len(text) // 2], size=len(text))

    def _truncated(self, answer: Json) -> None:
        text = json.dumps(answer)
        self._send(text[: len(text) * 2 // 3])

    def _web_page(self, answer: Json) -> None:
        self._send("<!DOCTYPE html><html><title>Maintenance</title></html>")

    def _array(self, answer: Json) -> None:
        self._send("[1, 2]")

    def _nested(self, answer: Json) -> None:
        self._send('{"studies":' + "[" * 100_000)

    def _no_list(self, answer: Json) -> None:
        self._send(json.dumps({**answer, "studies": {"a": 1}, "resultList": ["b"], "results": 3}))

    def _no_count(self, answer: Json) -> None:
        self._send(json.dumps({**answer, "hitCount": "many", "totalCount": -1, "meta": {}}))

    def _same_token(self, answer: Json) -> None:
        """Lead from the second page to the third and back."""
        _, given, _ = self.state.calls[-1]
        here = given.get("cursorMark", given.get("pageToken"))
        token = "at-4" if here == "at-2" else "at-2"
        self._send(json.dumps({**answer, "nextCursorMark": token, "nextPageToken": token}))

    def _circle(self, answer: Json) -> None:
        _, given, _ = self.state.calls[-1]
        token = "at-4" if given.get("cursor") == "at-2" else "at-2"
        self._send(json.dumps({**answer, "meta": {**answer["meta"], "next_cursor": token}}))

    def _echo(self, answer: Json) -> None:
        """Repeat the key and the address of the caller."""
        _, given, _ = self.state.calls[-1]
        self._send(json.dumps({"message": f"bad key {given['api_key']} of {given['mailto']}"}), 403)

    def _same_records(self, answer: Json) -> None:
        first = {
            "studies": self.state.trials[:1],
            "resultList": {"result": self.state.articles[:1]},
        }
        token = f"at-{len(self.state.calls)}"
        self._send(json.dumps({**answer, **first, "nextCursorMark": token, "nextPageToken": token}))

    def _grows(self, answer: Json) -> None:
        """Have one record more from now on."""
        self.state.articles.append(article(9_000 + len(self.state.articles)))
        self._send(json.dumps(answer))

    def _drip(self, answer: Json) -> None:
        """Send the answer byte by byte, without end."""
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        end = time.monotonic() + 4
        with suppress(OSError):
            while time.monotonic() < end:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.02)


@contextmanager
def paging_server() -> Iterator[PagingServer]:
    """Run a server in a thread; its address is `url`."""
    state = PagingServer()
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
