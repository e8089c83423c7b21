"""Query strategies: which unread record a reviewer reads next."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

EXPLORATION_SHARE = 0.005
"""One record in two hundred is drawn at random: it can lead to a kind of study that nothing
labelled so far resembles. A larger share cost more than it found (docs/how-to/simulate.md)."""

_NEVER_BEFORE = 2


class Strategy(StrEnum):
    """Why a record is next."""

    MOST_LIKELY = "most likely"
    """It has the highest score of the unread records."""
    EXPLORATION = "exploration"
    """It was drawn at random from the unread records."""
    UNSURE_AGAIN = "unsure again"
    """All records are read; this one was left as unsure."""
    AUDIT = "audit"
    """It is the next draw of a random audit of the unread records."""


@dataclass(frozen=True, slots=True)
class Pick:
    """The record to read next."""

    record: int
    strategy: Strategy  # Why it is next


def pick_next(
    ordered: NDArray[np.int64],
    decided: Container[int],
    unsure: Iterable[int],
    *,
    step: int,
    first: Collection[int] = (),
    drawn: Container[int] = (),
    share: float = EXPLORATION_SHARE,
    seed: int = 0,
) -> Pick | None:
    """
    Choose the next record: the most likely one, or sometimes one drawn at random.

    Notes
    -----
    The draw at step t uses a generator seeded with (seed, t), so it can be replayed from the
    decisions alone. The first two records are never drawn at random.
    """
    if first and (waiting := next((n for n in ordered.tolist() if n in first), None)) is not None:
        return Pick(waiting, Strategy.EXPLORATION if waiting in drawn else Strategy.MOST_LIKELY)
    if (generator := draw_at_random(step=step, share=share, seed=seed)) is not None:
        unread = [number for number in ordered.tolist() if number not in decided]
        if unread:
            return Pick(unread[int(generator.integers(len(unread)))], Strategy.EXPLORATION)
    for at in range(len(ordered)):
        if (number := int(ordered[at])) not in decided:
            return Pick(number, Strategy.MOST_LIKELY)
    return next((Pick(number, Strategy.UNSURE_AGAIN) for number in unsure), None)


def draw_at_random(*, step: int, share: float, seed: int) -> np.random.Generator | None:
    """Return whether the next record is drawn at random; and if so, with which generator."""
    if step < _NEVER_BEFORE:
        return None
    generator = np.random.default_rng((seed, step))
    return generator if generator.random() < share else None
