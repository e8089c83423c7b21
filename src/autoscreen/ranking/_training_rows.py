"""Labelled records that the ranker learns from but does not rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from autoscreen.features import TermCounts, TfidfTerms
from autoscreen.ranking._word_embeddings import Embeddings


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """Labelled records outside a pool, in the feature space of the pool."""

    relevant: NDArray[np.bool_]
    matrix: csr_array  # Shape (records, terms of the pool)
    # As the rows of `Embeddings`; None if the pool has none
    meanings: NDArray[np.float32] | None
    # By the sentence encoder, as in `with_sentences`; None without an encoder
    sentences: NDArray[np.float32] | None = None

    @classmethod
    def of(
        cls,
        relevant: NDArray[np.bool_],
        counts: tuple[TermCounts, TermCounts],
        terms: TfidfTerms,
        embeddings: Embeddings | None,
    ) -> Self:
        """Return records in the feature space of a pool, from counts of texts and index terms."""
        matrix = terms.rows(*counts)
        meanings = None if embeddings is None else embeddings.place(counts[0], matrix)
        return cls(relevant, matrix, meanings)
