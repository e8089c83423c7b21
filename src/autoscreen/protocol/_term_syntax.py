"""The syntax of terms: words, truncation with ``*``, case-sensitive abbreviations."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from autoscreen.errors import ConfigError

_WORD = re.compile(r"([^\W_]+)(?:['\u2019]s(?![^\W_]))?(\*?)")
_ALLOWED_BETWEEN = re.compile(r"[\s\-\u2010-\u2015/'\u2019]*")
_LONGEST_ABBREVIATION = 5
SHORTEST_STEM = 3
"""Letters required before a ``*``."""


class Word(NamedTuple):
    """One word of a term."""

    text: str  # In lower case, without accents
    prefix: bool  # True if any ending may follow
    # The spellings of an abbreviation; empty for an ordinary word, in any case
    exact: tuple[str, ...]


def fold(text: str) -> str:
    """
    Return the text in lower case without accents, with a space for each other character.

    The length and all positions stay the same.

    Examples
    --------
    >>> fold("Guillain-Barré")
    'guillain barre'
    """
    return text.translate(_FOLDING)


class _Folding(dict[int, int]):
    """The replacement of each character, determined when first needed."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        plain = unicodedata.normalize("NFKD", char.lower())[0] if char.isalnum() else " "
        self[code] = ord(plain)
        return self[code]


_FOLDING = _Folding()


def parse_term(term: str) -> tuple[Word, ...]:
    """
    Return the words of a term in a protocol.

    Case, accents and the possessive ``'s`` are ignored; hyphen, slash and space are the same. ``*``
    at the end of a word allows any ending or none. A word of at most five letters with a capital
    after its first letter (``TMS``, ``rPMS``) is an abbreviation: it matches as written or in
    capitals, so that ``AIDS`` is not found in "hearing aids".

    Examples
    --------
    >>> [word.text for word in parse_term("Theta-burst stimulat*")]
    ['theta', 'burst', 'stimulat']
    """
    words: list[Word] = []
    position = 0
    for match in _WORD.finditer(term):
        _refuse_other_signs(term, term[position : match.start()])
        words.append(_word(term, match[1], bool(match[2])))
        position = match.end()
        if match[2] and position < len(term) and term[position].isalnum():
            raise ConfigError(
                f'"{term}" has a * within a word', hint="put * at the end of the word"
            )
    _refuse_other_signs(term, term[position:])
    if not words:
        raise ConfigError(f'"{term}" contains no word')
    return tuple(words)


def _word(term: str, text: str, prefix: bool) -> Word:
    if prefix and len(text) < SHORTEST_STEM:
        raise ConfigError(
            f'"{text}*" in "{term}" would match too much',
            hint=f"write at least {SHORTEST_STEM} letters before *",
        )
    abbreviation = len(text) <= _LONGEST_ABBREVIATION and text[1:] != text[1:].lower()
    exact = tuple(dict.fromkeys((text, text.upper()))) if abbreviation and not prefix else ()
    return Word(fold(text), prefix, exact)


def _refuse_other_signs(term: str, between: str) -> None:
    if not _ALLOWED_BETWEEN.fullmatch(between):
        raise ConfigError(
            f'"{term}" contains "{between.strip()}", which cannot match',
            hint="use words, hyphens and * at the end of a word",
        )
