"""What a reviewer typed, as the review file takes it; what it cannot take is named."""

from __future__ import annotations

from collections.abc import Sequence

from autoscreen.errors import InputError
from autoscreen.protocol import Reason
from autoscreen.records import Label
from autoscreen.visible_text import without_controls


def parse_label(text: str) -> Label:
    """Return the label of this name."""
    try:
        return Label(text.lower())
    except ValueError:
        known = ", ".join(Label)
        raise InputError(f"{text!r} is not a label", hint=f"choose one of: {known}") from None


def parse_reason(text: str, label: Label, known: Sequence[Reason]) -> str:
    """Return the code of a reason; any is taken if the protocol lists none."""
    codes = [reason.code for reason in known]
    if text and label is Label.INCLUDE:
        raise InputError(f"a reason ({text}) goes with exclude or unsure, not with {label}")
    if text and codes and text not in codes:
        raise InputError(
            f"{text!r} is not a reason of the protocol", hint=f"choose: {', '.join(codes)}"
        )
    return text


def clean_input(text: str) -> str:
    """Replace what is no Unicode, and remove control characters except tabs and line ends."""
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return without_controls(text)
