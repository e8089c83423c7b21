"""Rankers: the prior from the protocol, the lexical model, their fusion, and explanations.

The estimator is imported on first use, since importing scikit-learn takes a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autoscreen.ranking._alert import Alert
from autoscreen.ranking._estimator_ranker import EstimatorRanker
from autoscreen.ranking._explanation import (
    ConceptPart,
    Explanation,
    Part,
    SimilarRecord,
    explain_row,
    word_values,
)
from autoscreen.ranking._full_texts import full_text_scores
from autoscreen.ranking._fused import FusedScores, fuse, order
from autoscreen.ranking._kernel_ranker import KernelRanker
from autoscreen.ranking._label_check import held_out_scores
from autoscreen.ranking._model_card import alert_text
from autoscreen.ranking._prior import Prior, protocol_prior, with_sentences
from autoscreen.ranking._score_bound import ScorePass
from autoscreen.ranking._screening_features import ScoredText, Vocabulary
from autoscreen.ranking._screening_file import (
    load_model,
    model_checksum,
    save_model,
    shipped_models,
)
from autoscreen.ranking._screening_model import ScreeningModel
from autoscreen.ranking._training_rows import TrainingRows
from autoscreen.ranking._transfer_model import TransferModel, shipped_model

if TYPE_CHECKING:
    from autoscreen.ranking._classifier import ScreeningClassifier

__all__ = [
    "Alert",
    "ConceptPart",
    "EstimatorRanker",
    "Explanation",
    "FusedScores",
    "KernelRanker",
    "Part",
    "Prior",
    "ScorePass",
    "ScoredText",
    "ScreeningClassifier",
    "ScreeningModel",
    "SimilarRecord",
    "TrainingRows",
    "TransferModel",
    "Vocabulary",
    "alert_text",
    "explain_row",
    "full_text_scores",
    "fuse",
    "held_out_scores",
    "load_model",
    "model_checksum",
    "order",
    "protocol_prior",
    "save_model",
    "shipped_model",
    "shipped_models",
    "with_sentences",
    "word_values",
]


def __getattr__(name: str) -> Any:
    """Load the estimator when it is first asked for (PEP 562)."""
    if name == "ScreeningClassifier":
        from autoscreen.ranking._classifier import ScreeningClassifier  # noqa: PLC0415

        return ScreeningClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
