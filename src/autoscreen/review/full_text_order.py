"""The order of the full texts, fitted again whenever it is asked for: they are few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_array

from autoscreen.features import count_terms, fit_tfidf
from autoscreen.ranking import full_text_scores, order
from autoscreen.review.open_review import FULL_TEXT_MODEL, OpenReview
from autoscreen.review.pool_model import index_text
from autoscreen.store.stored_values import FullTextRow, RankPosition


class FullTextOrder:
    """Sorts full texts by title and abstract, and by the decisions about other full texts."""

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._weighed: tuple[tuple[int, list[int]], csr_array] | None = None

    def places(
        self, texts: Sequence[FullTextRow], labels: Mapping[int, bool]
    ) -> dict[int, RankPosition]:
        """
        Return the place of each full text, best first.

        As long as no full text is included or none excluded, it is that of title and abstract.
        """
        ranking, numbers = self._opened.places(), [one.number for one in texts]
        if len(set(labels.values())) < 2:
            return {number: ranking.of(number) for number in ranking.sorted(numbers)}
        first = np.array([ranking.of(number).score for number in numbers], dtype=np.float64)
        # Records imported after that ranking was made count as its last ones.
        unknown = np.isnan(first)
        first[unknown] = first[~unknown].min(initial=0.0)
        rows = {number: row for row, number in enumerate(numbers)}
        scores = full_text_scores(
            self._matrix(texts), first, {rows[number]: label for number, label in labels.items()}
        )
        return {
            numbers[row]: RankPosition(rank=rank, score=float(scores[row]), model=FULL_TEXT_MODEL)
            for rank, row in enumerate(order(scores).tolist(), 1)
        }

    def _matrix(self, texts: Sequence[FullTextRow]) -> csr_array:
        key = self._opened.store.pool.epoch(), [one.number for one in texts]
        if self._weighed is None or self._weighed[0] != key:
            terms = fit_tfidf(
                count_terms(f"{one.record.title}\n{one.record.abstract}" for one in texts),
                count_terms(index_text(one.record.index_terms) for one in texts),
            )
            self._weighed = key, terms.matrix
        return self._weighed[1]
