"""Measures of an order of reading, each with its definition and source."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

Relevant = NDArray[np.bool_]
RankIndex = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """
    A measure of an order of reading.

    Examples
    --------
    >>> TNR95.of(np.array([True, False, True, False, False]))
    0.6666666666666666
    """

    name: str  # Short name, as in tables and JSON
    definition: str  # What the number means
    source: str
    higher_is_better: bool  # Which way is better
    _formula: Callable[[RankIndex, int], float] = field(repr=False, compare=False)

    def of(self, relevant: Relevant) -> float:
        """
        Measure one order.

        Not a number if no record is relevant; 1 (or 0 where lower is better) if all are and the
        measure is about the irrelevant ones.
        """
        places = np.flatnonzero(relevant).astype(np.int64) + 1
        return float(self._formula(places, len(relevant))) if len(places) else math.nan


def measure_all(relevant: Relevant) -> dict[str, float]:
    """All measures of one order, by name."""
    return {measure.name: measure.of(relevant) for measure in MEASURES}


def _place_of_recall(places: RankIndex, share: float) -> tuple[int, int]:
    """How many relevant records make this share, and the position of the last of them."""
    # 0.95 * 20 is a little more than 19 in binary fractions.
    needed = math.ceil(round(share * len(places), 9))
    return needed, int(places[needed - 1])


def _true_negative_rate(places: RankIndex, pool: int, *, recall: float) -> float:
    needed, place = _place_of_recall(places, recall)
    irrelevant = pool - len(places)
    return 1 - (place - needed) / irrelevant if irrelevant else 1.0


def _loss(places: RankIndex, pool: int) -> float:
    irrelevant = pool - len(places)
    return (places.mean() - (len(places) + 1) / 2) / irrelevant if irrelevant else 0.0


def _gain(places: RankIndex, pool: int) -> float:
    ideal = np.arange(1, len(places) + 1)
    return float((1 / np.log2(places + 1)).sum() / (1 / np.log2(ideal + 1)).sum())


def _recall(places: RankIndex, pool: int, *, share: float) -> float:
    return float((places <= math.ceil(round(share * pool, 9))).mean())


def _last(places: RankIndex, pool: int) -> float:
    return float(places[-1] / pool)


def _work_saved(places: RankIndex, pool: int, *, recall: float) -> float:
    return (pool - _place_of_recall(places, recall)[1]) / pool - (1 - recall)


def _recall_at(percent: int) -> Measure:
    return Measure(
        name=f"recall@{percent}%",
        definition=f"Share of the relevant records among the first {percent}% read "
        "(rounded up); also known as RRF@" + f"{percent}.",
        source="Ferdinands et al. 2023, Systematic Reviews 12:100",
        higher_is_better=True,
        _formula=partial(_recall, share=percent / 100),
    )


TNR95 = Measure(
    name="TNR@95",
    definition="Share of the irrelevant records that are never read if reading stops when 95% of "
    "the relevant ones (rounded up) are found; the same as normalised WSS@95.",
    source="Kusa, Lipani, Knoth, Hanbury 2023, Intelligent Systems with Applications 18:200193",
    higher_is_better=True,
    _formula=partial(_true_negative_rate, recall=0.95),
)
LOSS = Measure(
    name="loss",
    definition="Mean place of the relevant records above the best one possible, over that of the "
    "worst order: the chance that an irrelevant record is read before a relevant one. It equals "
    "1 - AUROC of the order and is linear in the average time to discovery.",
    source="ASReview 2 (van de Schoot et al. 2025, Patterns); AUROC: Hanley, McNeil 1982",
    higher_is_better=False,
    _formula=_loss,
)
NDCG = Measure(
    name="NDCG",
    definition="Sum of 1 / log2(place + 1) over the relevant records, divided by that of the "
    "best order.",
    source="Järvelin, Kekäläinen 2002, ACM TOIS 20(4), with gains of 0 and 1",
    higher_is_better=True,
    _formula=_gain,
)
RECALL5 = _recall_at(5)
RECALL10 = _recall_at(10)
RECALL20 = _recall_at(20)
LAST_RELEVANT = Measure(
    name="last relevant",
    definition="Share of the pool that is read when the last relevant record is found.",
    source="the time to the last discovery, as in Ferdinands et al. 2023",
    higher_is_better=False,
    _formula=_last,
)
WSS95 = Measure(
    name="WSS@95",
    definition="Share of the pool never read if reading stops when 95% of the relevant records "
    "(rounded up) are found, minus 5%. It depends on how many are relevant: do not compare it "
    "between reviews.",
    source="Cohen, Hersh, Peterson, Yen 2006, JAMIA 13(2), equation 1",
    higher_is_better=True,
    _formula=partial(_work_saved, recall=0.95),
)
MEASURES = (LOSS, NDCG, TNR95, RECALL5, RECALL10, RECALL20, LAST_RELEVANT, WSS95)
"""All measures, in the order of tables."""
