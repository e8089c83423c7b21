"""What a protocol is: frozen values, without files and without matching."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Concept", "Criteria", "Element", "Protocol", "Reason"]


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
    """
    The criteria in words, as reviewers read them beside a record.

    Parameters
    ----------
    include
        All of these hold for an eligible record.
    exclude
        One of these is enough to exclude a record.
    unsure
        Cases that a second reviewer decides.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """
    One idea of the question, with the words by which titles and abstracts name it.

    Parameters
    ----------
    key
        Short name, unique in the protocol (``magnetic_stimulation``).
    element
        The part of the question it belongs to.
    label
        What reviewers see.
    terms
        The words, in the syntax of :func:`parse_term`.
    required
        An eligible record is expected to mention it.
    against
        A cue for exclusion. A concept is never both required and against.
    """

    key: str
    element: Element
    label: str
    terms: tuple[str, ...]
    required: bool = False
    against: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """
    One reason to exclude.

    Parameters
    ----------
    code
        What is stored and reported (``WRONG_POP``).
    key
        The single key that gives this reason while screening.
    text
        What reviewers see.
    """

    code: str
    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """
    What a review asks and how its records are judged.

    Parameters
    ----------
    name
        Short name: lower-case letters, digits and hyphens.
    title
        Title of the review.
    question
        The question in one or two sentences; empty if only the title is known.
    criteria
        The criteria in words.
    concepts
        The ideas of the question with their terms, in the order of the file.
    reasons
        The reasons to exclude, in the order of the file.
    pubmed
        The PubMed query; empty if there is none.
    source
        The TOML text that it was read from; empty if it was not. It does not take part in
        comparisons. :func:`protocol_toml` gives a text in either case.
    """

    name: str
    title: str
    question: str = ""
    criteria: Criteria = Criteria()
    concepts: tuple[Concept, ...] = ()
    reasons: tuple[Reason, ...] = ()
    pubmed: str = ""
    source: str = field(default="", compare=False, repr=False)

    @classmethod
    def from_title(cls, title: str) -> Protocol:
        """
        Return a protocol for a review of which only the title is known.

        It has no criteria, concepts or reasons, so the first order rests on the words of the
        title alone.

        Examples
        --------
        >>> Protocol.from_title("Aspirin for headache").name
        'aspirin-for-headache'
        """
        clean = " ".join(title.split())
        name = re.sub(r"[^a-z0-9]+", "-", clean.lower()).strip("-")[:60].rstrip("-") or "review"
        return cls(name=name, title=clean)

    @property
    def required(self) -> tuple[Concept, ...]:
        """The concepts that an eligible record is expected to mention."""
        return tuple(concept for concept in self.concepts if concept.required)

    @property
    def against(self) -> tuple[Concept, ...]:
        """The concepts that speak for exclusion."""
        return tuple(concept for concept in self.concepts if concept.against)

    def concept(self, key: str) -> Concept:
        """Return the concept of this key; KeyError if there is none."""
        for concept in self.concepts:
            if concept.key == key:
                return concept
        raise KeyError(key)

    def reason(self, code: str) -> Reason:
        """Return the reason of this code; KeyError if there is none."""
        for reason in self.reasons:
            if reason.code == code:
                return reason
        raise KeyError(code)
