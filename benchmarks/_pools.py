"""Made-up pools of any size, the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from autoscreen.records import Record

_STARTS = ["b", "br", "c", "ch", "d", "dr", "f", "g", "gl", "h", "j", "k", "l", "m", "n", "p", "pl",
           "qu", "r", "s", "st", "t", "tr", "v", "w", "z"]  # fmt: skip
_MIDDLES = ["a", "e", "i", "o", "u", "ai", "ea", "io", "ou", "y"]
_ENDS = ["l", "m", "n", "r", "s", "t", "x", "nd", "rt", "st"]
_WORDS = 30_000
_PHRASES = 60_000


def made_up_records(count: int, *, seed: int = 1) -> Iterator[Record]:
    """
    Yield records of made-up words with the length and the repetition of Medline abstracts.

    Phrases are drawn by Zipf's law, so that pairs of words recur as they do in language; every
    twentieth record has no abstract. One in fifty is about the same few phrases: the relevant.
    """
    dice = random.Random(seed)
    words = [_word(dice) for _ in range(_WORDS)]
    phrases = [
        " ".join(words[_zipf(dice, _WORDS)] for _ in range(dice.randint(2, 5)))
        for _ in range(_PHRASES)
    ]
    for number in range(1, count + 1):
        topic = phrases[:40] if is_relevant(number) else ()
        title = _text(dice, phrases, 4, topic)
        abstract = "" if number % 20 == 0 else _text(dice, phrases, 55, topic)
        yield Record(
            title=f"{title.capitalize()} {number}.",
            abstract=abstract,
            authors=(f"{words[number % _WORDS].capitalize()}, A", "Second, B"),
            year=1990 + number % 35,
            journal=f"J {words[number % 97].capitalize()}",
            volume=str(number % 60),
            pages=f"{number}-{number + 7}",
            pmid=str(50_000_000 + number),
            doi=f"10.5555/made.up.{number}",
            mesh=(words[number % 500].capitalize(), words[number % 911].capitalize()),
            languages=("eng",),
            publication_types=("Journal Article",),
        )


def made_up_titles(count: int, *, seed: int = 1) -> Iterator[Record]:
    """Yield records of a title of ten made-up words and nothing else, for pools of millions."""
    dice = random.Random(seed)
    words = [_word(dice) for _ in range(_WORDS)]
    for number in range(1, count + 1):
        title = [words[_zipf(dice, _WORDS)] for _ in range(10)]
        title += words[10:14] if is_relevant(number) else []
        yield Record(title=f"{' '.join(title)} {number}", pmid=str(50_000_000 + number))


def is_relevant(number: int) -> bool:
    """Return whether a made-up record is about the topic."""
    return number % 50 == 7


def _word(dice: random.Random) -> str:
    parts = [dice.choice(_STARTS) + dice.choice(_MIDDLES) for _ in range(dice.randint(1, 3))]
    return "".join(parts) + dice.choice(_ENDS)


def _zipf(dice: random.Random, size: int) -> int:
    return int(size ** dice.random()) - 1


def _text(dice: random.Random, phrases: Sequence[str], length: int, topic: Sequence[str]) -> str:
    chosen = [phrases[_zipf(dice, len(phrases))] for _ in range(length)]
    chosen += [dice.choice(topic) for _ in range(min(length, 8) if topic else 0)]
    return " ".join(chosen)
