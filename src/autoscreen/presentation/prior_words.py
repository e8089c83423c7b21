"""The wording of prior knowledge, the same on the pages and in the terminal."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autoscreen.store.prior_knowledge import PriorFile


TRAINED_FROM = "the model is trained from the decisions of this review"
REPLAYED_FROM = "the replay begins as a review without it"


def prior_words(file: PriorFile) -> str:
    """Return which records of a file train the ranking, in a sentence without a full stop."""
    used = f"{counted(file.included, 'included record')} and {file.excluded:,} excluded"
    return f"{used} of {PurePath(file.path).name} train the ranking; they are not counted here"


def prior_unused(files: Iterable[PriorFile], what: str) -> str:
    """Return a sentence on prior knowledge that a result does without; empty if there is none."""
    used = [one for one in files if one.in_use]
    count = sum(one.included + one.excluded for one in used)
    return f"{counted(count, 'record')} of prior knowledge not used: {what}" if used else ""


def prior_in_use(files: Iterable[PriorFile]) -> list[str]:
    """Return a sentence on each file in use."""
    return [prior_words(one) for one in files if one.in_use]
