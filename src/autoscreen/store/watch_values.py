"""What the store tells of the watch; frozen values, without SQL."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding", "Message", "WatchRun", "WatchSearch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRun:
    """
    One run of the watch.

    Parameters
    ----------
    id
        Its number, from 1.
    source, query
        Where it looked, and for what.
    since, until
        Days of entry, both included, ISO 8601; empty for update files.
    base, decision
        The newest source and the newest decision of the review before it began; 0 for none.
    started
        When, ISO 8601 in UTC.
    ok
        True if it was completed, False if it failed, None if it broke off or is at work.
    whole
        Whether it saw all that it had asked for.
    detail
        Why it failed; the digest's name if it was completed.
    ended
        When; empty if it has not.
    """

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
class WatchSearch:
    """
    What a run asked a database.

    Parameters
    ----------
    date_type
        ``edat`` for the days of entry, ``mdat`` for those of the newest change.
    platform
        Address that answered.
    query, translation
        Exactly what was asked, and how the database understood it.
    warnings
        What the database said about the query.
    found
        Records, as the database counts them.
    at
        When it was asked, ISO 8601 in UTC.
    """

    date_type: str
    platform: str
    query: str
    translation: str
    warnings: tuple[str, ...]
    found: int
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    A piece of news.

    Parameters
    ----------
    id
        Its number, from 1.
    kind
        What kind of news.
    subject
        The PMID it is about, or the id of a record without one.
    key
        What makes it news, once for this kind and subject.
    detail
        What else is known of it, as JSON text; empty for nothing.
    base
        The newest source of the review before the run that found it.
    told
        Whether it stands in a digest.
    """

    id: int
    kind: str
    subject: str
    key: str
    detail: str
    base: int
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """
    Mail that waits to be sent.

    Parameters
    ----------
    id
        Its number, from 1.
    run
        The run whose digest it is.
    recipients
        Addresses.
    content
        The message as it goes out.
    """

    id: int
    run: int
    recipients: tuple[str, ...]
    content: bytes
