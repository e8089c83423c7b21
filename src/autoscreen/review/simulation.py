"""Replays a finished review: what autoscreen would have saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autoscreen.active import (
    EXPLORATION_SHARE,
    USUAL_REFITS,
    Refits,
    replay,
    replay_stopping_rules,
)
from autoscreen.evaluation import measure_all
from autoscreen.review.finished_review import FinishedReview, SimulationPool

__all__ = ["Simulation", "simulate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """
    A finished review, read again in autoscreen's order.

    Parameters
    ----------
    rows
        Row of each record in the order of reading, without those known before.
    order
        Their ids.
    relevant
        For each record in that order, whether it is relevant.
    measures
        Values by name; see `autoscreen.evaluation`.
    stops
        Where each stopping rule would have ended the reading.
    """

    rows: NDArray[np.int64]
    order: tuple[int | str, ...]
    relevant: NDArray[np.bool_]
    measures: Mapping[str, float]
    stops: tuple[Mapping[str, Any], ...]


def simulate(
    past: FinishedReview,
    pool: SimulationPool,
    *,
    known: Mapping[int, bool],
    seed: int = 0,
    exploration: float = EXPLORATION_SHARE,
    refits: Refits = USUAL_REFITS,
    progress: Callable[[int], None] | None = None,
) -> Simulation:
    """
    Replay a finished review.

    Parameters
    ----------
    past
        The review.
    pool
        What `pool_of` made of it.
    known
        Labels given before the start, by row; empty for a cold start.
    seed
        Seed of the records drawn at random and of the audit.
    exploration
        Share of the records drawn at random, 0 to 1.
    refits
        After which labels the ranker learns.
    progress
        Called with the number of records read since the last call.
    """
    rows = replay(
        pool.matrix,
        pool.prior,
        past.relevant,
        known=known,
        seed=seed,
        exploration=exploration,
        refits=refits,
        progress=progress,
    )
    relevant = past.relevant[rows]
    return Simulation(
        rows=rows,
        order=tuple(past.ids[row] for row in rows.tolist()),
        relevant=relevant,
        measures=measure_all(relevant),
        stops=tuple(replay_stopping_rules(relevant, len(past.records), known, seed=seed)),
    )
