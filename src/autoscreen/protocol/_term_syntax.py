"""The language of terms: words, the ending ``*``, abbreviations that keep their case."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from autoscreen.errors import ConfigError

__all__ = ["SHORTEST_STEM", "Word", "fold", "parse_term"]

_WORD = re.compile(r"([^\W_]+)(?:['\u2019]s(?![^\W_]))?(\*?)")
_ALLOWED_BETWEEN = re.compile(r"[\s\-\u2010-\u2015/'\u2019]*")
_LONGEST_ABBREVIATION = 5
SHORTEST_STEM = 3
"""Letters that have to stand before a ``*``."""


class Word(NamedTuple):
    """
    One word of a term.

    Parameters
    ----------
    text
        Folded: lower case, without accents.
    prefix
        True if any ending may follow.
    exact
        The spellings allowed for an abbreviation; empty for an ordinary word, where case is free.
    """

    text: str
    prefix: bool
    exact: tuple[str, ...]


def fold(text: str) -> str:
    """
    Return a text of the same length in lower case without accents, with a space for other signs.

    Terms and texts are compared in this form; since each character stands for one, a place in
    the folded text is the place in the text.

    Examples
    --------
    >>> fold("Guillain-Barré")
    'guillain barre'
    """
    return text.translate(_FOLDING)


class _Folding(dict[int, int]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> int:
        char = chr(code)
        plain = unicodedata.normalize("NFKD", char.lower())[0] if char.isalnum() else " "
        self[code] = ord(plain)
        return self[code]


_FOLDING = _Folding()


def parse_term(term: str) -> tuple[Word, ...]:
    """
    Return the words of a term as a protocol writes it.

    Case and accents are free; hyphen, slash and space are the same; the possessive ``'s`` is
    ignored. ``*`` at the end of a word stands for any ending (also none). A word of at most five
    letters with a capital after its first letter (``TMS``, ``rPMS``) is an abbreviation: it
    matches as written or in capitals, so that ``AIDS`` is not found in "hearing aids".

    Parameters
    ----------
    term
        For example ``"transcranial magnetic stimulation"`` or ``"neuropath* pain"``.

    Raises
    ------
    ConfigError
        If the term has no word, a ``*`` elsewhere than at the end of a word, fewer than three
        letters before it, or a sign that cannot match.

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
            raise ConfigError(f'"{term}" has a * within a word', hint="* stands at a word's end")
    _refuse_other_signs(term, term[position:])
    if not words:
        raise ConfigError(f'"{term}" has no word to look for')
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
            f'"{term}" has the sign "{between.strip()}", which no text matches',
            hint="use words, hyphens and * at the end of a word",
        )
