"""The result of a simulation in plain words, the same on the pages and in the terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autoscreen.presentation.wording import counted, grouped

__all__ = ["ReadingNeeded", "StopOutcome", "reading_needed", "simulation_sentence", "stop_outcomes"]

_TARGETS = (0.5, 0.8, 0.9, 0.95, 1.0)
_SENTENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingNeeded:
    """How much is read until a share of the relevant records is found."""

    target: float
    found: int
    relevant: int
    read: int
    records: int

    @property
    def unread(self) -> int:
        """Records that need not have been read."""
        return self.records - self.read


@dataclass(frozen=True, slots=True, kw_only=True)
class StopOutcome:
    """Where a stopping rule would have ended the reading, and what it would have found."""

    rule: str
    target: float | None
    read: int
    recall: float
    saved: float


def reading_needed(relevant: Sequence[bool]) -> list[ReadingNeeded]:
    """Return how much is read for each target, from the labels in reading order."""
    places = [place for place, one in enumerate(relevant, 1) if one]
    needed = []
    for target in _TARGETS:
        found = math.ceil(round(target * len(places), 9))
        needed.append(
            ReadingNeeded(
                target=target,
                found=found,
                relevant=len(places),
                read=places[found - 1],
                records=len(relevant),
            )
        )
    return needed


def simulation_sentence(relevant: Sequence[bool]) -> str:
    """
    Return the result in one sentence.

    Examples
    --------
    >>> simulation_sentence([True, False, True, False])
    'All 2 relevant records were found after reading 3 of 4 records; 1 record need not have been \
read.'
    """
    one = next(one for one in reading_needed(relevant) if one.target == _SENTENCE)
    if one.found < one.relevant:
        who = f"95% of the relevant records ({grouped(one.found)} of {grouped(one.relevant)}) were"
    elif one.relevant == 1:
        who = "The only relevant record was"
    else:
        who = f"All {grouped(one.relevant)} relevant records were"
    return (
        f"{who} found after reading {grouped(one.read)} of {counted(one.records, 'record')}; "
        f"{counted(one.unread, 'record')} need not have been read."
    )


def stop_outcomes(stops: Sequence[Mapping[str, Any]]) -> list[StopOutcome]:
    """Return where each stopping rule would have ended the reading."""
    return [
        StopOutcome(
            rule=one["rule"],
            target=one["target"],
            read=one["position"],
            recall=one["recall"],
            saved=one["work_saved"],
        )
        for one in stops
    ]
