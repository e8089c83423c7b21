"""Recall curves as SVG, which any browser shows and any text editor opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

__all__ = ["recall_curve", "recall_svg"]

Curve = NDArray[np.float64]

_POINTS = 101
_SIZE = 400
_LEFT, _TOP, _BOTTOM = 56, 40, 52
_SPREAD = (0.1, 0.9)
# Told apart in grey and by the colour-blind (Okabe and Ito 2008), and by their dashes.
_STROKES = (("#0072B2", ""), ("#D55E00", "6 3"), ("#009E73", "2 2"), ("#CC79A7", "8 2 2 2"))


def recall_curve(places: Sequence[int], pool: int) -> Curve:
    """
    Recall when 0, 1, ... 100% of a pool are read.

    Parameters
    ----------
    places
        Place of each relevant record in the order of reading, from 1, rising.
    pool
        Number of records in the order.
    """
    read = np.floor(np.linspace(0, pool, _POINTS) + 1e-9)
    return np.searchsorted(np.asarray(places), read, side="right") / len(places)


def recall_svg(title: str, curves: Mapping[str, Sequence[Curve]]) -> str:
    """
    Draw recall against the share of the pool that was read.

    Parameters
    ----------
    title
        What stands above.
    curves
        For each name the curves of its replays: their mean is drawn, and as a band what lies
        between the 10th and the 90th percentile of them.
    """
    parts = [_frame(title)]
    for at, (name, group) in enumerate(curves.items()):
        colour, dashes = _STROKES[at % len(_STROKES)]
        stack = np.array(group)
        if len(stack) > 1:
            low, high = np.quantile(stack, _SPREAD, axis=0)
            band = [*_points(high), *reversed(_points(low))]
            parts.append(
                f'<polygon points="{" ".join(band)}" fill="{colour}" fill-opacity="0.12"/>'
            )
        parts.append(
            f'<polyline points="{" ".join(_points(stack.mean(axis=0)))}" fill="none" '
            f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
        )
        parts.append(_legend(at, name, colour, dashes))
    return "\n".join([*parts, "</svg>\n"])


def _points(curve: Curve) -> list[str]:
    across = _LEFT + np.linspace(0, _SIZE, len(curve))
    down = _TOP + _SIZE * (1 - curve)
    return [f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True)]


def _frame(title: str) -> str:
    width, height = _LEFT + _SIZE + 24, _TOP + _SIZE + _BOTTOM
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="sans-serif" font-size="13"><title>{escape(title)}</title>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        _text(_LEFT + _SIZE / 2, 22, title, size=15),
        _text(_LEFT + _SIZE / 2, height - 10, "share of the pool read"),
        f'<g transform="rotate(-90)">{_text(-_TOP - _SIZE / 2, 14, "recall")}</g>',
    ]
    for tenth in range(0, 11, 2):
        x, y = _LEFT + _SIZE * tenth / 10, _TOP + _SIZE * (1 - tenth / 10)
        lines += [
            f'<path d="M{x:.0f} {_TOP}V{_TOP + _SIZE}M{_LEFT} {y:.0f}H{_LEFT + _SIZE}" '
            'stroke="#ddd"/>',
            _text(x, _TOP + _SIZE + 18, f"{tenth * 10}%"),
            _text(_LEFT - 6, y + 4, f"{tenth * 10}%", anchor="end"),
        ]
    lines.append(
        f'<path d="M{_LEFT} {_TOP + _SIZE}L{_LEFT + _SIZE} {_TOP}" stroke="#999" '
        'stroke-dasharray="1 4"/>'
    )
    return "\n".join(lines)


def _legend(at: int, name: str, colour: str, dashes: str) -> str:
    y = _TOP + _SIZE - 16 - 20 * at
    x = _LEFT + _SIZE - 150
    return (
        f'<path d="M{x} {y}h30" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'
        + _text(x + 38, y + 4, name, anchor="start")
    )


def _text(x: float, y: float, text: str, *, anchor: str = "middle", size: int = 13) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}">'
        f"{escape(text)}</text>"
    )
