"""What is asked of a database, how it is asked, and one page of what it found; frozen values."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from autoscreen.http_client.failures import MalformedAnswer, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query, and the days on which its records entered the database; None without a limit."""

    query: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """One page of what a search found."""

    count: int | None  # Records of the whole search, as the database counts them, if it says so
    records: Mapping[str, str]  # JSON of each record on one line, by its identifier
    unnamed: int = 0  # Records without an identifier: they cannot be told apart, nor imported
    cursor: str = ""  # Where the next page begins; empty after the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The API of one database."""

    key: str  # As it is named on the command line
    name: str  # As a report names it
    base: str  # Address below which it answers
    path: str  # Address of a search, below `base`
    long_path: str  # The same for long queries, which are sent by POST; empty if there is none
    setting: str  # Setting of the user with another address
    variable: str  # Environment variable with another address
    rate: float  # Requests a second
    format: str  # Name of the reader of its records
    date_type: str  # Field of the database that `since` and `until` limit
    start: str  # Cursor of the first page
    # Whether the last page is known by its cursor, which is that of the page itself
    repeats_last: bool
    asked: Callable[[Question, str, int], Mapping[str, str | int]]
    """Returns the parameters of a request: question, cursor, records of a page (0: only count)."""
    read: Callable[[bytes], ResultPage]


def json_object(body: bytes, name: str) -> dict[str, Any]:
    """Return the object that an answer is; whatever else it is can be asked for again."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        begun = body.lstrip()[:1] == b"{"
        what = "a damaged or incomplete response" if begun else f"{shown(body)} instead of JSON"
        raise MalformedAnswer(f"{name} sent {what}", body) from error
    if not isinstance(answer, dict):
        raise MalformedAnswer(f"{name} sent {shown(body)} instead of what it found", body)
    return answer


def listed(value: object, name: str, body: bytes) -> list[dict[str, Any]]:
    """Return the records of an answer, each of which must be an object."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise MalformedAnswer(f"{name} sent an answer without a list of records", body)
    return value


def counted_in(value: object, name: str, body: bytes) -> int:
    """Return the number of records that a database counts."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MalformedAnswer(f"{name} sent an answer without a number of records", body)
    return value


def cursor_in(value: object, name: str, body: bytes) -> str:
    """Return where the next page begins; empty after the last."""
    if value is not None and not isinstance(value, str):
        raise MalformedAnswer(f"{name} sent a page token that is no text", body)
    return value or ""


def by_identifier(
    found: Sequence[Mapping[str, Any]],
    identified: Callable[[Mapping[str, Any]], tuple[str, Mapping[str, Any]] | None],
) -> dict[str, Any]:
    """Return the fields `records` and `unnamed` of a page; records without identifier are None."""
    named = [one for one in map(identified, found) if one is not None]
    records = {ident: one_line_json(record) for ident, record in named}
    return {"records": records, "unnamed": len(found) - len(named)}


def one_line_json(record: Mapping[str, Any]) -> str:
    """Write a record as JSON on one line."""
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a character, which no file can hold
        return json.dumps(record)
    return text
