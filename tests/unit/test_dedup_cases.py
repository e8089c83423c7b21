"""Pairs of invented records of the kinds that reviews meet, and whether they are one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autoscreen.dedup import clusters, find_duplicates, match_fields
from autoscreen.records import Record

TITLE = "Invented stimulation of a made-up nerve in adults with imaginary pain"
ANNUAL = "Annual report of the made-up registry of invented nerves and imaginary pain"
TREES = ("alder", "birch", "cedar", "elder", "hazel", "linden", "maple", "oak")
STONES = ("amber", "beryl", "coral", "garnet", "jade", "onyx", "opal", "ruby")
ABSTRACT = " ".join(
    f"Group {word} had {number} sessions of invented stimulation and {number + 3} of sham."
    for number, word in enumerate(TREES)
)
OTHER_TEXT = " ".join(
    f"In ward {word} the nurses counted {number} nights without rest, which was not expected."
    for number, word in enumerate(STONES)
)
PAPER = Record(
    title=TITLE,
    abstract=ABSTRACT,
    authors=("Doe, Richard R.", "Roe, Mary W.", "Poe, Ann"),
    year=2015,
    journal="Journal of Invented Rehabilitation",
    volume="12",
    issue="3",
    pages="123-129",
    doi="10.1234/jir.2015.123",
)
BARE = replace(PAPER, doi=None)
FEW = Record(title=TITLE, authors=PAPER.authors, year=2015, journal=PAPER.journal)

ONE = {
    "abbreviated last page": replace(BARE, pages="123-9"),
    "first page alone": replace(BARE, pages="123", abstract=""),
    "pages with p. and blanks": replace(BARE, pages="pp. 123 - 129", abstract=""),
    "initials and full names": replace(
        BARE, authors=("Doe RR", "Roe MW", "Poe A"), abstract="", issue=""
    ),
    "given names first": replace(
        BARE, authors=("Richard Doe", "Mary Roe", "Ann Poe"), abstract="", pages=""
    ),
    "no authors": replace(BARE, authors=(), abstract=""),
    "first author and others": replace(BARE, authors=("Doe, R.", "et al."), abstract=""),
    "no abstract and an abbreviated journal": replace(
        BARE, abstract="", journal="J Invent Rehabil"
    ),
    "capitals and a full stop": replace(FEW, title=f"{TITLE.upper()}."),
    "translated title in brackets": replace(BARE, title=f"[{TITLE}]", abstract=""),
    "language behind the title": replace(BARE, title=f"{TITLE} [French]", abstract=""),
    "online first a year before": replace(BARE, year=2014, volume="", issue="", pages=""),
    "British spelling": replace(
        BARE, title=TITLE.replace("imaginary", "imaginarie"), doi=PAPER.doi, abstract=""
    ),
    "retracted paper": replace(BARE, title=f"RETRACTED: {TITLE}"),
    "retracted article mark behind": replace(BARE, title=f"{TITLE} (Retracted article)"),
    "DOI as an address": replace(FEW, doi="https://doi.org/10.1234/JIR.2015.123", authors=()),
    "DOI with a prefix and a full stop": replace(FEW, doi="doi: 10.1234/jir.2015.123."),
    "DOI with a doubled slash": replace(FEW, doi="10.1234//jir.2015.123", year=2016),
    "DOI with an escaped slash": replace(FEW, doi="10.1234%2Fjir.2015.123", year=2016),
    "volume with its word": replace(BARE, volume="Vol. 12", abstract=""),
    "volume and issue together": replace(BARE, volume="12(3)", issue="", abstract=""),
    "subtitle missing, same page": replace(BARE, title=f"{TITLE}: a randomised trial", abstract=""),
}
APART = {
    "part II": replace(
        BARE, title=f"{TITLE}. Part II", doi="10.1234/jir.2015.130", pages="130-139", abstract=""
    ),
    "part 2 after part 1 on other pages": replace(BARE, title=f"{TITLE} 2", pages="130-139"),
    "same title ten years later": replace(
        BARE, year=2025, volume="22", pages="45-51", abstract=OTHER_TEXT
    ),
    "correction": replace(
        BARE, title=f"Correction: {TITLE}", abstract="", pages="211", volume="13", year=2016
    ),
    "erratum to": replace(
        BARE, title=f"Erratum to: {TITLE}", abstract="", pages="211", volume="12", issue="5"
    ),
    "corrigendum without a place": replace(FEW, title=f"Corrigendum to '{TITLE}'"),
    "retraction notice": replace(
        BARE, title=f"Retraction notice to: {TITLE}", abstract="", year=2017, volume="14", pages="9"
    ),
    "retraction of the paper in brackets": replace(
        BARE, title=f"Retraction: {TITLE} [J Invent Rehabil 2015]", abstract="", pages="402"
    ),
    "expression of concern": replace(FEW, title=f"Expression of concern: {TITLE}"),
    "comment": replace(
        FEW, title=f"Comment on: {TITLE}", authors=("Low, Al",), pages="300", volume="12"
    ),
    "authors' reply": replace(FEW, title=f"{TITLE}: authors' reply", pages="301", volume="12"),
    "protocol and results": replace(
        BARE,
        title=f"{TITLE}: study protocol for a randomised controlled trial",
        year=2012,
        journal="Invented Trials",
        volume="3",
        pages="77",
        abstract=OTHER_TEXT,
    ),
    "protocol in the same journal": replace(
        BARE, title=f"{TITLE}: a protocol", year=2014, volume="11", pages="5-9", abstract=OTHER_TEXT
    ),
    "congress abstract in a supplement": replace(
        BARE, volume="12 Suppl 1", issue="", pages="S45", abstract=OTHER_TEXT, year=2015
    ),
    "congress abstract elsewhere": replace(
        BARE, journal="European Archives of Invention", volume="30", pages="S77", abstract=""
    ),
    "two PMIDs": replace(PAPER, pmid="31000002"),
    "two PMC numbers": replace(BARE, pmcid="PMC1234568"),
    "two registry entries": Record(title=TITLE, accession="NCT09999992", abstract=ABSTRACT),
    "registry entry and paper": Record(title=TITLE, accession="NCT09999991", year=2015),
    "boilerplate abstract": replace(
        BARE, title="A quite different question about sleep", pages="400-411", authors=("Low, Al",)
    ),
    "year 1 and year 2 of a study": replace(
        FEW, title=f"{TITLE}: results after 2 years", abstract=OTHER_TEXT
    ),
    "same page and volume of another journal": replace(
        BARE, title="On something else that was counted", journal="Sleep of Nurses", abstract=""
    ),
    "women and men, nothing else known": replace(FEW, title=TITLE.replace("adults", "women")),
    "another year's annual report": replace(FEW, title=ANNUAL, year=2016),
    "another supplement without pages": replace(BARE, issue="Suppl 2", pages="", abstract=""),
    "women and men": replace(
        FEW, title=TITLE.replace("adults", "women"), abstract=OTHER_TEXT, pages="140", volume="12"
    ),
}
FIRST = {
    "women and men, nothing else known": replace(FEW, title=TITLE.replace("adults", "men")),
    "another year's annual report": replace(FEW, title=ANNUAL),
    "another supplement without pages": replace(BARE, issue="Suppl 1", pages="", abstract=""),
    "part II": replace(BARE, title=f"{TITLE}. Part I", abstract=""),
    "part 2 after part 1 on other pages": replace(BARE, title=f"{TITLE} 1"),
    "two PMIDs": replace(PAPER, pmid="31000001"),
    "two PMC numbers": replace(BARE, pmcid="PMC1234567"),
    "two registry entries": Record(title=TITLE, accession="NCT09999991", abstract=ABSTRACT),
    "year 1 and year 2 of a study": replace(FEW, title=f"{TITLE}: results after 1 year"),
}


def merged(first: Record, second: Record) -> bool:
    fields = [match_fields(first), match_fields(second)]
    return bool(clusters(2, find_duplicates(fields), fields))


@pytest.mark.parametrize("name", ONE)
def test_the_same_work_is_merged(name: str) -> None:
    """What only databases write differently does not keep two records apart."""
    assert merged(PAPER, ONE[name])
    assert merged(ONE[name], PAPER)


@pytest.mark.parametrize("name", APART)
def test_another_work_is_not_merged(name: str) -> None:
    """Notices, answers, protocols, parts, other trials and other publications stay separate."""
    assert not merged(FIRST.get(name, PAPER), APART[name])
    assert not merged(APART[name], FIRST.get(name, PAPER))


def test_a_preprint_and_its_paper_are_not_merged_automatically() -> None:
    """Both have a DOI of their own; a person decides."""
    preprint = replace(
        PAPER, doi="10.1101/2014.11.11.123456", journal="bioRxiv", volume="", issue="", pages=""
    )
    assert not merged(preprint, PAPER)
