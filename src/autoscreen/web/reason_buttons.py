"""Reasons as buttons: which label goes with one, and a short text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autoscreen.protocol import Reason
from autoscreen.records import Label

__all__ = ["ReasonButton", "reason_buttons", "reason_label"]

_UNSURE = "unsure:"
_TAKEN = frozenset("ieuzsntacm?")
"""Keys that mean something else on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonButton:
    """A reason as the page offers it."""

    code: str
    key: str
    text: str
    short: str
    label: Label


def reason_label(reason: Reason) -> Label:
    """Return the label that a reason goes with: its text says ``Unsure:`` if it is not exclude."""
    return Label.UNSURE if reason.text.casefold().startswith(_UNSURE) else Label.EXCLUDE


def reason_buttons(reasons: Iterable[Reason]) -> list[ReasonButton]:
    """Return the buttons in the order of the protocol."""
    listed = list(reasons)
    own = {reason.key.lower() for reason in listed} - _TAKEN
    free = iter([number for number in "123456789" if number not in own])
    return [
        ReasonButton(
            code=reason.code,
            key=next(free, "") if reason.key.lower() in _TAKEN else reason.key,
            text=reason.text,
            short=_short(reason),
            label=reason_label(reason),
        )
        for reason in listed
    ]


def _short(reason: Reason) -> str:
    if reason_label(reason) is Label.UNSURE:
        return reason.text[len(_UNSURE) :].strip()
    return reason.text.partition(":")[0]
