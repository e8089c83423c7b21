"""The results of a PubMed search; frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from autoscreen.formats import Problem, read
from autoscreen.records import Record

_HEAD = b"<?xml version='1.0' encoding='UTF-8'?>\n<PubmedArticleSet>\n"
_TAIL = b"</PubmedArticleSet>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of a search that PubMed returns as a whole."""

    label: str  # Which part, for people: ``"entered 2020-01-01 to 2020-06-30"``
    count: int  # Records in it, as PubMed counts them
    ids: tuple[str, ...]  # Their PMIDs; fewer than `count` where PubMed cannot return them all
    web_env: str = ""  # Where PubMed keeps the result for some hours; empty if it does not
    query_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """A search that was run, before its records are fetched."""

    query: str  # The exact query
    since: date | None  # First and last day on which records entered PubMed; None without a limit
    until: date | None
    platform: str  # Address of the E-utilities
    started: str  # When it was run, ISO 8601 in UTC
    count: int  # Records found, as PubMed counts them
    translation: str  # The query as PubMed understood it
    warnings: tuple[str, ...]  # PubMed's warnings about the query, and any mismatch of counts
    slices: tuple[Slice, ...]  # The parts into which it was split; one if it is small enough
    # Which days `since` and `until` are: ``edat`` of entry, ``mdat`` of the newest change
    date_type: str = "edat"

    @property
    def ids(self) -> tuple[str, ...]:
        """The PMIDs found, each once, in the order of PubMed."""
        return tuple(dict.fromkeys(pmid for part in self.slices for pmid in part.ids))

    @property
    def unreachable(self) -> int:
        """Records that PubMed counts but does not list."""
        return max(0, self.count - len(self.ids))


@dataclass(frozen=True, slots=True)
class YearCount:
    """Records of a search that were published in some years."""

    first: int | None  # The years, both included; None for an open end
    last: int | None
    count: int  # Records. One with a date in print and one online can count in two years.


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Records that were requested together."""

    asked: tuple[str, ...]  # The requested PMIDs
    records: Mapping[str, str]  # The XML of each record fetched, by its PMID

    @property
    def missing(self) -> tuple[str, ...]:
        """PMIDs whose record is missing, although it was requested again."""
        return tuple(pmid for pmid in self.asked if pmid not in self.records)

    @property
    def xml(self) -> bytes:
        """The records as a PubMed XML file, in the order in which they were requested."""
        return b"".join(
            article_set(self.records[pmid] for pmid in self.asked if pmid in self.records)
        )

    def read(self) -> Iterator[Record | Problem]:
        """Read the records, as :func:`autoscreen.formats.read` does."""
        return read(BytesIO(self.xml), format="pubmed-xml")


def article_set(records: Iterable[str]) -> Iterator[bytes]:
    """Yield the lines of a PubMed XML file with these records, each an XML element."""
    yield _HEAD
    yield from (f"{record}\n".encode() for record in records)
    yield _TAIL
