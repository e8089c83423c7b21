"""Cut a text at its highlights and sections, for pages, digests and the terminal alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from autoscreen.review.word_evidence import WordEvidence
    from autoscreen.text import Highlight

_LEVELS = (0.3, 0.5, 0.75)
"""Shares of the strongest word from which a word is shown faintly, clearly, strongly."""

# Control characters that change the writing direction: they can hide what a text really says.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Part(NamedTuple):
    """Text with one level of evidence: ``up1`` to ``up3``, ``down1`` to ``down3``, or none."""

    text: str
    evidence: str = ""


class Segment(NamedTuple):
    """Text that mentions one element of the question (or ``against``), or none."""

    parts: tuple[Part, ...]
    element: str = ""
    term: str = ""
    negated: bool = False

    @property
    def text(self) -> str:
        """The text without marks."""
        return "".join(part.text for part in self.parts)


class Paragraph(NamedTuple):
    """A section of an abstract: its label, its heading as written, and the text below."""

    label: str
    heading: str
    segments: Sequence[Segment]


class _Marks(NamedTuple):
    mentions: Sequence[Highlight]
    levels: Sequence[tuple[int, int, str]]


def plain(text: str) -> Segment:
    """Return a segment without marks."""
    return Segment((Part(text),))


def segments(
    text: str,
    field: Literal["title", "abstract"],
    highlights: Iterable[Highlight],
    evidence: Iterable[WordEvidence] = (),
    strongest: float = 1.0,
) -> list[Segment]:
    """Return a title or abstract, cut at its highlights."""
    return _cut(text, 0, len(text), _marks(field, highlights, evidence, strongest))


def paragraphs(
    text: str,
    highlights: Iterable[Highlight],
    evidence: Iterable[WordEvidence] = (),
    strongest: float = 1.0,
) -> list[Paragraph]:
    """Return the sections of an abstract, each cut at its highlights."""
    from autoscreen.text import find_sections  # noqa: PLC0415

    marks = _marks("abstract", highlights, evidence, strongest)
    sections = find_sections(text)
    first = sections[0].label_start if sections else len(text)
    found = [Paragraph("", "", _cut(text, 0, first, marks))] if text[:first].strip() else []
    for one in sections:
        heading = _DIRECTION.sub("", text[one.label_start : one.start]).strip()
        found.append(
            Paragraph(_DIRECTION.sub("", one.label), heading, _cut(text, one.start, one.end, marks))
        )
    return found


def _marks(
    field: str, highlights: Iterable[Highlight], evidence: Iterable[WordEvidence], strongest: float
) -> _Marks:
    levels = [
        (one.start, one.end, _level(one.value / strongest))
        for one in evidence
        if one.field == field
    ]
    return _Marks(_without_overlap(highlights, field), [level for level in levels if level[2]])


def _without_overlap(highlights: Iterable[Highlight], field: str) -> list[Highlight]:
    """Keep the longer of two mentions that overlap."""
    found = [one for one in highlights if one.field == field and 0 <= one.start < one.end]
    chosen: list[Highlight] = []
    for one in sorted(found, key=lambda h: (h.start - h.end, h.start, h.element)):
        if all(one.end <= other.start or one.start >= other.end for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda h: h.start)


def _level(share: float) -> str:
    strength = sum(abs(share) >= level for level in _LEVELS)
    return f"{'up' if share > 0 else 'down'}{strength}" if strength else ""


def _cut(text: str, start: int, end: int, marks: _Marks) -> list[Segment]:
    found: list[Segment] = []
    at = start
    for one in marks.mentions:
        first, last = max(one.start, start), min(one.end, end)
        if first < last:
            element = "against" if one.against else str(one.element)
            found.append(Segment(_parts(text, at, first, marks.levels)))
            parts = _parts(text, first, last, marks.levels)
            found.append(Segment(parts, element, one.term, one.negated))
            at = last
    found.append(Segment(_parts(text, at, end, marks.levels)))
    return [one for one in found if one.parts]


def _parts(
    text: str, start: int, end: int, levels: Sequence[tuple[int, int, str]]
) -> tuple[Part, ...]:
    found: list[Part] = []
    at = start
    for first, last, level in levels:
        if last <= at or first >= end:
            continue
        found += [Part(text[at:first]), Part(text[max(at, first) : min(last, end)], level)]
        at = min(last, end)
    found.append(Part(text[at:end]))
    clean = (part._replace(text=_DIRECTION.sub("", part.text)) for part in found)
    return tuple(part for part in clean if part.text)


def highlight_rows(highlights: Iterable[Highlight]) -> list[dict[str, Any]]:
    """Return the values of highlights for JSON and CSV."""
    return [
        {
            "field": h.field,
            "start": h.start,
            "end": h.end,
            "element": str(h.element),
            "term": h.term,
            "negated": h.negated,
            "against": h.against,
        }
        for h in highlights
    ]
