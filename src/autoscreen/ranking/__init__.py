"""Rankers: the prior from the protocol, the lexical model, their fusion, and explanations.

The estimator loads on first use: it needs scikit-learn, which takes a second that a reviewer who
only wants the next record should not wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscreen.ranking._embeddings import (
    Embeddings,
    SemanticFit,
    WordVectors,
    fit_semantic,
    pool_embeddings,
)
from autoscreen.ranking._explanation import Explanation, Part, ScoreSource, explain_row, word_values
from autoscreen.ranking._fused import FusedScores, combine, fuse, order, prior_weight
from autoscreen.ranking._label_check import held_out_scores
from autoscreen.ranking._lexical import COST as LEXICAL_COST
from autoscreen.ranking._lexical import LexicalFit, class_weights, fit_lexical
from autoscreen.ranking._prior import Prior, Similarity, protocol_prior
from autoscreen.ranking._screening_card import alert_text, card_text
from autoscreen.ranking._screening_features import MATCHES, RecordFeatures, Vocabulary
from autoscreen.ranking._screening_file import load_screening_model, shipped_models
from autoscreen.ranking._screening_model import Alert, Expectation, ScreeningModel
from autoscreen.ranking._svm import solve_svm
from autoscreen.ranking._transfer_features import (
    SIGNS,
    WordWeights,
    clip_outliers,
    transfer_features,
)
from autoscreen.ranking._transfer_model import (
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
    "Embeddings",
    "Expectation",
    "Explanation",
    "FusedScores",
    "LexicalFit",
    "Part",
    "Prior",
    "RecordFeatures",
    "ScoreSource",
    "ScreeningClassifier",
    "ScreeningModel",
    "SemanticFit",
    "Similarity",
    "TransferModel",
    "Vocabulary",
    "WordVectors",
    "WordWeights",
    "alert_text",
    "card_text",
    "class_weights",
    "clip_outliers",
    "combine",
    "explain_row",
    "fit_lexical",
    "fit_semantic",
    "fuse",
    "held_out_scores",
    "load_screening_model",
    "load_transfer_model",
    "order",
    "pool_embeddings",
    "prior_weight",
    "protocol_prior",
    "save_transfer_model",
    "shipped_model",
    "shipped_models",
    "solve_svm",
    "transfer_features",
    "word_values",
]


def __getattr__(name: str) -> Any:
    """Load the estimator when it is first asked for (PEP 562)."""
    if name == "ScreeningClassifier":
        from autoscreen.ranking._classifier import ScreeningClassifier  # noqa: PLC0415

        return ScreeningClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
