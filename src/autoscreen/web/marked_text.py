"""
Cuts a text where its highlights begin and end, so that a template can mark the pieces.

Two layers lie over each other: what the protocol's concepts name, and the words that moved the
record up or down in the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from autoscreen.review import Highlight, WordEvidence
from autoscreen.text import find_sections

__all__ = ["Paragraph", "Part", "Piece", "paragraphs", "pieces"]

_LEVELS = (0.3, 0.5, 0.75)
"""From which share of the strongest word on a word is shown faintly, clearly, strongly."""


class Part(NamedTuple):
    """
    A stretch of text within one concept's mention, or outside of any.

    Parameters
    ----------
    text
        The stretch.
    evidence
        ``up1`` to ``up3``, ``down1`` to ``down3``; empty if it hardly moved the record.
    """

    text: str
    evidence: str = ""


class Piece(NamedTuple):
    """A stretch of text that names one concept, or none."""

    parts: tuple[Part, ...]
    concept: str = ""
    term: str = ""
    negated: bool = False

    @property
    def text(self) -> str:
        """The text without marks."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A section of an abstract."""

    label: str
    pieces: Sequence[Piece]


def pieces(
    text: str, concepts: Iterable[Highlight], evidence: Iterable[WordEvidence], strongest: float
) -> list[Piece]:
    """Cut a text at its highlights; together the pieces are the text."""
    levels = [(one.start, one.end, _level(one.value / strongest)) for one in evidence]
    levels = [level for level in levels if level[2]]
    found: list[Piece] = []
    at = 0
    for one in _without_overlap(concepts):
        if at < one.start:
            found.append(Piece(_parts(text, at, one.start, levels)))
        kind = "against" if one.against else str(one.element)
        found.append(Piece(_parts(text, one.start, one.end, levels), kind, one.term, one.negated))
        at = one.end
    if at < len(text):
        found.append(Piece(_parts(text, at, len(text), levels)))
    return found


def paragraphs(text: str, whole: Sequence[Piece]) -> list[Paragraph]:
    """Put the pieces of an abstract under the labels of its sections."""
    found: list[Paragraph] = []
    at = 0
    for section in find_sections(text):
        if section.label_start > at and text[at : section.label_start].strip():
            found.append(Paragraph(label="", pieces=_between(whole, at, section.label_start)))
        found.append(
            Paragraph(label=section.label, pieces=_between(whole, section.start, section.end))
        )
        at = section.end
    if text[at:].strip():
        found.append(Paragraph(label="", pieces=_between(whole, at, len(text))))
    return found


def _between(whole: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """Return the pieces from one place of the text to another."""
    found: list[Piece] = []
    place = 0
    for piece in whole:
        parts: list[Part] = []
        for part in piece.parts:
            first, last = max(start - place, 0), min(end - place, len(part.text))
            if first < last:
                parts.append(part._replace(text=part.text[first:last]))
            place += len(part.text)
        if parts:
            found.append(piece._replace(parts=tuple(parts)))
    return found


def _parts(
    text: str, start: int, end: int, levels: Sequence[tuple[int, int, str]]
) -> tuple[Part, ...]:
    """Cut one stretch of text where the evidence begins and ends."""
    found: list[Part] = []
    at = start
    for first, last, level in levels:
        if last <= at or first >= end:
            continue
        if at < first:
            found.append(Part(text[at:first]))
        found.append(Part(text[max(at, first) : min(last, end)], level))
        at = min(last, end)
    if at < end:
        found.append(Part(text[at:end]))
    return tuple(found)


def _level(share: float) -> str:
    strength = sum(abs(share) >= level for level in _LEVELS)
    return f"{'up' if share > 0 else 'down'}{strength}" if strength else ""


def _without_overlap(found: Iterable[Highlight]) -> list[Highlight]:
    chosen: list[Highlight] = []
    for one in sorted(found, key=lambda h: (h.start - h.end, h.start, h.element)):
        if all(one.end <= other.start or one.start >= other.end for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda h: h.start)
