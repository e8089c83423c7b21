"""Active learning: which record to read next, when to stop, and refits that nobody waits for."""

from autoscreen.active._audit import (
    audit_boundary,
    audit_order,
    audit_upper_bound,
    relevant_allowed_to_miss,
)
from autoscreen.active._likelihood import Likelihood, likelihood_signs, load_likelihood
from autoscreen.active._past_reviews import (
    Calibration,
    PastReview,
    critical_odds,
    load_calibration,
    missed_odds,
)
from autoscreen.active._refit import BackgroundRefit
from autoscreen.active._replay import EVERY_LABEL, USUAL_REFITS, Refits, replay
from autoscreen.active._stopping import (
    ExactAudit,
    PastReviewsRule,
    StopDecision,
    StoppingRule,
    advice,
    audit_from,
)
from autoscreen.active._stops import stops_of
from autoscreen.active._strategies import EXPLORATION_SHARE, Pick, Strategy, pick_next
from autoscreen.active._totals import (
    TARGETS,
    Cost,
    Estimate,
    Promise,
    cost_of_certainty,
    estimate_total,
)

__all__ = [
    "EVERY_LABEL",
    "EXPLORATION_SHARE",
    "TARGETS",
    "USUAL_REFITS",
    "BackgroundRefit",
    "Calibration",
    "Cost",
    "Estimate",
    "ExactAudit",
    "Likelihood",
    "PastReview",
    "PastReviewsRule",
    "Pick",
    "Promise",
    "Refits",
    "StopDecision",
    "StoppingRule",
    "Strategy",
    "advice",
    "audit_boundary",
    "audit_from",
    "audit_order",
    "audit_upper_bound",
    "cost_of_certainty",
    "critical_odds",
    "estimate_total",
    "likelihood_signs",
    "load_calibration",
    "load_likelihood",
    "missed_odds",
    "pick_next",
    "relevant_allowed_to_miss",
    "replay",
    "stops_of",
]
