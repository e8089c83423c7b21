"""The layout of a flow diagram: places of boxes, words and arrows, for every format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from autoscreen.report.flow_boxes import (
    IDENTIFICATION,
    INCLUDED,
    MAIN,
    OTHER,
    PREVIOUS,
    SCREENING,
    FlowBox,
    FlowForm,
)

FONT_SIZE = 12
_WIDTH, _GAP, _LINE, _PAD = 270, 34, 16, 10
_LETTERS = 38
"""Letters of a line of a box."""
_LETTER = 6.2
"""Width of a letter of a footnote."""
_EM, _NO_BREAK = "\u2003", "\u00a0"
_TOP, _HEAD, _BAR = 14, 40, 28
_SHORTEST_PHASE = 80  # So that its name fits beside it
_HEADINGS = {
    PREVIOUS: "Previous studies",
    MAIN: "Identification of {new}studies via databases and registers",
    OTHER: "Identification of {new}studies via other methods",
}
_YELLOW, _BLUE, _WHITE = "#ffc000", "#9dc3e6", "#ffffff"

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text that begins at a point of its baseline, or, if bold, is centred there."""

    x: int
    y: int
    text: str
    bold: bool = False
    turned: bool = False  # Whether it is rotated to read from bottom to top


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A rectangle with its text."""

    key: str
    x: int
    y: int
    width: int
    height: int
    fill: str
    words: tuple[Words, ...]
    radius: int = 0

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A diagram with the places of everything in it; y grows downwards."""

    name: str
    width: int
    height: int
    panels: tuple[Panel, ...]
    arrows: tuple[tuple[Point, ...], ...]  # Points of lines; the head is at the last one
    footnotes: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box with its place."""

    box: FlowBox
    panel: Panel


def flow_drawing(form: FlowForm) -> Drawing:
    """Place all parts of a diagram."""
    columns = [c for c in (PREVIOUS, MAIN, OTHER) if any(b.column == c for b in form.boxes)]
    left = {PREVIOUS: _BAR + _GAP}
    at = _BAR + _GAP + (_WIDTH + _GAP) * (PREVIOUS in columns)
    for column in (MAIN, OTHER):
        left[column] = at
        at += 2 * (_WIDTH + _GAP)
    placed, phases = _placed(form.boxes, left)
    width = max(one.panel.x for one in placed) + _WIDTH + _PAD
    bottom = max(end for _, _, end in phases)
    footnotes = tuple(_footnotes(form, width, bottom + _GAP))
    return Drawing(
        name=form.name,
        width=width,
        height=(footnotes[-1].y if footnotes else bottom) + _PAD,
        panels=(
            *(_phase(*phase) for phase in phases),
            *(_heading(column, left[column], form) for column in columns),
            *(one.panel for one in placed),
        ),
        arrows=tuple(_arrows(placed)),
        footnotes=footnotes,
    )


def _placed(
    boxes: Sequence[FlowBox], left: dict[str, int]
) -> tuple[list[_Placed], list[tuple[str, int, int]]]:
    """Place the boxes in rows that all columns share."""
    placed: list[_Placed] = []
    phases = []
    y = _TOP + _HEAD + _GAP // 2
    for phase in (IDENTIFICATION, SCREENING, INCLUDED):
        top = y
        for row in _rows([box for box in boxes if box.phase == phase]):
            made = [_Placed(box, _panel(box, left, y)) for box in row]
            placed += made
            y += max(one.panel.height for one in made) + _GAP
        y = max(y, top + _SHORTEST_PHASE + _GAP)
        phases.append((phase, top, y - _GAP))
    return placed, phases


def _rows(boxes: Sequence[FlowBox]) -> list[list[FlowBox]]:
    """Return the rows of a phase: a box with the one beside it, in each column."""
    columns: dict[str, list[list[FlowBox]]] = {}
    for box in boxes:
        rows = columns.setdefault(box.column, [])
        if box.side and rows:
            rows[-1].append(box)
        else:
            rows.append([box])
    longest = max(map(len, columns.values()), default=0)
    # The total of an update comes below its new studies; other methods have fewer boxes, and their
    # last ones are beside the last ones of databases.
    shift = 1 if any(box.key == "new" for box in boxes) else 0
    found: list[list[FlowBox]] = [[] for _ in range(longest + shift)]
    for column, rows in columns.items():
        first = {PREVIOUS: shift, OTHER: longest - len(rows)}.get(column, 0)
        for at, row in enumerate(rows, first):
            found[at] += row
    return [row for row in found if row]


def _panel(box: FlowBox, left: dict[str, int], y: int) -> Panel:
    texts: list[str] = []
    for line in box.lines:
        blank = _EM * line.indent
        texts += wrap(
            str(line).replace(" (n = ", f" (n{_NO_BREAK}={_NO_BREAK}"),
            _LETTERS - line.indent,
            initial_indent=blank,
            subsequent_indent=blank + _EM,
        )
    x = left[box.column] + (_WIDTH + _GAP) * box.side
    return Panel(
        key=box.key,
        x=x,
        y=y,
        width=_WIDTH,
        height=len(texts) * _LINE + 2 * _PAD,
        fill=_WHITE,
        words=tuple(
            Words(x + _PAD, y + _PAD + FONT_SIZE + at * _LINE, text)
            for at, text in enumerate(texts)
        ),
    )


def _arrows(placed: Sequence[_Placed]) -> Iterable[tuple[Point, ...]]:
    for column in (PREVIOUS, MAIN, OTHER):
        mine = [one for one in placed if one.box.column == column]
        spine = [one.panel for one in mine if not one.box.side]
        for above, below in pairwise(spine):
            middle = above.x + _WIDTH // 2
            yield (middle, above.bottom), (middle, below.y)
        for one in spine:
            beside = [b.panel for b in mine if b.box.side and b.panel.y == one.y]
            for other in beside:
                y = one.y + min(one.height, other.height) // 2
                yield (one.x + _WIDTH, y), (other.x, y)
    yield from _joins({one.box.key: one.panel for one in placed})


def _joins(panels: dict[str, Panel]) -> Iterable[tuple[Point, ...]]:
    """Yield the arrows between columns: to the included studies, and to the total."""
    new, total = panels.get("new"), panels["included"]
    for origin, target in (("other-assessed", new or total), ("new", total)):
        if (one := panels.get(origin)) is not None:
            middle, y = one.x + _WIDTH // 2, target.y + target.height // 2
            yield (middle, one.bottom), (middle, y), (target.x + _WIDTH, y)


def _heading(column: str, x: int, form: FlowForm) -> Panel:
    text = _HEADINGS[column].format(new="new " if form.since else "")
    width = _WIDTH if column == PREVIOUS else 2 * _WIDTH + _GAP
    return Panel(
        key=f"heading-{column}",
        x=x,
        y=_TOP,
        width=width,
        height=_HEAD - 12,
        fill=_YELLOW,
        words=(Words(x + width // 2, _TOP + 18, text, bold=True),),
        radius=8,
    )


def _phase(name: str, top: int, bottom: int) -> Panel:
    middle = Words(4 + _BAR // 2 + 4, (top + bottom) // 2, name, bold=True, turned=True)
    return Panel(
        key=f"phase-{name}",
        x=4,
        y=top,
        width=_BAR,
        height=bottom - top,
        fill=_BLUE,
        words=(middle,),
        radius=8,
    )


def _footnotes(form: FlowForm, width: int, top: int) -> Iterable[Words]:
    letters = int((width - 2 * _PAD) / _LETTER)
    lines = [line for note in form.footnotes for line in wrap(note, letters)]
    for at, line in enumerate(lines):
        yield Words(4, top + at * _LINE, line)
