"""Ranks new records by a saved model or by the review's labels, and sets the alert threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autoscreen.evaluation import fit_sigmoid
from autoscreen.monitor.alert_threshold import ENOUGH, choose
from autoscreen.monitor.digest import AlertReason, Threshold
from autoscreen.presentation.score_parts import strongest_parts
from autoscreen.records import Record

if TYPE_CHECKING:
    from autoscreen.ranking import Explanation, ScreeningModel
    from autoscreen.review import Review

SENSITIVITY = 0.95
"""Share of the relevant records that is to score above the threshold."""

_PARTS = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """The score of one record, with its explanation."""

    score: float
    chance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """The ranker of new records."""

    words: str
    learns: bool
    threshold: Threshold | None
    judge: Callable[[Mapping[str, Record]], dict[str, Judged]]
    explain: Callable[[str, Record], tuple[AlertReason, ...]]


def choose_ranker(
    review: Review, model: ScreeningModel | None, *, sensitivity: float = SENSITIVITY
) -> Ranker:
    """Return the ranker of new records of a review."""
    return _by_review(review, sensitivity) if model is None else _by_model(model)


def saved_model(review: Review, name: str | None) -> ScreeningModel | None:
    """
    Return the saved model that ranks: the one asked for, or else one where labels are too few.

    A review with fewer than `ENOUGH` included or excluded records is ranked by the model that
    ships for its protocol, if there is one.
    """
    from autoscreen.ranking import load_model, shipped_models  # noqa: PLC0415

    if name is None:
        labels = review.progress()
        if min(labels.include, labels.exclude) >= ENOUGH:
            return None
        if review.protocol.name not in shipped_models():
            return None
        name = review.protocol.name
    return load_model(name)


def _by_model(model: ScreeningModel) -> Ranker:
    alert = model.alert

    def judge(records: Mapping[str, Record]) -> dict[str, Judged]:
        scores = model.decision_function(records.values())
        chances = model.probability(scores)
        judged = map(Judged, scores.tolist(), chances.tolist())
        return dict(zip(records, judged, strict=True))

    return Ranker(
        words=f"the saved model {model.name}",
        learns=False,
        threshold=Threshold(
            score=alert.threshold,
            sensitivity=alert.target,
            relevant=alert.relevant,
            relevant_above=alert.found,
            others_above=alert.false_alarms,
            ground="held out of its training",
        ),
        judge=judge,
        explain=lambda _, record: _reasons(model.explain(record)),
    )


def _by_review(review: Review, sensitivity: float) -> Ranker:
    found = review.ranking.scores()
    relevant = [score for score, included in found.labelled if included]
    others = [score for score, included in found.labelled if not included]
    threshold = choose(
        relevant,
        others,
        sensitivity=sensitivity,
        ground="labelled here, each scored without its own label,",
    )

    sigmoid = fit_sigmoid(*zip(*found.labelled, strict=True)) if threshold else None

    def judge(records: Mapping[str, Record]) -> dict[str, Judged]:
        known = {ident: found.scores[ident] for ident in records}
        return {
            ident: Judged(score, float(sigmoid.probability(score)) if sigmoid else None)
            for ident, score in known.items()
        }

    labels = f"{len(found.labelled)} labels of this review, {len(relevant)} of them include"
    return Ranker(
        learns=True,
        words=labels if relevant else "the protocol alone, as nothing is included yet",
        threshold=threshold,
        judge=judge,
        explain=lambda ident, _: _reasons(review.explain(ident)),
    )


def _reasons(explanation: Explanation) -> tuple[AlertReason, ...]:
    """Return the strongest parts with a name that a reader understands."""
    parts = strongest_parts(explanation, _PARTS)
    return tuple(AlertReason(name=one.name, value=one.value) for one in parts)
