"""The exact arithmetic of a score, in groups that a person can add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from autoscreen.presentation.informative_words import first_informative, is_informative, share_out

if TYPE_CHECKING:
    from autoscreen.ranking import ConceptPart, Explanation, Part

UNLISTED = 0.1
"""Share of all parts, by size, that may stay unlisted."""
_WORDS_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEntry:
    """One part of a score."""

    name: str
    value: float
    words: tuple[str, ...] = ()  # The words that most of it comes from


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreGroup:
    """Parts of one kind; the sum of all groups is the score."""

    name: str
    value: float  # The sum of its entries and of what is not listed
    entries: tuple[ScoreEntry, ...]  # The largest first
    unlisted: int = 0  # How many small words are not listed
    unlisted_value: float = 0.0  # What they add together


def score_groups(explanation: Explanation, *, everything: bool = False) -> tuple[ScoreGroup, ...]:
    """
    Return the parts of a score in groups whose sum is the score.

    The value of a pair is split between its words. The smallest words are only summed up, as long
    as they are together no more than a tenth of all parts, unless everything is asked for.
    """
    kinds: dict[str, list[Part]] = {}
    for part in explanation.parts:
        kinds.setdefault(part.source, []).append(part)
    words = _largest_first(word_values(explanation))
    others = [part for part in explanation.parts if part.source != "word"]
    whole = sum(abs(one.value) for one in others) + sum(abs(one.value) for one in words)
    least = 0.0 if everything else _least(words, UNLISTED * whole)
    little = [one for one in words if not is_informative(one.name)]
    words = [one for one in words if is_informative(one.name)]
    groups = (
        _group("Start, the same for every record", map(_entry, kinds.get("base", ()))),
        _group("Concepts of the protocol", _concepts(explanation, kinds.get("concept", ()))),
        _group("Question, past reviews and length", map(_entry, kinds.get("prior", ()))),
        _group("Words more frequent in included records", _signed(words, 1), least),
        _group("Words more frequent in excluded records", _signed(words, -1), least),
        _group("Common words and numbers", little, least),
        _group("Meaning of the words", map(_entry, kinds.get("meaning", ()))),
    )
    return tuple(one for one in groups if one.entries or one.unlisted)


def word_values(explanation: Explanation) -> dict[str, float]:
    """Return what each word adds to a score through the labels, with its share of its pairs."""
    values: dict[str, float] = {}
    for part in explanation.parts:
        if part.source == "word":
            values[part.name] = values.get(part.name, 0.0) + part.value
    return share_out(values)


def strongest_parts(explanation: Explanation, most: int) -> list[ScoreEntry]:
    """Return the largest parts with a name that a reader understands, for a line or a digest."""
    values = {
        word: value for word, value in word_values(explanation).items() if is_informative(word)
    }
    for part in explanation.parts:
        if part.source not in {"word", "base"}:
            values[part.name] = values.get(part.name, 0.0) + part.value
    return _largest_first(values)[:most]


def _largest_first(values: Mapping[str, float]) -> list[ScoreEntry]:
    found = [ScoreEntry(name=name, value=value) for name, value in values.items() if value]
    return sorted(found, key=lambda one: (-abs(one.value), one.name))


def _least(words: Sequence[ScoreEntry], budget: float) -> float:
    """Return the size below which words can stay unlisted within the budget."""
    sizes = [abs(one.value) for one in reversed(words)]
    spent = list(accumulate(sizes))
    kept = [size for size, total in zip(sizes, spent, strict=True) if total > budget]
    return min(kept, default=0.0)


def _signed(words: Sequence[ScoreEntry], sign: int) -> list[ScoreEntry]:
    return [one for one in words if one.value * sign > 0]


def _group(name: str, entries: Iterable[ScoreEntry], least: float = 0.0) -> ScoreGroup:
    found = list(entries)
    listed = [one for one in found if abs(one.value) >= least]
    small = [one.value for one in found if abs(one.value) < least]
    return ScoreGroup(
        name=name,
        value=sum(one.value for one in found),
        entries=tuple(listed),
        unlisted=len(small),
        unlisted_value=sum(small),
    )


def _entry(part: Part) -> ScoreEntry:
    words = tuple(first_informative(part.words, _WORDS_NAMED))
    return ScoreEntry(name=part.name, value=part.value, words=words)


def _concepts(explanation: Explanation, parts: Sequence[Part]) -> list[ScoreEntry]:
    if not explanation.concepts:  # a saved model
        return list(map(_entry, parts))
    found = [
        ScoreEntry(name=f"{one.concept.label}: {_found(one)}", value=one.value)
        for one in explanation.concepts
    ]
    return sorted(found, key=lambda one: -abs(one.value))


def _found(one: ConceptPart) -> str:
    if not one.mentioned:
        return "no term found"
    expected = one.concept.against == (one.value < 0)
    return "term found" if expected else "term found, as in most records"
