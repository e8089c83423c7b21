"""Replays a finished review: what autoscreen would have saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autoscreen.active import (
    EXPLORATION_SHARE,
    ReplayedRule,
    replay,
    replay_stopping_rules,
)
from autoscreen.evaluation import measure_all
from autoscreen.formats import warn_of
from autoscreen.progress_callback import Progress, no_progress
from autoscreen.protocol import Protocol
from autoscreen.ranking import EstimatorRanker
from autoscreen.review.finished_review import (
    FinishedReview,
    draw_start,
    pool_of,
    read_finished_review,
)
from autoscreen.review.learner import MODEL, MODEL_WITH_SENTENCES
from autoscreen.review.sentence_embeddings import encode_records
from autoscreen.sentence_encoder.encoder import LoadEncoder, is_installed, load_encoder


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A finished review, read again in autoscreen's order."""

    # Row of each record in the order of reading, without those known before
    rows: NDArray[np.int64]
    order: tuple[int | str, ...]
    relevant: NDArray[np.bool_]  # For each record in that order, whether it is relevant
    measures: Mapping[str, float]  # Values by name; see `autoscreen.evaluation`
    stops: tuple[Mapping[str, Any], ...]  # Where each stopping rule would have ended the reading
    ranker: str  # Name of the ranker; of an estimator its class


def simulate(  # noqa: PLR0913  (a public function with keywords)
    past: FinishedReview | str | Path,
    protocol: Protocol | None = None,
    *,
    known: Mapping[int, bool] | None = None,
    random_state: int = 0,
    exploration: float = EXPLORATION_SHARE,
    ranker: Any = None,
    stopping_rules: Mapping[str, ReplayedRule] = MappingProxyType({}),
    embeddings: bool | LoadEncoder = True,
    progress: Progress | None = None,
) -> Simulation:
    """
    Simulate a finished review: the reading order, and where one could have stopped.

    Parameters
    ----------
    past
        A file of records with labels, or what `autoscreen.review.read_finished_review` returns.
        Problems in the file are reported as a `ReadWarning`.
    protocol
        Its protocol; None to use the records alone.
    known
        Labels known before the start, by row; empty for a start without labels. By default one
        relevant and one irrelevant record, drawn at random.
    random_state
        Seed of all draws.
    exploration
        Share of the records read at random, 0 to 1.
    ranker
        A scikit-learn estimator over texts (title, line break, abstract) with ``fit`` and either
        ``decision_function`` or ``predict_proba``; by default autoscreen's own ranker. Until both
        kinds of label are known, the protocol alone ranks.
    stopping_rules
        Further rules by name: functions of the labels in reading order and of the number of
        records, which return the number of records after which to stop, or None.
    embeddings
        Whether autoscreen's own ranker uses sentence embeddings, which needs the extra [semantic]
        and about 0.05 s per record; without the extra it ranks without. Or a function that loads
        another encoder.
    progress
        Called with what is being done and the number of records done since the last call.

    Returns
    -------
    Simulation
        The order of reading, its measures, and where each stopping rule would have stopped.
    """
    if not isinstance(past, FinishedReview):
        past = read_finished_review(past)
        warn_of(past.problems)
    known = draw_start(past.relevant, random_state=random_state) if known is None else known
    progress = progress or no_progress
    vectors = None if ranker is not None else _vectors(past, embeddings, progress)
    pool = pool_of(past, protocol, embeddings=vectors)
    name, given = MODEL if vectors is None else MODEL_WITH_SENTENCES, None
    if ranker is not None:
        name = type(ranker).__name__
        texts = [f"{one.title}\n{one.abstract}" for one in past.records]
        given = EstimatorRanker(ranker, texts, pool.prior, known)
    rows = replay(
        pool.matrix,
        pool.prior,
        past.relevant,
        known=known,
        random_state=random_state,
        exploration=exploration,
        ranker=given,
        progress=lambda done: progress("reading", done),
    )
    relevant = past.relevant[rows]
    return Simulation(
        rows=rows,
        order=tuple(past.ids[row] for row in rows.tolist()),
        relevant=relevant,
        measures=measure_all(relevant),
        stops=tuple(
            replay_stopping_rules(
                relevant,
                len(past.records),
                known,
                random_state=random_state,
                rules=stopping_rules,
            )
        ),
        ranker=name,
    )


def _vectors(
    past: FinishedReview, wanted: bool | LoadEncoder, progress: Progress
) -> NDArray[np.float32] | None:
    if callable(wanted):
        return encode_records(past.records, wanted(), progress)
    if wanted and past.embeddings is not None:
        return past.embeddings
    if wanted and is_installed():
        return encode_records(past.records, load_encoder(), progress)
    return None
