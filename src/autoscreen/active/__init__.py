"""Active learning: which record to read next, when to stop, and refits that nobody waits for."""

from autoscreen.active._background_refit import BackgroundRefit
from autoscreen.active._exact_audit import (
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
from autoscreen.active._query_strategies import EXPLORATION_SHARE, Pick, Strategy, pick_next
from autoscreen.active._recall_estimates import (
    TARGETS,
    AuditCost,
    Estimate,
    Promise,
    audit_costs,
    estimate_total,
)
from autoscreen.active._replay import EVERY_LABEL, USUAL_REFITS, Refits, replay
from autoscreen.active._stopping_replay import replay_stopping_rules
from autoscreen.active._stopping_rules import (
    ExactAudit,
    PastReviewsRule,
    StopDecision,
    StoppingRule,
    StopState,
    advice,
    audit_from,
)

__all__ = [
    "EVERY_LABEL",
    "EXPLORATION_SHARE",
    "TARGETS",
    "USUAL_REFITS",
    "AuditCost",
    "BackgroundRefit",
    "Calibration",
    "Estimate",
    "ExactAudit",
    "Likelihood",
    "PastReview",
    "PastReviewsRule",
    "Pick",
    "Promise",
    "Refits",
    "StopDecision",
    "StopState",
    "StoppingRule",
    "Strategy",
    "advice",
    "audit_boundary",
    "audit_costs",
    "audit_from",
    "audit_order",
    "audit_upper_bound",
    "critical_odds",
    "estimate_total",
    "likelihood_signs",
    "load_calibration",
    "load_likelihood",
    "missed_odds",
    "pick_next",
    "relevant_allowed_to_miss",
    "replay",
    "replay_stopping_rules",
]
