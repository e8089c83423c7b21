"""Reasons of a protocol in words, as pages and the terminal show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from autoscreen.records import Label

if TYPE_CHECKING:
    from autoscreen.protocol import Reason

PAST = {
    "include": "included",
    "exclude": "excluded",
    "unsure": "marked unsure",
    "not retrieved": "marked not retrieved",
    "awaiting classification": "marked awaiting classification",
    "ongoing": "marked ongoing",
}

_UNSURE = "unsure:"


def reason_label(reason: Reason) -> Label:
    """Return unsure if the text begins with ``Unsure:``, otherwise exclude."""
    return Label.UNSURE if reason.text.casefold().startswith(_UNSURE) else Label.EXCLUDE


def reason_text(code: str, reasons: Iterable[Reason]) -> str:
    """Return the short text of a reason; its code if the protocol no longer has it."""
    return next((short_reason(reason) for reason in reasons if reason.code == code), code)


def short_reason(reason: Reason) -> str:
    """Return the text of a reason before its colon, or after ``Unsure:``."""
    if reason_label(reason) is Label.UNSURE:
        return reason.text[len(_UNSURE) :].strip()
    return reason.text.partition(":")[0]
