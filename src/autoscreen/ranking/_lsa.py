"""The main axes of a pool: which words its own texts use together (latent semantic indexing)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

DIMENSIONS = 100
# A third of a small pool: more axes than that would single out individual records.
_SHARE = 3
# The axes are found in this many records at most, which bounds time and memory.
_SAMPLE = 10_000
# A term of fewer records than this bears on no main axis, and most terms are of this kind.
_FEWEST = 3
_OVERSAMPLES = 10
_ROUNDS = 3


def pool_axes(matrix: csr_array) -> NDArray[np.float32]:
    """Place the records of a pool along its main axes."""
    count = min(DIMENSIONS, matrix.shape[0] // _SHARE)
    if not count or not matrix.nnz:
        return np.zeros((matrix.shape[0], 0), np.float32)
    step = -(-matrix.shape[0] // _SAMPLE)
    sample = matrix[::step] if step > 1 else matrix
    frequent = np.bincount(sample.indices, minlength=matrix.shape[1]) >= _FEWEST
    used = np.flatnonzero(frequent)
    if not len(used):
        return np.zeros((matrix.shape[0], 0), np.float32)
    sample = csr_array(sample[:, used].astype(np.float64))
    centre = np.asarray(sample.mean(axis=0)).ravel()
    axes = _main_axes(sample, centre, count)
    rows = np.asarray(matrix[:, used] @ axes - centre @ axes)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 1e-9, lengths, 1.0), dtype=np.float32)


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
