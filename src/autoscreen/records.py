"""Bibliographic records: frozen values without I/O.

This module must not import anything of autoscreen and must not touch disk, clock or network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = [
    "SCREENING_LABELS",
    "Label",
    "Notice",
    "NoticeKind",
    "Record",
    "Stage",
    "StudyDesign",
    "Verdict",
]


class Label(StrEnum):
    """What a reviewer decides about a record."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    UNSURE = "unsure"
    NOT_RETRIEVED = "not retrieved"
    """Only of a full text: it could not be obtained."""
    AWAITING = "awaiting classification"
    """Only of a full text: it does not say enough to decide."""
    ONGOING = "ongoing"
    """Only of a full text: it reports a study that has not ended."""


class Stage(StrEnum):
    """At which stage of a review a decision was made."""

    TITLE_ABSTRACT = "title-abstract"
    FULL_TEXT = "full-text"

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels that can be given at this stage."""
        return tuple(Label) if self is Stage.FULL_TEXT else SCREENING_LABELS


class StudyDesign(StrEnum):
    """The design of a study, judged by title, abstract and indexing."""

    RANDOMISED = "randomised"
    """Participants were allocated at random."""
    CONTROLLED = "controlled"
    """Compared with a control or sham condition; randomisation is not stated."""
    COHORT = "cohort"
    """Patients were followed up, prospectively or in their files."""
    CASE_SERIES = "case series"
    CASE_REPORT = "case report"
    REVIEW = "review"
    """Review of any kind, meta-analysis or guideline."""
    PROTOCOL = "protocol"
    """Plan of a study without results."""
    ANIMAL = "animal"
    """Animals and no people."""


class NoticeKind(StrEnum):
    """What a publisher's notice says about a record."""

    RETRACTED = "retracted"
    """This record has been retracted; the reference names the notice."""
    RETRACTION = "retraction"
    """This record is a notice that retracts another one."""
    CONCERN = "concern"
    """An expression of concern was published about this record."""
    CORRECTED = "corrected"
    """An erratum or a corrected republication exists for this record."""
    UPDATED = "updated"
    """A newer version of this record (e.g. of a Cochrane review) exists."""


SCREENING_LABELS = (Label.INCLUDE, Label.EXCLUDE, Label.UNSURE)
"""The labels that a title and abstract can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A retraction, correction or expression of concern about a record."""

    kind: NoticeKind  # What the notice says
    reference: str = ""  # The notice as the source cites it; empty if it does not
    pmid: str | None = None  # PubMed identifier of the notice, if known


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A screening decision found in an imported file."""

    label: Label
    reason: str = ""  # Code of the exclusion reason, or empty
    note: str = ""  # Free text of the reviewer
    reviewer: str = ""  # Who decided, if the file says so
    stage: Stage = Stage.TITLE_ABSTRACT
    reason_text: str = field(default="", compare=False)  # The reason in words, for people
    resolves: bool = False  # It settles a conflict of the file's other decisions about the record


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    One bibliographic record from a file or PubMed, as clean text.

    Parameters
    ----------
    title, abstract
        Plain text on one line each: no mark-up, entities resolved, Unicode NFC. Section labels
        of an abstract are in capitals before a colon (``METHODS: ...``).
    authors
        As ``Family, Given`` or ``Family GN``, in the order of the source.
    year
        Year of publication, 1000 to 2999.
    journal, volume, issue, pages, publisher
        As in the source.
    pmid, pmcid, doi
        Identifiers in canonical form: digits, ``PMC`` and digits, lower case from ``10.``.
    accession
        Identifier in another database (Embase, Web of Science, Scopus, a trial registry).
    mesh
        MeSH headings with qualifiers (``Pain/therapy``); ``*`` marks a major topic.
    keywords
        Keywords of authors and indexers.
    publication_types, languages, urls, issns
        As in the source.
    record_type
        Kind of publication in the source's words (``JOUR``, ``article``).
    entered
        Date on which the record entered the database, ISO 8601; empty if not given.
    notices
        Retractions, corrections and expressions of concern.
    verdicts
        Screening decisions found in the file, oldest first.
    note
        Reader's notes found in the file, apart from any decision.
    tags
        Reader's tags or folders found in the file.
    source_key
        The identifier of this record in its file (``record_id`` column, citation key).
    raw, raw_format
        The original text of the record and its format; not compared.
    """

    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    accession: str = ""
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    record_type: str = ""
    entered: str = ""
    notices: tuple[Notice, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    note: str = ""
    tags: tuple[str, ...] = ()
    source_key: str = ""
    raw: str = field(default="", compare=False, repr=False)
    raw_format: str = field(default="", compare=False, repr=False)

    @property
    def text(self) -> str:
        """Title and abstract in one string."""
        return f"{self.title}\n{self.abstract}" if self.abstract else self.title

    @property
    def index_terms(self) -> tuple[str, ...]:
        """MeSH headings and keywords."""
        return self.mesh + self.keywords
