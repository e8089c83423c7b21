"""Which record a PDF belongs to."""

from __future__ import annotations

import pytest

from autoscreen.records import Record
from autoscreen.review.pdf_matching import match_pdf

TITLE = "Magnetic stimulation of the motor cortex for phantom limb pain: a trial"
RECORDS = {
    "r1": Record(title=TITLE, doi="10.1234/abc.56", pmid="31234567"),
    "r2": Record(title="Coils and ﬁelds over the spinal roots in radiculopathy", doi="10.1234/xyz"),
    "r3": Record(title="Pain", doi="10.1234/pain(1)", pmid="40000001"),
    "r4": Record(title="Another study that was excluded by its abstract", doi="10.1234/excluded"),
}
ELIGIBLE = ("r1", "r2", "r3")


@pytest.mark.parametrize(
    ("name", "text", "record", "evidence"),
    [
        ("a.pdf", "https://doi.org/10.1234/ABC.56. Received", "r1", "DOI on the first pages"),
        ("10.1234_abc.56.pdf", "", "r1", "DOI in the file name"),
        ("31234567.pdf", "", "r1", "PMID in the file name"),
        ("a.pdf", "MAGNETIC STIMULATION of the\nmotor cortex for phantom limb\npain. A trial",
         "r1", "title on the first page"),
        ("Coils and fields over the spinal roots in radiculopathy.pdf", "", "r2",
         "title in the file name"),
        ("a.pdf", "(doi: 10.1234/pain(1))", "r3", "DOI on the first pages"),
    ],
)  # fmt: skip
def test_one_record_is_sure(name, text, record, evidence):
    """A DOI, PMID or whole title names its record."""
    match = match_pdf(name, [text], RECORDS, ELIGIBLE)
    assert (match.record, match.evidence) == (record, evidence)


@pytest.mark.parametrize(
    ("name", "text", "possible"),
    [
        # A letter about the trial has a DOI of its own.
        ("a.pdf", f"Comment on {TITLE}. doi 10.9999/letter", ["r1"]),
        # Its own DOI comes first, that of the trial is cited.
        ("a.pdf", "10.9999/letter cites 10.1234/abc.56", ["r1"]),
        # Two records are named with the same force.
        ("31234567.pdf", "doi 10.1234/xyz", ["r1", "r2"]),
        ("a.pdf", "doi 10.1234/excluded", ["r4"]),
        ("a.pdf", "Another study that was excluded by its abstract", ["r4"]),
        ("a.pdf", f"PMID: 40000001. {TITLE[:-1]}x", ["r1", "r3"]),
        ("r2.pdf", "", ["r2"]),
        ("a.pdf", "Pain and other words", []),
        ("10.1234_abc.567.pdf", "", []),
        ("131234567.pdf", "", []),
    ],
)
def test_what_is_not_sure_is_a_question(name, text, possible):
    """Whatever speaks against a record, or for several, is for a person to decide."""
    match = match_pdf(name, [text], RECORDS, ELIGIBLE)
    assert match.record == ""
    assert sorted(one.id for one in match.possible) == possible


def test_a_record_that_was_not_included_is_named_as_such():
    """Its PDF is not attached without a question."""
    (one,) = match_pdf("10.1234_excluded.pdf", [""], RECORDS, ELIGIBLE).possible
    assert one.evidence == "DOI in the file name, not included by title and abstract"
