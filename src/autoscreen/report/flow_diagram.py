"""The flow diagram as a picture: SVG, with nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
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

_WIDTH, _GAP, _LINE, _PAD = 270, 34, 16, 10
_LETTERS = 38
"""Letters of a line of a box."""
_EM, _NO_BREAK = "\u2003", "\u00a0"
_TOP, _HEAD, _BAR = 14, 40, 28
_SHORTEST_PHASE = 80  # So that its name fits beside it
_HEADINGS = {
    PREVIOUS: "Previous studies",
    MAIN: "Identification of {new}studies via databases and registers",
    OTHER: "Identification of {new}studies via other methods",
}
_ARROW = 'fill="none" stroke="#000" marker-end="url(#flow-arrow)"'
"""Attributes, not a style sheet: pages that show the picture allow none inside."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A box with its place."""

    box: FlowBox
    x: int
    y: int
    height: int
    texts: tuple[str, ...]

    @property
    def bottom(self) -> int:
        return self.y + self.height


def flow_svg(form: FlowForm, *, title: str) -> str:
    """Draw the flow diagram."""
    columns = [c for c in (PREVIOUS, MAIN, OTHER) if any(b.column == c for b in form.boxes)]
    left = {PREVIOUS: _BAR + _GAP}
    at = _BAR + _GAP + (_WIDTH + _GAP) * (PREVIOUS in columns)
    for column in (MAIN, OTHER):
        left[column] = at
        at += 2 * (_WIDTH + _GAP)
    drawn, phases = _placed(form.boxes, left)
    width = max(one.x for one in drawn) + _WIDTH + _PAD
    height = max(bottom for _, _, bottom in phases) + _PAD
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-labelledby="flow-title" fill="#000"'
        ' font-family="Arial,Helvetica,sans-serif" font-size="12">',
        f'<title id="flow-title">{escape(title)}</title>',
        '<defs><marker id="flow-arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
        *(_phase(name, top, bottom) for name, top, bottom in phases),
        *(_heading(column, left[column], form) for column in columns),
        *(_box(one) for one in drawn),
        *_arrows(drawn),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _placed(
    boxes: Sequence[FlowBox], left: dict[str, int]
) -> tuple[list[_Drawn], list[tuple[str, int, int]]]:
    """Place the boxes in rows that all columns share."""
    drawn: list[_Drawn] = []
    phases = []
    y = _TOP + _HEAD + _GAP // 2
    for phase in (IDENTIFICATION, SCREENING, INCLUDED):
        top = y
        for row in _rows([box for box in boxes if box.phase == phase]):
            made = [_drawn(box, left, y) for box in row]
            height = max(one.height for one in made)
            drawn += made
            y += height + _GAP
        y = max(y, top + _SHORTEST_PHASE + _GAP)
        phases.append((phase, top, y - _GAP))
    return drawn, phases


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


def _drawn(box: FlowBox, left: dict[str, int], y: int) -> _Drawn:
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
    return _Drawn(box, x, y, len(texts) * _LINE + 2 * _PAD, tuple(texts))


def _box(one: _Drawn) -> str:
    lines = "".join(
        f'<text x="{one.x + _PAD}" y="{one.y + _PAD + 12 + at * _LINE}" xml:space="preserve">'
        f"{escape(text)}</text>"
        for at, text in enumerate(one.texts)
    )
    return (
        f'<g id="flow-{one.box.key}"><rect fill="#fff" stroke="#000" x="{one.x}" y="{one.y}"'
        f' width="{_WIDTH}" height="{one.height}"/>{lines}</g>'
    )


def _arrows(drawn: Sequence[_Drawn]) -> list[str]:
    found = []
    for column in (PREVIOUS, MAIN, OTHER):
        mine = [one for one in drawn if one.box.column == column]
        spine = [one for one in mine if not one.box.side]
        for above, below in pairwise(spine):
            middle = above.x + _WIDTH // 2
            found.append(f'<path {_ARROW} d="M{middle} {above.bottom}V{below.y}"/>')
        for one in mine:
            beside = [b for b in mine if b.box.side and b.y == one.y and not one.box.side]
            y = one.y + min(one.height, *(b.height for b in beside)) // 2 if beside else 0
            found += [f'<path {_ARROW} d="M{one.x + _WIDTH} {y}H{b.x}"/>' for b in beside]
    return found + list(_joins(drawn))


def _joins(drawn: Sequence[_Drawn]) -> Iterable[str]:
    """Yield the arrows between columns: to the included studies, and to the total."""
    by_key = {one.box.key: one for one in drawn}
    new = by_key.get("new")
    target = new or by_key["included"]
    last = by_key.get("other-assessed")
    if last is not None:
        middle, y = last.x + _WIDTH // 2, target.y + target.height // 2
        yield f'<path {_ARROW} d="M{middle} {last.bottom}V{y}H{target.x + _WIDTH}"/>'
    if new is not None:
        total = by_key["included"]
        y = total.y + total.height // 2
        middle = new.x + _WIDTH // 2
        yield f'<path {_ARROW} d="M{middle} {new.bottom}V{y}H{total.x + _WIDTH}"/>'


def _heading(column: str, x: int, form: FlowForm) -> str:
    text = _HEADINGS[column].format(new="new " if form.since else "")
    width = _WIDTH if column == PREVIOUS else 2 * _WIDTH + _GAP
    return (
        f'<rect fill="#ffc000" stroke="#000" x="{x}" y="{_TOP}" width="{width}"'
        f' height="{_HEAD - 12}" rx="8"/>'
        f'<text font-weight="bold" x="{x + width // 2}" y="{_TOP + 18}"'
        f' text-anchor="middle">{text}</text>'
    )


def _phase(name: str, top: int, bottom: int) -> str:
    middle = (top + bottom) // 2
    x = 4 + _BAR // 2
    return (
        f'<rect fill="#9dc3e6" stroke="#000" x="4" y="{top}" width="{_BAR}"'
        f' height="{bottom - top}" rx="8"/>'
        f'<text font-weight="bold" x="{x}" y="{middle}" text-anchor="middle"'
        f' transform="rotate(-90 {x} {middle})" dy="4">{name}</text>'
    )
