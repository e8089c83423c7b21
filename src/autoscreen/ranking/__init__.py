"""Rankers: the prior from the protocol, the lexical model, their fusion, and explanations."""

from autoscreen.ranking._classifier import ScreeningClassifier
from autoscreen.ranking._explain import Explanation, Part, Source, explain_row
from autoscreen.ranking._fused import FusedScores, fuse, order
from autoscreen.ranking._lexical import LexicalFit, fit_lexical
from autoscreen.ranking._prior import Prior, protocol_prior

__all__ = [
    "Explanation",
    "FusedScores",
    "LexicalFit",
    "Part",
    "Prior",
    "ScreeningClassifier",
    "Source",
    "explain_row",
    "fit_lexical",
    "fuse",
    "order",
    "protocol_prior",
]
