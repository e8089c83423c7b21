"""Functions shared by the spaCy components."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spacy.tokens import Doc, Span


def add_extension(
    name: str, *, default: Any = None, getter: Callable[[Span], Any] | None = None
) -> None:
    """Register the attribute ``span._.NAME``, unless it is registered already."""
    if Span.has_extension(name):
        return
    if getter is None:
        Span.set_extension(name, default=default)
    else:
        Span.set_extension(name, getter=getter)


def covering_span(doc: Doc, place: tuple[int, int], *, label: str) -> Span:
    """Return the shortest span that covers a place in the text of a doc."""
    span = doc.char_span(*place, label=label, alignment_mode="expand")
    assert span is not None, "a place inside the text is covered by tokens"
    return span
