"""Buttons for the reasons of a protocol."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autoscreen.protocol import Reason
from autoscreen.records import Label

PAST = {"include": "included", "exclude": "excluded", "unsure": "marked unsure"}

_UNSURE = "unsure:"
_TAKEN = frozenset("ieuzsntacm?")
"""Keys with another use on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonButton:
    """A reason as the page offers it."""

    code: str
    key: str
    text: str
    short: str
    label: Label


def reason_label(reason: Reason) -> Label:
    """Return unsure if the text begins with ``Unsure:``, otherwise exclude."""
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


def reason_text(code: str, reasons: Iterable[Reason]) -> str:
    """Return the short text of a reason; its code if the protocol no longer has it."""
    return next((_short(reason) for reason in reasons if reason.code == code), code)


def _short(reason: Reason) -> str:
    if reason_label(reason) is Label.UNSURE:
        return reason.text[len(_UNSURE) :].strip()
    return reason.text.partition(":")[0]
