"""What the terminal can show: its width, colour, and characters."""

from __future__ import annotations

import codecs
import os
import shutil
import sys
import unicodedata
from typing import IO

__all__ = ["clip", "colour", "display_width", "pad", "safe_streams", "terminal_width"]

_ASCII = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{MIDDLE DOT}": "-",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
        "\N{PLUS-MINUS SIGN}": "+/-",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{MICRO SIGN}": "u",
        "\N{BULLET}": "*",
        "\N{RIGHTWARDS ARROW}": "->",
    }
)
WITHOUT_A_TERMINAL = 100
"""Columns of a table that goes neither to a terminal nor beside one."""


def _nearest_ascii(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_ASCII)
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return plain.encode("ascii", "replace").decode("ascii"), error.end


codecs.register_error("autoscreen", _nearest_ascii)


def safe_streams() -> None:
    """Let stdout and stderr write the nearest ASCII where their encoding lacks a character."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="autoscreen")


def terminal_width() -> int:
    """Columns to write in: of the terminal, also when stdout is a pipe in front of it."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        try:
            if stream.isatty():
                return max(40, shutil.get_terminal_size((80, 24)).columns)
        except (AttributeError, ValueError):
            continue
    return max(40, shutil.get_terminal_size((WITHOUT_A_TERMINAL, 24)).columns)


def colour(stream: IO[str] | None = None) -> bool:
    """Return whether to colour: on a terminal, unless NO_COLOR is set (see no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"


def display_width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def clip(text: str, width: int, *, keep_end: bool = False) -> str:
    """Cut a text to a number of columns, with an ellipsis where something is missing."""
    if display_width(text) <= width:
        return text
    while text and display_width(text) > width - 1:
        text = text[1:] if keep_end else text[:-1]
    mark = "\N{HORIZONTAL ELLIPSIS}"
    return mark + text.lstrip() if keep_end else text.rstrip() + mark


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text with spaces to a number of columns."""
    space = " " * (width - display_width(text))
    return space + text if right else text + space
