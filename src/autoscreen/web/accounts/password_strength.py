"""Names what makes a password easy to guess: common words, keyboard runs, repetition, the name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).with_name("common_passwords.txt")
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "yxcvbnm",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujmikolp",
    "zaqxswcdevfrbgtnhymjukilop",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7ki8lo9p0",
    "147258369",
    "159357",
    "789456123",
    "321654987",
    "1029384756",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
)
_RUN = 4
"""Characters in a row that are taken for a run."""
_DIFFERENT = 5
"""Fewest different characters."""
_OWN = 5
"""Fewest characters that are left when all that is common was taken away."""
_NAME = 3
_DIGITS = 16
"""Below this length digits alone are a date or a telephone number."""
_LOOKALIKES = str.maketrans("@4310$57!|", "aaeiosstii")
_SHIFTED = str.maketrans("!@#$%^&*()", "1234567890")
_FILLERS = re.compile(r"^[\W\d_]+|[\W\d_]+$|(?<!\d)(?:19|20)\d\d(?!\d)|\s+")


def weakness(password: str, name: str = "") -> str:
    """Return what makes a password easy to guess, as the end of a sentence; empty if nothing."""
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in password):
        return "contains control characters, which not every keyboard can type"
    text = unicodedata.normalize("NFKC", password).casefold()
    packed = "".join(text.split())
    if len(set(packed)) < _DIFFERENT:
        return f"has fewer than {_DIFFERENT} different characters"
    if packed.isdecimal() and len(packed) < _DIGITS:
        return "consists of digits alone"
    if re.fullmatch(r"(.{1,6}?)\1+.{0,5}", packed):
        return "repeats one short part"
    parts = [one for one in re.split(r"\W+", name.casefold()) if len(one) >= _NAME]
    spellings = {text, text.translate(_LOOKALIKES), text.translate(_SHIFTED)}
    if any(_left(one, parts) < _OWN for one in spellings):
        return "consists of very common words, keyboard patterns, years or your name"
    return ""


def _left(text: str, parts: list[str]) -> int:
    """Count the different characters outside common words, runs, names, years and final digits."""
    rest = _common().sub(" ", text)
    for part in parts:
        rest = rest.replace(part, " ")
    return len(set(_FILLERS.sub("", _runs().sub(" ", rest))))


@cache
def _common() -> re.Pattern[str]:
    return _any_of(_WORDS.read_text(encoding="utf-8").split())


@cache
def _runs() -> re.Pattern[str]:
    runs = {
        row[start:end]
        for line in _ROWS
        for row in (line, line[::-1])
        for start in range(len(row) - _RUN + 1)
        for end in range(start + _RUN, len(row) + 1)
    }
    return _any_of(runs)


def _any_of(words: list[str] | set[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda one: (-len(one), one)))))
