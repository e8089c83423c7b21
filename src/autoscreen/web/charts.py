"""Coordinates of the charts, which templates draw as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, log10

from autoscreen.records import SCREENING_LABELS

WIDTH, HEIGHT = 640.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 12.0, 34.0
_STEPS = 400
_ROWS = 10
_DAYS = 28
_WIDEST_BAR = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A line of the grid."""

    at: float
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallChart:
    """Relevant records found by number of records screened."""

    read: int
    found: int
    line: str
    random: str
    total: float | None
    low: float | None
    high: float | None
    across: Sequence[Tick]
    up: Sequence[Tick]
    rows: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Decisions of one day."""

    day: str
    counts: Mapping[str, int]
    bars: Sequence[tuple[str, float, float]]
    at: float

    @property
    def name(self) -> str:
        """The day in words, such as ``3 Jan``."""
        return f"{date.fromisoformat(self.day):%-d %b}"

    @property
    def total(self) -> int:
        """All decisions of the day."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChart:
    """Decisions by day."""

    days: Sequence[Day]
    wide: float
    up: Sequence[Tick]


def recall_chart(
    found_at: Sequence[int],
    read: int,
    *,
    pool: int,
    estimate: tuple[float, float, float] | None,
) -> RecallChart:
    """Draw the recall curve."""
    found = len(found_at)
    total, low, high = estimate or (None, None, None)
    # The axis follows what was found: an early estimate far above it would flatten the curve.
    tallest = max(found, 1, min(high or 0, max(2.0 * found, 5.0)))
    if total is not None and total > tallest:
        total = low = high = None
    sideways = _Scale(read or 1, LEFT, WIDTH - RIGHT)
    upwards = _Scale(tallest, HEIGHT - BOTTOM, TOP)
    kept = _thinned(found_at)
    points = [(0.0, 0.0)]
    for number, at in kept:
        points += [(at, number - 1), (at, number)] if len(kept) == found else [(at, number)]
    points.append((read, found))
    random = ""
    if total and pool:
        random = _points([(0.0, 0.0), (read, total * read / pool)], sideways, upwards)
    return RecallChart(
        read=read,
        found=found,
        line=_points(points, sideways, upwards),
        random=random,
        total=None if total is None else upwards.at(total),
        low=None if low is None else upwards.at(low),
        high=None if high is None else max(upwards.at(high), TOP),
        across=[Tick(at=sideways.at(value), value=value) for value in ticks(read)],
        up=[Tick(at=upwards.at(value), value=value) for value in ticks(ceil(tallest))],
        rows=_table(found_at, read),
    )


def day_chart(per_day: Mapping[str, Mapping[str, int]]) -> DayChart | None:
    """Draw the decisions by day; None if there are none."""
    if not per_day:
        return None
    last = date.fromisoformat(max(per_day))
    length = min(_DAYS, (last - date.fromisoformat(min(per_day))).days + 1)
    shown = [(last - timedelta(days=back)).isoformat() for back in reversed(range(length))]
    most = max(sum(counts.values()) for day, counts in per_day.items() if day in shown)
    upwards = _Scale(most, HEIGHT - BOTTOM, TOP)
    step = (WIDTH - LEFT - RIGHT) / length
    wide = min(step - 4, _WIDEST_BAR)
    days = []
    for place, day in enumerate(shown):
        counts = per_day.get(day, {})
        bars, below = [], 0
        for label in SCREENING_LABELS:
            top = upwards.at(below + counts.get(label, 0))
            bars.append((str(label), top, upwards.at(below) - top))
            below += counts.get(label, 0)
        days.append(
            Day(
                day=day,
                counts=counts,
                bars=bars,
                at=round(LEFT + (place + 0.5) * step - wide / 2, 1),
            )
        )
    up = [Tick(at=upwards.at(value), value=value) for value in ticks(most)]
    return DayChart(days=days, wide=round(wide, 1), up=up)


def ticks(most: int) -> list[int]:
    """Return round numbers from 0 to the greatest, four to eight of them."""
    if most <= 5:
        return list(range(most + 1))
    rough = most / 5
    power = 10 ** int(log10(rough))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough)
    return list(range(0, most + 1, step))


class _Scale:
    """Places from 0 to the greatest value between two edges."""

    def __init__(self, most: float, start: float, end: float) -> None:
        self._most, self._start, self._end = most, start, end

    def at(self, value: float) -> float:
        return round(self._start + (self._end - self._start) * value / self._most, 1)


def _points(points: Sequence[tuple[float, float]], sideways: _Scale, upwards: _Scale) -> str:
    return " ".join(f"{sideways.at(x)},{upwards.at(y)}" for x, y in points)


def _thinned(found_at: Sequence[int]) -> list[tuple[int, int]]:
    """Return the finds with their numbers, some left out if they are too many to tell apart."""
    step = max(1, len(found_at) // _STEPS)
    numbered = list(enumerate(found_at, 1))
    return numbered if step == 1 else numbered[::step]


def _table(found_at: Sequence[int], read: int) -> list[tuple[int, int]]:
    marks = sorted({*(ceil(read * part / _ROWS) for part in range(1, _ROWS + 1))} - {0})
    return [(mark, sum(at <= mark for at in found_at)) for mark in marks]
