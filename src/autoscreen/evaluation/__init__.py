"""How good an order of reading was, and how far reviewers agree: measures as values, intervals.

This room knows nothing of texts, rankers or files: it takes orders of reading as they are.
"""

from __future__ import annotations

from autoscreen.evaluation._agreement import AGREEMENTS, PairAgreement, agreement_by_pair
from autoscreen.evaluation._calibration import Sigmoid, fit_sigmoid, threshold_at_sensitivity
from autoscreen.evaluation._intervals import Interval, clopper_pearson
from autoscreen.evaluation._measures import MEASURES, measure_all
from autoscreen.evaluation._recall_curves import recall_curve, recall_svg
from autoscreen.evaluation._summary import Comparison, Result, compare, means

__all__ = [
    "AGREEMENTS",
    "MEASURES",
    "Comparison",
    "Interval",
    "PairAgreement",
    "Result",
    "Sigmoid",
    "agreement_by_pair",
    "clopper_pearson",
    "compare",
    "fit_sigmoid",
    "means",
    "measure_all",
    "recall_curve",
    "recall_svg",
    "threshold_at_sensitivity",
]
