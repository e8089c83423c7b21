"""Words of a text with their places, and what may stand between the words of one phrase."""

from __future__ import annotations

import re

from autoscreen.protocol import fold

__all__ = ["Token", "joined", "tokens"]

Token = tuple[str, str, int, int]
"""Folded word, word as written, start and end; a plain tuple because there are millions."""

_TOKEN = re.compile(r"([^\W_]+)(?:['\u2019]s(?![^\W_]))?")
_JOIN = re.compile(r"[^\S\n\r]*[-\u2010-\u2015/'\u2019]?[^\S\n\r]*")


def tokens(text: str) -> list[Token]:
    """
    Get the words of a text with their places.

    Parameters
    ----------
    text
        Plain text, Unicode NFC.

    Returns
    -------
    list of (folded, original, start, end)
        A word is a run of letters and digits; a possessive ``'s`` belongs to the place of its
        word but not to the word.

    Examples
    --------
    >>> tokens("Bell's palsy")
    [('bell', 'Bell', 0, 6), ('palsy', 'palsy', 7, 12)]
    """
    found = []
    for match in _TOKEN.finditer(text):
        word = match[1]
        found.append((word.lower() if word.isascii() else fold(word), word, *match.span()))
    return found


def joined(gap: str) -> bool:
    """Tell whether the text between two words lets them be one phrase."""
    return gap in (" ", "-") or _JOIN.fullmatch(gap) is not None
