"""Before the first relevant record: records similar to excluded ones are ranked lower."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autoscreen.ranking._transfer_features import standardise
from autoscreen.ranking._word_embeddings import Rows

FULL_FROM = 30
"""Number of excluded records at which similarity to them weighs as much as the prior."""
# Only the most recent ones are compared, so that the time does not grow.
_MOST = 100


def unlike_excluded(
    rows: Rows, excluded: list[int], unread: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """
    Return a bonus for each record that is dissimilar to the excluded ones.

    A prior that does not fit a review keeps ranking one kind of record first. Similarity to the
    nearest excluded record, weighted more with each exclusion, diversifies the top of the ranking
    (maximal marginal relevance, Carbonell and Goldstein 1998).
    """
    nearest = (rows @ rows[excluded[-_MOST:]].T).max(axis=1).astype(np.float64)
    middle, spread = standardise(nearest[unread])
    weight = min(1.0, len(excluded) / FULL_FROM)
    return np.asarray(-weight * (nearest - middle) / spread)
