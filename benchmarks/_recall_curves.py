"""Recall curves as SVG, which any browser shows and any text editor opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from _svg_frame import LEFT, SIZE, STROKES, TOP, frame, legend_line

__all__ = ["recall_curve", "recall_svg"]

Curve = NDArray[np.float64]

_POINTS = 101
_SPREAD = (0.1, 0.9)


def recall_curve(places: Sequence[int], pool: int) -> Curve:
    """Recall when 0, 1, ... 100% of a pool are read."""
    read = np.floor(np.linspace(0, pool, _POINTS) + 1e-9)
    return np.searchsorted(np.asarray(places), read, side="right") / len(places)


def recall_svg(title: str, curves: Mapping[str, Sequence[Curve]]) -> str:
    """Draw recall against the share of the pool that was read."""
    ticks = [(tenth / 10, f"{tenth * 10}%") for tenth in range(0, 11, 2)]
    parts = [frame(title, "share of the pool read", "recall", ticks)]
    for at, (name, group) in enumerate(curves.items()):
        colour, dashes = STROKES[at % len(STROKES)]
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
        parts.append(legend_line(LEFT + SIZE - 150, TOP + SIZE - 16 - 20 * at, at, name))
    return "\n".join([*parts, "</svg>\n"])


def _points(curve: Curve) -> list[str]:
    across = LEFT + np.linspace(0, SIZE, len(curve))
    down = TOP + SIZE * (1 - curve)
    return [f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True)]
