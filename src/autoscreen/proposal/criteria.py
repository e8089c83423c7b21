"""Reads criteria that were pasted as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from autoscreen.protocol import Criteria, Element

_BULLET = re.compile(
    r"^\s*(?:[-*+\u2022\u2010-\u2015\u00b7\u25cf\u25aa\u2023]\s+|\(?(?:\d{1,2}|[a-h])[.)]\s+)"
)
_HEADS = {
    "exclude": r"exclu(?:de|des|ded|ding|sions?)",
    "include": r"(?:inclu(?:de|des|ded|ding|sions?)|eligib(?:le|ility))",
    "unsure": r"(?:unsure|unclear|uncertain|to discuss)",
}
_HEADING = {
    side: re.compile(rf"{words}(?: [\w(),]+){{0,4}}", re.I) for side, words in _HEADS.items()
}
_SENTENCE = {
    side: re.compile(rf"(?:we|studies|trials|articles|reviews)\b(?: \w+){{0,5}}? {words}\b", re.I)
    for side, words in _HEADS.items()
}
_ELEMENTS = {
    Element.POPULATION: r"p|populations?|patients?|participants?|conditions?|problem|settings?",
    Element.INTERVENTION: r"i|e|interventions?|exposures?|index tests?|phenomenon|treatments?",
    Element.COMPARISON: r"c|comparators?|comparisons?|controls?|reference standards?",
    Element.OUTCOME: r"o|outcomes?|outcome measures?|target conditions?|end ?points?",
    Element.STUDY_TYPE: r"s|stud(?:y|ies)|study (?:designs?|types?)|designs?",
}
_LABEL = re.compile(
    "|".join(f"(?P<{one}>(?:types? of )?(?:{names}))" for one, names in _ELEMENTS.items()), re.I
)
_SENTENCE_END = re.compile(r"(?<=[a-z\d)][.;])\s+(?=[A-Z])")


class CriterionLine(NamedTuple):
    """One criterion."""

    text: str
    side: str  # ``include``, ``exclude`` or ``unsure``
    element: Element | None  # The part of the question that it was written under


def criteria_lines(text: str) -> Iterator[CriterionLine]:
    """Yield the criteria in a pasted text; each line or sentence is one."""
    side = "include"
    under: Element | None = None
    for row in _lines(text):
        line = row
        head, colon, rest = line.partition(":")
        if opened := _opened(head):
            side, under = opened, None
            head, colon, rest = rest.partition(":")
            line = f"{head}{colon}{rest}".strip()
        labelled = _LABEL.fullmatch(head.strip())
        element = Element(labelled.lastgroup) if labelled and labelled.lastgroup else None
        if element is not None and not rest.strip():
            under = element
        elif line:
            own = next((one for one, how in _SENTENCE.items() if how.match(line)), side)
            yield CriterionLine(line, own, element or under)


def read_criteria(text: str) -> Criteria:
    r"""
    Return the criteria in a pasted text.

    Examples
    --------
    >>> found = read_criteria("Inclusion criteria:\n- adults\nExclusion criteria\n1. reviews")
    >>> found.include, found.exclude
    (('adults',), ('reviews',))
    """
    lines = list(criteria_lines(text))

    def of(side: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.text for line in lines if line.side == side))

    return Criteria(include=of("include"), exclude=of("exclude"), unsure=of("unsure"))


def _lines(text: str) -> Iterator[str]:
    for row in text.splitlines():
        for sentence in _SENTENCE_END.split(_BULLET.sub("", row)):
            if line := " ".join(sentence.split()):
                yield line


def _opened(head: str) -> str | None:
    """Return the side that a heading opens; None if it is none."""
    return next((side for side, how in _HEADING.items() if how.fullmatch(head.strip())), None)
