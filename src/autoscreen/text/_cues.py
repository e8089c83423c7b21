"""Simple care for "without X" and "versus X", within one clause.

A window of a few words before a mention is read backwards until a cue, a clause end or a word
that makes the cue speak of something else ("no difference in pain" does not deny the pain).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoscreen.text._tokens import Token

__all__ = ["is_compared", "is_negated"]

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


def is_negated(text: str, words: list[Token], first: int, last: int) -> bool:
    """Tell whether the clause denies the mention that spans these tokens."""
    if _states_an_effect(text, words, last):
        return False
    bridged = True
    for place in _before(text, words, first, window=_NEGATION_WINDOW):
        word = words[place][0]
        if _is_cue(words, place, _NO, _NO_PAIRS):
            return True
        if word in ("non", "not"):
            return place == first - 1 or (word == "not" and bridged)
        if _EFFECTS.match(word) or (_CLAUSE_WORDS.match(word) and not _is_than_cue(words, place)):
            return False
        bridged = bridged and _NOT_BRIDGE.match(word) is not None
    return False


def is_compared(text: str, words: list[Token], first: int) -> bool:
    """Tell whether the mention that begins at this token stands after "versus" or the like."""
    for place in _before(text, words, first, window=_COMPARISON_WINDOW):
        if _is_cue(words, place, _COMPARED, _COMPARED_PAIRS):
            return True
        if _CLAUSE_WORDS.match(words[place][0]):
            return False
    return False


def _before(text: str, words: list[Token], first: int, *, window: int) -> Iterator[int]:
    """Yield the places of the tokens before a mention, nearest first, within its clause."""
    for place in range(first - 1, max(first - 1 - window, -1), -1):
        word, _, _, end = words[place]
        gap = text[end : words[place + 1][2]]
        if word == "vs" and gap.startswith("."):
            gap = gap[1:]
        if _CLAUSE_END.search(gap):
            return
        yield place


def _states_an_effect(text: str, words: list[Token], last: int) -> bool:
    """Tell whether the mention goes on as "... relief": what is denied is the relief."""
    after = last + 1
    if after >= len(words) or _CLAUSE_END.search(text[words[last][3] : words[after][2]]):
        return False
    return _EFFECTS.match(words[after][0]) is not None


def _is_cue(
    words: list[Token],
    place: int,
    single: frozenset[str],
    pairs: frozenset[tuple[str, str]],
) -> bool:
    word = words[place][0]
    return word in single or (word, words[place + 1][0]) in pairs


def _is_than_cue(words: list[Token], place: int) -> bool:
    """Tell whether "than" belongs to "other than" or "rather than"."""
    return place > 0 and (words[place - 1][0], words[place][0]) in _NO_PAIRS
