from __future__ import annotations

import pytest

from autoscreen.formats._decision_notes import (
    Notes,
    read_notes,
    restored,
    surplus_notes,
    verdict_note,
)
from autoscreen.formats._decision_words import label_of
from autoscreen.records import Label, Notice, NoticeKind, Record, Verdict

INCLUDE, EXCLUDE, UNSURE = Label.INCLUDE, Label.EXCLUDE, Label.UNSURE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1", INCLUDE),
        ("1.0", INCLUDE),
        (" Included ", INCLUDE),
        ("TRUE", INCLUDE),
        ("0", EXCLUDE),
        ("excluded", EXCLUDE),
        ("Maybe", UNSURE),
        ("Undecided", None),
        ("not_relevant", EXCLUDE),
        ("Non-relevant", EXCLUDE),
        ("Excluded - wrong population", EXCLUDE),
        ("排除\uff1a人群不符", EXCLUDE),
        ("Include for full text", INCLUDE),
        ("include?", UNSURE),
        ("nicht relevant", EXCLUDE),
        ("peut-être", UNSURE),
        ("não", EXCLUDE),
        ("Sí", INCLUDE),
        ("不纳入", EXCLUDE),
        ("纳入", INCLUDE),
        ("à exclure", EXCLUDE),
        ("対象外", EXCLUDE),
        ("관련 없음", EXCLUDE),
        ("선정", INCLUDE),
        ("исключить", EXCLUDE),
        ("возможно", UNSURE),
        ("nej", EXCLUDE),
        ("\u274c", EXCLUDE),
        ("\u2705", INCLUDE),
        ("??", UNSURE),
        ("definitely include", INCLUDE),
        ("Probably exclude", UNSURE),
        ("maybe include", UNSURE),
        ("Wrong study design", EXCLUDE),
        ("does not meet inclusion criteria", EXCLUDE),
        ("미포함", EXCLUDE),
        ("適格", INCLUDE),
        ("dahil değil", EXCLUDE),
        ("niet opnemen", EXCLUDE),
        ("da includere", INCLUDE),
        ("ikke relevant", EXCLUDE),
        ("не включено", EXCLUDE),
        ("保留", None),
        ("exclusion criteria not met", None),
        ("exclude unless randomised", None),
        ("EXCL", EXCLUDE),
        ("do not exclude", None),
        ("Yes / No", None),
        ("yes, exclude", None),
        ("1;0", None),
        ("not excluded", None),
        ("no abstract", None),
        ("Include: not relevant", None),
        ("-1", None),
        ("", None),
        ("2", None),
    ],
)
def test_words_for_labels(text: str, label: Label | None):
    """The words and numbers that tools use for a label are understood; others mean none."""
    assert label_of(text) == label


def test_rayyan_votes_reasons_labels_and_notes():
    """Each reviewer's vote becomes a decision; reasons go with the exclusions."""
    notes = read_notes(
        [
            'my own words | RAYYAN-INCLUSION: {"AA"=>"Included", "B C"=>"Excluded", "D"=>"Maybe", '
            '"E"=>"Undecided"} | RAYYAN-LABELS: to read,later | RAYYAN-EXCLUSION-REASONS: '
            'wrong population,foreign language | USER-NOTES: {"AA"=>["one","two"], "F"=>["three"]}'
        ]
    )
    assert notes.verdicts == (
        Verdict(label=INCLUDE, reviewer="AA", note="one two"),
        Verdict(label=EXCLUDE, reviewer="B C", reason="wrong population,foreign language"),
        Verdict(label=UNSURE, reviewer="D"),
    )
    assert notes.tags == ("to read", "later")
    assert notes.note == "my own words F: three"


@pytest.mark.parametrize(
    ("note", "labels", "kept"),
    [
        ('RAYYAN-INCLUSION: {"A"=>"Included"} | RAYYAN-NEW: x', [INCLUDE], "RAYYAN-NEW: x"),
        (
            'RAYYAN-INCLUSION: {"A"=>"Included"} | RAYYAN-EXCLUSION-REASONS: no data',
            [INCLUDE],
            "RAYYAN-EXCLUSION-REASONS: no data",
        ),
        ('RAYYAN-INCLUSION: {"A"=>true} | RAYYAN-INCLUSION: {"B"=>false}', [INCLUDE, EXCLUDE], ""),
        ("RAYYAN-INCLUSION: Excluded", [EXCLUDE], ""),
        ("RAYYAN-INCLUSION: in talks", [], 'RAYYAN-INCLUSION: {""=>"in talks"}'),
        ('RAYYAN-INCLUSION: {"A"=>true} | USER-NOTES: {"A"=>"look"}', [INCLUDE], '"A"=>"look"'),
    ],
)
def test_nothing_of_a_rayyan_note_is_lost(note: str, labels: list[Label], kept: str):
    """Fields and shapes that are not known stay in the note, and a second list of votes counts."""
    notes = read_notes([note])
    assert [one.label for one in notes.verdicts] == labels
    assert notes.note == kept


def test_rayyan_as_a_web_page_escapes_it():
    """The arrows of Rayyan's notes may come as entities."""
    notes = read_notes(["RAYYAN-INCLUSION: {&quot;AA&quot;=&gt;&quot;Excluded&quot;}"])
    assert notes.verdicts == (Verdict(label=EXCLUDE, reviewer="AA"),)


@pytest.mark.parametrize(
    ("values", "labels", "note"),
    [
        (["ASReview_relevant"], [INCLUDE], ""),
        (["<p>ASReview_irrelevant</p>"], [EXCLUDE], ""),
        (["ASReview_not_seen"], [], ""),
        (["before. ASReview_relevant. after"], [INCLUDE], "before. after"),
        (["before", "ASReview_irrelevant", "after"], [EXCLUDE], "before after"),
    ],
)
def test_asreview_notes(values: list[str], labels: list[Label], note: str):
    """ASReview's words become decisions, and other words stay the note."""
    notes = read_notes(values)
    assert [verdict.label for verdict in notes.verdicts] == labels
    assert notes.note == note


def test_asreview_prior_knowledge_is_a_tag():
    """That a label was prior knowledge is not lost."""
    assert read_notes(["ASReview_relevant", "ASReview_prior"]).tags == ("ASReview_prior",)


def test_covidence_exclusion_reason():
    """Covidence says in a note why a study was excluded."""
    notes = read_notes(["Exclusion reason: Wrong study design; checked twice"])
    assert restored(Record(title="T"), notes).verdicts == (
        Verdict(label=EXCLUDE, reason="Wrong study design"),
    )
    assert notes.note == "checked twice"


def test_own_notes_among_others():
    """Notes that another program joined into one field are taken apart again."""
    verdict = Verdict(label=EXCLUDE, reason="WRONG_TYPE", reviewer="A | B", note="100% sure")
    joined = f"free words {verdict_note(verdict)} autoscreen tags: a | b%7Cc"
    assert read_notes([joined]) == Notes(
        note="free words", verdicts=(verdict,), own={"tags": ("a", "b|c")}, complete=True
    )


@pytest.mark.parametrize(
    "text",
    [
        "we used autoscreen: it worked",
        "autoscreen weight: 3",
        "autoscreen year: soon",
        "autoscreen notices: none",
        "autoscreen: include | reason",
    ],
)
def test_what_only_looks_like_an_own_note_stays_a_note(text: str):
    """Words of a person, or a note damaged by hand, are kept as they are."""
    notes = read_notes([text])
    assert notes.note == text
    assert notes.verdicts == ()
    assert notes.own == {}


def test_an_own_note_is_readable():
    """What is written into other programs' notes can be read by people."""
    verdict = Verdict(label=EXCLUDE, reason="WRONG_TYPE", reviewer="AA", note="a protocol, no data")
    assert verdict_note(verdict) == (
        "autoscreen: exclude | reason: WRONG_TYPE | reviewer: AA | note: a protocol, no data"
    )


def test_surplus_fields_of_every_kind_come_back():
    """Text, numbers, lists and notices that a format lacks are restored, and emptied ones too."""
    notice = Notice(kind=NoticeKind.RETRACTED, reference="J. 2020, 1", pmid="7")
    record = Record(
        title="T", year=2001, tags=("a", "b"), notices=(notice, Notice(kind=NoticeKind.CONCERN))
    )
    reread = Record(title="t", pmid="5", journal="J")
    lines = surplus_notes(record, reread)
    assert restored(reread, read_notes(lines)) == record
