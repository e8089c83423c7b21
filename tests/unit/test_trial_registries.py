"""Trial registration numbers: one normal form, and which records are registry entries."""

from __future__ import annotations

import pytest

from autoscreen.dedup import clusters, find_duplicates, match_fields
from autoscreen.formats.trial_registries import entry_numbers, registry_numbers
from autoscreen.records import Record


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Registered as NCT09999991.", "NCT09999991"),
        ("nct 09999991", "NCT09999991"),
        ("ISRCTN-99999999", "ISRCTN99999999"),
        ("(EudraCT number: 2010-018599-24)", "EU2010-018599-24"),
        ("EUCTR2010-018599-24-GB", "EU2010-018599-24"),
        ("EU CT 2022-501234-12-00", "EU2022-501234-12"),
        ("ACTRN12699999999999", "ACTRN12699999999999"),
        ("ChiCTR2099999999", "ChiCTR2099999999"),
        ("chictr-trc-10999999", "ChiCTRTRC-10999999"),
        ("DRKS00099999", "DRKS00099999"),
        ("UMIN000099999", "UMIN000099999"),
        ("JPRN-UMIN000099999", "UMIN000099999"),
        ("jRCTs099999999", "jRCTs099999999"),
        ("CTRI/2099/01/999999", "CTRI/2099/01/999999"),
        ("IRCT20999999999999N1", "IRCT20999999999999N1"),
        ("KCT0009999", "KCT0009999"),
        ("PACTR209999999999999", "PACTR209999999999999"),
        ("NTR9999", "NTR9999"),
        ("NCT\u201109999991", "NCT09999991"),
    ],
)
def test_numbers_have_one_normal_form(text: str, number: str) -> None:
    """Prefixes, blanks, dashes and case do not make another number."""
    assert registry_numbers(text) == (number,)


@pytest.mark.parametrize("text", ["NCT0999999", "2010-018599-24", "XNCT09999991", "NCT099999911"])
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    """Too few or too many digits, or a number without its registry, are text."""
    assert registry_numbers(text) == ()


def test_an_entry_is_known_by_its_accession_its_address_or_its_doi() -> None:
    """A publication that names a number is not an entry."""
    assert entry_numbers(Record(accession="NCT09999991")) == ("NCT09999991",)
    assert entry_numbers(Record(accession="2022-501234-12-00")) == ("EU2022-501234-12",)
    assert entry_numbers(Record(doi="10.1186/isrctn99999999")) == ("ISRCTN99999999",)
    address = "https://clinicaltrials.gov/study/NCT09999991"
    assert entry_numbers(Record(urls=(address,))) == ("NCT09999991",)
    assert entry_numbers(Record(journal=address, accession="CN-09999999")) == ("NCT09999991",)
    assert entry_numbers(Record(urls=(address,), journal="Pain", volume="3")) == ()
    assert entry_numbers(Record(abstract="NCT09999991", pmid="9")) == ()


def merged(*records: Record) -> bool:
    keys = [match_fields(record) for record in records]
    return bool(clusters(len(keys), find_duplicates(keys), keys))


TITLE = "A study of warm water in adults with moderate to severe stiff knees"


def entry(number: str, **fields: object) -> Record:
    return Record(title=TITLE, accession=number, year=2020, **fields)  # type: ignore[arg-type]


def test_entries_of_different_trials_stay_apart() -> None:
    """Equal titles and boilerplate summaries do not make two registrations one."""
    abstract = "The purpose of this study is to evaluate efficacy and safety of warm water. " * 4
    assert not merged(
        entry("NCT09999991", abstract=abstract), entry("NCT09999992", abstract=abstract)
    )


def test_entries_of_one_trial_are_one() -> None:
    """Two sources give one registration different titles."""
    other = Record(title="Pool exercise in the elderly", accession="nct09999991")
    assert merged(entry("NCT09999991"), other)


def test_an_entry_and_its_paper_stay_apart() -> None:
    """They are two reports of one study."""
    paper = Record(title=TITLE, year=2020, journal="Knee", volume="3", pages="200-9", pmid="99")
    assert not merged(entry("NCT09999991"), paper)
