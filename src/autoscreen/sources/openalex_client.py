"""OpenAlex: which works cite a study, and which it cites; its API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import sleep as wait
from typing import Any
from urllib.parse import quote_plus, urlencode

from autoscreen.http_client.failures import MalformedAnswer
from autoscreen.http_client.http_client import HttpClient, Say, Service
from autoscreen.records import Record
from autoscreen.sources.result_page import counted_in, json_object, listed, one_line_json
from autoscreen.sources.source_refusals import complaint, refused
from autoscreen.sources.source_settings import OpenAlexSettings, load_openalex_settings

NAME = "OpenAlex"
BATCH = 50
"""Identifiers of one request."""
_PAGE = 100
_RATE = 5.0
_WORK = re.compile(r"W\d+")
_PARTING = re.compile(r"[,|]")
"""Signs that part the values of a filter, so that no value can have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citations:
    """The works that cite some studies, and those that they cite, by their OpenAlex numbers."""

    known: int  # Studies that OpenAlex has
    unknown: tuple[str, ...]  # Studies that it does not have, by PMID or DOI
    citing: tuple[str, ...]
    cited: tuple[str, ...]
    unlisted: int  # Citing works that it counts but does not list

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.citing, *self.cited)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """Works that were asked for together."""

    asked: tuple[str, ...]
    records: Mapping[str, str]  # JSON of each on one line, by its number


class OpenAlex:
    """Client for OpenAlex; by default with the user's settings for address, key and e-mail."""

    def __init__(
        self,
        settings: OpenAlexSettings | None = None,
        *,
        say: Say | None = None,
        sleep: Callable[[float], None] = wait,
    ) -> None:
        self.settings = settings or load_openalex_settings()
        self._say = say or (lambda line: None)
        service = Service(
            name=NAME,
            base=self.settings.base,
            variable="OPENALEX_URL",
            rate=_RATE,
            timeout=self.settings.timeout,
            complaint=complaint,
            judged=lambda message, body: refused(
                NAME, message, "check OPENALEX_API_KEY; a key is free at openalex.org"
            ),
            hidden=self._hidden,
        )
        self._client = HttpClient(service, say=self._say, sleep=sleep)

    def citations(
        self, studies: Sequence[Record], *, citing: bool = True, cited: bool = True
    ) -> Citations:
        """Return the numbers of the works that cite some studies or are cited by them.

        A study is looked up by its PMID, or else its DOI; others are unknown.
        """
        works, unknown = self._looked_up(studies)
        found: dict[str, None] = {}
        unlisted = 0
        for batch in _batches(list(works)) if citing else ():
            numbers, count = self._citing(batch)
            unlisted += max(0, count - len(numbers))
            found |= dict.fromkeys(numbers)
        references = [one for work in works.values() for one in _references(work)] if cited else []
        return Citations(
            known=len(works),
            unknown=unknown,
            citing=tuple(found),
            cited=tuple(dict.fromkeys(references)),
            unlisted=unlisted,
        )

    def fetch(self, numbers: Sequence[str]) -> Iterator[Works]:
        """Fetch works by their numbers, some at a time."""
        for batch in _batches(numbers):
            found = self._works(f"openalex:{'|'.join(batch)}")
            records = {
                number: one_line_json({"id": work["id"], **work})
                for work in found
                if (number := _number(work.get("id"))) in batch
            }
            yield Works(asked=tuple(batch), records=records)

    def _looked_up(self, studies: Sequence[Record]) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return the works of studies by their numbers, and the studies without one."""
        works: dict[str, Any] = {}
        left = list(studies)
        for kind in ("pmid", "doi"):
            named = {value: one for one in left if (value := _identifier(one, kind))}
            for batch in _batches(list(named)):
                found = self._works(
                    f"{kind}:{'|'.join(batch)}", select="id,doi,ids,referenced_works"
                )
                for work in found:
                    if (value := _identifier_of(work, kind)) in named:
                        works[_number(work.get("id"))] = work
                        left = [one for one in left if _identifier(one, kind) != value]
        works.pop("", None)
        return works, tuple(_named(one) for one in left)

    def _citing(self, works: Sequence[str]) -> tuple[list[str], int]:
        """Return the works that cite some works, and how many OpenAlex counts."""
        asked: dict[str, str | int] = {
            "filter": f"cites:{'|'.join(works)}",
            "select": "id",
            "per-page": _PAGE,
        }
        found: dict[str, None] = {}
        count, cursor, seen = 0, "*", {""}
        while cursor not in seen:
            seen.add(cursor)
            answer, results, count = self._ask({**asked, "cursor": cursor})
            new = dict.fromkeys(filter(None, (_number(one.get("id")) for one in results)))
            if not new.keys() - found.keys():
                break
            found |= new
            following = answer.get("next_cursor") or ""
            cursor = following if isinstance(following, str) else ""
        if len(found) != count:
            self._say(f"{NAME} counts {count} citing works and lists {len(found)}")
        return list(found), count

    def _works(self, filtered: str, **more: str) -> list[dict[str, Any]]:
        return self._ask({"filter": filtered, "per-page": _PAGE, **more})[1]

    def _ask(
        self, asked: Mapping[str, str | int]
    ) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
        """Return what an answer says of itself, its works, and how many there are."""
        who = {"mailto": self.settings.email, "api_key": self.settings.key}
        query = urlencode({**asked, **{name: value for name, value in who.items() if value}})
        return self._client.ask(f"{self.settings.base}works?{query}", _read)

    def _hidden(self, said: str) -> str:
        for secret in (self.settings.key, self.settings.email, quote_plus(self.settings.email)):
            said = said.replace(secret, "***") if secret else said
        return said


def _read(body: bytes) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
    answer = json_object(body, NAME)
    meta = answer.get("meta")
    if not isinstance(meta, dict):
        raise MalformedAnswer(f"{NAME} sent an answer without its count", body)
    results = listed(answer.get("results"), NAME, body)
    return meta, results, counted_in(meta.get("count"), NAME, body)


def _batches(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))


def _number(value: object) -> str:
    number = value.rpartition("/")[2] if isinstance(value, str) else ""
    return number if _WORK.fullmatch(number) else ""


def _references(work: Mapping[str, Any]) -> list[str]:
    listed_works = work.get("referenced_works")
    return (
        [n for one in listed_works if (n := _number(one))] if isinstance(listed_works, list) else []
    )


def _identifier(study: Record, kind: str) -> str:
    value = (study.pmid if kind == "pmid" else study.doi) or ""
    return "" if _PARTING.search(value) else value


def _identifier_of(work: Mapping[str, Any], kind: str) -> str:
    """Return the PMID or DOI of a work, which OpenAlex writes as an address."""
    ids = work.get("ids")
    given = ids.get(kind) if isinstance(ids, dict) else None
    value = given if isinstance(given, str) else work.get(kind)
    if not isinstance(value, str):
        return ""
    if kind == "pmid":
        return value.rstrip("/").rpartition("/")[2]
    return re.sub(r"^https?://(?:dx\.)?doi\.org/", "", value.strip().lower())


def _named(study: Record) -> str:
    return f"PMID {study.pmid}" if study.pmid else study.doi or study.title[:60]
