"""Simple detection of negation ("without X") and comparison ("versus X") within one clause.

A window of a few words before a mention is read backwards until a cue, a clause end or a word
that makes the cue refer to something else ("no difference in pain" does not deny the pain).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoscreen.text._tokens import Words

_WINDOW = 5
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
_ALTERNATIVES = frozenset((one, joint) for one in ("with", "presence") for joint in ("and", "or"))
_CAUSES = frozenset({"attributable", "due", "related", "secondary"})
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
# The cue does not refer to what follows these words: "no drug for X".
_PREPOSITIONS = re.compile(
    r"(?:about|after|against|among|at|before|between|by|during|for|from|in|into|on|regarding|"
    r"through|to|toward|towards|under|via|with|within)$"
)
# A "no" before these words does not negate the mention that follows them.
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


def read_cues(words: Words, first: int, last: int) -> tuple[bool, bool]:
    """Return whether the clause denies a mention, and whether it follows "versus" or the like."""
    if _CUES.isdisjoint(words.folded[max(0, first - _WINDOW) : first]):
        return False, False
    return _is_negated(words, first, last), _is_compared(words, first)


def _is_negated(words: Words, first: int, last: int) -> bool:
    if _states_an_effect(words, last):
        return False
    bridged = True
    for place in _before(words, first):
        word = words.folded[place]
        if _is_cue(words, place, _NO, _NO_PAIRS):
            return not _is_alternative(words, place)
        if word in _NOT:
            return place == first - 1 or (word == "not" and bridged)
        if _EFFECTS.match(word) or _turns_away(words, place, _NO_PAIRS):
            return False
        bridged = bridged and _NOT_BRIDGE.match(word) is not None
    return False


def _is_compared(words: Words, first: int) -> bool:
    for place in _before(words, first):
        if _is_cue(words, place, _COMPARED, _COMPARED_PAIRS):
            return True
        if _turns_away(words, place, _COMPARED_PAIRS):
            return False
    return False


def _before(words: Words, first: int) -> Iterator[int]:
    """Yield the places of the words before a mention, nearest first, within its clause."""
    for place in range(first - 1, max(first - 1 - _WINDOW, -1), -1):
        gap = words.gap(place, place + 1)
        if words.folded[place] == "vs":
            gap = gap.removeprefix(".")
        if _CLAUSE_END.search(gap):
            return
        yield place


def _is_cue(
    words: Words, place: int, single: frozenset[str], pairs: frozenset[tuple[str, str]]
) -> bool:
    word, after = words.folded[place : place + 2]
    return word in single or (word, after) in pairs


def _turns_away(words: Words, place: int, pairs: frozenset[tuple[str, str]]) -> bool:
    """Return whether a word introduces something else; not the "than" of "other than"."""
    word = words.folded[place]
    if not (_CLAUSE_WORDS.match(word) or _PREPOSITIONS.match(word)):
        return False
    before = words.folded[place - 1] if place else ""
    return (before, word) not in pairs and not (word == "to" and before in _CAUSES)


def _is_alternative(words: Words, place: int) -> bool:
    """Return whether a cue is half of "with or without" or "presence or absence of"."""
    return place > 1 and tuple(words.folded[place - 2 : place]) in _ALTERNATIVES


def _states_an_effect(words: Words, last: int) -> bool:
    """Return whether the mention continues as "... relief": the relief is negated."""
    if _CLAUSE_END.search(words.gap(last, last + 1)):
        return False
    return _EFFECTS.match(words.folded[last + 1]) is not None
