from __future__ import annotations

import io

import pytest

from autoscreen.formats import Problem, read
from autoscreen.records import Label, Record, Verdict


def styled(text: str) -> str:
    return f'<style face="normal" font="default" size="100%">{text}</style>'


RECORD = f"""<record><database name="My.enl" path="C:\\My.enl">My.enl</database>
<source-app name="EndNote" version="20.4">EndNote</source-app><rec-number>7</rec-number>
<ref-type name="Journal Article">17</ref-type>
<contributors><authors><author>{styled("Sample, Ada B.")}</author><author>{styled("Pain Group,")}
</author></authors><secondary-authors><author>{styled("Editor, E.")}</author></secondary-authors>
</contributors><titles>
<title>{styled("Effect of ")}<style face="italic">rTMS</style>{styled(" at &lt; 5 Hz")}
</title><secondary-title>{styled("J Inv")}</secondary-title></titles>
<periodical><full-title>{styled("Journal of Invention")}</full-title></periodical>
<pages>{styled("1-9")}</pages><volume>{styled("3")}</volume><number>{styled("2")}</number>
<keywords><keyword>{styled("Pain&#xD;rTMS")}</keyword><keyword>{styled("Pain")}</keyword></keywords>
<dates><year>{styled("2019")}</year><pub-dates><date>{styled("Jan")}</date></pub-dates></dates>
<publisher>{styled("Press")}</publisher>
<isbn>{styled("1234-5678 (Electronic)&#xD;0000-000X (Linking)")}</isbn>
<accession-num>{styled("90000001")}</accession-num><custom2>{styled("PMC7000001")}</custom2>
<abstract>{styled("One.&#xD;Two.")}</abstract>
<notes>{styled("Exclusion reason: Wrong population; seen twice")}</notes>
<urls><related-urls><url>{styled("https://www.ncbi.nlm.nih.gov/pubmed/90000001")}</url>
</related-urls>
<pdf-urls><url>internal-pdf://1.pdf</url></pdf-urls></urls>
<electronic-resource-num>{styled("10.1000/ABC")}</electronic-resource-num>
<language>{styled("eng")}</language><label>{styled("to read")}</label></record>"""


def results(text: str) -> list[Record | Problem]:
    head = '<?xml version="1.0" encoding="UTF-8" ?><xml><records>'
    return list(read(io.BytesIO(f"{head}{text}</records></xml>".encode())))


def test_a_record():
    """Every field comes in clean, whatever runs of style its text is cut into."""
    (record,) = results(RECORD)
    assert record == Record(
        title="Effect of rTMS at < 5 Hz",
        abstract="One. Two.",
        authors=("Sample, Ada B.", "Pain Group"),
        year=2019,
        journal="Journal of Invention",
        volume="3",
        issue="2",
        pages="1-9",
        publisher="Press",
        pmid="90000001",
        pmcid="PMC7000001",
        doi="10.1000/abc",
        keywords=("Pain", "rTMS"),
        languages=("eng",),
        urls=("https://www.ncbi.nlm.nih.gov/pubmed/90000001",),
        issns=("1234-5678", "0000-000X"),
        record_type="Journal Article",
        verdicts=(Verdict(label=Label.EXCLUDE, reason="Wrong population"),),
        note="seen twice",
        tags=("to read",),
        source_key="7",
    )
    assert record.raw == RECORD


@pytest.mark.parametrize(
    ("rest", "pmid", "accession"),
    [
        ("", None, "12345678"),
        ("<remote-database-provider>NLM</remote-database-provider>", "12345678", ""),
        ("<remote-database-name>Ovid MEDLINE(R)</remote-database-name>", "12345678", ""),
        ("<remote-database-name>AMED</remote-database-name>", None, "12345678"),
    ],
)
def test_an_accession_number_is_a_pmid_only_if_something_says_so(
    rest: str, pmid: str | None, accession: str
):
    """Numbers of other databases look alike, and must not be taken for PMIDs."""
    (record,) = results(
        "<record><ref-type>17</ref-type><titles><title>T</title></titles>"
        f"<accession-num>12345678</accession-num>{rest}</record>"
    )
    assert (record.pmid, record.accession) == (pmid, accession)


def test_a_book_section_is_in_its_book():
    """Where there is no periodical, the second title is what the record stands in."""
    (record,) = results(
        '<record><ref-type name="Book Section">5</ref-type><titles><title>T</title>'
        "<secondary-title>Book</secondary-title></titles></record>"
    )
    assert (record.journal, record.record_type) == ("Book", "Book Section")


def test_each_damaged_record_is_named():
    """A record cut off comes in with a problem; the one after it is whole."""
    found = results(RECORD.replace("</record>", "") + "\n" + RECORD)
    assert [record.pmid for record in found if isinstance(record, Record)] == ["90000001"] * 2
    (problem,) = [problem for problem in found if isinstance(problem, Problem)]
    assert (problem.record, problem.lost) == (1, False)
