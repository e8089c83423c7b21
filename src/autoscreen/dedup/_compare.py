"""Compares two match keys field by field; knows nothing of what follows from it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from string import ascii_lowercase
from struct import unpack

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from autoscreen.dedup._fields import MatchFields
from autoscreen.dedup._text import STOPWORDS

__all__ = ["Comparison", "Outcome", "compare", "pages", "titles"]

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
        SAME: three quarters of the shorter list, with the first or three names; NEAR: the first or
        half; FAR: a quarter; else DIFFERENT.
    year
        SAME, NEAR (one year apart), FAR (two years) or DIFFERENT.
    journal, volume, page, doi
        SAME, DIFFERENT or UNKNOWN (also where the two forms cannot be compared).
    abstract
        By the share of the shorter text that is in the longer: SAME from 0.8, NEAR from 0.6, FAR
        from 0.4, else DIFFERENT.
    abstract_overlap
        That share, as estimated from the fingerprints; None if an abstract is missing.
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
    abstract_overlap: float | None
    doi: Outcome


def compare(a: MatchFields, b: MatchFields) -> Comparison:
    """Compare two match keys; the result does not depend on which comes first."""
    title, ratio, numbering = titles(a.title, b.title)
    overlap = _overlap(a, b)
    return Comparison(
        title=title,
        title_ratio=ratio,
        numbering=numbering,
        authors=_authors(a.authors, b.authors),
        year=_years(a.year, b.year),
        journal=_journals(a, b),
        volume=_equal(a.volume, b.volume),
        page=pages(a.page, b.page),
        abstract=_abstract(overlap),
        abstract_overlap=overlap,
        doi=_dois(a.doi, b.doi),
    )


def titles(a: str, b: str) -> tuple[Outcome, float, Outcome]:
    """Give how two folded titles compare, their similarity, and how their numbering compares."""
    if not a or not b:
        return Outcome.UNKNOWN, 0.0, Outcome.UNKNOWN
    short, long = a.replace(" ", ""), b.replace(" ", "")
    if (len(short), short) > (len(long), long):
        short, long = long, short
    if short == long:
        return Outcome.SAME, 1.0, Outcome.SAME
    ratio = fuzz.ratio(short, long) / 100
    if len(short) >= _MIN_CUT and _begins(long, short):
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


def _begins(long: str, short: str) -> bool:
    """Tell whether a title without its subtitle begins the other, one slip of typing allowed."""
    if long.startswith(short):
        return True
    if len(long) < 1.1 * len(short):
        return False
    head = long[: len(short)]
    if Indel.distance(head, short, score_cutoff=2) > 2:
        return False
    return _DIGITS.sub("", head) == _DIGITS.sub("", short)


def _differing_words(a: list[str], b: list[str]) -> tuple[bool, bool]:
    """Tell whether the words that differ are the same in other spelling; whether only numbering."""
    first, second = Counter(a), Counter(b)
    only_a, only_b = list((first - second).elements()), list((second - first).elements())
    if not only_a or not only_b:  # an article left out; but "part a" is not "part b"
        only_a = [word for word in only_a if word not in STOPWORDS]
        only_b = [word for word in only_b if word not in STOPWORDS]
    joined_a, joined_b = "".join(only_a), "".join(only_b)
    slip = Indel.distance(joined_a, joined_b) <= 1
    if slip or not joined_a or not joined_b:
        return slip, False
    respelled = fuzz.ratio(joined_a, joined_b) >= 75
    return respelled, max(map(len, only_a + only_b)) <= 2


def _authors(a: tuple[str, ...], b: tuple[str, ...]) -> Outcome:
    if not a or not b:
        return Outcome.UNKNOWN
    # The first author may stand with the given name in front, or with another spelling.
    first = a[0] in b[:2] or b[0] in a[:2] or fuzz.ratio(a[0], b[0]) >= 80
    shared = len(set(a).intersection(b))
    overlap = shared / min(len(a), len(b))
    if overlap >= 0.75 and (first or shared > 2):
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


def _dois(a: str, b: str) -> Outcome:
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if short and short != long and long.startswith(short):
        cut_off = not long[len(short)].isalnum() and not long.startswith(".pub", len(short))
        return Outcome.UNKNOWN if cut_off else Outcome.DIFFERENT
    return _equal(a, b)


def pages(a: str, b: str) -> Outcome:
    """Compare first pages; 'S30' may be '30', and an article number is no page at all."""
    if not a or not b or a[:2] == "cd" or b[:2] == "cd" or "1" in (a, b):
        # A Cochrane review keeps its number in every version; many prints begin with page 1.
        return Outcome.UNKNOWN
    if a == b:
        return Outcome.SAME
    number_a, number_b = a.strip(ascii_lowercase), b.strip(ascii_lowercase)
    plain_a, plain_b = number_a == a, number_b == b
    if number_a == number_b and (plain_a or plain_b):
        return Outcome.SAME
    article = max(len(number_a), len(number_b)) > 5 and len(number_a) != len(number_b)
    if plain_a != plain_b or article:
        return Outcome.UNKNOWN
    return Outcome.DIFFERENT


def _journals(a: MatchFields, b: MatchFields) -> Outcome:
    if not set(a.issns).isdisjoint(b.issns):
        return Outcome.SAME
    if not a.journal or not b.journal:
        return Outcome.UNKNOWN
    short, long = sorted((a.journal, b.journal), key=lambda x: (len(x), x))
    initials = "".join([word[0] for word in long])
    if len(short) == 1 and len(short[0]) > 2 and initials.startswith(short[0]):
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


def _abstract(overlap: float | None) -> Outcome:
    if overlap is None:
        return Outcome.UNKNOWN
    for outcome, least in ((Outcome.SAME, 0.8), (Outcome.NEAR, 0.6), (Outcome.FAR, 0.4)):
        if overlap >= least:
            return outcome
    return Outcome.DIFFERENT


def _overlap(a: MatchFields, b: MatchFields) -> float | None:
    """Estimate the share of the shorter abstract that is in the longer one."""
    if not a.has_abstract or not b.has_abstract:
        return None
    if a.abstract == b.abstract:
        return 1.0
    first, second = set(_values(a.abstract)), set(_values(b.abstract))
    both = first & second
    if not both:
        return 0.0
    lowest = sorted(first | second)[: min(len(first), len(second))]
    resemblance = len(both.intersection(lowest)) / len(lowest)
    shared = resemblance / (1 + resemblance) * (a.abstract_size + b.abstract_size)
    return min(1.0, shared / min(a.abstract_size, b.abstract_size))


def _values(sketch: bytes) -> tuple[int, ...]:
    values: tuple[int, ...] = unpack(f">{len(sketch) // 4}I", sketch)
    return values
