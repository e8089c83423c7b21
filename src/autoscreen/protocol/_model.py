"""The data classes of protocols."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from autoscreen.protocol._extraction_fields import ExtractionField

_LONGEST_NAME = 60


class Element(StrEnum):
    """The part of the question that a concept belongs to (PICO and the study type)."""

    POPULATION = "population"
    INTERVENTION = "intervention"
    COMPARISON = "comparison"
    OUTCOME = "outcome"
    STUDY_TYPE = "study_type"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """The criteria in words, as shown beside a record."""

    include: tuple[str, ...] = ()  # An eligible record meets all of these
    exclude: tuple[str, ...] = ()  # Each of these excludes a record
    unsure: tuple[str, ...] = ()  # Cases to discuss with a second reviewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One concept of the question, with its terms in titles and abstracts."""

    key: str  # Short name, unique in the protocol (``magnetic_stimulation``)
    element: Element  # The part of the question it belongs to
    label: str  # The name that reviewers see
    terms: tuple[str, ...]  # Its terms, in the syntax of :func:`parse_term`
    required: bool = False  # Required: an eligible record is expected to mention it
    against: bool = False  # It suggests exclusion. A concept is never both required and against.


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One exclusion reason."""

    code: str  # Stored and exported (``WRONG_POP``)
    key: str  # The key to press while screening
    text: str  # The text that reviewers see


USUAL_REASONS = (
    Reason(code="WRONG_POP", key="1", text="Wrong population"),
    Reason(code="WRONG_INT", key="2", text="Wrong intervention"),
    Reason(code="WRONG_COMP", key="3", text="Wrong comparison"),
    Reason(code="WRONG_OUT", key="4", text="Wrong outcome"),
    Reason(code="WRONG_TYPE", key="5", text="Wrong study design"),
)
"""The usual exclusion reasons, with which a new review begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """
    The question of a review and how its records are judged.

    Parameters
    ----------
    name
        Short name: lower-case letters, digits and hyphens.
    title
        Title of the review.
    question
        The question in one or two sentences; empty if only the title is known.
    registration
        Where the review is registered, such as ``PROSPERO CRD42000000000``; empty if nowhere.
    criteria
        The criteria in words.
    concepts
        The concepts with their terms, in the order of the file.
    reasons
        The exclusion reasons, in the order of the file.
    pubmed
        The PubMed query; empty if there is none.
    extraction
        The fields of the extraction form, in the order of the file.
    source
        The TOML text it was read from, if any; not compared. Use :func:`protocol_toml` to get a
        text in any case.
    """

    name: str
    title: str
    question: str = ""
    registration: str = ""
    criteria: Criteria = Criteria()
    concepts: tuple[Concept, ...] = ()
    reasons: tuple[Reason, ...] = ()
    pubmed: str = ""
    extraction: tuple[ExtractionField, ...] = ()
    source: str = field(default="", compare=False, repr=False)

    @property
    def wording(self) -> str:
        """The title, or else the question: the words that records are compared with."""
        return self.title or self.question

    @classmethod
    def from_title(cls, title: str) -> Protocol:
        """
        Return a protocol with a title only, and the usual exclusion reasons.

        The first ranking then uses the words of the title alone.

        Examples
        --------
        >>> Protocol.from_title("Aspirin for headache").name
        'aspirin-for-headache'
        """
        clean = " ".join(title.split())
        name = "-".join(re.findall(r"[a-z0-9]+", clean.lower()))
        if len(name) > _LONGEST_NAME:
            whole_words, _, _ = name[: _LONGEST_NAME + 1].rpartition("-")
            name = whole_words or name[:_LONGEST_NAME]
        return cls(name=name or "review", title=clean, reasons=USUAL_REASONS)

    @property
    def required(self) -> tuple[Concept, ...]:
        """The concepts that an eligible record is expected to mention."""
        return tuple(concept for concept in self.concepts if concept.required)

    @property
    def against(self) -> tuple[Concept, ...]:
        """The concepts that suggest exclusion."""
        return tuple(concept for concept in self.concepts if concept.against)

    def concept(self, key: str) -> Concept:
        """Return the concept with this key, or raise KeyError."""
        for concept in self.concepts:
            if concept.key == key:
                return concept
        raise KeyError(key)

    def reason(self, code: str) -> Reason:
        """Return the reason with this code, or raise KeyError."""
        for reason in self.reasons:
            if reason.code == code:
                return reason
        raise KeyError(code)
