"""What the terminal can show: its width, colour, and characters."""

from __future__ import annotations

import codecs
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from autoscreen.visible_text import without_controls

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
_COLOUR = re.compile(r"(\x1b\[(?:[01349]|2[2-9]|3[0-79]|9[0-7])(?:;\d{1,3})*m)")
_CLEAR = {"\x1b[2J\x1b[1;1H", "\x1b[H\x1b[2J"}
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


class _VisibleOnly:
    """A stream that writes no control characters but line ends, tabs and our own colours."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        if not colour(self._stream):
            return self._stream.write(without_controls(text))
        if text in _CLEAR or text.startswith("\r"):  # an empty screen, or the line of progress
            return self._stream.write(text)
        parts = _COLOUR.split(text)
        parts[::2] = map(without_controls, parts[::2])
        return self._stream.write("".join(parts))


@contextmanager
def safe_streams() -> Iterator[None]:
    """
    Let stdout and stderr write the nearest ASCII where their encoding lacks a character.

    Whatever a record, a note or a server holds: no control characters reach the terminal.
    """
    before = sys.stdout, sys.stderr
    for stream in before:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="autoscreen")
    sys.stdout, sys.stderr = map(_VisibleOnly, before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


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
