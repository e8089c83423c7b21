"""
autoscreen ranks Medline abstracts for systematic reviews and learns from every label.

Heavy parts load on first use: importing this package brings in neither scikit-learn nor spaCy
nor pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autoscreen.records import Label, Record

if TYPE_CHECKING:
    from autoscreen.ranking import ScreeningClassifier
    from autoscreen.review import Review

__version__ = "0.1.0"
__all__ = ["Label", "Record", "Review", "ScreeningClassifier", "__version__"]

_LAZY = {"Review": "autoscreen.review", "ScreeningClassifier": "autoscreen.ranking"}


def __getattr__(name: str) -> Any:
    """Load the heavy names when they are first asked for (PEP 562)."""
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
