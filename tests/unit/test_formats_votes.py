"""Votes of several reviewers in tables and notes."""

from __future__ import annotations

from io import BytesIO

import pytest

from autoscreen.formats import Problem, open_source, read
from autoscreen.records import Label, Record, Stage, Verdict

INCLUDE, EXCLUDE, UNSURE = Label.INCLUDE, Label.EXCLUDE, Label.UNSURE


def table(text: str) -> tuple[list[Record], list[Problem], tuple[tuple[str, str], ...]]:
    source = open_source(BytesIO(text.encode()))
    results = list(read(source))
    records = [one for one in results if isinstance(one, Record)]
    return records, [one for one in results if isinstance(one, Problem)], source.columns.read


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("Reviewer 1 vote", "Reviewer 2 vote", ("Reviewer 1", "Reviewer 2")),
        ("Reviewer 1", "Reviewer 2", ("Reviewer 1", "Reviewer 2")),
        ("reviewer1_decision", "reviewer2_decision", ("reviewer 1", "reviewer 2")),
        ("Screener A decision", "Screener B decision", ("Screener A", "Screener B")),
        ("Screener AB", "Screener CD", ("Screener AB", "Screener CD")),
        ("First reviewer", "Second reviewer", ("First reviewer", "Second reviewer")),
        ("include_AB", "include_CD", ("AB", "CD")),
        ("AB_include", "CD_include", ("AB", "CD")),
        ("label Anna", "label Ben", ("Anna", "Ben")),
        ("Anna's decision", "Ben's decision", ("Anna", "Ben")),
        ("Decision (Anna)", "Decision (Ben)", ("Anna", "Ben")),
        ("Vote 1", "Vote 2", ("Reviewer 1", "Reviewer 2")),
        ("R1", "R2", ("R1", "R2")),
        ("Title/abstract decision by Anna", "Title/abstract decision by Ben", ("Anna", "Ben")),
        ("Gutachter 1 Entscheidung", "Gutachter 2 Entscheidung", ("Gutachter 1", "Gutachter 2")),
        ("Relecteur 1", "Relecteur 2", ("Relecteur 1", "Relecteur 2")),
        ("审稿人1", "审稿人2", ("审稿人1", "审稿人2")),
    ],
)
def test_a_column_for_each_reviewer(first: str, second: str, names: tuple[str, str]):
    """Each vote is a decision of its reviewer; none outranks the other."""
    (a, b, c), problems, meanings = table(
        f'title,"{first}","{second}"\nHeat,include,exclude\nCold,0,0\nRest,,maybe\n'
    )
    assert not problems
    one, two = names
    assert a.verdicts == (
        Verdict(label=INCLUDE, reviewer=one),
        Verdict(label=EXCLUDE, reviewer=two),
    )
    assert [(v.label, v.reviewer) for v in b.verdicts] == [(EXCLUDE, one), (EXCLUDE, two)]
    assert [(v.label, v.reviewer) for v in c.verdicts] == [(UNSURE, two)]
    assert meanings[1:] == ((first, f"vote of {one}"), (second, f"vote of {two}"))


@pytest.mark.parametrize(
    ("header", "cells", "labels"),
    [
        ("Titolo,Decisione", ("Includere", "Escludere", "forse"), (INCLUDE, EXCLUDE, UNSURE)),
        ("Titel,Beslissing", ("insluiten", "uitsluiten", "twijfel"), (INCLUDE, EXCLUDE, UNSURE)),
        ("Titel,Beslut", ("inkludera", "exkludera", "vet ej"), (INCLUDE, EXCLUDE, UNSURE)),
        (
            "Tytu\u0142,Decyzja",
            ("w\u0142\u0105czy\u0107", "wykluczy\u0107", "byc moze"),
            (INCLUDE, EXCLUDE, UNSURE),
        ),
        ("Ba\u015fl\u0131k,Karar", ("Dahil", "Hari\u00e7", ""), (INCLUDE, EXCLUDE, None)),
        ("title,decision", ("+", "INCLUDE on title & abstract", "-"), (INCLUDE, INCLUDE, None)),
        ("title,decision", ("n/i", "in/out", "n/a"), (None, None, None)),
    ],
)
def test_decisions_in_other_words(header: str, cells: tuple[str, ...], labels: tuple[Label, ...]):
    """Columns and words of other languages; what is not understood is a problem, not a decision."""
    rows = "".join(f"Study {n},{cell}\n" for n, cell in enumerate(cells))
    records, problems, _ = table(f"{header}\n{rows}")
    assert tuple(r.verdicts[0].label if r.verdicts else None for r in records) == labels
    unread = {cell for cell, label in zip(cells, labels, strict=True) if label is None and cell}
    assert len(problems) == len(unread - {"n/a"})


def test_decisions_in_a_column_of_an_unknown_name_are_named():
    """The report lists the column as one that was not read; other yes and no are no decisions."""
    rows = "A one,eingeschlossen,yes\nB one,ausgeschlossen,no\n"
    source = open_source(BytesIO(f"title,Ergebnis,Open access\n{rows}".encode()))
    assert not any(one.verdicts for one in read(source) if isinstance(one, Record))
    assert source.columns.unused == ("Ergebnis",)


@pytest.mark.parametrize(
    "names",
    [
        "label_included,label_abstract",
        "include_TI,include_AB",
        "Title/abstract decision,Full text decision",
        "label,label_note",
        "inclusion criteria,exclusion criteria",
        "First screening,Second screening",
        "decision,reviewer",
        "Vote 1,Votes",
    ],
)
def test_columns_that_are_not_each_a_reviewers(names: str):
    """Stages, reasons and notes are no reviewers."""
    _, _, meanings = table(f"title,{names}\nHeat,yes,\n")
    assert not [meaning for _, meaning in meanings if meaning.startswith("vote")]


def test_a_column_that_settles_the_votes():
    """It resolves votes that differ, and has the reason."""
    (a, b), _, _ = table(
        "title,Reviewer 1,Reviewer 2,Consensus,Exclusion reason\n"
        "Heat,yes,no,no,wrong dose\nCold,yes,yes,yes,\n"
    )
    assert a.verdicts[-1] == Verdict(label=EXCLUDE, reason="wrong dose", resolves=True)
    assert [(v.label, v.resolves) for v in b.verdicts] == [(INCLUDE, False)] * 3


def test_names_in_their_own_columns():
    """Pairs of a column with the name and one with the vote."""
    (record,), _, _ = table("title,Reviewer 1,Vote 1,Reviewer 2,Vote 2\nHeat,Anna,yes,Ben,no\n")
    assert [(v.label, v.reviewer) for v in record.verdicts] == [(INCLUDE, "Anna"), (EXCLUDE, "Ben")]


def test_votes_on_full_texts():
    """The stage is in the column's name."""
    (record,), _, _ = table(
        "title,Reviewer 1 abstract vote,Reviewer 1 full text vote,Reviewer 2 full text vote\n"
        "Heat,yes,no,yes\n"
    )
    assert [(v.label, v.stage) for v in record.verdicts] == [
        (INCLUDE, Stage.TITLE_ABSTRACT),
        (EXCLUDE, Stage.FULL_TEXT),
        (INCLUDE, Stage.FULL_TEXT),
    ]


@pytest.mark.parametrize(
    ("names", "row"),
    [
        ("title,decision", "Heat,Anna: include; Ben: exclude"),
        ("title,decision", "Heat,include (Anna) | exclude (Ben)"),
        ("title,Users,Include", "Heat,Anna;;;Ben,true;;;false"),
    ],
)
def test_several_votes_in_one_cell(names: str, row: str):
    """Each is the vote of the reviewer whom the cell or the column beside it names."""
    (record,), problems, _ = table(f"{names}\n{row}\n")
    assert not problems
    assert [(v.label, v.reviewer) for v in record.verdicts] == [(INCLUDE, "Anna"), (EXCLUDE, "Ben")]


def test_a_vote_that_is_not_understood():
    """In a column and in a note of Rayyan it is a problem; the note keeps it."""
    _, (problem,), _ = table("title,Reviewer 1,Reviewer 2\nHeat,include,banana\n")
    assert "column 'Reviewer 2': 'banana' is not understood" in problem.message
    note = 'RAYYAN-INCLUSION: {"Anna"=>"Not so sure yet", "Ben"=>"Included"}'
    text = f"TY  - JOUR\nTI  - Heat\nN1  - {note}\nER  - \n"
    unread, record = read(BytesIO(text.encode()))
    assert isinstance(record, Record)
    assert [(v.label, v.reviewer) for v in record.verdicts] == [(INCLUDE, "Ben")]
    assert "Not so sure yet" in record.note
    assert "'Not so sure yet' of 'Anna' in Rayyan's note" in str(unread)


def test_names_and_votes_in_columns_of_one_name():
    """The column without the word vote has the names."""
    (record,), problems, _ = table(
        "title,Reviewer A,Reviewer A vote,Reviewer B,Reviewer B vote\nHeat,Anna,Yes,Ben,No\n"
    )
    assert not problems
    assert [(v.label, v.reviewer) for v in record.verdicts] == [(INCLUDE, "Anna"), (EXCLUDE, "Ben")]


def test_an_adjudicator_settles_and_the_full_text_has_its_reason():
    """As in exports with these names."""
    (a, b), _, _ = table(
        "title,Screener 1,Screener 2,Adjudicator\nHeat,include,exclude,include\nCold,yes,no,\n"
    )
    assert [(v.label, v.resolves) for v in a.verdicts] == [
        (INCLUDE, False),
        (EXCLUDE, False),
        (INCLUDE, True),
    ]
    assert [v.label for v in b.verdicts] == [INCLUDE, EXCLUDE]
    (record,), _, _ = table("title,TiAb decision,FT decision,FT exclusion reason\nA,yes,no,dose\n")
    assert record.verdicts[1] == Verdict(label=EXCLUDE, reason="dose", stage=Stage.FULL_TEXT)
