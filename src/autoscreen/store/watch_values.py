"""What the store returns about the watch; frozen values, without SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRun:
    """One run of the watch."""

    id: int
    source: str
    query: str
    since: str
    until: str
    base: int
    decision: int
    started: str
    ok: bool | None
    whole: bool
    detail: str
    ended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A piece of news."""

    id: int
    kind: str
    subject: str
    key: str
    detail: str
    base: int
    announced: bool


class Announced(NamedTuple):
    """A finding as a digest reports it."""

    finding: int
    alert: bool
    score: float | None
    in_query: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Mail that waits to be sent."""

    id: int
    run: int
    recipients: tuple[str, ...]
    content: bytes
