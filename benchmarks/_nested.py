"""Choosing among rankers on some families of reviews, and measuring the choice on another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from _summary import Result
from autoscreen.evaluation._measures import LOSS

NESTED = "chosen on the other families"


def chosen(results: Sequence[Result], tools: Sequence[str], base: str) -> tuple[str, float]:
    """
    Return the ranker with the smallest loss beside that of a base, and that ratio.

    It is the mean over families and starts of the mean loss of their reviews, divided by that of
    the base: a family of many reviews counts as much as one of few.
    """
    losses: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for one in results:
        losses[one.family, one.start, one.tool].append(one.measures[LOSS.name])
    groups = sorted({(family, start) for family, start, _ in losses})
    ratios = {
        tool: float(
            np.mean(
                [np.mean(losses[*group, tool]) / np.mean(losses[*group, base]) for group in groups]
            )
        )
        for tool in tools
    }
    best = min(tools, key=lambda tool: ratios[tool])
    return best, ratios[best]


def nested(
    results: Sequence[Result], tools: Sequence[str], base: str
) -> tuple[list[Result], dict[str, tuple[str, float]]]:
    """
    Choose for each family on the others; return the results of the choices, and the choices.

    The choice for a family has never seen its reviews, so its results pay for the choosing.
    """
    outer, choices = [], {}
    for family in sorted({one.family for one in results}):
        inside = [one for one in results if one.family != family]
        choices[family] = chosen(inside, tools, base)
        outer += [
            replace(one, tool=NESTED)
            for one in results
            if (one.family, one.tool) == (family, choices[family][0])
        ]
    return outer, choices
