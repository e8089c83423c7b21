"""The abbreviations that a text itself introduces."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

_PARENTHESIS = re.compile(r"[(\[]([^()\[\]]{2,150})[)\]]")
_SENTENCE_END = re.compile(r"[.!?;]\s|[\n\r()\[\]]")
_WORD = re.compile(r"\S+")
_SHORT = re.compile(r"[^\W_](?:[\w+&/.-]|\s(?=\S)){1,9}")
_SHORTEST, _LONGEST, _MOST_WORDS = 2, 10, 2
_NEAR = 2
_CUT = re.compile(r"[,;:]|\s(?:or|and|i\.e\.|e\.g\.)\s")


class Abbreviation(NamedTuple):
    """A short form and the long form it was introduced with."""

    short: str
    long: str
    short_start: int  # Their places in the text
    short_end: int
    long_start: int
    long_end: int


def find_abbreviations(text: str) -> list[Abbreviation]:
    """
    Return the abbreviations that a text introduces as "long form (SF)" or "SF (long form)".

    In the order of the text. Unlike in the paper a short form needs a capital, and square brackets
    count too.

    References
    ----------
    Schwartz AS, Hearst MA. A simple algorithm for identifying abbreviation definitions in
    biomedical text. Pac Symp Biocomput 2003:451-462. PMID 12603049. Section 3.

    Examples
    --------
    >>> found = find_abbreviations("Complex regional pain syndrome (CRPS) hurts.")
    >>> [(pair.short, pair.long) for pair in found]
    [('CRPS', 'Complex regional pain syndrome')]
    """
    return [pair for match in _PARENTHESIS.finditer(text) if (pair := _read(text, match))]


def find_abbreviations_near(text: str, places: Collection[tuple[int, int]]) -> list[Abbreviation]:
    """Return the abbreviations whose parenthesis is at one of these places or just after."""
    return [
        pair
        for match in _PARENTHESIS.finditer(text)
        if any(end + _NEAR >= match.start() and start <= match.end() for start, end in places)
        and (pair := _read(text, match))
    ]


def _read(text: str, match: re.Match[str]) -> Abbreviation | None:
    return _long_before(text, match) or _short_before(text, match)


def _long_before(text: str, match: re.Match[str]) -> Abbreviation | None:
    """Read the parenthesis as a short form whose long form precedes it."""
    inside = _CUT.split(match[1], maxsplit=1)[0]
    short = inside.strip()
    if not _is_short(short):
        return None
    start = match.start(1) + inside.index(short)
    sentence = _sentence_start(text, match.start())
    candidate = _last_words(text[sentence : match.start()], short)
    long = _best_long_form(short, candidate)
    if long is None:
        return None
    end = len(text[: match.start()].rstrip())
    return Abbreviation(short, long, start, start + len(short), end - len(long), end)


def _short_before(text: str, match: re.Match[str]) -> Abbreviation | None:
    """Read the parenthesis as the long form of the word before it."""
    before = text[: match.start()].rstrip()
    begin = max(before.rfind(" "), before.rfind("\n")) + 1
    begin += len(before[begin:]) - len(before[begin:].lstrip("\"'\u201c\u2018"))
    short, inside = before[begin:], match[1]
    if not _is_short(short) or len(inside.split()) < 2:
        return None
    long = _best_long_form(short, _CUT.split(inside, maxsplit=1)[0].rstrip())
    if long is None or not inside.startswith(long):
        return None
    start = match.start(1)
    return Abbreviation(short, long, begin, len(before), start, start + len(long))


def _is_short(short: str) -> bool:
    return (
        _SHORTEST <= len(short) <= _LONGEST
        and len(short.split()) <= _MOST_WORDS
        and _SHORT.fullmatch(short) is not None
        and any(char.isupper() for char in short)
    )


def _sentence_start(text: str, end: int) -> int:
    start = 0
    for boundary in _SENTENCE_END.finditer(text, max(0, end - 300), end):
        start = boundary.end()
    return start


def _last_words(before: str, short: str) -> str:
    """Return as many words as a long form may have: min(|A| + 5, 2|A|), A the short form."""
    most = min(len(short) + 5, len(short) * 2)
    words = list(_WORD.finditer(before))[-most:]
    return before[words[0].start() :].rstrip() if words else ""


def _best_long_form(short: str, candidate: str) -> str | None:
    """
    Return the shortest ending of the candidate that has the short form's letters in order.

    Both are read from the right; the first letter of the short form must begin a word.
    """
    place = len(candidate)
    for index in range(len(short) - 1, -1, -1):
        char = short[index].lower()
        if not char.isalnum():
            continue
        place -= 1
        while place >= 0 and not _fits(candidate, place, char, begins=index == 0):
            place -= 1
        if place < 0:
            return None
    long = candidate[candidate.rfind(" ", 0, place) + 1 :] if place >= 0 else ""
    return long if _is_plausible(short, long) else None


def _fits(candidate: str, place: int, char: str, *, begins: bool) -> bool:
    if candidate[place].lower() != char:
        return False
    return not begins or place == 0 or not candidate[place - 1].isalnum()


def _is_plausible(short: str, long: str) -> bool:
    """Refuse a long form that is no longer than the short form or that contains it."""
    return len(long) > len(short) and short not in long.split()
