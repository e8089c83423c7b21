"""How good an order of reading was: measures as values, and intervals over reviews.

This room knows nothing of texts, rankers or files: it takes orders of reading as they are.
"""

from __future__ import annotations

from autoscreen.evaluation._curves import recall_curve, recall_svg
from autoscreen.evaluation._intervals import Interval, bootstrap_interval
from autoscreen.evaluation._measures import (
    LAST_RELEVANT,
    LOSS,
    MEASURES,
    NDCG,
    RECALL5,
    RECALL10,
    RECALL20,
    TNR95,
    WSS95,
    Measure,
    measure_all,
)
from autoscreen.evaluation._reliability import (
    Bin,
    brier_score,
    calibration_error,
    reliability,
    reliability_svg,
)
from autoscreen.evaluation._summary import Comparison, Result, compare, means

__all__ = [
    "LAST_RELEVANT",
    "LOSS",
    "MEASURES",
    "NDCG",
    "RECALL5",
    "RECALL10",
    "RECALL20",
    "TNR95",
    "WSS95",
    "Bin",
    "Comparison",
    "Interval",
    "Measure",
    "Result",
    "bootstrap_interval",
    "brier_score",
    "calibration_error",
    "compare",
    "means",
    "measure_all",
    "recall_curve",
    "recall_svg",
    "reliability",
    "reliability_svg",
]
