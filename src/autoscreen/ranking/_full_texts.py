"""Ranks the full texts by what their own labels taught, beside the ranking of title and abstract.

Records excluded by title and abstract are no negative examples here: all full texts differ from
them, and a model that separates the two says little about the full texts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.ranking._lexical import fit_lexical
from autoscreen.ranking._transfer_features import standard_scores, standardise

FIRST_WEIGHT = 1.0
FADE = 10


def full_text_scores(
    matrix: csr_array,
    first: NDArray[np.float64],
    labels: Mapping[int, bool],
    *,
    weight: float = FIRST_WEIGHT,
    fade: float = FADE,
) -> NDArray[np.float64]:
    """
    Score full texts; higher is more likely to be included.

    `first` are their scores by title and abstract, which weigh less with each full text included:
    `weight` over 1 + included / `fade`. They alone decide until there is an included and an
    excluded full text.
    """
    start, found = standard_scores(first), sum(labels.values())
    if found in (0, len(labels)):
        return start
    raw = fit_lexical(matrix, labels).scores(matrix)
    unread = np.ones(len(raw), dtype=bool)
    unread[list(labels)] = False
    mean, deviation = standardise(raw[unread])
    return (raw - mean) / deviation + weight / (1 + found / fade) * start
