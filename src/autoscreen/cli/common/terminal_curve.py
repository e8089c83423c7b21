"""How fast the relevant records came, drawn in text, and how well the ranking worked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

OURS = "\N{BULLET}"
RANDOM = "\N{MIDDLE DOT}"


def draw(relevant: Sequence[bool], *, width: int = 60, height: int = 10) -> list[str]:
    """Draw a recall curve beside that of a random order."""
    found = [0, *accumulate(relevant)]
    grid = [[" "] * (width + 1) for _ in range(height + 1)]
    for column in range(width + 1):
        read = round(len(relevant) * column / width)
        grid[height * column // width][column] = RANDOM
        grid[height * found[read] // max(1, found[-1])][column] = OURS
    lines = [
        f"{100 * row // height:>4}% |" + "".join(grid[row]).rstrip()
        for row in range(height, -1, -1)
    ]
    end = f"{len(relevant)} read"
    lines.append("      +" + "-" * (width + 1))
    lines.append("       0" + end.rjust(width))
    lines.append(f"       {OURS} this order   {RANDOM} random order")
    return lines


def reading_until(relevant: Sequence[bool], share: float) -> int:
    """Count the records read when this share of the relevant ones was found."""
    wanted = _ceil(share * sum(relevant))
    found = 0
    for read, is_relevant in enumerate(relevant, start=1):
        found += is_relevant
        if found >= wanted:
            return read
    return len(relevant)


def expected_reading(records: int, relevant: int, share: float) -> float:
    """
    Estimate the records read in a random order when this share of the relevant is found.

    The k-th of R relevant among N records is on average at k (N + 1) / (R + 1).
    """
    return _ceil(share * relevant) * (records + 1) / (relevant + 1)


def _ceil(value: float) -> int:
    return math.ceil(round(value, 9))  # .95 of 20 is 19, whatever the last bit says
