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

from autoscreen.dedup._match_fields import MatchFields
from autoscreen.dedup._text_folding import STOPWORDS

_DIGITS = re.compile(r"\D+")
_MIN_CUT = 25
# Words that tell two studies of one team apart, however alike they are spelt: group and pole.
_OPPOSITES = {
    word: (group, pole)
    for group, poles in enumerate(
        (
            "men man male males/women woman female females",
            "boys/girls",
            "mothers/fathers",
            "adults/children/adolescents/infants",
            "with/without",
            "before/after",
            "high/low",
            "upper/lower",
            "left/right",
            "acute/chronic",
            "maenner manner/frauen",
            "hommes/femmes",
            "hombres/mujeres",
        )
    )
    for pole, words in enumerate(poles.split("/"))
    for word in words.split()
}
_SLIP_OF_PAGES = 2


class ComparisonOutcome(IntEnum):
    """How one field of two records compares; UNKNOWN if one of them lacks it."""

    SAME = 4
    NEAR = 3
    CUT = 2
    FAR = 1
    UNKNOWN = 0
    DIFFERENT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldComparison:
    """How two records compare."""

    title: ComparisonOutcome
    title_ratio: float
    numbering: ComparisonOutcome
    authors: ComparisonOutcome
    year: ComparisonOutcome
    journal: ComparisonOutcome
    volume: ComparisonOutcome
    issue: ComparisonOutcome
    page: ComparisonOutcome
    abstract: ComparisonOutcome
    abstract_overlap: float | None
    doi: ComparisonOutcome


def compare(a: MatchFields, b: MatchFields) -> FieldComparison:
    """Compare two match keys; the result does not depend on which comes first."""
    title, ratio, numbering = titles(a.title, b.title)
    if title is ComparisonOutcome.DIFFERENT and (
        a.title == b.main_title or b.title == a.main_title
    ):
        title, numbering = ComparisonOutcome.CUT, ComparisonOutcome.UNKNOWN
    page = pages(a.page, b.page)
    if _in_other_supplement(a, b) and page is not ComparisonOutcome.SAME:
        page = ComparisonOutcome.DIFFERENT
    elif page is ComparisonOutcome.DIFFERENT and a.title == b.title and _page_slip(a, b):
        page = ComparisonOutcome.NEAR
    overlap = _overlap(a, b)
    return FieldComparison(
        title=title,
        title_ratio=ratio,
        numbering=numbering,
        authors=_authors(a.authors, b.authors),
        year=_years(a.year, b.year),
        journal=_journals(a, b),
        volume=ComparisonOutcome.DIFFERENT
        if _in_other_supplement(a, b) and page is ComparisonOutcome.DIFFERENT
        else _equal(a.volume, b.volume),
        issue=_equal(a.issue, b.issue),
        page=page,
        abstract=_abstract(overlap),
        abstract_overlap=overlap,
        doi=_dois(a.doi, b.doi),
    )


def titles(a: str, b: str) -> tuple[ComparisonOutcome, float, ComparisonOutcome]:
    """Return how two folded titles compare, their similarity, and how their numbering compares."""
    if not a or not b:
        return ComparisonOutcome.UNKNOWN, 0.0, ComparisonOutcome.UNKNOWN
    short, long = a.replace(" ", ""), b.replace(" ", "")
    if (len(short), short) > (len(long), long):
        short, long = long, short
    if short == long:
        return ComparisonOutcome.SAME, 1.0, ComparisonOutcome.SAME
    ratio = fuzz.ratio(short, long) / 100
    if len(short) >= _MIN_CUT and _begins(long, short):
        return ComparisonOutcome.CUT, ratio, ComparisonOutcome.UNKNOWN
    if ratio < 0.6:
        return ComparisonOutcome.DIFFERENT, ratio, ComparisonOutcome.UNKNOWN
    respelled, renumbered = _differing_words(a.split(), b.split())
    if _DIGITS.sub("", short) != _DIGITS.sub("", long):
        renumbered = True
    numbering = ComparisonOutcome.DIFFERENT if renumbered else ComparisonOutcome.SAME
    if respelled and ratio >= 0.85:
        return ComparisonOutcome.NEAR, ratio, numbering
    return ComparisonOutcome.FAR if ratio >= 0.8 else ComparisonOutcome.DIFFERENT, ratio, numbering


def _begins(long: str, short: str) -> bool:
    """Return whether a title without its subtitle begins the other, one slip of typing allowed."""
    if long.startswith(short):
        return True
    if len(long) < 1.1 * len(short):
        return False
    head = long[: len(short)]
    if Indel.distance(head, short, score_cutoff=2) > 2:
        return False
    return _DIGITS.sub("", head) == _DIGITS.sub("", short)


def _differing_words(a: list[str], b: list[str]) -> tuple[bool, bool]:
    """Return whether the differing words are spelling variants, and whether only numbering."""
    first, second = Counter(a), Counter(b)
    only_a, only_b = list((first - second).elements()), list((second - first).elements())
    if not only_a or not only_b:  # an article left out; but "part a" is not "part b"
        only_a = [word for word in only_a if word not in STOPWORDS]
        only_b = [word for word in only_b if word not in STOPWORDS]
    if _opposite(only_a, only_b):
        return False, True
    joined_a, joined_b = "".join(only_a), "".join(only_b)
    slip = Indel.distance(joined_a, joined_b) <= 1
    if slip or not joined_a or not joined_b:
        return slip, False
    respelled = fuzz.ratio(joined_a, joined_b) >= 75
    return respelled, max(map(len, only_a + only_b)) <= 2


def _opposite(a: list[str], b: list[str]) -> bool:
    poles = dict(_OPPOSITES[word] for word in a if word in _OPPOSITES)
    others = (_OPPOSITES[word] for word in b if word in _OPPOSITES)
    return any(poles.get(group, pole) != pole for group, pole in others)


def _authors(a: tuple[str, ...], b: tuple[str, ...]) -> ComparisonOutcome:
    if not a or not b:
        return ComparisonOutcome.UNKNOWN
    # The first author may be written given name first, or with another spelling.
    first = a[0] in b[:2] or b[0] in a[:2] or fuzz.ratio(a[0], b[0]) >= 80
    shared = len(set(a).intersection(b))
    overlap = shared / min(len(a), len(b))
    if overlap >= 0.75 and (first or shared > 2):
        return ComparisonOutcome.SAME
    if overlap >= 0.5 or first or fuzz.ratio("".join(a), "".join(b)) >= 85:
        return ComparisonOutcome.NEAR
    return ComparisonOutcome.FAR if overlap >= 0.25 else ComparisonOutcome.DIFFERENT


def _years(a: int | None, b: int | None) -> ComparisonOutcome:
    if a is None or b is None:
        return ComparisonOutcome.UNKNOWN
    steps = (
        ComparisonOutcome.SAME,
        ComparisonOutcome.NEAR,
        ComparisonOutcome.FAR,
        ComparisonOutcome.DIFFERENT,
    )
    return steps[min(abs(a - b), 3)]


def _equal(a: str, b: str) -> ComparisonOutcome:
    if not a or not b:
        return ComparisonOutcome.UNKNOWN
    return ComparisonOutcome.SAME if a == b else ComparisonOutcome.DIFFERENT


def _dois(a: str, b: str) -> ComparisonOutcome:
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if short and short != long and long.startswith(short):
        cut_off = not long[len(short)].isalnum() and not long.startswith(".pub", len(short))
        return ComparisonOutcome.UNKNOWN if cut_off else ComparisonOutcome.DIFFERENT
    return _equal(a, b)


def pages(a: str, b: str) -> ComparisonOutcome:
    """Compare first pages; 'S30' may be '30', and an article number is no page at all."""
    if not a or not b or a[:2] == "cd" or b[:2] == "cd" or "1" in (a, b):
        # A Cochrane review keeps its number in every version; many prints begin with page 1.
        return ComparisonOutcome.UNKNOWN
    if a == b:
        return ComparisonOutcome.SAME
    number_a, number_b = a.strip(ascii_lowercase), b.strip(ascii_lowercase)
    plain_a, plain_b = number_a == a, number_b == b
    if number_a == number_b and (plain_a or plain_b):
        return ComparisonOutcome.SAME
    article = max(len(number_a), len(number_b)) > 5 and len(number_a) != len(number_b)
    if plain_a != plain_b or article:
        return ComparisonOutcome.UNKNOWN
    return ComparisonOutcome.DIFFERENT


def _page_slip(a: MatchFields, b: MatchFields) -> bool:
    """Return whether first pages of one volume are so close that one may be mistyped."""
    plain = a.page.isdecimal() and b.page.isdecimal() and min(len(a.page), len(b.page)) > 2
    if not plain or a.supplement or b.supplement or not a.volume or a.volume != b.volume:
        return False
    return abs(int(a.page) - int(b.page)) <= _SLIP_OF_PAGES


def _in_other_supplement(a: MatchFields, b: MatchFields) -> bool:
    """Return whether one is in a supplement of the volume and the other in another or in none."""
    if a.supplement == b.supplement:
        return False
    if a.supplement and b.supplement:
        return len(a.supplement) > 1 and len(b.supplement) > 1
    if not a.page or not b.page:
        return False
    return bool(a.page[:1] == "s") is not bool(b.page[:1] == "s")


def _journals(a: MatchFields, b: MatchFields) -> ComparisonOutcome:
    if not set(a.issns).isdisjoint(b.issns):
        return ComparisonOutcome.SAME
    if not a.journal or not b.journal:
        return ComparisonOutcome.UNKNOWN
    names = [(x, y) for x in (a.journal, a.other_journal) for y in (b.journal, b.other_journal)]
    return max(_journal_names(x, y) for x, y in names if x and y)


def _journal_names(a: tuple[str, ...], b: tuple[str, ...]) -> ComparisonOutcome:
    short, long = sorted((a, b), key=lambda x: (len(x), x))
    if len(short) == 1 and len(long) > 1 and _squeezed(short[0], long):
        return ComparisonOutcome.SAME
    initials = "".join([word[0] for word in long])
    if len(short) == 1 and len(short[0]) > 2 and initials.startswith(short[0]):
        return ComparisonOutcome.SAME
    if all(map(_abbreviates, short, long)):
        if len(short) == len(long):
            return ComparisonOutcome.SAME
        # "Biochim Biophys Acta" may be a section of it; "J Nutr" is not "J Nutr Biochem".
        return ComparisonOutcome.UNKNOWN if len(short) > 2 else ComparisonOutcome.DIFFERENT
    alike = fuzz.ratio("".join(short), "".join(long)) >= 90
    return ComparisonOutcome.SAME if alike else ComparisonOutcome.DIFFERENT


def _squeezed(text: str, names: tuple[str, ...]) -> bool:
    """Return whether a text is the beginnings of all words written together: 'jclinoncol'."""
    if not names:
        return not text
    word = names[0]
    return any(
        text[:size] == word[:size] and _squeezed(text[size:], names[1:])
        for size in range(min(len(word), len(text)), 0, -1)
    )


def _abbreviates(a: str, b: str) -> bool:
    """Return whether one word abbreviates the other: 'natl' and 'national'."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if long.startswith(short):
        return True
    letters = iter(long)
    return short[0] == long[0] and all(letter in letters for letter in short)


def _abstract(overlap: float | None) -> ComparisonOutcome:
    if overlap is None:
        return ComparisonOutcome.UNKNOWN
    for outcome, least in (
        (ComparisonOutcome.SAME, 0.8),
        (ComparisonOutcome.NEAR, 0.6),
        (ComparisonOutcome.FAR, 0.4),
    ):
        if overlap >= least:
            return outcome
    return ComparisonOutcome.DIFFERENT


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
