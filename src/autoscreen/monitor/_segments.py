"""Cuts a text where it names the protocol's concepts, for painting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from autoscreen.text.highlights import Highlight

__all__ = ["Segment", "segments"]


class Segment(NamedTuple):
    """
    A stretch of text of one colour.

    Parameters
    ----------
    text
        The stretch.
    element
        The part of the question that it names, ``against`` if it speaks for exclusion, empty for
        plain text.
    negated
        True if the text denies it.
    """

    text: str
    element: str = ""
    negated: bool = False


def segments(
    text: str, highlights: Iterable[Highlight], field: Literal["title", "abstract"]
) -> list[Segment]:
    """
    Cut a text into stretches that together are the text.

    Parameters
    ----------
    text
        Title or abstract.
    highlights
        Mentions in the record; where two overlap, the longer one stays.
    field
        Which of the two the text is.
    """
    found = [one for one in highlights if one.field == field and 0 <= one.start < one.end]
    chosen: list[Highlight] = []
    for one in sorted(found, key=lambda h: (h.start - h.end, h.start, h.element)):
        if all(one.end <= other.start or one.start >= other.end for other in chosen):
            chosen.append(one)
    parts: list[Segment] = []
    done = 0
    for one in sorted(chosen, key=lambda h: h.start):
        parts.append(Segment(text[done : one.start]))
        kind = "against" if one.against else str(one.element)
        parts.append(Segment(text[one.start : one.end], kind, one.negated))
        done = one.end
    return [part for part in (*parts, Segment(text[done:])) if part.text]
