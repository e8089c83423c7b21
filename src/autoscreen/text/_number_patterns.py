"""Finds numbers with their units by patterns such as ``n = #`` and ``# ... patients``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {
    **{word: number for number, word in enumerate([*_ONES, *_TEENS], 1)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
    "a": 1,
    "single": 1,
}
_DASH = "[-\u2010-\u2015]"
_BELOW_100 = (
    rf"(?:(?:{'|'.join(_TENS)})(?:{_DASH}(?:{'|'.join(_ONES)}))?|{'|'.join([*_TEENS, *_ONES])})"
)
_ONE_NUMBER = re.compile(
    r"(?:\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+(?:\.\d+)?"
    rf"|(?<![^\W_])(?:(?:a|{'|'.join(_ONES)})\shundred(?:\sand\s{_BELOW_100})?"
    rf"|{_BELOW_100}|single)(?![^\W_]))",
    re.IGNORECASE,
)
_RANGE = rf"(?<![\w.,/]){_ONE_NUMBER.pattern}(?:\s?(?:{_DASH}|to)\s?{_ONE_NUMBER.pattern})?"
_LISTED = re.compile(r"\s*,?\s*(?:and|or|,)\s*")
_NO_GAP = r"(?!(?:and|at|for|from|in|of|on|or|per|to|with|min|minutes?)\b)"
_GAP = rf"(?:{_NO_GAP}[A-Za-z][\w'\u2019\u2010-\u2015-]*\s+){{0,3}}"
_SPACE = rf"(?:\s|{_DASH})*"


class Quantity(NamedTuple):
    """A value in a sentence."""

    value: str  # ``10 Hz``
    start: int
    end: int


class NumberPatterns:
    """
    The patterns of a field.

    ``#`` is a number, or a range, with its unit; ``...`` stands for up to three words, ``a|b`` for
    one of two, and ``*`` at the end of a word for any ending.

    Examples
    --------
    >>> find = NumberPatterns(["#"], ["Hz|hertz"]).find
    >>> [one.value for one in find("at five and 10 Hz")]
    ['5 Hz', '10 Hz']
    """

    def __init__(self, patterns: Sequence[str], units: Sequence[str]) -> None:
        self._units = {other: unit.split("|")[0] for unit in units for other in unit.split("|")}
        self._quantity = (
            self._expression()
            if units
            else re.compile(f"(?P<lead>)(?P<number>{_RANGE})(?P<unit>)", re.IGNORECASE)
        )
        self._around = [_around(pattern) for pattern in patterns or ["#"]]

    def find(self, sentence: str) -> Iterator[Quantity]:
        """Yield the values in a sentence."""
        for listed in self._lists(sentence):
            first, last = listed[0].start(), listed[-1].end()
            for before, after in self._around:
                if before.search(sentence[:first]) and after.match(sentence, last):
                    yield from self._values(listed)
                    break

    def _expression(self) -> re.Pattern[str]:
        """Return what finds a number with its unit after it, or as in ``week 4`` before it."""
        spelled = "|".join(map(_unit, sorted(self._units, key=len, reverse=True)))
        lead = rf"(?:(?<![^\W_])(?P<lead>{spelled})\s)?"
        unit = rf"(?:(?:\s|{_DASH})?(?P<unit>{spelled}))?"
        return re.compile(rf"{lead}(?P<number>{_RANGE}){unit}", re.IGNORECASE)

    def _lists(self, sentence: str) -> Iterator[list[re.Match[str]]]:
        """Yield numbers that follow each other as in ``4 and 8 weeks``."""
        listed: list[re.Match[str]] = []
        for match in self._quantity.finditer(sentence):
            if listed and not _LISTED.fullmatch(sentence[listed[-1].end() : match.start()]):
                yield listed
                listed = []
            listed.append(match)
        if listed:
            yield listed

    def _values(self, listed: Sequence[re.Match[str]]) -> Iterator[Quantity]:
        """Yield the values of a list; ``4 and 8 weeks`` and ``weeks 4 and 8`` have one unit."""
        lead, following = "", ""
        units = []
        for match in reversed(listed):
            following = match["unit"] or match["lead"] or following
            units.append(following)
        for match, unit in zip(listed, reversed(units), strict=True):
            lead = match["lead"] or lead
            if unit or lead or not self._units:
                yield Quantity(self._value(match["number"], unit or lead), *match.span())

    def _value(self, number: str, unit: str) -> str:
        written = " to ".join(map(_plain, _ONE_NUMBER.findall(number)))
        name = next(
            (to for one, to in self._units.items() if re.fullmatch(_unit(one), unit, re.I)), ""
        )
        if not name.isalpha():
            return written + name
        return f"{written} {name.removesuffix('s') if written == '1' else name}"


def _plain(number: str) -> str:
    """Return a number in digits, without separators of thousands."""
    total = 0
    for word in re.split(rf"\s(?:and\s)?|{_DASH}", number.lower()):
        if word not in _NUMBERS and word != "hundred":
            break
        total = 100 * total if word == "hundred" else total + _NUMBERS[word]
    else:
        return str(total)
    return re.sub(r"[^\d.]", "", number)


def _around(pattern: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what has to be before and after a number."""
    before, after = pattern.split("#")
    return (
        re.compile("".join(_part(part) + _SPACE for part in before.split()) + "$", re.I),
        re.compile("".join(_SPACE + _part(part) for part in after.split()), re.I),
    )


def _part(part: str) -> str:
    return _GAP if part == "..." else f"(?:{'|'.join(map(_word, part.split('|')))})"


def _word(word: str) -> str:
    start = r"(?<![^\W_])" if word[0].isalnum() else ""
    if word.endswith("*"):
        return rf"{start}{re.escape(word[:-1])}[\w-]*"
    return start + re.escape(word) + (r"(?![^\W_])" if word[-1].isalnum() else "")


def _unit(unit: str) -> str:
    plural = "?" if unit.endswith("s") else ""
    return re.escape(unit) + plural + (r"(?![^\W_])" if unit[-1].isalnum() else "")
