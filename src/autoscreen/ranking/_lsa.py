"""The main axes of a pool: which words its own texts use together (latent semantic indexing)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

DIMENSIONS = 100
# At most a third of a small pool: more axes would describe individual records.
_SHARE = 3
# The axes are computed from at most this many records, which limits time and memory.
_SAMPLE = 10_000
# Terms in fewer records than this do not affect a main axis; most terms are this rare.
_FEWEST = 3
_OVERSAMPLES = 10
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class PoolAxes:
    """The main axes of a pool."""

    used: NDArray[np.int64]  # The columns of its matrix that they use
    centre: NDArray[np.float64]  # The mean of the pool in these columns
    axes: NDArray[np.float64]  # Shape (columns used, axes)

    def place(self, matrix: csr_array) -> NDArray[np.float32]:
        """Return the coordinates of records along the axes."""
        rows = np.asarray(matrix[:, self.used] @ self.axes - self.centre @ self.axes)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(lengths > 1e-9, lengths, 1.0), dtype=np.float32)


def pool_axes(matrix: csr_array) -> PoolAxes:
    """Find the main axes of a pool; none if it is too small to have any."""
    count = min(DIMENSIONS, matrix.shape[0] // _SHARE)
    none = PoolAxes(np.zeros(0, np.int64), np.zeros(0), np.zeros((0, 0)))
    if not count or not matrix.nnz:
        return none
    step = -(-matrix.shape[0] // _SAMPLE)
    sample = matrix[::step] if step > 1 else matrix
    frequent = np.bincount(sample.indices, minlength=matrix.shape[1]) >= _FEWEST
    used = np.flatnonzero(frequent)
    if not len(used):
        return none
    sample = csr_array(sample[:, used].astype(np.float64))
    centre = np.asarray(sample.mean(axis=0)).ravel()
    return PoolAxes(used, centre, _main_axes(sample, centre, count))


def _main_axes(rows: csr_array, centre: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Right singular vectors of the centred rows; shape (terms, count)."""
    wide = min(count + _OVERSAMPLES, *rows.shape)
    axes = np.random.default_rng(0).normal(size=(rows.shape[1], wide))
    across = rows.T.tocsr()
    for _ in range(_ROUNDS):
        places = np.linalg.qr(rows @ axes - centre @ axes)[0]
        axes = across @ places - np.outer(centre, places.sum(axis=0))
    # The singular vectors of the small product turn the basis into the axes themselves.
    basis, small = np.linalg.qr(axes)
    turned = np.linalg.svd(small)[0]
    return np.asarray(basis @ turned[:, :count])
