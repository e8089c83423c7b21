"""Checks what a reviewer typed before it is saved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from autoscreen.errors import InputError
from autoscreen.protocol import Reason
from autoscreen.records import Label, Stage
from autoscreen.visible_text import without_controls

_LONGEST_TAG = 100
_NO_WORD = re.compile(r"[\W_]+")


def parse_label(text: str, stage: Stage = Stage.TITLE_ABSTRACT) -> Label:
    """Return the label of this name; ``not-retrieved`` is ``not retrieved``."""
    name = text.lower().replace("-", " ")
    found = next((label for label in stage.labels if label == name), None)
    if found is None:
        known = ", ".join(stage.labels)
        raise InputError(f"{text!r} is not a label", hint=f"choose one of: {known}")
    return found


def parse_reason(text: str, label: Label, known: Sequence[Reason]) -> str:
    """
    Return the code of a reason, given by code in any case, by key, or by how its code begins.

    Any is taken if the protocol lists none.
    """
    if text and label not in (Label.EXCLUDE, Label.UNSURE):
        raise InputError(f"a reason ({text}) goes with exclude or unsure, not with {label}")
    if not text or not known:
        return text
    given = text.casefold()
    exact = [one.code for one in known if given in (one.code.casefold(), one.key.casefold())]
    begins = [one.code for one in known if one.code.casefold().startswith(given)]
    for found in (exact, begins):
        if len(found) == 1:
            return found[0]
    choice = ", ".join(f"{one.key} {one.code}" for one in known)
    wrong = "is the beginning of several reasons" if begins else "is not a reason of the protocol"
    raise InputError(f"{text!r} {wrong}", hint=f"choose: {choice}")


def reason_codes(known: Sequence[Reason]) -> Mapping[str, str]:
    """Return the code of each reason by its code and by its text, for `imported_reason`."""
    return {_words_of(name): one.code for one in known for name in (one.text, one.code)}


def imported_reason(text: str, codes: Mapping[str, str]) -> str:
    """Return the code of the protocol's reason that another program wrote in words, or the text."""
    return codes.get(_words_of(text), text)


def _words_of(text: str) -> str:
    return _NO_WORD.sub(" ", text.casefold()).strip()


def clean_input(text: str) -> str:
    """Replace what is no Unicode, and remove control characters except tabs and line ends."""
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return without_controls(text)


def clean_tag(text: str, *, new: bool = True) -> str:
    """Return a tag with single spaces; one that is empty, or new and too long, is refused."""
    words = " ".join(clean_input(text).split())
    if not words or (new and len(words) > _LONGEST_TAG):
        raise InputError(f"{words!r} is not a tag", hint=f"give 1 to {_LONGEST_TAG} characters")
    return words
