"""Removes from a text what a terminal would obey instead of showing it."""

from __future__ import annotations

import re

__all__ = ["without_controls"]

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]"
)


def without_controls(text: str) -> str:
    """Return a text without control and direction characters; tabs and line ends stay."""
    return text if text.isprintable() else _CONTROL.sub("", text)
