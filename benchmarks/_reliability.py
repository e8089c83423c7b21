"""Whether probabilities mean what they say: reliability, Brier score, calibration error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from _svg_frame import LEFT, SIZE, STROKES, TOP, frame, legend_line

__all__ = ["Bin", "brier_score", "calibration_error", "reliability", "reliability_svg"]

EDGES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0)
"""Closer where probabilities of screening are."""
_FLOOR = 0.001

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The records whose probability lies between two limits."""

    low: float
    high: float
    records: int  # How many there are
    share: float  # Their share of the weight of all
    said: float  # Mean probability, and the share of them that was relevant, both weighted
    was: float


def reliability(
    said: Values, was: NDArray[np.bool_], weights: Values, *, edges: Sequence[float] = EDGES
) -> list[Bin]:
    """Sort records by their probability into bins."""
    place = np.clip(np.searchsorted(edges, said, side="right") - 1, 0, len(edges) - 2)
    bins = []
    for at in np.unique(place).tolist():
        mine = place == at
        w = weights[mine]
        bins.append(
            Bin(
                low=edges[at],
                high=edges[at + 1],
                records=int(mine.sum()),
                share=float(w.sum() / weights.sum()),
                said=float(np.average(said[mine], weights=w)),
                was=float(np.average(was[mine], weights=w)),
            )
        )
    return bins


def brier_score(said: Values, was: NDArray[np.bool_], weights: Values) -> float:
    """Mean squared difference of probability and outcome (Brier 1950); lower is better."""
    return float(np.average((said - was) ** 2, weights=weights))


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error (Naeini, Cooper & Hauskrecht 2015); 0 is best."""
    return sum(one.share * abs(one.said - one.was) for one in bins)


def reliability_svg(title: str, curves: Mapping[str, Sequence[Bin]]) -> str:
    """Draw what was against what was said, on logarithmic axes; the diagonal is perfect."""
    ticks = [(_place(share), f"{100 * share:g}%") for share in (0.001, 0.01, 0.1, 1.0)]
    parts = [frame(title, "probability that was said", "share that was relevant", ticks)]
    for at, (name, bins) in enumerate(curves.items()):
        colour, dashes = STROKES[at % len(STROKES)]
        points = [
            (LEFT + SIZE * _place(one.said), TOP + SIZE * (1 - _place(one.was))) for one in bins
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dashes}"/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        parts.append(legend_line(LEFT + 14, TOP + 16 + 20 * at, at, name))
    return "\n".join([*parts, "</svg>\n"])


def _place(share: float) -> float:
    """Return the place from 0 to 1 of a share on an axis that begins at one in a thousand."""
    return float(1 - np.log(max(share, _FLOOR)) / np.log(_FLOOR))
