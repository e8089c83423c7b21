"""A review from Python: import, label, rank, export. Everything else is behind it."""

from __future__ import annotations

from autoscreen.review.review import Review

__all__ = [
    "Review",
]
