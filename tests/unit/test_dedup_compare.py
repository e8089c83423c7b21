"""How the fields of two records compare."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from autoscreen.dedup import match_fields
from autoscreen.dedup._compare import ComparisonOutcome, FieldComparison, compare, titles
from autoscreen.records import Record

TREES = ("alder", "birch", "cedar", "elder", "hazel", "linden", "maple", "oak", "pine", "rowan")
STONES = ("amber", "beryl", "coral", "diamond", "garnet", "jade", "onyx", "opal", "ruby", "topaz")
TEXT = " ".join(
    f"Sentence {word} tells of pain that {word} people had before and {number} weeks after a coil."
    for number, word in enumerate(TREES)
)
OTHER = " ".join(
    f"On day {number} the nurses of ward {word} slept less than those who worked in the morning."
    for number, word in enumerate(STONES)
)


def compared(a: Record, b: Record) -> FieldComparison:
    first, second = match_fields(a), match_fields(b)
    seen = compare(first, second)
    assert compare(second, first) == seen
    return seen


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("European Heart Journal", "Eur Heart J", ComparisonOutcome.SAME),
        (
            "Proceedings of the National Academy of Sciences of the United States of America",
            "Proc Natl Acad Sci U S A",
            ComparisonOutcome.SAME,
        ),
        ("Journal of the American Medical Association", "JAMA", ComparisonOutcome.SAME),
        ("Proceedings of the National Academy of Sciences USA", "PNAS", ComparisonOutcome.SAME),
        ("PLoS ONE", "Plos One", ComparisonOutcome.SAME),
        ("Journal of Neurosience", "Journal of Neuroscience", ComparisonOutcome.SAME),
        (
            "Biochim Biophys Acta",
            "Biochimica et Biophysica Acta - Molecular Basis of Disease",
            ComparisonOutcome.UNKNOWN,
        ),
        ("", "Pain", ComparisonOutcome.UNKNOWN),
        ("Physiologi", "Physiology", ComparisonOutcome.SAME),
        ("Physiolgoi", "Physiology", ComparisonOutcome.DIFFERENT),
        ("JClinOncol", "Journal of Clinical Oncology", ComparisonOutcome.SAME),
        ("JClinOncolx", "Journal of Clinical Oncology", ComparisonOutcome.DIFFERENT),
        ("Acta Med Scand", "Acta Medica Scandinavica Oncologica", ComparisonOutcome.UNKNOWN),
        ("J Nutr", "J Nutr Biochem", ComparisonOutcome.DIFFERENT),
        ("Lancet", "Lancet Neurology", ComparisonOutcome.DIFFERENT),
        ("Pain", "Brain", ComparisonOutcome.DIFFERENT),
    ],
)
def test_journals(first: str, second: str, outcome: ComparisonOutcome) -> None:
    """Abbreviations and initials are recognised, and a longer name may be another journal."""
    assert compared(Record(journal=first), Record(journal=second)).journal is outcome


def test_a_shared_issn_settles_the_journal() -> None:
    """A journal that changed its name keeps its ISSN."""
    a = Record(journal="Conservation Ecology", issns=("1708-3087",))
    b = Record(journal="Ecology and Society", issns=("17083087", "1195-5449"))
    assert compared(a, b).journal is ComparisonOutcome.SAME


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("221-8", "221-228", ComparisonOutcome.SAME),
        ("S30", "30", ComparisonOutcome.SAME),
        ("S30", "A30", ComparisonOutcome.DIFFERENT),
        ("221", "222", ComparisonOutcome.DIFFERENT),
        ("e1469", "77", ComparisonOutcome.UNKNOWN),
        ("1-8", "221-8", ComparisonOutcome.UNKNOWN),
        ("1-8", "1-9", ComparisonOutcome.UNKNOWN),
        ("103114", "77", ComparisonOutcome.UNKNOWN),
        ("CD007394", "CD007394", ComparisonOutcome.UNKNOWN),
        ("CD12345", "S30", ComparisonOutcome.UNKNOWN),
        ("21-Aug", "21-8", ComparisonOutcome.UNKNOWN),
    ],
)
def test_pages(first: str, second: str, outcome: ComparisonOutcome) -> None:
    """First pages differ only where both are of one kind; page 1 proves nothing."""
    assert compared(Record(pages=first), Record(pages=second)).page is outcome


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (("Smith, A", "Jones, B"), ("Smith A", "Jones B", "Kim C"), ComparisonOutcome.SAME),
        (
            ("Jones, B", "Smith, A", "Kim, C"),
            ("Smith A", "Jones B", "Kim C"),
            ComparisonOutcome.SAME,
        ),
        (("Smith, A", "Roe, D"), ("Smith A", "Jones B", "Kim C"), ComparisonOutcome.NEAR),
        (("Muller, A",), ("Mueller A",), ComparisonOutcome.NEAR),
        (
            ("Roe, D", "Doe, E", "Kim, C"),
            ("Smith A", "Jones B", "Kim C", "Poe F"),
            ComparisonOutcome.FAR,
        ),
        (
            ("Adams, A", "Brown, B", "Clark, C", "Davis, D"),
            ("Clark C", "Davis D", "Brown B", "Evans E"),
            ComparisonOutcome.SAME,
        ),
        (("Roe, D",), ("Smith A", "Jones B"), ComparisonOutcome.DIFFERENT),
        ((), ("Smith A",), ComparisonOutcome.UNKNOWN),
    ],
)
def test_authors(
    first: tuple[str, ...], second: tuple[str, ...], outcome: ComparisonOutcome
) -> None:
    """Authors are compared by their families, whatever their order and number."""
    assert compared(Record(authors=first), Record(authors=second)).authors is outcome


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (2001, 2001, ComparisonOutcome.SAME),
        (2001, 2002, ComparisonOutcome.NEAR),
        (2001, 2003, ComparisonOutcome.FAR),
        (2001, 2009, ComparisonOutcome.DIFFERENT),
        (None, 2001, ComparisonOutcome.UNKNOWN),
    ],
)
def test_years(first: int | None, second: int | None, outcome: ComparisonOutcome) -> None:
    """A year is the same, one or two apart, or another."""
    assert compared(Record(year=first), Record(year=second)).year is outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (TEXT, ComparisonOutcome.SAME),
        (TEXT.upper().replace(".", " ; "), ComparisonOutcome.SAME),
        (f"BACKGROUND: {TEXT} Copyright 2012 the publisher.", ComparisonOutcome.SAME),
        (TEXT[: len(TEXT) // 2], ComparisonOutcome.SAME),
        (OTHER, ComparisonOutcome.DIFFERENT),
        ("", ComparisonOutcome.UNKNOWN),
    ],
)
def test_abstracts(text: str, outcome: ComparisonOutcome) -> None:
    """An abstract is the same although it was cut off, relabelled or got a notice appended."""
    assert compared(Record(abstract=TEXT), Record(abstract=text)).abstract is outcome


def test_abstracts_that_share_a_part_are_in_between() -> None:
    """The estimated overlap follows the share of the text that is common."""
    half = TEXT[: len(TEXT) // 2] + OTHER[: len(OTHER) // 2]
    assert compared(Record(abstract=TEXT), Record(abstract=half)).abstract_overlap == pytest.approx(
        0.5, abs=0.2
    )


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("Coils and pain", "COILS AND PAIN.", ComparisonOutcome.SAME),
        (
            "Coils for the pain of a lost limb",
            "Coils for pain of a lost limb",
            ComparisonOutcome.NEAR,
        ),
        (
            "Tumours of the hand in children",
            "Tumors of the hand in children",
            ComparisonOutcome.NEAR,
        ),
        (
            "Vitamin K in bone disease of children",
            "Vitamin KD in bone disease of children",
            ComparisonOutcome.NEAR,
        ),
        (
            "Coils for pain of a limb that is lost: a trial",
            "Coils for pain of a limb that is lost",
            ComparisonOutcome.CUT,
        ),
        (
            "Coils for pain of a lost limb in rats",
            "Coils for pain of a lost limb in children",
            ComparisonOutcome.FAR,
        ),
        (
            "Coils for pain of a lost limb",
            "Sleep of nurses on night duty",
            ComparisonOutcome.DIFFERENT,
        ),
        ("", "Coils and pain", ComparisonOutcome.UNKNOWN),
    ],
)
def test_titles(first: str, second: str, outcome: ComparisonOutcome) -> None:
    """Another spelling is distinguished from other words, and a subtitle left out from both."""
    assert compared(Record(title=first), Record(title=second)).title is outcome


def test_a_title_cut_off_in_another_year_is_not_cut_off() -> None:
    """The beginning of a title with another number is another title."""
    long, short = "trends of coils in 2011 among amputees of a county", "trends of coils in 2012"
    assert titles(f"many {long} far", f"many {short} among amp")[0] is not ComparisonOutcome.CUT


PRINTED = Record(title="Invented pain after a made-up lesion of a nerve", volume="9", pages="678")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"pages": "676"}, ComparisonOutcome.NEAR),
        ({"pages": "680"}, ComparisonOutcome.NEAR),
        ({"pages": "681"}, ComparisonOutcome.DIFFERENT),
        ({"pages": "676", "volume": "8"}, ComparisonOutcome.DIFFERENT),
        ({"pages": "676", "volume": ""}, ComparisonOutcome.DIFFERENT),
        ({"pages": "676", "title": PRINTED.title + " root"}, ComparisonOutcome.DIFFERENT),
        ({"pages": "676", "issue": "Suppl 2"}, ComparisonOutcome.DIFFERENT),
    ],
)
def test_a_slip_of_pages(changes: dict[str, Any], outcome: ComparisonOutcome) -> None:
    """Of one title in one volume, first pages up to two apart may be mistyped."""
    assert compared(PRINTED, replace(PRINTED, **changes)).page is outcome


def test_short_page_numbers_are_no_slip() -> None:
    """Pages 12 and 14 are two letters to the editor rather than a slip."""
    first, second = replace(PRINTED, pages="12"), replace(PRINTED, pages="14")
    assert compared(first, second).page is ComparisonOutcome.DIFFERENT


def test_a_missing_journal_is_unknown() -> None:
    """Nothing follows from a journal that only one of two records has."""
    seen = compared(PRINTED, replace(PRINTED, journal="Pain"))
    assert seen.journal is ComparisonOutcome.UNKNOWN


@pytest.mark.parametrize(
    ("number", "outcome"),
    [("1", ComparisonOutcome.CUT), ("2", ComparisonOutcome.FAR)],
)
def test_another_number_does_not_begin_a_longer_title(
    number: str, outcome: ComparisonOutcome
) -> None:
    """A slip of typing in the main title is allowed, another number is another study."""
    title = "Invented pain in made-up lesions of a nerve, phase 1 of"
    long = title.replace("made-up", "madeup").replace("1 of", f"{number} of") + " a longer trial"
    first, second = match_fields(Record(title=title)), match_fields(Record(title=long))
    assert titles(first.title, second.title)[0] is outcome
