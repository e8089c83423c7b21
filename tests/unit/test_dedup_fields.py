"""What is made of a record before it is compared."""

from __future__ import annotations

import pytest

from autoscreen.dedup import MatchFields, match_fields
from autoscreen.dedup._text_folding import fold, split_title
from autoscreen.records import Record


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Pain &amp; Sleep", "pain  and  sleep"),
        ("CO<sub>2</sub> in <i>vivo</i>", "co2 in vivo"),
        ("p < 0.05 and n > 3", "p < 0.05 and n > 3"),
        ("Ménière's TNF-\u03b1", "meniere's tnf-alpha"),
        ("Łódź, Ærø, straße", "lodz, aero, strasse"),
        ("10 \N{MICRO SIGN}g m\N{SUPERSCRIPT TWO}", "10 mug m2"),
        ("G\N{REPLACEMENT CHARACTER}nther", "gnther"),
    ],
)
def test_folding_drops_what_databases_write_differently(text: str, folded: str) -> None:
    """Mark-up, accents, case and Greek letters do not part two spellings of one text."""
    assert fold(text) == folded


@pytest.mark.parametrize(
    "title",
    [
        "Type II errors in trials of coils.",
        "TYPE 2 ERRORS IN TRIALS OF COILS",
        "[Type 2 errors in trials of coils].",
        "Type 2 errors in trials of coils. [Review] [34 refs]",
        "Type 2 errors in trials of coils [German]",
        "[Type 2 errors in trials of coils [French]].",
        "Type 2 errors in trials of coils [Erratum appears in Coil J 2001;7:3]",
        "RETRACTED ARTICLE: Type 2 errors in trials of coils",
        "Type 2 errors in trials of coils [Fehler zweiter Art in Versuchen mit Spulen]",
    ],
)
def test_what_databases_add_to_a_title_is_dropped(title: str) -> None:
    """Numerals, brackets, languages and remarks leave the title of the article itself."""
    assert split_title(title) == ("type 2 errors in trials of coils", "")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Erratum: Coils and pain", "notice"),
        ("Coils and pain: Corrigendum", "notice"),
        ("Correction to: Coils and pain", "notice"),
        ("Coils and pain (vol 12, pg 34, 2008)", "notice"),
        ("WITHDRAWN: Coils for pain", "notice"),
        ("Notice of Retraction: Coils and pain", "notice"),
        ("Retraction notice to 'Coils and pain'", "notice"),
        ("Correction of anaemia in people with coils", ""),
        ("Withdrawal of coils after a year", ""),
        ("Retraction of the lung after surgery", ""),
        ("Reply", "reply"),
        ("Authors' reply", "reply"),
        ("Reply to Smith et al.", "reply"),
        ("Coils and pain - Reply", "reply"),
        ("Response to: Coils and pain", ""),
        ("Response to letter by Smith", "reply"),
        ("Response to coils in forty amputees", ""),
        ("Re: Coils and pain", "comment"),
        ("Re-examining coils", ""),
        ("Comment on: Coils and pain", "comment"),
        ("Letter to the editor", "comment"),
        ("Letters known by children", ""),
        ("Editorial.", "comment"),
    ],
)
def test_titles_say_whether_they_answer_or_correct_another(title: str, kind: str) -> None:
    """Notices, replies and comments are distinguished from research whose title begins alike."""
    assert split_title(title)[1] == kind


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (("Smith, Anna B.", "van der Berg, Jan"), ("smith", "berg")),
        (("Smith AB", "van der Berg J"), ("smith", "berg")),
        (("Smith A.B.van der Berg J.",), ("smith", "berg")),
        (("LI X", "O'Brien C"), ("li", "brien")),
        (("Anna B. Smith",), ("anna", "smith")),
        (("[No authors listed]",), ()),
        (("Müller-Lüdenscheidt, K",), ("muller", "ludenscheidt")),
    ],
)
def test_surnames_are_found_in_every_form(authors: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Families are found with given names, with initials, and in one string."""
    assert match_fields(Record(authors=authors)).authors == names


@pytest.mark.parametrize(
    ("pages", "page"),
    [
        ("221-8", "221"),
        ("pp. 221-228", "221"),
        ("S30", "s30"),
        ("e001469", "e1469"),
        ("2S37-2S42", "2s37"),
        ("ARTN 106", "106"),
        ("11-Sep", ""),
        ("Nov-19", ""),
        ("2.05031E+15", ""),
        ("no pagination", ""),
        ("CD007394", "cd7394"),
    ],
)
def test_first_page(pages: str, page: str) -> None:
    """The first page is found in every form; what a spreadsheet has spoilt counts as unknown."""
    assert match_fields(Record(pages=pages)).page == page


@pytest.mark.parametrize(
    ("volume", "number"),
    [("38 (Supplement 1)", "38"), ("1)", ""), ("Part A. 242", "242"), ("96-98", "96"), ("", "")],
)
def test_volume(volume: str, number: str) -> None:
    """The number of the volume stands alone; the rest of a torn one counts as unknown."""
    assert match_fields(Record(volume=volume)).volume == number


@pytest.mark.parametrize(
    ("journal", "words"),
    [
        ("The Journal of Sleep (Oxford, England)", ("journal", "sleep")),
        ("Sleep (Baltimore, Md. : 1978)", ("sleep",)),
        ("Annual Conference on Sleep", ("annual", "conference", "sleep")),
        ("Sleep. Conference: Sleep Week 2012", ("sleep",)),
        ("Sleep Journal, Supplement", ("sleep", "journal")),
        ("Neuromodulation : journal of the society", ("neuromodulation",)),
        ("Sommeil clinique = Clinical sleep", ("sommeil", "clinique")),
        ("(Sleep)", ("sleep",)),
    ],
)
def test_journal(journal: str, words: tuple[str, ...]) -> None:
    """Town, conference, supplement and parallel names do not belong to a journal's name."""
    assert match_fields(Record(journal=journal)).journal == words


@pytest.mark.parametrize(
    "doi",
    [
        "10.1000/ABC.7",
        "https://doi.org/10.1000/abc.7",
        "10.1000/abc.7/full",
        "10.1000/abc.7.pdf",
        "10.1000/abc.7.",
    ],
)
def test_doi_is_canonical_even_if_the_record_is_not(doi: str) -> None:
    """Addresses, case and endings of a publisher's page do not hide a DOI."""
    assert match_fields(Record(doi=doi)).doi == "10.1000/abc.7"


def test_old_dois_keep_their_odd_characters() -> None:
    """A DOI with brackets, signs and semicolons stays whole."""
    doi = "10.1002/(sici)1097-0142(19970101)79:1<1::aid-cncr1>3.0.co;2-#"
    assert match_fields(Record(doi=doi)).doi == doi


@pytest.mark.parametrize("abstract", ["", "No abstract available.", "We did a trial. " * 3])
def test_a_text_that_says_nothing_is_no_abstract(abstract: str) -> None:
    """Remarks in place of an abstract are not compared."""
    assert not match_fields(Record(abstract=abstract)).has_abstract


def test_issns_are_eight_digits() -> None:
    """ISSNs are kept in one form; anything else is dropped."""
    record = Record(issns=("1468-201X (Electronic)", "0957-9672", "978-3-16", "09579672"))
    assert match_fields(record).issns == ("09579672", "1468201x")


def test_equal_records_have_equal_keys() -> None:
    """A key depends on nothing but the record, and may be used in sets."""
    record = Record(title="Coils", abstract="We moved a coil over the cortex. " * 9)
    assert {match_fields(record), match_fields(record)} == {match_fields(record)}
    assert match_fields(Record()) == MatchFields()
