"""How good an order of reading was, and how far reviewers agree: measures as values, intervals.

This room knows nothing of texts, rankers or files: it takes orders of reading as they are.
"""

from __future__ import annotations

from autoscreen.evaluation._agreement import AGREEMENTS, PairAgreement, agreement_by_pair
from autoscreen.evaluation._calibration import Sigmoid, fit_sigmoid, threshold_at_sensitivity
from autoscreen.evaluation._intervals import Interval, clopper_pearson
from autoscreen.evaluation._measures import MEASURES, measure_all

__all__ = [
    "AGREEMENTS",
    "MEASURES",
    "Interval",
    "PairAgreement",
    "Sigmoid",
    "agreement_by_pair",
    "clopper_pearson",
    "fit_sigmoid",
    "measure_all",
    "threshold_at_sensitivity",
]
