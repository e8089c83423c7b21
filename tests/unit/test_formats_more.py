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
