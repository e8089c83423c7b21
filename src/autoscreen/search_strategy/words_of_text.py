"""Words, phrases and proximity in a text, as PubMed searches them."""

from __future__ import annotations

from itertools import product

from autoscreen.search_strategy.record_fields import Words
from autoscreen.search_strategy.tree import Operand


def has_phrase(text: Words, operand: Operand) -> bool:
    """Return whether the words are adjacent in this order; the last may be truncated."""
    words = operand.words
    length = len(words)
    return any(
        _same(text[start : start + length], words, operand.truncated)
        for start in range(len(text) - length + 1)
    )


def has_all_words(texts: list[Words], operand: Operand) -> bool:
    """Return whether each word is somewhere in the texts."""
    *others, last = operand.words
    known = {word for text in texts for word in text}
    ending = any(map(str.startswith, known, [last] * len(known)))
    return known.issuperset(others) and (ending if operand.truncated else last in known)


def has_words_near(text: Words, operand: Operand) -> bool:
    """Return whether the words occur in any order with at most `near` others in between."""
    places = [[at for at, word in enumerate(text) if word == one] for one in operand.words]
    most = len(operand.words) + (operand.near or 0)
    return any(
        len(set(chosen)) == len(chosen) and max(chosen) - min(chosen) < most
        for chosen in product(*places)
    )


def _same(found: Words, words: Words, truncated: bool) -> bool:
    if not truncated:
        return found == words
    return found[:-1] == words[:-1] and found[-1].startswith(words[-1])
