"""Active learning: which record to read next, when to stop, and refits in the background."""

from autoscreen.active._background_refit import BackgroundRefit
from autoscreen.active._exact_audit import audit_order
from autoscreen.active._likelihood import load_likelihood
from autoscreen.active._past_reviews import Unlike, load_calibration
from autoscreen.active._query_strategies import EXPLORATION_SHARE, Pick, Strategy, pick_next
from autoscreen.active._recall_estimates import TARGETS, AuditCost, Estimate, audit_costs
from autoscreen.active._replay import replay
from autoscreen.active._stopping_replay import ReplayedRule, replay_stopping_rules
from autoscreen.active._stopping_rules import (
    ExactAudit,
    PastReviewsRule,
    StopDecision,
    StopState,
    advice,
)

__all__ = [
    "EXPLORATION_SHARE",
    "TARGETS",
    "AuditCost",
    "BackgroundRefit",
    "Estimate",
    "ExactAudit",
    "PastReviewsRule",
    "Pick",
    "ReplayedRule",
    "StopDecision",
    "StopState",
    "Strategy",
    "Unlike",
    "advice",
    "audit_costs",
    "audit_order",
    "load_calibration",
    "load_likelihood",
    "pick_next",
    "replay",
    "replay_stopping_rules",
]
