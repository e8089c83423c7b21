"""Several reviewers' votes in one cell: ``Anna: include; Ben: exclude``."""

from __future__ import annotations

import re

from autoscreen.formats._decision_words import DecisionCell, decision_of

_SEPARATOR = re.compile(r";;;|[;|\n]")
_NAME_FIRST = re.compile(r"([^:=()]{1,40}?)\s*(?::|=>?|\s[-\u2013]\s)\s*(.+)")
_VOTE_FIRST = re.compile(r"(.+?)\s*\(([^()]{1,40})\)")


def votes_in(text: str, reviewers: str = "") -> list[tuple[str, DecisionCell]]:
    """
    Return each reviewer's name and decision; nothing if any part of the cell is something else.

    Names that are not in the cell itself come from `reviewers`, which has as many parts.
    """
    parts = _parts(text)
    if len(parts) < 2:
        return []
    names = _parts(reviewers)
    if len(names) == len(parts) == len(set(names)):
        decisions = [decision_of(part) for part in parts]
        found = [(who, cell) for who, cell in zip(names, decisions, strict=True) if cell]
        if len(found) == len(parts):
            return found
    pairs = [_named(part) for part in parts]
    named = [pair for pair in pairs if pair]
    return named if len({who for who, _ in named}) == len(parts) else []


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


def _named(part: str) -> tuple[str, DecisionCell] | None:
    match = _NAME_FIRST.fullmatch(part)
    if match and not decision_of(match[1]) and (cell := decision_of(match[2])):
        return match[1], cell
    match = _VOTE_FIRST.fullmatch(part)
    if match and not decision_of(match[2]) and (cell := decision_of(match[1])):
        return match[2], cell
    return None
