"""Buttons for the reasons of a protocol."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from autoscreen.presentation.reason_words import reason_label, short_reason
from autoscreen.protocol import Reason
from autoscreen.records import Label

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


def reason_buttons(reasons: Iterable[Reason], *, taken: Set[str] = _TAKEN) -> list[ReasonButton]:
    """Return the buttons in the order of the protocol."""
    listed = list(reasons)
    own = {reason.key.lower() for reason in listed} - taken
    free = iter([number for number in "123456789" if number not in own])
    return [
        ReasonButton(
            code=reason.code,
            key=next(free, "") if reason.key.lower() in taken else reason.key,
            text=reason.text,
            short=short_reason(reason),
            label=reason_label(reason),
        )
        for reason in listed
    ]
