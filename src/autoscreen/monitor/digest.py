"""What a run of the watch found and tells; frozen values, without files and without network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from autoscreen.records import Label, Notice, NoticeKind, Record
from autoscreen.text.highlights import Highlight

__all__ = [
    "ABOUT_INCLUDED",
    "IN_FULL",
    "AlertReason",
    "Coverage",
    "Digest",
    "DigestEntry",
    "Kind",
    "Threshold",
    "guid_of",
]


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
"""The notices about included studies that are told, and first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReason:
    """
    One part of what moved a record up or down.

    Parameters
    ----------
    name
        The word or concept.
    value
        What it adds to the score; negative if it moves the record down.
    """

    name: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """
    One record in a digest.

    Parameters
    ----------
    kind
        Why it is told.
    subject
        What it is about: the PMID, or the id of a record without one.
    guid
        A name for this piece of news that never changes, for feeds and for programs.
    id
        Its id in the review; empty if the review does not hold it.
    record
        Its content; of a revised record, the revised one.
    label
        The label that stands in the review.
    alert
        Whether it is worth reading at the chosen sensitivity, or concerns an included study.
    score
        By which it was ranked; None if it was not.
    chance
        Expected share of relevant records among those that look like it, 0 to 1; None if nothing
        can be said.
    reasons
        What moved it up and down most, strongest first.
    highlights
        Mentions of the protocol's concepts.
    designs
        What kind of study it seems to be.
    notice
        The notice that is told, if `kind` is one about an included study.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """
    The score from which on a record is an alert, and what it was chosen from.

    Parameters
    ----------
    score
        Records that score at least this much are alerts.
    sensitivity
        Share of the relevant records that was asked to score at least that much, 0 to 1.
    relevant, relevant_above
        Relevant records that it was chosen from, and those of them that score as much.
    others_above
        Share of the records that are not relevant which score as much, 0 to 1.
    ground
        Where the records come from, as it stands after "relevant records".
    """

    score: float
    sensitivity: float
    relevant: int
    relevant_above: int
    others_above: float
    ground: str

    @property
    def missed(self) -> float:
        """Share of the relevant records that must be expected below, 0 to 1."""
        return (self.relevant - self.relevant_above + 0.5) / (self.relevant + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """
    What a run looked through.

    Parameters
    ----------
    source
        ``PubMed`` or the folder of update files.
    since, until
        First and last day of entry, ISO 8601; empty for update files.
    records
        Records that came in answer.
    known
        Those among them that the review had, unchanged.
    checked
        Included studies that were looked up for retractions.
    not_checked
        Included studies that could not be, each as ``r17, Title``.
    """

    source: str
    since: str = ""
    until: str = ""
    records: int = 0
    known: int = 0
    checked: int = 0
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """
    What one run of the watch tells.

    Parameters
    ----------
    review, protocol
        Name of the review, and the title of its protocol.
    run
        Number of the run, from 1.
    at
        When, ISO 8601 in UTC.
    coverage
        What was looked through.
    entries
        News about included studies first, then alerts, then what scores too low to be one; each
        best first.
    ranker
        Who ranked, as people read it.
    threshold
        From which score on a record is an alert; None if none can be told, and then all are.
    labels_since
        Labels given in the review since the run before.
    notes
        What a reader must know besides, one sentence each.
    """

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
        """The new and revised records that are worth reading."""
        return tuple(
            one for one in self.entries if one.kind in (Kind.NEW, Kind.REVISED) and one.alert
        )

    @property
    def below(self) -> tuple[DigestEntry, ...]:
        """The new and revised records that score too low to be alerts."""
        return tuple(one for one in self.entries if not one.alert)


def guid_of(review: str, kind: str, subject: str, key: str) -> str:
    """
    Name a piece of news for ever.

    Parameters
    ----------
    review
        What tells this review from others.
    kind, subject, key
        What makes it news, once.
    """
    return uuid5(NAMESPACE_URL, "\n".join(("autoscreen", review, kind, subject, key))).urn
