"""The ideas that a text mentions: those of the vocabulary, and phrases that it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autoscreen.proposal.spelling import normal
from autoscreen.proposal.stop_words import ADJECTIVES, EMPTY, GENERIC
from autoscreen.proposal.vocabulary import LONGEST, Entry, Vocabulary
from autoscreen.protocol import Element

_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_LONGEST_PHRASE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One idea in a text."""

    text: str  # As it was written
    entry: Entry | None  # None for a phrase that the vocabulary lacks
    before: str  # What the text says before it, in lower case
    after: str  # And after it
    start: int
    end: int

    @property
    def qualifies(self) -> bool:
        """Whether it only qualifies the idea after it."""
        return self.entry is not None and (self.entry.element is Element.OTHER or self.entry.people)


def mentions(text: str, vocabulary: Vocabulary) -> list[Mention]:
    """Return what a text mentions; "lung ultrasound" is one mention, of ultrasound."""
    joined: list[Mention] = []
    for mention in _mentions(text, vocabulary):
        last = joined[-1] if joined else None
        if last is not None and last.end + 1 == mention.start and last.qualifies:
            joined[-1] = replace(
                mention, start=last.start, text=text[last.start : mention.end], before=last.before
            )
        else:
            joined.append(mention)
    return joined


def _mentions(text: str, vocabulary: Vocabulary) -> Iterator[Mention]:
    """Yield the longest terms found from the left, and phrases between them."""
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        length, entry = _longest(words, place, vocabulary)
        if entry is None and not _says(words[place][0]):
            place += 1
            continue
        if entry is None:
            length = _phrase(words, place, vocabulary)
        start, end = words[place].start(), words[place + length - 1].end()
        place += length
        found = text[start:end]
        if entry is None and (len(found) < 3 or set(normal(found)) <= ADJECTIVES | GENERIC):
            continue
        yield Mention(
            text=found,
            entry=entry,
            before=text[:start].lower(),
            after=text[end:].lower(),
            start=start,
            end=end,
        )


def _longest(
    words: list[re.Match[str]], place: int, vocabulary: Vocabulary
) -> tuple[int, Entry | None]:
    most = 1
    while most < min(LONGEST, len(words) - place) and _next_to(words, place + most):
        most += 1
    for length in range(most, 0, -1):
        key = normal(" ".join(word[0] for word in words[place : place + length]))
        general = " ".join(key) in GENERIC or (length == 1 and key and key[0] in EMPTY)
        if key and not general and (entry := vocabulary.find(key)) is not None:
            return length, entry
    return 1, None


def _phrase(words: list[re.Match[str]], place: int, vocabulary: Vocabulary) -> int:
    """Return how many words from here on are one phrase that the vocabulary lacks."""
    length = 1
    while length < _LONGEST_PHRASE and place + length < len(words):
        following = place + length
        if not _next_to(words, following) or not _says(words[following][0]):
            break
        if _longest(words, following, vocabulary)[1]:
            break
        length += 1
    return length


def _next_to(words: list[re.Match[str]], place: int) -> bool:
    """Whether nothing but space is between a word and the one before it."""
    before, after = words[place - 1 : place + 1]
    return not before.string[before.end() : after.start()].strip()


def _says(word: str) -> bool:
    key = normal(word)
    return bool(key) and not any(part in EMPTY or part.isdigit() for part in key)
