"""Measures of reading orders and of agreement between reviewers, with intervals.

This package does not know texts, rankers or files: it measures reading orders.
"""

from __future__ import annotations

from autoscreen.evaluation._agreement import AGREEMENTS, PairAgreement, agreement_by_pair
from autoscreen.evaluation._calibration import Sigmoid, fit_sigmoid, threshold_at_sensitivity
from autoscreen.evaluation._intervals import Interval, clopper_pearson
from autoscreen.evaluation._measures import measure_all

__all__ = [
    "AGREEMENTS",
    "Interval",
    "PairAgreement",
    "Sigmoid",
    "agreement_by_pair",
    "clopper_pearson",
    "fit_sigmoid",
    "measure_all",
    "threshold_at_sensitivity",
]
