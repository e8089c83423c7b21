"""The flow diagram as a picture: SVG, with nothing loaded from elsewhere."""

from __future__ import annotations

from html import escape

from autoscreen.report.flow_boxes import FlowForm
from autoscreen.report.flow_layout import FONT_SIZE, Panel, Point, Words, flow_drawing


def flow_svg(form: FlowForm, *, title: str) -> str:
    """Draw the flow diagram."""
    made = flow_drawing(form)
    arrow = f"{made.name}-arrow"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {made.width} {made.height}"'
        f' width="{made.width}" height="{made.height}" role="img"'
        f' aria-labelledby="{made.name}-title" fill="#000"'
        f' font-family="Arial,Helvetica,sans-serif" font-size="{FONT_SIZE}">',
        f'<title id="{made.name}-title">{escape(title)}</title>',
        f'<defs><marker id="{arrow}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
        *(_panel(one, made.name) for one in made.panels),
        *(_arrow(points, arrow) for points in made.arrows),
        *map(_words, made.footnotes),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panel(one: Panel, name: str) -> str:
    rounded = f' rx="{one.radius}"' if one.radius else ""
    return (
        f'<g id="{name}-{one.key}"><rect fill="{one.fill}" stroke="#000" x="{one.x}" y="{one.y}"'
        f' width="{one.width}" height="{one.height}"{rounded}/>'
        f"{''.join(map(_words, one.words))}</g>"
    )


def _words(one: Words) -> str:
    # Attributes, not a style sheet: pages that show the picture allow none inside.
    how = ' font-weight="bold" text-anchor="middle"' if one.bold else ' xml:space="preserve"'
    if one.turned:
        how += f' transform="rotate(-90 {one.x} {one.y})"'
    return f'<text x="{one.x}" y="{one.y}"{how}>{escape(one.text)}</text>'


def _arrow(points: tuple[Point, ...], marker: str) -> str:
    path = "L".join(f"{x} {y}" for x, y in points)
    return f'<path fill="none" stroke="#000" marker-end="url(#{marker})" d="M{path}"/>'
