"""Compares two match keys field by field; knows nothing of what follows from it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz

from autoscreen.dedup._fields import MatchFields
from autoscreen.dedup._text import STOPWORDS

__all__ = ["Comparison", "Outcome", "compare", "titles"]

_DIGITS = re.compile(r"\D+")
_MIN_CUT = 25


class Outcome(IntEnum):
    """How one field of two records compares; UNKNOWN if one of them lacks it."""

    SAME = 4
    NEAR = 3
    CUT = 2
    FAR = 1
    UNKNOWN = 0
    DIFFERENT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """
    How two records compare.

    Parameters
    ----------
    title
        SAME but for what folding removes; NEAR: other spelling of the same words; CUT: one is the
        beginning of the other; FAR: alike, with other words; else DIFFERENT.
    title_ratio
        Similarity of the titles from 0 to 1.
    numbering
        DIFFERENT if the titles differ in a number or in a single letter (part 1 and 2, A and B).
    authors
        SAME: the first and three quarters of the shorter list; NEAR: the first or half; FAR: a
        quarter; else DIFFERENT.
    year
        SAME, NEAR (one year apart), FAR (two years) or DIFFERENT.
    journal, volume, page, doi
        SAME, DIFFERENT or UNKNOWN (also where the two forms cannot be compared).
    abstract
        By the share of the shorter text that is in the longer: SAME from 0.8, NEAR from 0.6, FAR
        from 0.4, else DIFFERENT.
    abstract_overlap
        That share, as estimated from the fingerprints.
    """

    title: Outcome
    title_ratio: float
    numbering: Outcome
    authors: Outcome
    year: Outcome
    journal: Outcome
    volume: Outcome
    page: Outcome
    abstract: Outcome
    abstract_overlap: float
    doi: Outcome


def compare(a: MatchFields, b: MatchFields) -> Comparison:
    """Compare two match keys; the result does not depend on which comes first."""
    title, ratio, numbering = titles(a.title, b.title)
    abstract, overlap = _abstracts(a, b)
    return Comparison(
        title=title,
        title_ratio=ratio,
        numbering=numbering,
        authors=_authors(a.authors, b.authors),
        year=_years(a.year, b.year),
        journal=_journals(a, b),
        volume=_equal(a.volume, b.volume),
        page=_pages(a.page, b.page),
        abstract=abstract,
        abstract_overlap=overlap,
        doi=_equal(a.doi, b.doi),
    )


def titles(a: str, b: str) -> tuple[Outcome, float, Outcome]:
    """Give how two folded titles compare, their similarity, and how their numbering compares."""
    if not a or not b:
        return Outcome.UNKNOWN, 0.0, Outcome.UNKNOWN
    short, long = sorted((a.replace(" ", ""), b.replace(" ", "")), key=lambda x: (len(x), x))
    if short == long:
        return Outcome.SAME, 1.0, Outcome.SAME
    ratio = fuzz.ratio(short, long) / 100
    if len(short) >= _MIN_CUT and long.startswith(short):
        return Outcome.CUT, ratio, Outcome.UNKNOWN
    if ratio < 0.6:
        return Outcome.DIFFERENT, ratio, Outcome.UNKNOWN
    respelled, renumbered = _differing_words(a.split(), b.split())
    if _DIGITS.sub("", short) != _DIGITS.sub("", long):
        renumbered = True
    numbering = Outcome.DIFFERENT if renumbered else Outcome.SAME
    if respelled and ratio >= 0.85:
        return Outcome.NEAR, ratio, numbering
    return Outcome.FAR if ratio >= 0.8 else Outcome.DIFFERENT, ratio, numbering


def _differing_words(a: list[str], b: list[str]) -> tuple[bool, bool]:
    """Tell whether the words that differ are the same in other spelling; whether only numbering."""
    first, second = Counter(a), Counter(b)
    only_a, only_b = list((first - second).elements()), list((second - first).elements())
    if not only_a or not only_b:  # an article left out; but "part a" is not "part b"
        only_a = [word for word in only_a if word not in STOPWORDS]
        only_b = [word for word in only_b if word not in STOPWORDS]
    joined_a, joined_b = "".join(only_a), "".join(only_b)
    if joined_a == joined_b:
        return True, False
    both = bool(joined_a and joined_b)
    renumbered = both and max(map(len, only_a + only_b)) <= 2
    return both and fuzz.ratio(joined_a, joined_b) >= 75, renumbered


def _authors(a: tuple[str, ...], b: tuple[str, ...]) -> Outcome:
    if not a or not b:
        return Outcome.UNKNOWN
    first = a[0] == b[0] or fuzz.ratio(a[0], b[0]) >= 80
    overlap = len(set(a).intersection(b)) / min(len(a), len(b))
    if overlap >= 0.75 and first:
        return Outcome.SAME
    if overlap >= 0.5 or first or fuzz.ratio("".join(a), "".join(b)) >= 85:
        return Outcome.NEAR
    return Outcome.FAR if overlap >= 0.25 else Outcome.DIFFERENT


def _years(a: int | None, b: int | None) -> Outcome:
    if a is None or b is None:
        return Outcome.UNKNOWN
    steps = (Outcome.SAME, Outcome.NEAR, Outcome.FAR, Outcome.DIFFERENT)
    return steps[min(abs(a - b), 3)]


def _equal(a: str, b: str) -> Outcome:
    if not a or not b:
        return Outcome.UNKNOWN
    return Outcome.SAME if a == b else Outcome.DIFFERENT


def _pages(a: str, b: str) -> Outcome:
    """Compare first pages; 'S30' may be '30', and an article number is no page at all."""
    if not a or not b or a.startswith("cd") or b.startswith("cd"):
        return Outcome.UNKNOWN  # a Cochrane review keeps its number in every version
    if a == b:
        return Outcome.SAME
    number_a, number_b = _DIGITS.sub("", a), _DIGITS.sub("", b)
    plain_a, plain_b = number_a == a, number_b == b
    if number_a == number_b and (plain_a or plain_b):
        return Outcome.SAME
    ahead_of_print = "1" in (a, b)
    article = max(len(number_a), len(number_b)) > 5 and len(number_a) != len(number_b)
    if plain_a != plain_b or ahead_of_print or article:
        return Outcome.UNKNOWN
    return Outcome.DIFFERENT


def _journals(a: MatchFields, b: MatchFields) -> Outcome:
    if not set(a.issns).isdisjoint(b.issns):
        return Outcome.SAME
    if not a.journal or not b.journal:
        return Outcome.UNKNOWN
    short, long = sorted((a.journal, b.journal), key=lambda x: (len(x), x))
    if len(short) == 1 and short[0] == "".join([word[0] for word in long]):
        return Outcome.SAME
    if all(map(_abbreviates, short, long)):
        if len(short) == len(long):
            return Outcome.SAME
        # "Biochim Biophys Acta" may be a section of it; "J Nutr" is not "J Nutr Biochem".
        return Outcome.UNKNOWN if len(short) > 2 else Outcome.DIFFERENT
    alike = fuzz.ratio("".join(short), "".join(long)) >= 90
    return Outcome.SAME if alike else Outcome.DIFFERENT


def _abbreviates(a: str, b: str) -> bool:
    """Tell whether one word abbreviates the other: 'natl' and 'national'."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if long.startswith(short):
        return True
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)


def _abstracts(a: MatchFields, b: MatchFields) -> tuple[Outcome, float]:
    if not a.has_abstract or not b.has_abstract:
        return Outcome.UNKNOWN, 0.0
    share = _overlap(a, b)
    for outcome, least in ((Outcome.SAME, 0.8), (Outcome.NEAR, 0.6), (Outcome.FAR, 0.4)):
        if share >= least:
            return outcome, share
    return Outcome.DIFFERENT, share


def _overlap(a: MatchFields, b: MatchFields) -> float:
    """Estimate the share of the shorter abstract that is in the longer one."""
    if a.abstract == b.abstract:
        return 1.0
    first, second = (
        {text[i : i + 4] for i in range(0, len(text), 4)} for text in (a.abstract, b.abstract)
    )
    lowest = sorted(first | second)[: min(len(first), len(second))]
    resemblance = sum(value in first and value in second for value in lowest) / len(lowest)
    shared = resemblance / (1 + resemblance) * (a.abstract_size + b.abstract_size)
    return min(1.0, shared / min(a.abstract_size, b.abstract_size))
