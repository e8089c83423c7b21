"""
autoscreen ranks Medline abstracts for systematic reviews and learns from every label.

Everything but records and errors is loaded on first use: importing this package loads neither
scikit-learn nor spaCy nor pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autoscreen._version import __version__
from autoscreen.errors import (
    AutoscreenError,
    ConfigError,
    InputError,
    ModelError,
    ReadWarning,
    SourceError,
    StoreError,
)
from autoscreen.records import Label, Record

if TYPE_CHECKING:
    from autoscreen.formats import read_records as read
    from autoscreen.formats import write
    from autoscreen.protocol import Protocol, load_protocol
    from autoscreen.pubmed import Eutils
    from autoscreen.ranking import ScreeningClassifier, ScreeningModel, load_model
    from autoscreen.review import Review
    from autoscreen.review.simulation import simulate

__all__ = [
    "AutoscreenError",
    "ConfigError",
    "Eutils",
    "InputError",
    "Label",
    "ModelError",
    "Protocol",
    "ReadWarning",
    "Record",
    "Review",
    "ScreeningClassifier",
    "ScreeningModel",
    "SourceError",
    "StoreError",
    "__version__",
    "load_model",
    "load_protocol",
    "read",
    "simulate",
    "write",
]

_LAZY = {
    "Eutils": ("pubmed", "Eutils"),
    "Protocol": ("protocol", "Protocol"),
    "Review": ("review", "Review"),
    "ScreeningClassifier": ("ranking", "ScreeningClassifier"),
    "ScreeningModel": ("ranking", "ScreeningModel"),
    "load_model": ("ranking", "load_model"),
    "load_protocol": ("protocol", "load_protocol"),
    "read": ("formats", "read_records"),
    "simulate": ("review.simulation", "simulate"),
    "write": ("formats", "write"),
}


def __getattr__(name: str) -> Any:
    """Load a name from its room when it is first used (PEP 562)."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room, inside = _LAZY[name]
    value = getattr(import_module(f"autoscreen.{room}"), inside)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, those not loaded yet among them."""
    return sorted({*globals(), *__all__})
