"""Rankers: the prior from the protocol, the lexical model, their fusion, and explanations.

The estimator loads on first use: it needs scikit-learn, which takes a second that a reviewer who
only wants the next record should not wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscreen.ranking._explain import Explanation, Part, Source, explain_row
from autoscreen.ranking._fused import FusedScores, fuse, order, prior_weight, unread_scale
from autoscreen.ranking._lexical import COST as LEXICAL_COST
from autoscreen.ranking._lexical import LexicalFit, balance, fit_lexical
from autoscreen.ranking._plane import solve_plane
from autoscreen.ranking._prior import Prior, protocol_prior

if TYPE_CHECKING:
    from autoscreen.ranking._classifier import ScreeningClassifier

__all__ = [
    "LEXICAL_COST",
    "Explanation",
    "FusedScores",
    "LexicalFit",
    "Part",
    "Prior",
    "ScreeningClassifier",
    "Source",
    "balance",
    "explain_row",
    "fit_lexical",
    "fuse",
    "order",
    "prior_weight",
    "protocol_prior",
    "solve_plane",
    "unread_scale",
]


def __getattr__(name: str) -> Any:
    """Load the estimator when it is first asked for (PEP 562)."""
    if name == "ScreeningClassifier":
        from autoscreen.ranking._classifier import ScreeningClassifier  # noqa: PLC0415

        return ScreeningClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
