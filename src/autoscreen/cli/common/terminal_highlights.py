"""Shows where a text speaks of the protocol's concepts: by colour, or by letters without it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import click

from autoscreen.cli.common.terminal import display_width

__all__ = ["LETTERS", "Span", "legend", "mark", "paragraphs"]

LETTERS = {
    "population": "P",
    "intervention": "I",
    "comparison": "C",
    "outcome": "O",
    "study_type": "S",
    "other": "+",
    "against": "-",
}
_COLOURS = {
    "population": "green",
    "intervention": "cyan",
    "comparison": "magenta",
    "outcome": "yellow",
    "study_type": "blue",
    "other": "white",
    "against": "red",
}
_WORD = re.compile(r"\S+")
_SECTION = re.compile(r"(?<=\s)[A-Z][A-Z ,/&-]{3,40}: ")


class Span(NamedTuple):
    """A stretch of text, and the part of the question or ``against`` that it speaks of."""

    start: int
    end: int
    kind: str
    negated: bool = False


def mark(text: str, found: Iterable[Span], *, letters: bool) -> tuple[str, list[Span]]:
    """Return text and spans ready to be painted; where two overlap, the longer one stays."""
    parts: list[str] = []
    spans: list[Span] = []
    done = length = 0
    for span in _without_overlap(found):
        stretch = text[span.start : span.end] + (_letter(span) if letters else "")
        parts += [text[done : span.start], stretch]
        length += span.start - done
        spans.append(Span(length, length + len(stretch), span.kind, span.negated))
        length += len(stretch)
        done = span.end
    return "".join([*parts, text[done:]]), spans


def paragraphs(text: str, spans: Sequence[Span], width: int, *, paint: bool) -> list[str]:
    """Break a text into lines of at most `width` columns; each section begins a line."""
    starts = [0, *(match.start() for match in _SECTION.finditer(text)), len(text)]
    return [
        _paint(text, start, end, spans) if paint else text[start:end]
        for begin, stop in itertools.pairwise(starts)
        for start, end in _lines(text, begin, stop, width)
    ]


def legend(spans: Iterable[Span], *, paint: bool) -> str:
    """Say in one line what the colours or letters mean that occur; empty if none does."""
    seen = {span.kind for span in spans}
    names = [kind for kind in LETTERS if kind in seen]
    if paint:
        return "  ".join(_style(name.replace("_", " "), name, negated=False) for name in names)
    return "  ".join(f"[{LETTERS[name]}] {name.replace('_', ' ')}" for name in names)


def _without_overlap(found: Iterable[Span]) -> list[Span]:
    chosen: list[Span] = []
    for span in sorted(found, key=lambda s: (s.start - s.end, s.start, s.kind)):
        if all(span.end <= other.start or span.start >= other.end for other in chosen):
            chosen.append(span)
    return sorted(chosen)


def _letter(span: Span) -> str:
    letter = LETTERS.get(span.kind, LETTERS["other"])
    return f"[not {letter}]" if span.negated else f"[{letter}]"


def _lines(text: str, begin: int, stop: int, width: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    for match in _WORD.finditer(text, begin, stop):
        if lines and display_width(text[lines[-1][0] : match.end()]) <= width:
            lines[-1] = (lines[-1][0], match.end())
        else:
            lines.append((match.start(), match.end()))
    return lines


def _paint(text: str, start: int, end: int, spans: Sequence[Span]) -> str:
    parts: list[str] = []
    done = start
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first < last:
            stretch = _style(text[first:last], span.kind, negated=span.negated)
            parts += [text[done:first], stretch]
            done = last
    return "".join([*parts, text[done:end]])


def _style(text: str, kind: str, *, negated: bool) -> str:
    return click.style(
        text,
        fg=_COLOURS.get(kind, "white"),
        bold=not negated,
        underline=not negated,
        strikethrough=negated,
    )
