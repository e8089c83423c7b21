"""Rankers: the prior from the protocol, the lexical model, their fusion, and explanations.

The estimator loads on first use: it needs scikit-learn, which takes a second that a reviewer who
only wants the next record should not wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscreen.ranking._explain import Explanation, Part, Source, explain_row, word_values
from autoscreen.ranking._fused import FusedScores, combine, fuse, order, prior_weight
from autoscreen.ranking._lexical import COST as LEXICAL_COST
from autoscreen.ranking._lexical import LexicalFit, balance, fit_lexical
from autoscreen.ranking._meaning import (
    MeaningFit,
    Meanings,
    WordVectors,
    fit_meaning,
    pool_meanings,
)
from autoscreen.ranking._plane import solve_plane
from autoscreen.ranking._prior import Likeness, Prior, protocol_prior
from autoscreen.ranking._screening_card import alert_text, card_text
from autoscreen.ranking._screening_features import MATCHES, Reading, Vocabulary
from autoscreen.ranking._screening_file import load_screening_model, shipped_models
from autoscreen.ranking._screening_model import Alert, Expectation, ScreeningModel
from autoscreen.ranking._second_look import held_out_scores
from autoscreen.ranking._signs import SIGNS, WordWeights, limited, pool_signs
from autoscreen.ranking._transfer import (
    TransferModel,
    load_transfer_model,
    save_transfer_model,
    shipped_model,
)

if TYPE_CHECKING:
    from autoscreen.ranking._classifier import ScreeningClassifier

__all__ = [
    "LEXICAL_COST",
    "MATCHES",
    "SIGNS",
    "Alert",
    "Expectation",
    "Explanation",
    "FusedScores",
    "LexicalFit",
    "Likeness",
    "MeaningFit",
    "Meanings",
    "Part",
    "Prior",
    "Reading",
    "ScreeningClassifier",
    "ScreeningModel",
    "Source",
    "TransferModel",
    "Vocabulary",
    "WordVectors",
    "WordWeights",
    "alert_text",
    "balance",
    "card_text",
    "combine",
    "explain_row",
    "fit_lexical",
    "fit_meaning",
    "fuse",
    "held_out_scores",
    "limited",
    "load_screening_model",
    "load_transfer_model",
    "order",
    "pool_meanings",
    "pool_signs",
    "prior_weight",
    "protocol_prior",
    "save_transfer_model",
    "shipped_model",
    "shipped_models",
    "solve_plane",
    "word_values",
]


def __getattr__(name: str) -> Any:
    """Load the estimator when it is first asked for (PEP 562)."""
    if name == "ScreeningClassifier":
        from autoscreen.ranking._classifier import ScreeningClassifier  # noqa: PLC0415

        return ScreeningClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
