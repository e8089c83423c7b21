"""The digest of one run of the watch; frozen values, without files or network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from autoscreen.records import Label, Notice, NoticeKind, Record
from autoscreen.text.highlights import Highlight


class Kind(StrEnum):
    """Why a record is in a digest."""

    RETRACTED = "retracted"
    """An included study was retracted."""
    CONCERN = "concern"
    """An expression of concern was published about an included study."""
    CORRECTED = "corrected"
    """An included study was corrected, or has an erratum."""
    DELETED = "deleted"
    """PubMed deleted a record of the review; the review keeps it."""
    NEW = "new"
    """The review did not have this record."""
    REVISED = "revised"
    """The title or the abstract of a record of the review changed."""


IN_FULL = 100
"""Records to read that a page or a mail shows in full; of more, the rest is listed by title."""

ABOUT_INCLUDED = {
    NoticeKind.RETRACTED: Kind.RETRACTED,
    NoticeKind.CONCERN: Kind.CONCERN,
    NoticeKind.CORRECTED: Kind.CORRECTED,
}
"""The notices about included studies that are announced, and first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReason:
    """One part of the score of a record."""

    name: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One record in a digest."""

    kind: Kind
    subject: str
    guid: str
    id: str
    record: Record
    label: Label | None = None
    alert: bool = True
    score: float | None = None
    chance: float | None = None
    reasons: tuple[AlertReason, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    designs: tuple[str, ...] = ()
    notice: Notice | None = None
    # Whether the PubMed query finds a record of an update file; None if it cannot be decided
    in_query: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The alert threshold, and what it was chosen from."""

    score: float
    sensitivity: float
    relevant: int
    relevant_above: int
    others_above: float
    ground: str

    @property
    def missed(self) -> float:
        """Expected share of the relevant records below the threshold, 0 to 1."""
        return (self.relevant - self.relevant_above + 0.5) / (self.relevant + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a run has searched."""

    source: str
    since: str = ""
    until: str = ""
    records: int = 0
    known: int = 0
    checked: int = 0
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The findings that one run of the watch announces."""

    review: str
    protocol: str
    run: int
    at: str
    coverage: Coverage
    entries: tuple[DigestEntry, ...] = ()
    ranker: str = ""
    threshold: Threshold | None = None
    labels_since: int = 0
    notes: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        """The day it was made, ISO 8601."""
        return self.at[:10]

    @property
    def warnings(self) -> tuple[DigestEntry, ...]:
        """What happened to records of the review: retractions, corrections, deletions."""
        return tuple(one for one in self.entries if one.kind not in (Kind.NEW, Kind.REVISED))

    @property
    def alerts(self) -> tuple[DigestEntry, ...]:
        """The new and revised records that should be read."""
        return tuple(
            one for one in self.entries if one.kind in (Kind.NEW, Kind.REVISED) and one.alert
        )

    @property
    def below(self) -> tuple[DigestEntry, ...]:
        """The new and revised records that score too low to be alerts."""
        return tuple(one for one in self.entries if not one.alert)


def guid_of(review: str, kind: str, subject: str, key: str) -> str:
    """Return the permanent identifier of a piece of news."""
    return uuid5(NAMESPACE_URL, "\n".join(("autoscreen", review, kind, subject, key))).urn
