"""Records scored by a saved model, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autoscreen.progress_callback import Progress, no_progress
from autoscreen.ranking import ScreeningModel
from autoscreen.records import Record

_STEP = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordScore:
    """The score of one record, and its explanation."""

    at: int  # Its place among the records given, from 0
    score: float
    probability: float  # Of being relevant
    alert: bool  # Whether its score reaches the threshold


def score_records(
    model: ScreeningModel,
    records: Sequence[Record],
    *,
    threshold: float | None = None,
    prevalence: float | None = None,
    progress: Progress | None = None,
    expect: Callable[[int], None] | None = None,
) -> list[RecordScore]:
    """Return the score of each record, best first; by default at the threshold of the model."""
    report = progress or no_progress
    report("scoring", 0)
    if expect is not None:
        expect(len(records))
    parts = [np.zeros(0)]
    for start in range(0, len(records), _STEP):
        part = records[start : start + _STEP]
        parts.append(model.decision_function(part))
        report("scoring", len(part))
    scores = np.concatenate(parts)
    likely = model.probability(scores, prevalence=prevalence)
    least = model.threshold if threshold is None else threshold
    return [
        RecordScore(
            at=at,
            score=float(scores[at]),
            probability=float(f"{likely[at]:.4g}"),
            alert=bool(scores[at] >= least),
        )
        for at in sorted(range(len(scores)), key=lambda at: (-scores[at], at))
    ]
