"""The extraction form: fields of the protocol, proposals, entries, and the exported table."""

from __future__ import annotations

import csv
from dataclasses import replace

import openpyxl
import pytest

from autoscreen.errors import ConfigError, InputError
from autoscreen.protocol import (
    ExtractionField,
    FieldType,
    load_protocol,
    parse_protocol,
    protocol_toml,
)
from autoscreen.records import Record
from autoscreen.report.extraction_export import export_extraction, extracted_values
from autoscreen.review import Review
from autoscreen.text._number_patterns import NumberPatterns
from autoscreen.text.extraction import Passage, propose_values, without_references

HEAD = 'format = 1\nname = "a"\ntitle = "A"\n'
ABSTRACT = (
    "Thirty-four adults received ten daily sessions of 10 Hz rTMS (1,800 pulses, 85% of resting"
    " motor threshold) or sham stimulation over M1. Neuronavigation was not used. Pain (VAS) was"
    " rated at 4 and 8 weeks. Two patients withdrew."
)


@pytest.mark.parametrize(
    ("pattern", "units", "text", "values"),
    [
        ("#", ["Hz|hertz"], "at 10-Hz, 0.5 hertz and 25 to 40 Hz", "10 Hz|0.5 Hz|25 to 40 Hz"),
        ("#", ["weeks", "months"], "at 4 and 8 weeks, and one month", "4 weeks|8 weeks|1 month"),
        ("at #", ["weeks"], "at weeks 4 and 12, not 3 weeks", "4 weeks|12 weeks"),
        ("# of ... threshold", ["%"], "90% of the resting motor threshold, 5% of M1", "90%"),
        ("n = #", [], "(n=24), p = 0.05, N = 1,200", "24|1200"),
        ("# ... patients|men", [], "one hundred and twenty elderly men; 10 Hz in patients", "120"),
        ("# stimuli", [], "Nine hundred stimuli, twenty-two stimuli", "900|22"),
        ("#", ["Hz"], "10 Hzz, x10 Hz, 7.5.1 Hz", ""),
    ],
)
def test_numbers_are_found_with_their_units(pattern, units, text, values):
    """Digits, words, ranges and lists; a list has one unit."""
    found = [one.value for one in NumberPatterns([pattern], units).find(text)]
    assert found == [one for one in values.split("|") if one]


def test_values_are_proposed_with_the_sentence_that_has_them():
    """Each value is proposed once, a denied choice not at all, and a denied yes/no field as no."""
    fields = load_protocol("rms-pnp").extraction
    found = propose_values(
        fields, (Passage("abstract", ABSTRACT), Passage("p. 1", "We used 10 Hz."))
    )
    values = {key: [one.value for one in proposed] for key, proposed in found.items() if proposed}
    assert values == {
        "target": ["motor cortex"],
        "frequency": ["10 Hz"],
        "intensity": ["85%"],
        "pulses": ["1800"],
        "sessions": ["10"],
        "navigation": ["no"],
        "sham": ["yes"],
        "n": ["34"],
        "pain_scale": ["VAS"],
        "follow_up": ["4 weeks", "8 weeks"],
    }
    (frequency,) = found["frequency"]
    assert [one.source for one in frequency.evidence] == ["abstract", "p. 1"]
    first = frequency.evidence[0]
    assert first.sentence[first.start : first.end] == "10 Hz"


def test_a_text_field_proposes_the_words_of_the_text():
    """As they are written."""
    field = ExtractionField(key="d", label="Device", type=FieldType.TEXT, terms=("magstim*",))
    found = propose_values((field,), (Passage("abstract", "A Magstim  Rapid2 was used."),))
    assert [one.value for one in found["d"]] == ["Magstim"]


def test_the_list_of_references_proposes_nothing():
    """Its heading ends the text; a heading in the first half is of something else."""
    pages = ["one\nReferences\ntwo", "three", "four\n REFERENCES \n1. 10 Hz", "2. 20 Hz"]
    assert without_references(pages) == ["one\nReferences\ntwo", "three", "four\n"]
    assert without_references([]) == []


def test_a_long_table_without_a_full_stop_is_read_in_pieces():
    """Nearly all values are found in little time, each with a piece that can be shown."""
    text = " ".join(f"{number} Hz" for number in range(20_000))
    field = ExtractionField(key="f", label="F", type=FieldType.NUMBER, units=("Hz",))
    found = propose_values((field,), (Passage("p. 1", text),))["f"]
    assert len({one.value for one in found} & {f"{number} Hz" for number in range(20_000)}) > 19_800
    assert max(len(one.evidence[0].sentence) for one in found) <= 1000


def test_fields_are_read_and_written():
    """Those of the built-in protocol come back from its TOML text."""
    protocol = load_protocol("rms-pnp")
    assert parse_protocol(protocol_toml(replace(protocol, source=""))) == protocol
    assert [one.key for one in protocol.extraction][:3] == ["target", "coil", "pattern"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[extraction."a b"]', 'line 4: field "a b" is not valid'),
        ('[extraction.a]\ntype = "date"', 'line 5: extraction.a.type "date" is not known'),
        ('[extraction.a]\nunits = ["Hz"]', "line 5: extraction.a.units is not for a text field"),
        ('[extraction.a]\ntype = "choice"', "extraction.a.choices has fewer than two"),
        ('[extraction.a]\ntype = "number"\npatterns = ["n"]', 'line 6: extraction.a.patterns: "n"'),
        ('[extraction.a]\ntype = "number"\npatterns = ["# a#"]', 'patterns: "# a#" needs one #'),
        ('[extraction.a]\ntype = "number"\npatterns = ["# a|"]', '"# a|" has nothing on one side'),
        ('[extraction.a]\ntype = "number"\nunits = ["Hz|"]', 'a.units: "Hz|" is not valid'),
        ('[extraction.a]\ntype = "yes/no"\nyes = ["a+b"]', 'line 6: extraction.a.yes: "a+b"'),
    ],
)
def test_what_is_wrong_with_a_field_is_named_with_its_line(text, problem):
    """As for the rest of the protocol."""
    with pytest.raises(ConfigError) as caught:
        parse_protocol(HEAD + text)
    assert problem in str(caught.value)


@pytest.fixture
def review(tmp_path, clock, take_in):
    """A review with three records, of which title and abstract included two."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        records = [
            Record(title="Coils for phantom limb pain", abstract=ABSTRACT, pmid="1"),
            Record(title="=A trial of M1", abstract="Pain fell.", pmid="2"),
            Record(title="Drugs", pmid="3"),
        ]
        take_in(made._store, records)
        for number, label in ((1, "include"), (2, "include"), (3, "exclude")):
            made.label(f"r{number}", label)
        yield made


def _values(review, ident="r1"):
    form = review.extraction.form(ident)
    return {one.field.key: one.entry.value for one in form.fields if one.entry}


def test_entries_are_kept_with_their_evidence_and_can_be_undone(review):
    """The newest counts, each reviewer undoes their own, and all stays in the history."""
    extraction = review.extraction
    assert extraction.enter("r1", "follow_up", " 8 weeks;4 weeks", reviewer="A") == (
        "8 weeks; 4 weeks"
    )
    extraction.enter("r1", "n", "33", evidence="By hand.", source="table 1", reviewer="B")
    extraction.set_not_reported("r1", "coil", reviewer="A")
    assert _values(review) == {"follow_up": "8 weeks; 4 weeks", "n": "33", "coil": ""}
    state = {one.field.key: one for one in extraction.form("r1").fields}
    assert state["follow_up"].entry.evidence == "Pain (VAS) was rated at 4 and 8 weeks."
    assert (state["n"].entry.evidence, state["n"].entry.source) == ("By hand.", "table 1")
    assert extraction.undo("r1", reviewer="B").field == "n"
    assert extraction.undo("r1", reviewer="B") is None
    assert _values(review) == {"follow_up": "8 weeks; 4 weeks", "coil": ""}
    assert len(extraction.log()) == 4
    assert [len(one.entries) for one in extraction.studies()] == [2, 0]


PARTLY = (
    HEAD
    + """
[extraction.n]
label = "Participants"
type = "number"
[extraction.sham]
type = "yes/no"
[extraction.coil]
"""
)


@pytest.fixture
def double(tmp_path, clock, take_in):
    """A review of one study with three fields, from which two people extract."""
    (tmp_path / "p.toml").write_text(PARTLY)
    with Review.create(tmp_path / "two", protocol=str(tmp_path / "p.toml"), now=clock) as made:
        take_in(made._store, [Record(title="A trial", abstract="Pain fell.")])
        made.label("r1", "include")
        made.extraction.set_double(True, reviewer="OO")
        yield made.extraction


def fill_in(forms, who, n, sham, coil=""):
    forms.enter("r1", "n", n, reviewer=who)
    forms.enter("r1", "sham", sham, reviewer=who)
    if coil:
        forms.enter("r1", "coil", coil, reviewer=who)
    else:
        forms.set_not_reported("r1", "coil", reviewer=who)


def seen_by(forms, who):
    return {
        one.field.key: (one.entry and one.entry.value, [said.value for said in one.said])
        for one in forms.form("r1", who).fields
    }


def test_two_people_extract_blind_until_both_have_filled_in_the_form(double):
    """Neither values nor history nor rejected proposals of the other are shown before."""
    fill_in(double, "AA", "24", "yes", "round; square")
    double.enter("r1", "n", "25", reviewer="BB")
    assert seen_by(double, "BB")["n"] == ("25", [])
    assert seen_by(double, "BB")["sham"] == (None, [])
    assert [len(one.history) for one in double.form("r1", "BB").fields] == [1, 0, 0]
    (study,) = double.studies()
    assert (study.entries, study.left_for("BB", ["n", "sham", "coil"])) == ({}, 2)
    with pytest.raises(InputError, match="two people fill in the whole form first: AA and BB"):
        double.enter("r1", "n", "24", reviewer="CC")
    assert double.agreement() == []
    fill_in(double, "BB", "25", "yes", "Square; round")
    assert seen_by(double, "BB") == {
        "n": (None, ["24", "25"]),
        "sham": ("yes", ["yes", "yes"]),
        "coil": ("Square; round", ["round; square", "Square; round"]),
    }
    assert double.studies()[0].entries["sham"].reviewer == "AA; BB"


def test_a_difference_is_resolved_by_a_person_and_that_is_undone(double):
    """What counts as agreement are the entries from before either could see the other's."""
    fill_in(double, "AA", "24", "yes")
    fill_in(double, "BB", "25", "no")
    (study,) = double.studies()
    assert study.state.conflicts == ("n", "sham")
    assert double.resolve("r1", "n", "AA", reviewer="CC") == "24"
    double.enter("r1", "sham", "no", reviewer="AA")
    assert [one.value for one in double.studies()[0].entries.values()] == ["24", "no", ""]
    assert [(one.same, one.studies) for one in double.agreement()] == [(0, 1), (0, 1), (1, 1)]
    assert double.undo("r1", reviewer="CC").resolves
    assert double.studies()[0].state.conflicts == ("n",)
    with pytest.raises(InputError, match="'DD' has no form to use"):
        double.resolve("r1", "n", "DD", reviewer="CC")
    double.set_double(False)
    assert double.studies()[0].entries["n"].value == "25"


def test_a_rejected_proposal_is_shown_apart(review):
    """Until that is undone."""
    review.extraction.reject("r1", "frequency", "10 Hz")
    state = {one.field.key: one for one in review.extraction.form("r1").fields}["frequency"]
    assert (state.entry, state.proposals) == (None, ())
    assert [one.value for one in state.rejected] == ["10 Hz"]
    review.extraction.undo("r1")
    state = {one.field.key: one for one in review.extraction.form("r1").fields}["frequency"]
    assert [one.value for one in state.proposals] == ["10 Hz"]
    with pytest.raises(InputError, match="'5 Hz' is not proposed for Frequency"):
        review.extraction.reject("r1", "frequency", "5 Hz")


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("frequency", "fast", "enter a number such as 24 Hz"),
        ("n", "24 patients", "enter a number such as 24"),
        ("intensity", "80", "enter a number such as 24%"),
        ("coil", "square", "enter one of: figure-of-eight"),
        ("sham", "other: none", "enter one of: yes, no"),
        ("n", " ; ", "enter 1 to 2,000 characters"),
        ("colour", "red", "its fields: target, coil"),
    ],
)
def test_a_value_that_a_field_does_not_accept_is_refused(review, field, value, problem):
    """With what is expected."""
    with pytest.raises(InputError) as caught:
        review.extraction.enter("r1", field, value)
    assert problem in str(caught.value)
    assert review.extraction.log() == []


def test_reports_of_one_study_share_a_form_and_full_texts_decide(review):
    """Entries follow the study; once full texts are assessed, only included ones have a form."""
    review.extraction.enter("r2", "coil", "other: square")
    review.reporting.link("r1", "r2")
    assert [one.reports for one in review.extraction.studies()] == [("r1", "r2")]
    assert _values(review, "r1") == {"coil": "other: square"}
    sources = {one.source for one in review.extraction.form("r2").passages}
    assert {"r1, title", "r1, abstract", "r2, title", "r2, abstract"} == sources
    with pytest.raises(InputError, match="r3 is not an included report"):
        review.extraction.form("r3")
    review.full_text.label("r1", "include")
    assert [one.reports for one in review.extraction.studies()] == [("r1",)]


def test_a_protocol_without_fields_says_so(tmp_path, clock):
    """And what to add."""
    with (
        Review.create(tmp_path / "a", title="A", now=clock) as made,
        pytest.raises(InputError, match=r"add the section \[extraction\]"),
    ):
        export_extraction(made, str(tmp_path / "a.csv"))


def test_the_table_has_one_row_for_each_study_and_no_formulas(review, tmp_path):
    """Values that nobody entered are empty; CSV has evidence in columns, XLSX in a second sheet."""
    review.extraction.enter("r1", "frequency", "10 Hz", reviewer="=A")
    review.extraction.set_not_reported("r2", "coil")
    assert export_extraction(review, str(tmp_path / "a.csv")) == 2
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        one, two = csv.DictReader(stream)
    assert (one["Frequency"], one["Target"], one["Frequency: entered by"]) == ("10 Hz", "", "'=A")
    assert one["Frequency: sentence"].startswith("Thirty-four adults")
    assert (two["title"], two["Coil"]) == ("'=A trial of M1", "not reported")
    export_extraction(review, str(tmp_path / "a.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["studies", "evidence"]
    rows = list(book["evidence"].values)
    assert rows[1][:4] == ("r1", "Frequency", "10 Hz", "'=A")
    assert len(rows) == 3
    assert extracted_values(review)["r1"] == {"frequency": "10 Hz"}
    with pytest.raises(InputError, match="csv or xlsx"):
        export_extraction(review, str(tmp_path / "a.ris"))
