"""Show highlights in the terminal: by colour, or by letters without it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from autoscreen.cli.common.terminal import display_width

if TYPE_CHECKING:
    from autoscreen.presentation.marked_text import Segment

_ELEMENTS = {
    "population": ("P", "green"),
    "intervention": ("I", "cyan"),
    "comparison": ("C", "magenta"),
    "outcome": ("O", "yellow"),
    "study_type": ("S", "blue"),
    "other": ("+", "white"),
    "against": ("-", "red"),
}
_WORD = re.compile(r"\S+")


class _Span(NamedTuple):
    start: int
    end: int
    element: str
    negated: bool


def wrapped(segments: Iterable[Segment], width: int, *, paint: bool) -> list[str]:
    """Return lines of at most `width` columns with their highlights."""
    text = ""
    spans: list[_Span] = []
    for one in segments:
        start = len(text)
        text += one.text
        if one.element:
            text += "" if paint else _letter(one)
            spans.append(_Span(start, len(text), one.element, one.negated))
    return [
        _painted(text, start, end, spans) if paint else text[start:end]
        for start, end in _lines(text, width)
    ]


def legend(segments: Iterable[Segment], *, paint: bool) -> str:
    """Return in one line what the colours or letters mean; empty if there are none."""
    seen = {one.element for one in segments}
    names = [name for name in _ELEMENTS if name in seen]
    if paint:
        return "  ".join(_style(name.replace("_", " "), name, negated=False) for name in names)
    return "  ".join(f"[{_ELEMENTS[name][0]}] {name.replace('_', ' ')}" for name in names)


def _letter(one: Segment) -> str:
    letter, _ = _ELEMENTS.get(one.element, _ELEMENTS["other"])
    return f"[not {letter}]" if one.negated else f"[{letter}]"


def _lines(text: str, width: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if lines and display_width(text[lines[-1][0] : match.end()]) <= width:
            lines[-1] = (lines[-1][0], match.end())
        else:
            lines.append(match.span())
    return lines


def _painted(text: str, start: int, end: int, spans: Sequence[_Span]) -> str:
    parts: list[str] = []
    done = start
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first < last:
            stretch = _style(text[first:last], span.element, negated=span.negated)
            parts += [text[done:first], stretch]
            done = last
    return "".join([*parts, text[done:end]])


def _style(text: str, element: str, *, negated: bool) -> str:
    _, colour = _ELEMENTS.get(element, _ELEMENTS["other"])
    return click.style(
        text, fg=colour, bold=not negated, underline=not negated, strikethrough=negated
    )
