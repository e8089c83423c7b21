"""Resolves overlapping matches, and applies the abbreviations that the text defines."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autoscreen.text._schwartz_hearst import Abbreviation, find_abbreviations_near
from autoscreen.text._tokens import Words


class Match(NamedTuple):
    """A term found in a text; sorts by place, then by the order of the concepts."""

    start: int
    end: int
    order: int
    term: str
    first: int
    last: int


def resolve(found: list[Match], elements: Sequence[str]) -> list[Match]:
    """Keep the longest of overlapping matches of one element; the result is sorted."""
    found.sort()
    reach: dict[str, int] = {}
    for match in found:
        element = elements[match.order]
        if match.start < reach.get(element, 0):
            return sorted(_longest_first(found, elements))
        reach[element] = match.end
    return found


def _longest_first(found: list[Match], elements: Sequence[str]) -> Iterator[Match]:
    taken: dict[str, set[int]] = {}
    for match in sorted(found, key=lambda m: (m.start - m.end, m)):
        occupied = taken.setdefault(elements[match.order], set())
        place = range(match.first, match.last + 1)
        if occupied.isdisjoint(place):
            occupied.update(place)
            yield match


def with_own_abbreviations(
    words: Words, found: list[Match], elements: Sequence[str]
) -> list[Match]:
    """Apply the abbreviations that the text defines to the remaining matches."""
    near = [(match.start, match.end) for match in found]
    for pair in find_abbreviations_near(words.text, near):
        places = list(places_of_short_form(words.text, pair.short))
        found = [match for match in found if not _means_otherwise(match, pair, places, found)]
        if added := _short_forms(words, found, pair, places):
            found = resolve(found + added, elements)
    return found


def _short_forms(
    words: Words, found: list[Match], pair: Abbreviation, places: list[tuple[int, int]]
) -> list[Match]:
    """Return the short forms, not found as terms already, of what the long form ends with."""
    known = {(match.start, match.end, match.order) for match in found}
    return [
        Match(
            start,
            end,
            match.order,
            match.term,
            bisect_left(words.ends, start + 1),
            bisect_left(words.ends, end),
        )
        for match in found
        if match.end == pair.long_end
        for start, end in places
        if (start, end, match.order) not in known
    ]


def places_of_short_form(text: str, short: str) -> Iterator[tuple[int, int]]:
    """Yield the places of a short form as a whole word, its plural included."""
    start = text.find(short)
    while start >= 0:
        end = start + len(short)
        after = end + 1 if text[end : end + 1] == "s" else end
        if not (text[start - 1 : start].isalnum() or text[after : after + 1].isalnum()):
            yield start, after
        start = text.find(short, end)


def _means_otherwise(
    match: Match, pair: Abbreviation, places: list[tuple[int, int]], found: list[Match]
) -> bool:
    """Return whether the match is a short form whose long form names another thing."""
    if (match.start, match.end) not in places:
        return False
    return not any(
        other.order == match.order and other.start < pair.long_end and other.end > pair.long_start
        for other in found
    )
