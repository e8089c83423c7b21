"""How good an order of reading was, and how far reviewers agree: measures as values, intervals.

This room knows nothing of texts, rankers or files: it takes orders of reading as they are.
"""

from __future__ import annotations

from autoscreen.evaluation._agreement import (
    AC1,
    AGREEMENTS,
    KAPPA,
    PABAK,
    RAW_AGREEMENT,
    Agreement,
    PairAgreement,
    agreement_by_pair,
)
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
from autoscreen.evaluation._recall_curves import recall_curve, recall_svg
from autoscreen.evaluation._reliability import (
    Bin,
    brier_score,
    calibration_error,
    reliability,
    reliability_svg,
)
from autoscreen.evaluation._summary import Comparison, Result, compare, means

__all__ = [
    "AC1",
    "AGREEMENTS",
    "KAPPA",
    "LAST_RELEVANT",
    "LOSS",
    "MEASURES",
    "NDCG",
    "PABAK",
    "RAW_AGREEMENT",
    "RECALL5",
    "RECALL10",
    "RECALL20",
    "TNR95",
    "WSS95",
    "Agreement",
    "Bin",
    "Comparison",
    "Interval",
    "Measure",
    "PairAgreement",
    "Result",
    "agreement_by_pair",
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
