"""Simple care for "without X" and "versus X", within one clause.

A window of a few words before a mention is read backwards until a cue, a clause end or a word
that makes the cue speak of something else ("no difference in pain" does not deny the pain).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from autoscreen.text._tokens import Words

__all__ = ["Cues"]

_NEGATION_WINDOW = 5
_COMPARISON_WINDOW = 4
_CLAUSE_END = re.compile(r"[.,;:?!()\[\]\n\r]")

_NO = frozenset({"excluding", "neither", "no", "nor", "without"})
_NO_PAIRS = frozenset(
    {
        ("absence", "of"),
        ("exclusion", "of"),
        ("free", "from"),
        ("free", "of"),
        ("lack", "of"),
        ("other", "than"),
        ("rather", "than"),
    }
)
_NOT = frozenset({"non", "not"})
_COMPARED = frozenset({"versus", "vs"})
_COMPARED_PAIRS = frozenset(
    {
        ("compared", "to"),
        ("compared", "with"),
        ("comparison", "to"),
        ("comparison", "with"),
        ("instead", "of"),
        ("relative", "to"),
    }
)
_CUES = frozenset({*_NO, *_NOT, *_COMPARED, *(first for first, _ in _NO_PAIRS | _COMPARED_PAIRS)})
_CLAUSE_WORDS = re.compile(
    r"(?:although|and|because|but|however|if|since|than|that|though|when|whereas|which|while|"
    r"who|whose)$"
)
# What a "no" before these words denies is not the mention that follows them.
_EFFECTS = re.compile(
    r"(?:adverse|advantage|alter|analges|associat|benefit|chang|clinical|consensus|correl|decreas|"
    r"differ|doubt|effect|efficac|evidence[sd]?$|further|improv|increas|influen|interact|longer$|"
    r"only$|predict|reduc|relati|relie|respon|significan|stat|superior|trend)"
)
# "not" reaches across these words only: "not due to X", "did not receive any X".
_NOT_BRIDGE = re.compile(
    r"(?:a|an|any|attributable|caused|due|ha(?:d|ve|ving)|includ(?:e|ed|ing)|involv(?:e|ed|ing)|"
    r"of|receiv(?:e|ed|ing)|related|the|to|undergo(?:ing)?)$"
)


class Cues:
    """
    The cues of one text.

    Parameters
    ----------
    words
        The words of the text.
    """

    __slots__ = ("_places", "_words")

    def __init__(self, words: Words) -> None:
        self._words = words
        self._places = [place for place, word in enumerate(words.folded) if word in _CUES]

    def negated(self, first: int, last: int) -> bool:
        """Tell whether the clause denies the mention that spans these words."""
        if not self._near(first, _NEGATION_WINDOW) or self._states_an_effect(last):
            return False
        bridged = True
        for place in self._before(first, window=_NEGATION_WINDOW):
            word = self._words.folded[place]
            if self._is_cue(place, _NO, _NO_PAIRS):
                return True
            if word in _NOT:
                return place == first - 1 or (word == "not" and bridged)
            if _EFFECTS.match(word) or self._ends_clause(place):
                return False
            bridged = bridged and _NOT_BRIDGE.match(word) is not None
        return False

    def compared(self, first: int) -> bool:
        """Tell whether the mention that begins at this word stands after "versus" or the like."""
        if not self._near(first, _COMPARISON_WINDOW):
            return False
        for place in self._before(first, window=_COMPARISON_WINDOW):
            if self._is_cue(place, _COMPARED, _COMPARED_PAIRS):
                return True
            if self._ends_clause(place):
                return False
        return False

    def _near(self, first: int, window: int) -> bool:
        """Tell whether any cue is near enough to look closer: for most mentions none is."""
        if not self._places:
            return False
        nearest = bisect_left(self._places, first) - 1
        return nearest >= 0 and self._places[nearest] >= first - window

    def _before(self, first: int, *, window: int) -> Iterator[int]:
        """Yield the places of the words before a mention, nearest first, within its clause."""
        words = self._words
        for place in range(first - 1, max(first - 1 - window, -1), -1):
            gap = words.gap(place, place + 1)
            if words.folded[place] == "vs":
                gap = gap.removeprefix(".")
            if _CLAUSE_END.search(gap):
                return
            yield place

    def _is_cue(
        self, place: int, single: frozenset[str], pairs: frozenset[tuple[str, str]]
    ) -> bool:
        folded = self._words.folded
        return folded[place] in single or (folded[place], folded[place + 1]) in pairs

    def _ends_clause(self, place: int) -> bool:
        """Tell whether a word begins another clause; not the "than" of "other than"."""
        folded = self._words.folded
        if not _CLAUSE_WORDS.match(folded[place]):
            return False
        return place == 0 or (folded[place - 1], folded[place]) not in _NO_PAIRS

    def _states_an_effect(self, last: int) -> bool:
        """Tell whether the mention goes on as "... relief": what is denied is the relief."""
        words, after = self._words, last + 1
        if after >= len(words.folded) or _CLAUSE_END.search(words.gap(last, after)):
            return False
        return _EFFECTS.match(words.folded[after]) is not None
