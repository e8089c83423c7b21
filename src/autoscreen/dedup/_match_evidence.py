"""Why two records are taken for the same one, in numbers and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EvidenceKind(StrEnum):
    """What a match rests on, strongest first."""

    PMID = "pmid"
    """Both have the same PubMed identifier."""
    PMCID = "pmcid"
    """Both have the same PubMed Central identifier, and nothing contradicts it."""
    REGISTRY = "registry"
    """Both are entries of a trial registry under the same number."""
    DOI = "doi"
    """Both have the same DOI, and nothing contradicts it."""
    ACCESSION = "accession"
    """Both have the same identifier in another database, and like titles."""
    SIMILARITY = "similarity"
    """Title, authors, source and abstract together say so."""
    POSSIBLE = "possible"
    """They are alike, but not enough for a merge: a person decides."""


_NAMES = {EvidenceKind.ACCESSION: "accession", EvidenceKind.REGISTRY: "registration number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEvidence:
    """The evidence for and against two records being duplicates."""

    kind: EvidenceKind  # What the match rests on
    identifier: str = ""  # The identifier that both have; empty for similarity
    points: int = 0  # Sum of the weights of the fields; 9 is needed for similarity, more is surer
    title: float | None = None  # Similarity of the titles from 0 to 1; None if one lacks it
    # Share of the shorter abstract that is in the longer one, from 0 to 1; None if one lacks it
    abstract: float | None = None
    agree: tuple[str, ...] = ()  # Names of the other fields that agree and that differ
    differ: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return one sentence for the log."""
        parts = []
        if self.identifier:
            name = _NAMES.get(self.kind, self.kind.upper())
            parts.append(f"same {name} {self.identifier}")
        if self.title is not None:
            same = self.title == 1
            parts.append("same title" if same else f"titles {int(100 * self.title)}% alike")
        if self.abstract is not None:
            parts.append(f"abstracts overlap {self.abstract:.0%}")
        if self.agree:
            parts.append(f"same {', '.join(self.agree)}")
        if self.differ:
            parts.append(f"different {', '.join(self.differ)}")
        return f"{'; '.join(parts)} ({self.points} points)"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateMatch:
    """Two records that are one."""

    first: int  # Their positions, `first` below `second`
    second: int
    evidence: MatchEvidence
