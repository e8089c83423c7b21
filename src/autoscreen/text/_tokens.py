"""Words of a text with their positions, and the gaps allowed within a phrase."""

from __future__ import annotations

import re
from itertools import accumulate, count
from operator import add

from autoscreen.protocol import fold

Token = tuple[str, str, int, int]
"""Folded word, word as written, start and end; a plain tuple because there are millions."""

_JOIN = re.compile(r"(?:['\u2019]s)?[^\S\n\r]*[-\u2010-\u2015/'\u2019]?[^\S\n\r]*")
_APOSTROPHES = ("'", "\u2019")


class Words:
    """
    The folded words of a text and their places.

    Splitting at each single space keeps the places computable and costs a tenth of a regular
    expression; the price is empty words where two separators meet, and one at the end.
    """

    __slots__ = ("_ends", "folded", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = (fold(text) + " ").split(" ")
        self._ends: list[int] = []

    @property
    def ends(self) -> list[int]:
        """Where each word ends."""
        if not self._ends:
            self._ends = list(map(add, accumulate(map(len, self.folded)), count()))
        return self._ends

    def start(self, place: int) -> int:
        """Return where a word starts."""
        return self.ends[place] - len(self.folded[place])

    def written(self, place: int) -> str:
        """Return a word as the text writes it."""
        return self.text[self.start(place) : self.ends[place]]

    def gap(self, before: int, after: int) -> str:
        """Return the text between two words."""
        return self.text[self.ends[before] : self.start(after)]

    def after(self, place: int) -> int:
        """Return the place of the next word, passing over a possessive ``'s``; 0 at the end."""
        folded = self.folded
        for following in range(place + 1, len(folded)):
            word = folded[following]
            if word and not (word == "s" and self._possessive(following)):
                return following
        return 0

    def joined(self, before: int, after: int) -> bool:
        """
        Return whether two words following each other can be of one phrase.

        A hyphen, a slash and a space join words; a line break or another sign ends the phrase.
        """
        gap = self.gap(before, after)
        return gap in (" ", "-") or _JOIN.fullmatch(gap) is not None

    def _possessive(self, place: int) -> bool:
        return self.text[self.start(place) - 1] in _APOSTROPHES


def tokens(text: str) -> list[Token]:
    """
    Return the words of a text with their places.

    Examples
    --------
    >>> tokens("Bell-Barré")
    [('bell', 'Bell', 0, 4), ('barre', 'Barré', 5, 10)]
    """
    words = Words(text)
    return [
        (folded, text[end - len(folded) : end], end - len(folded), end)
        for folded, end in zip(words.folded, words.ends, strict=True)
        if folded
    ]
