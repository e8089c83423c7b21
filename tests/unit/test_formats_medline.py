from __future__ import annotations

import io

import pytest

from autoscreen.formats import Problem, read
from autoscreen.formats.medline import WRITER
from autoscreen.records import Notice, NoticeKind, Record

ARTICLE = """\
PMID- 90000001
OWN - NLM
STAT- MEDLINE
DCOM- 20210304
IS  - 1234-5678 (Electronic)
IS  - 0000-000X (Linking)
VI  - 12
IP  - 3
DP  - 2020 Nov-Dec
TI  - Magnetic stimulation of the invented nerve for
      chronic pain: an invented trial.
PG  - 101-9
LID - S0000-0000(20)30001-2 [pii]
LID - 10.1000/INV.2020.1 [doi]
AB  - BACKGROUND: Pain that was made up for this test. METHODS: Ten invented people
      (p < 0.05) were stimulated.

      RESULTS: It helped &amp; did no harm.
CI  - Copyright (c) 2020 Nobody.
FAU - Sample, Ada B
AU  - Sample AB
AD  - Department of Examples, Example City.
AU  - Short C
CN  - Invented Pain Group
FAU - Van Muster, Dora
AU  - Van Muster D
LA  - eng
LA  - fre
PT  - Journal Article
PT  - Randomized Controlled Trial
PL  - England
TA  - J Inv Pain
JT  - Journal of invented pain
MH  - Pain/*drug therapy/psychology
MH  - *Transcranial Magnetic
      Stimulation
OTO - NOTNLM
OT  - *rTMS
OT  - chronic
      pain
EIN - J Inv Pain. 2021 Jan;13(1):5. doi: 10.1000/err. PMID: 90000009
CIN - J Inv Pain. 2021 Feb;13(2):9. PMID: 90000010
PMC - PMC7000001
EDAT- 2020/11/02 06:00
CRDT- 2020/11/01 10:15
AID - 10.1000/INV.2020.1 [doi]
SO  - J Inv Pain. 2020 Nov-Dec;12(3):101-9.
"""


def results(text: str | bytes) -> list[Record | Problem]:
    data = text.encode() if isinstance(text, str) else text
    return list(read(io.BytesIO(data)))


def came_in(text: str | bytes) -> list[Record]:
    return [result for result in results(text) if isinstance(result, Record)]


def problems(text: str | bytes) -> list[Problem]:
    return [result for result in results(text) if isinstance(result, Problem)]


def test_an_article():
    """Every field of a PubMed article comes in clean."""
    (record,) = results(ARTICLE)
    assert record == Record(
        title="Magnetic stimulation of the invented nerve for chronic pain: an invented trial.",
        abstract="BACKGROUND: Pain that was made up for this test. METHODS: Ten invented people "
        "(p < 0.05) were stimulated. RESULTS: It helped & did no harm.",
        authors=("Sample, Ada B", "Short C", "Invented Pain Group", "Van Muster, Dora"),
        year=2020,
        journal="Journal of invented pain",
        volume="12",
        issue="3",
        pages="101-9",
        pmid="90000001",
        pmcid="PMC7000001",
        doi="10.1000/inv.2020.1",
        mesh=("Pain/*drug therapy/psychology", "*Transcranial Magnetic Stimulation"),
        keywords=("rTMS", "chronic pain"),
        publication_types=("Journal Article", "Randomized Controlled Trial"),
        languages=("eng", "fre"),
        issns=("1234-5678", "0000-000X"),
        entered="2020-11-01",
        notices=(
            Notice(
                kind=NoticeKind.CORRECTED,
                reference="J Inv Pain. 2021 Jan;13(1):5. doi: 10.1000/err.",
                pmid="90000009",
            ),
        ),
    )
    assert record.raw == ARTICLE.rstrip("\n")
    assert record.raw_format == "nbib"


def test_a_book_chapter_without_abstract():
    """A chapter has its book for a journal; that it lacks an abstract is no fault."""
    (record,) = results(
        "PMID- 90000002\nOWN - NLM\nDP  - 2019 Jan\nBTI - Invented Handbook\n"
        "TI  - A chapter\nFAU - Sample, Ada\nPB  - Invented Press\nPT  - Book Chapter\n"
    )
    assert (record.title, record.journal, record.publisher) == (
        "A chapter",
        "Invented Handbook",
        "Invented Press",
    )
    assert record.abstract == ""


def test_a_whole_book():
    """A book without chapters is named by its own title."""
    (record,) = results("PMID- 90000003\nOWN - NLM\nBTI - Invented Handbook\nDP  - 2018\n")
    assert (record.title, record.journal) == ("Invented Handbook", "")


@pytest.mark.parametrize("title", ["", "[Not Available].", "[In Process Citation]"])
def test_the_original_title_stands_in_for_a_missing_one(title: str):
    """Where PubMed has no English title, the one in the article's language is used."""
    (record,) = came_in(f"PMID- 1\nTI  - {title}\nTT  - Schmerz und Reiz.\nLA  - ger\n")
    assert record.title == "Schmerz und Reiz."


def test_a_translated_title_is_kept():
    """A title in brackets is a translation, and in English, so it stays."""
    (record,) = came_in("PMID- 1\nTI  - [Pain and stimulus].\nTT  - Schmerz und Reiz.\n")
    assert record.title == "[Pain and stimulus]."


def test_another_abstract_stands_in_for_a_missing_one():
    """An abstract that others than the publisher wrote is better than none."""
    assert came_in("PMID- 1\nTI  - T\nOAB - Publisher: another.\n")[0].abstract == (
        "Publisher: another."
    )
    assert came_in("PMID- 1\nTI  - T\nAB  - First.\nOAB - Other.\n")[0].abstract == "First."


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("RIN - R. 2020. PMID: 5", NoticeKind.RETRACTED),
        ("RRI - R. 2020. PMID: 5", NoticeKind.RETRACTED),
        ("ROF - R. 2020. PMID: 5", NoticeKind.RETRACTION),
        ("ECI - R. 2020. PMID: 5", NoticeKind.CONCERN),
        ("EIN - R. 2020. PMID: 5", NoticeKind.CORRECTED),
        ("CRI - R. 2020. PMID: 5", NoticeKind.CORRECTED),
        ("UIN - R. 2020. PMID: 5", NoticeKind.UPDATED),
    ],
)
def test_notices(line: str, kind: NoticeKind):
    """What was published about a record later comes with it."""
    (record,) = came_in(f"PMID- 1\nTI  - T\n{line}\n")
    assert record.notices == (Notice(kind=kind, reference="R. 2020.", pmid="5"),)


@pytest.mark.parametrize("tag", ["CIN", "CON", "EFR", "ECF", "UOF", "RPI", "CRF"])
def test_links_that_say_nothing_against_a_record(tag: str):
    """Comments, and what this record says of others, are no notices."""
    assert came_in(f"PMID- 1\nTI  - T\n{tag:<4}- R. 2020. PMID: 5\n")[0].notices == ()


def test_a_retraction_known_only_by_type():
    """A retracted article is known even where the link to the retraction is missing."""
    (record,) = came_in("PMID- 1\nTI  - T\nPT  - Retracted Publication\n")
    assert record.notices == (Notice(kind=NoticeKind.RETRACTED),)


def test_eric():
    """ERIC's records have their own identifiers, which are no PMIDs."""
    text = (
        "OWN - ERIC\nTI  - Title one\nAU  - Sample, Ada\nOT  - Teaching\nJT  - Invented Education\n"
        "AID - http://dx.doi.org/10.1000/eric.1\nOID - EJ9000001\nDP  - 2011\n"
        "LID - http://eric.example.org/?id=EJ9000001\nISSN - ISSN-1234-5678\nLA  - English\n"
    )
    first, second = came_in(f"\n\n{text}\n\n{text.replace('one', 'two')}")
    assert (first.pmid, first.accession, first.doi) == (None, "EJ9000001", "10.1000/eric.1")
    assert first.urls == ("http://eric.example.org/?id=EJ9000001",)
    assert (first.year, first.issns, first.keywords) == (2011, ("1234-5678",), ("Teaching",))
    assert (first.title, second.title) == ("Title one", "Title two")


@pytest.mark.parametrize("between", ["\n", "\n\n", "\n \n\n\n"])
def test_records_are_parted_with_or_without_blank_lines(between: str):
    """A missing blank line merges no records, and more of them make none."""
    text = between.join(f"PMID- {n}\nOWN - NLM\nTI  - Title {n}" for n in (1, 2, 3))
    assert [(record.pmid, record.title) for record in came_in(text)] == [
        ("1", "Title 1"),
        ("2", "Title 2"),
        ("3", "Title 3"),
    ]


def test_records_of_several_databases_in_one_file():
    """Exports of PubMed and ERIC that were pasted together come apart."""
    text = "PMID- 1\nOWN - NLM\nTI  - One\nOWN - ERIC\nTI  - Two\nPMID- 3\nTI  - Three\n"
    assert [record.title for record in came_in(text)] == ["One", "Two", "Three"]


def test_pubmed_central_puts_its_number_first():
    """Records that begin with their PMC number are not cut in two, with or without a PMID."""
    text = (
        "PMC - PMC1\nPMID- 1\nTI  - One\n\nPMC - PMC2\nTI  - Two\n\nPMC - PMC3\nPMID- 3\n"
        "TI  - Three\nSO  - J.\n"
    )
    for given in (text, text.replace("\n\nPMC - PMC3", "\nPMC - PMC3")):
        assert [(r.pmcid, r.pmid, r.title) for r in came_in(given)] == [
            ("PMC1", "1", "One"),
            ("PMC2", None, "Two"),
            ("PMC3", "3", "Three"),
        ]


def test_blank_lines_between_all_lines():
    """A file in which every line is followed by an empty one has as many records as before."""
    text = ARTICLE + "\n" + ARTICLE.replace("90000001", "90000005")
    first, second = came_in(text.replace("\n", "\n\n"))
    assert (first.pmid, second.pmid) == ("90000001", "90000005")
    assert first == came_in(ARTICLE)[0]


def test_a_preamble_is_reported():
    """Text before the first record is left out, and that is said with its line."""
    record, problem = reversed(results("\nSearch of 2020-01-01\n\nPMID- 1\nTI  - T\n"))
    assert record.pmid == "1"
    assert (problem.line, problem.lost) == (2, False)
    assert "'Search of 2020-01-01'" in problem.message


def test_a_saved_web_page_needs_no_comment():
    """The mark-up that PubMed once put around the text is nothing to report."""
    (record,) = results("<pre>\nPMID- 1\nTI  - T\n</pre>\n")
    assert record.title == "T"


def test_a_line_that_lost_its_indent_goes_on():
    """A folded line without indent is taken to go on with its field, and that is said."""
    text = "PMID- 1\nTI  - A title\nthat goes on\nAB  - A\n"
    assert came_in(text)[0].title == "A title that goes on"
    (problem,) = problems(text)
    assert (problem.line, problem.record, problem.lost) == (1, 1, False)
    assert "'that goes on'" in problem.message


def test_a_stray_line_after_a_blank_one_is_left_out():
    """Text between records joins neither of them, and is reported."""
    text = "PMID- 1\nTI  - T\n\nEnd of page\n\nPMID- 2\nTI  - U\n"
    assert [record.title for record in came_in(text)] == ["T", "U"]
    assert "ignored: 'End of page'" in problems(text)[0].message


def test_a_bad_number_costs_only_the_number():
    """A PMID that is none is left out, and the record comes in."""
    text = "PMID- 1234567890\nTI  - T\n"
    assert came_in(text)[0].pmid is None
    assert "1234567890" in problems(text)[0].message


def test_a_record_cut_off_after_its_number():
    """A record with neither title nor abstract comes in, and that is said."""
    assert came_in("PMID- 1\nTI  - T\n\nPMID- 2\n")[1].pmid == "2"
    (problem,) = problems("PMID- 1\nTI  - T\n\nPMID- 2\n")
    assert (problem.record, problem.line) == (2, 4)
    assert "neither title nor abstract" in problem.message


def test_the_same_number_twice_gives_two_records():
    """Reading removes no duplicates: that can be seen and undone elsewhere."""
    assert len(came_in("PMID- 1\nTI  - T\n\nPMID- 1\nTI  - T\n")) == 2


def test_notes_of_a_database_are_no_notes_of_a_reader():
    """What the National Library of Medicine notes about a record stays out."""
    assert came_in("PMID- 1\nOWN - NLM\nTI  - T\nGN  - KIE: 14 fn.\n")[0].note == ""


def test_what_is_written_is_folded_and_tagged():
    """Other programs can read what is written: lines are short, tags are PubMed's."""
    (record,) = came_in(ARTICLE)
    stream = io.BytesIO()
    assert WRITER.write([record, record], stream) == 2
    lines = stream.getvalue().decode().splitlines()
    assert all(len(line) <= 88 for line in lines)
    assert lines[0] == "PMID- 90000001"
    assert "AU  - Sample AB" in lines
    assert "LID - 10.1000/inv.2020.1 [doi]" in lines
    assert lines.count("") == 2
    assert not any(line.startswith("GN") for line in lines)


def test_our_own_notes_are_read_after_an_abstract_without_a_full_stop():
    """A note begins with a small letter, and carries decisions and database numbers."""
    record = Record(title="Heat for backs", abstract="Heat for backs: a trial", accession="X1")
    stream = io.BytesIO()
    WRITER.write([record], stream)
    stream.seek(0)
    (read_back,) = read(stream, format="nbib")
    assert (read_back.abstract, read_back.accession) == (record.abstract, record.accession)
