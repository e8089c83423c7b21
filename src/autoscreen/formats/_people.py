"""Author names: one per value, as ``Family, Given`` or ``Family GN``."""

from __future__ import annotations

import re
from ast import literal_eval

from autoscreen.formats._clean import plain, unique

__all__ = ["people", "person", "python_list"]

_IN_BRACKETS = re.compile(r"\s*(?:\((?:\d+|[^()]*@[^()]*)\)|\[[^\]]*\])(?=\s*$)")
_INITIALS_FIRST = re.compile(r"((?:[^\W\d_]\.[ -]?)+)\s*((?:[a-z'’]+ )*[^\W\d_a-z][^\d,.]+)")
_ENDS_IN_INITIALS = re.compile(r"\S.* (?:[^\W\d_a-z]\.?-?){1,4}\.?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?)+")
_AND = re.compile(r",?\s+(?:and|&)\s+")


def person(text: str) -> str:
    """
    Give one author as ``Family, Given`` or ``Family GN``.

    Identifiers and addresses that databases add in brackets go, and initials that stand before
    the family name move behind it.
    """
    name = plain(text).strip(" ;,")
    if name.endswith((")", "]")):
        name = _IN_BRACKETS.sub("", name)
    if "," in name:
        return ", ".join(part for part in (part.strip() for part in name.split(",")) if part)
    if "." in name[:3] and (match := _INITIALS_FIRST.fullmatch(name)):
        return f"{match[2]}, {match[1].strip()}"
    return name


def people(text: str) -> tuple[str, ...]:
    """Give the authors that a table's cell holds, told apart by what seems to separate them."""
    text = text.strip()
    if not text:
        return ()
    if (values := python_list(text)) is not None:
        return unique(map(person, values))
    for separator in (";", "|", "\n"):
        if separator in text:
            return unique(map(person, text.split(separator)))
    if "," in text:
        return unique(map(person, _parted_by_commas(text)))
    return unique([person(text)])


def python_list(text: str) -> list[str] | None:
    """Give the values of a list written as Python does (``['a', 'b']``); None if it is not one."""
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        values = literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return [str(value) for value in values]


def _parted_by_commas(text: str) -> list[str]:
    parts = _AND.split(text)
    if len(parts) > 1 and any("," in part for part in parts):
        return [name for part in parts for name in _parted_by_commas(part)]
    parts = [part.strip() for part in text.rstrip(" .,").split(",")]
    if all(_ENDS_IN_INITIALS.fullmatch(part) for part in parts):
        return parts
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) % 2 == 0 and all(_INITIALS.fullmatch(given) for _, given in _dotted(pairs)):
        return [f"{family}, {given}" for family, given in _dotted(pairs)]
    if len(parts) > 2 and all(" " in part for part in parts):
        return parts
    return [text]


def _dotted(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give back the stop that was stripped from the end of the text."""
    return [(family, given if given.endswith(".") else f"{given}.") for family, given in pairs]
