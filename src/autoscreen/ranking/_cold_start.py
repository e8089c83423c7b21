"""Before the first relevant record: records like the excluded ones move down."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autoscreen.ranking._embeddings import Rows
from autoscreen.ranking._transfer_features import standardise

FULL_FROM = 30
"""Excluded records from which on closeness to them weighs as much as the prior."""
# The last ones are enough, and the time does not grow with every exclusion.
_MOST = 100


def unlike_excluded(
    rows: Rows, excluded: list[int], unread: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """
    Return what each record gets for being unlike the excluded ones.

    A prior that is wrong about a review goes on proposing one kind of record. Closeness to the
    nearest excluded record, weighed more with each of them, spreads the proposals over the pool
    (maximal marginal relevance, Carbonell and Goldstein 1998).
    """
    nearest = (rows @ rows[excluded[-_MOST:]].T).max(axis=1).astype(np.float64)
    middle, spread = standardise(nearest[unread])
    weight = min(1.0, len(excluded) / FULL_FROM)
    return np.asarray(-weight * (nearest - middle) / spread)
