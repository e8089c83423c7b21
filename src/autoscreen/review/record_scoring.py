"""Records scored by a saved model, best first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, Protocol, TypeVar

import numpy as np

from autoscreen.progress_callback import NO_TRACKER, ProgressTracker
from autoscreen.ranking import ScoredText, ScorePass, ScreeningModel
from autoscreen.records import Record
from autoscreen.text.english import ReadableText, has_english

_STEP = 500
_LOWER = 2.0
_LOWEST = 12


class _Text(ScoredText, ReadableText, Protocol):
    """What a model reads, and in which language it is."""


Text = TypeVar("Text", bound=_Text)


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
    progress: ProgressTracker = NO_TRACKER,
) -> list[RecordScore]:
    """Return the score of each record, best first; by default at the threshold of the model."""
    progress("scoring", 0)
    progress.expect(len(records))
    parts = [np.zeros(0)]
    for start in range(0, len(records), _STEP):
        part = records[start : start + _STEP]
        parts.append(model.decision_function(part))
        progress("scoring", len(part))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BestScores(Generic[Text]):
    """The records that score best of many."""

    scored: int  # How many records were scored
    unread: int  # How many were not, for want of anything in English
    # The alerted ones, and as many more as were asked for; best first
    best: list[tuple[RecordScore, Text]]


def best_scores(
    model: ScreeningModel,
    texts: Iterable[Text],
    *,
    least: int,
    threshold: float | None = None,
    prevalence: float | None = None,
) -> BestScores[Text]:
    """Return what `score_records` puts first, without scoring in full what cannot be among it.

    At least `least` records are returned, and all that are alerted.
    """
    fast = ScorePass([model])
    limit = model.threshold if threshold is None else threshold
    kept: list[tuple[float, int, Text]] = []
    scored = unread = 0
    for all_texts in _batches(iter(texts)):
        batch = [one for one in all_texts if has_english(one)]
        unread += len(all_texts) - len(batch)
        for floor in _floors(kept, least, limit):
            (rows,) = fast.candidates(batch, [floor])
            some = [(scored + at, batch[at]) for at in rows.tolist()]
            scores = model.decision_function([text for _, text in some])
            better = [
                (-score, at, text)
                for score, (at, text) in zip(scores.tolist(), some, strict=True)
                if score >= floor
            ]
            if len(kept) + len(better) >= least:
                break
        kept = sorted(kept + better, key=lambda one: one[:2])
        alerted = sum(-one[0] >= limit for one in kept)
        kept = kept[: max(alerted, least)]
        scored += len(batch)
    scores = np.array([-one[0] for one in kept])
    likely = model.probability(scores, prevalence=prevalence)
    return BestScores(
        scored=scored,
        unread=unread,
        best=[
            (
                RecordScore(
                    at=at,
                    score=-negative,
                    probability=float(f"{chance:.4g}"),
                    alert=-negative >= limit,
                ),
                text,
            )
            for (negative, at, text), chance in zip(kept, likely.tolist(), strict=True)
        ],
    )


def _batches(texts: Iterator[Text]) -> Iterator[list[Text]]:
    while batch := list(islice(texts, _STEP)):
        yield batch


def _floors(kept: Sequence[tuple[float, int, Text]], least: int, limit: float) -> Iterator[float]:
    """Yield from which score on a record is wanted, lower as long as too few are found."""
    if len(kept) >= least:
        yield min(limit, -kept[least - 1][0]) if least else limit
        return
    yield from (limit - _LOWER * step for step in range(_LOWEST))
    yield -np.inf
