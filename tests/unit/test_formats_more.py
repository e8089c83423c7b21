"""Layouts beside the main ones: tags without TY, full field names, registries, other languages."""

from __future__ import annotations

import io

import pytest

from autoscreen.formats import Problem, read
from autoscreen.records import Record


def records(text: str) -> list[Record]:
    return [one for one in read(io.BytesIO(text.encode())) if isinstance(one, Record)]


def test_ris_without_ty():
    """It is recognised, its records stay apart with and without ER, and one problem says so."""
    record = "AU  - Doe, Jane\nTI  - {}\nAB  - Text.\n\nMore.\n{}\n"
    for end in ("ER  - \n", ""):
        results = list(
            read(io.BytesIO((record.format("A", end) + record.format("B", end)).encode()))
        )
        read_ones = [one for one in results if isinstance(one, Record)]
        assert [one.title for one in read_ones] == ["A", "B"]
        problems = [one for one in results if isinstance(one, Problem)]
        assert [str(one) for one in problems] == [
            "-, line 1: has no TY line; it was read as a record (2 such records in all)"
        ]


@pytest.mark.parametrize(
    ("mark", "name"), [("<{}>", str), ("RECORD {}\n", str.upper)], ids=["ovid", "embase"]
)
def test_full_field_names(mark: str, name: object):
    """Each field's name has a line of its own, with the values below it."""
    assert callable(name)
    fields = {
        "Accession Number": "00001-6.",
        "Author": "Doe, Jane MD *;  Roe, Richard 1",
        "Institution": "(1) Nowhere",
        "Title": "Warm water for\n  knees.[Article]",
        "Source": "J Inv.   8(6):1048-1064, September 2015.",
        "Abstract": "Sixty swam.",
    }
    lines = "".join(f"{name(field)}\n  {value}\n" for field, value in fields.items())
    one, two = records(f"{mark.format(1)}\n{lines}{mark.format(2)}\n{lines}")
    assert one.title == two.title == "Warm water for knees."
    assert one.authors == ("Doe, Jane", "Roe, Richard")
    assert (one.year, one.volume, one.issue, one.pages) == (2015, "8", "6", "1048-1064")
    assert (one.abstract, one.accession) == ("Sixty swam.", "00001-6")


def test_a_trial_registry():
    """The year is that of registration; what describes the trial is where ranking reads."""
    (one,) = records(
        "TrialID,Public_title,Scientific_title,Date_registration3,Condition,Intervention,"
        "Primary_outcome\nISRCTN99999999,Warm water,A trial of water,20180202,Knees,Water,Pain\n"
    )
    assert (one.title, one.year, one.keywords) == ("Warm water", 2018, ("Knees", "Water"))
    assert one.abstract == "A trial of water. Primary outcome: Pain"


@pytest.mark.parametrize(
    "header",
    [
        "Titel;Zusammenfassung;Autoren;Erscheinungsjahr;Zeitschrift;Schlagwörter",
        "Titre;Résumé;Auteurs;Année;Revue;Mots-clés",
        "Título;Resumen;Autores;Año;Revista;Palabras clave",
    ],
)
@pytest.mark.parametrize("first", ["", "sep=;\n"])
def test_columns_in_other_languages(header: str, first: str):
    """German, French and Spanish names are known, also after the line for Excel."""
    (one,) = records(f"{first}{header}\nKnie;Text;Doe, Jane;2019;J Inv;Wasser\n")
    assert (one.title, one.abstract, one.authors) == ("Knie", "Text", ("Doe, Jane",))
    assert (one.year, one.journal, one.keywords) == (2019, "J Inv", ("Wasser",))


def test_embase_titles_without_punctuation_are_no_headings():
    """A heading is in capitals, or one of the known names."""
    text = "RECORD 1\n\nTITLE\nHeat for backs\n\nABSTRACT\nWe tried heat.\n\n"
    text += "SOURCE\nPain (2019) 21:3 (275-288). Date of Publication: 1 Mar 2019\n\n"
    text += "MEDLINE PMID\n31000001 (http://www.ncbi.nlm.nih.gov/pubmed/31000001)\n"
    (record,) = read(io.BytesIO(text.encode()))
    assert isinstance(record, Record)
    assert (record.title, record.abstract) == ("Heat for backs", "We tried heat.")
    assert (record.journal, record.year, record.pmid) == ("Pain", 2019, "31000001")
    assert (record.volume, record.issue, record.pages) == ("21", "3", "275-288")


@pytest.mark.parametrize(
    ("declared", "real", "said"),
    [
        ("UTF-8", "cp1252", "read as Windows-1252"),
        ("UTF-8", "cp1251", "read as Windows-1251"),
        ("ISO-8859-1", "utf-8", "declares the encoding 'iso-8859-1', but is UTF-8"),
    ],
)
def test_xml_with_a_wrong_encoding(declared: str, real: str, said: str):
    """The real one is read, and the difference is named."""
    title = "Тепло при болях в спине" if real == "cp1251" else "Wärme für Rücken"
    text = (
        f'<?xml version="1.0" encoding="{declared}"?>\n<PubmedArticleSet><PubmedArticle>'
        f"<MedlineCitation><PMID>99000001</PMID><Article><ArticleTitle>{title}</ArticleTitle>"
        "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )
    record, problem = read(io.BytesIO(text.encode(real)))
    assert isinstance(record, Record)
    assert record.title == title
    assert said in str(problem)
