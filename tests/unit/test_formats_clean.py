from __future__ import annotations

import pytest

from autoscreen.formats._clean import doi, plain, pmcid, pmid, unique, year


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("p < 0.05 and n > 3", "p < 0.05 and n > 3"),
        ("a<b and c>d", "a<b and c>d"),
        ("H<sub>2</sub>O and 10<sup>6</sup>", "H2O and 106"),
        ("<i>In vitro</i> &amp; <B>in vivo</B>", "In vitro & in vivo"),
        ('<span class="x">a</span><br/>b', "a b"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("&lt;i&gt;twice&lt;/i&gt; &amp;amp; more", "twice & more"),
        ("&#x3bc;V &#956;V &micro;V", "μV μV µV"),
        ("AT&T, R&D; &unknown; A&B;", "AT&T, R&D; &unknown; A&B;"),
        ("<jats:p>text <mml:mi>x</mml:mi></jats:p>", "text x"),
        ("<![CDATA[raw]]>", "raw"),
        ("e\u0301 soft\u00adhyphen zero\u200bwidth", "é softhyphen zerowidth"),
        ("  many \t\n spaces\u00a0here ", "many spaces here"),
        ("bell\x07 nul\x00", "bell nul"),
        ("\ud800 alone", "\ufffd alone"),
        ("", ""),
    ],
)
def test_text_comes_out_plain(text: str, clean: str):
    """Mark-up, entities, odd spaces and invisible characters go; the words stay."""
    assert plain(text) == clean


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("12345678", "12345678"),
        (" 0012 ", "12"),
        ("PMID: 123", "123"),
        ("pubmed:123", "123"),
        ("MEDLINE:123", "123"),
        ("123 [pmid]", "123"),
        ("123.0", "123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "123"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/123", "123"),
        ("\u200b123", "123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/?from=x", "123"),
        ("123456789", None),
        ("0", None),
        ("PMC123", None),
        ("EJ123", None),
        ("12a", None),
        ("", None),
    ],
)
def test_pmids(text: str, canonical: str | None):
    """A PMID is recognised in every usual shape, and nothing else is."""
    assert pmid(text) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("PMC123", "PMC123"),
        ("pmc0123.1", "PMC123"),
        ("123", "PMC123"),
        ("PMCID: PMC9", "PMC9"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC77/", "PMC77"),
        ("none", None),
        ("", None),
    ],
)
def test_pmcids(text: str, canonical: str | None):
    """A PubMed Central identifier is recognised in every usual shape."""
    assert pmcid(text) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("10.1000/ABC.1", "10.1000/abc.1"),
        ("https://doi.org/10.1000/abc", "10.1000/abc"),
        ("doi:10.1000/abc.", "10.1000/abc"),
        ("10.1000/abc [doi]", "10.1000/abc"),
        ("10.1000/abc[doi]", "10.1000/abc"),
        ("10.1000%2Fabc", "10.1000/abc"),
        ("(10.1000/abc(1))", "10.1000/abc(1)"),
        ("10.1002/(SICI)1(199)8:1<1::AID>3.0.CO;2-X", "10.1002/(sici)1(199)8:1<1::aid>3.0.co;2-x"),
        ("10.1000/a 10.1000/b", "10.1000/a"),
        ("10.1000/ab\u200bc", "10.1000/abc"),
        ("10.1000 / abc", "10.1000/abc"),
        ("10.1000/j.abc. 2015.01.001", "10.1000/j.abc.2015.01.001"),
        ("10.1000/abc. Epub 2015", "10.1000/abc"),
        ("10.1000/ 10.1000/b", "10.1000/b"),
        ("10.1000/", None),
        ("10.1/abc", None),
        ("no", None),
    ],
)
def test_dois(text: str, canonical: str | None):
    """A DOI is found in addresses and sentences, without what punctuation adds."""
    assert doi(text) == canonical


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2019", 2019),
        ("1998 Dec-1999 Jan", 1998),
        ("20200115", 2020),
        ("12/31/1999", 1999),
        ("2010.0", 2010),
        ("c2008", 2008),
        ("Winter 1976", 1976),
        ("in press", None),
        ("12345", None),
        ("0999", None),
        ("3000", None),
    ],
)
def test_years(text: str, found: int | None):
    """A year is found in a date of any shape, never in a longer number."""
    assert year(text) == found


def test_unique_keeps_the_order():
    """Values appear once, in the order of their first time, none empty."""
    assert unique(["b", "", "a", "b"]) == ("b", "a")
