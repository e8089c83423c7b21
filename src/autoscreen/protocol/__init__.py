"""The review's protocol: question, criteria, concepts, reasons and query in one TOML file."""

from __future__ import annotations

from autoscreen.protocol._model import Concept, Criteria, Element, Protocol, Reason
from autoscreen.protocol._terms import Word, fold, parse_term

__all__ = [
    "Concept",
    "Criteria",
    "Element",
    "Protocol",
    "Reason",
    "Word",
    "fold",
    "parse_term",
]
