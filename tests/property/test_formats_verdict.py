from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from autoscreen.formats._clean import doi, plain, pmcid, pmid, year
from autoscreen.formats._decision_notes import (
    native_note,
    read_notes,
    restored,
    surplus_notes,
    verdict_note,
)
from autoscreen.records import Label, Record, Verdict
from property._strategies import names, records, texts, verdicts


@given(verdicts)
def test_a_decision_comes_back_from_its_note(verdict: Verdict):
    """Whatever a reviewer wrote, the note gives back the same decision and nothing else."""
    notes = read_notes([verdict_note(verdict)])
    assert notes.verdicts == (verdict,)
    assert notes.note == ""


@given(st.text(), st.text())
def test_a_decision_comes_back_even_if_it_holds_control_characters(reason: str, note: str):
    """Text that no clean record holds, such as line ends, survives in a decision."""
    verdict = Verdict(label=Label.EXCLUDE, reason=reason, note=note)
    assert read_notes([verdict_note(verdict)]).verdicts == (verdict,)


@given(records, records)
def test_surplus_notes_restore_what_a_format_lacks(record: Record, other: Record):
    """Whatever a format's own fields give, the notes bring back the record that was written."""
    reread = replace(other, note=native_note(other), verdicts=())
    values = [reread.note, *surplus_notes(record, reread)]
    assert restored(replace(reread, note=""), read_notes(values)) == record


@given(records)
def test_a_note_stands_as_it_is_only_if_it_reads_back(record: Record):
    """A note that would be taken for a decision is never written as a plain note."""
    assert native_note(record) in ("", record.note)
    assert read_notes([native_note(record)]).verdicts == ()


@given(st.text() | texts)
def test_cleaning_twice_changes_nothing(text: str):
    """Clean text stays as it is, so writing and reading it again is safe."""
    assert plain(plain(text)) == plain(text)


@given(st.text() | names)
def test_identifiers_keep_their_canonical_form(text: str):
    """An identifier that was recognised is recognised again, unchanged."""
    for canonical in (pmid, pmcid, doi):
        value = canonical(text)
        assert value is None or canonical(value) == value
    found = year(text)
    assert found is None or 1000 <= found <= 2999
