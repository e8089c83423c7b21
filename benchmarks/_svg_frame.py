"""What the pictures share: a square field with axes, a diagonal and a legend."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["LEFT", "SIZE", "STROKES", "TOP", "frame", "legend_line"]

SIZE = 400
LEFT, TOP, _BOTTOM = 56, 40, 52
# Distinguishable in grey and for colour-blind readers (Okabe and Ito 2008), and by their dashes.
STROKES = (("#0072B2", ""), ("#D55E00", "6 3"), ("#009E73", "2 2"), ("#CC79A7", "8 2 2 2"))


def frame(title: str, across: str, upwards: str, ticks: Sequence[tuple[float, str]]) -> str:
    """Begin a picture; who calls it ends it with ``</svg>``."""
    width, height = LEFT + SIZE + 24, TOP + SIZE + _BOTTOM
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="sans-serif" font-size="13"><title>{escape(title)}</title>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        _text(LEFT + SIZE / 2, 22, title, size=15),
        _text(LEFT + SIZE / 2, height - 10, across),
        f'<g transform="rotate(-90)">{_text(-TOP - SIZE / 2, 14, upwards)}</g>',
    ]
    for place, text in ticks:
        x, y = LEFT + SIZE * place, TOP + SIZE * (1 - place)
        lines += [
            f'<path d="M{x:.0f} {TOP}V{TOP + SIZE}M{LEFT} {y:.0f}H{LEFT + SIZE}" stroke="#ddd"/>',
            _text(x, TOP + SIZE + 18, text),
            _text(LEFT - 6, y + 4, text, anchor="end"),
        ]
    lines.append(
        f'<path d="M{LEFT} {TOP + SIZE}L{LEFT + SIZE} {TOP}" stroke="#999" stroke-dasharray="1 4"/>'
    )
    return "\n".join(lines)


def legend_line(x: float, y: float, at: int, name: str) -> str:
    """Draw a line as that of the curve of this number, and its name."""
    colour, dashes = STROKES[at % len(STROKES)]
    return (
        f'<path d="M{x:g} {y:g}h30" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{dashes}"/>' + _text(x + 38, y + 4, name, anchor="start")
    )


def _text(x: float, y: float, text: str, *, anchor: str = "middle", size: int = 13) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}">'
        f"{escape(text)}</text>"
    )
