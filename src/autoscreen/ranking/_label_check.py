"""Finds labels that may be wrong, because the other labels contradict them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.ranking._fused import fuse
from autoscreen.ranking._prior import Prior
from autoscreen.ranking._training_rows import TrainingRows
from autoscreen.ranking._transfer_features import standardise

FOLDS = 10


def held_out_scores(
    matrix: csr_array,
    prior: Prior,
    labels: Mapping[int, bool],
    *,
    folds: int = FOLDS,
    also: TrainingRows | None = None,
) -> dict[int, float]:
    """
    Score each labelled record by a ranker that did not see its label.

    A record that was excluded by mistake would bias the ranker; held out, it is scored by the other
    labels alone (cross-validation after Brodley and Friedl 1999, Identifying
    mislabeled training data, section 3).

    Score by row number; higher is more likely relevant. Scores of all parts are on one scale, that
    of the pool.
    """
    part = _parts(labels, folds)
    scores: dict[int, float] = {}
    for number in range(folds):
        held_out = [row for row in labels if part[row] == number]
        if held_out:
            seen = {row: label for row, label in labels.items() if part[row] != number}
            scaled = _scaled(fuse(matrix, prior, seen, also=also).scores)
            scores |= {row: float(scaled[row]) for row in held_out}
    return scores


def _parts(labels: Mapping[int, bool], folds: int) -> dict[int, int]:
    """Assign relevant and irrelevant records to folds in turn, in the order of labelling."""
    part: dict[int, int] = {}
    for kind in (True, False):
        rows = [row for row, label in labels.items() if label is kind]
        part |= {row: at % folds for at, row in enumerate(rows)}
    return part


def _scaled(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    mean, deviation = standardise(scores)
    return (scores - mean) / deviation
