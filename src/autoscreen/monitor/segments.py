"""Cuts a text where it names the protocol's concepts and where its sections begin, for painting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from autoscreen.text import Highlight, find_sections

__all__ = ["Paragraph", "Segment", "paragraphs", "segments"]

# Marks that turn the direction of writing: in a title they can only deceive.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Segment(NamedTuple):
    """A stretch of text of one colour."""

    text: str
    element: str = ""
    negated: bool = False


class Paragraph(NamedTuple):
    """A section of an abstract."""

    label: str
    segments: list[Segment]


def segments(
    text: str, highlights: Iterable[Highlight], field: Literal["title", "abstract"]
) -> list[Segment]:
    """Cut a text into segments that together are the text, without direction marks."""
    return _between(text, _chosen(highlights, field), 0, len(text))


def paragraphs(text: str, highlights: Iterable[Highlight]) -> list[Paragraph]:
    """Cut an abstract into its sections, and each of them as `segments` does."""
    chosen = _chosen(highlights, "abstract")
    sections = find_sections(text)
    first = sections[0].label_start if sections else len(text)
    found = [Paragraph("", _between(text, chosen, 0, first))]
    found += [
        Paragraph(
            _TURNING.sub("", text[one.label_start : one.start]),
            _between(text, chosen, one.start, one.end),
        )
        for one in sections
    ]
    return [one for one in found if one.label or one.segments]


def _chosen(highlights: Iterable[Highlight], field: str) -> list[Highlight]:
    found = [one for one in highlights if one.field == field and 0 <= one.start < one.end]
    chosen: list[Highlight] = []
    for one in sorted(found, key=lambda h: (h.start - h.end, h.start, h.element)):
        if all(one.end <= other.start or one.start >= other.end for other in chosen):
            chosen.append(one)
    return sorted(chosen, key=lambda h: h.start)


def _between(text: str, chosen: Sequence[Highlight], start: int, end: int) -> list[Segment]:
    parts: list[Segment] = []
    done = start
    for one in chosen:
        first, last = max(one.start, start), min(one.end, end)
        if first < last:
            kind = "against" if one.against else str(one.element)
            parts += [Segment(text[done:first]), Segment(text[first:last], kind, one.negated)]
            done = last
    parts = [
        one._replace(text=_TURNING.sub("", one.text)) for one in (*parts, Segment(text[done:end]))
    ]
    return [part for part in parts if part.text]
