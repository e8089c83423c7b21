"""Highlights of a record."""

from __future__ import annotations

from autoscreen.protocol import Protocol, load_protocol
from autoscreen.records import Record
from autoscreen.text.highlights import Highlight, highlights

PROTOCOL = load_protocol("rms-pnp")
RECORD = Record(
    title="CTS and rTMS",
    abstract="METHODS: Ten people with carpal tunnel syndrome (CTS) without fibromyalgia.",
)


def test_title_and_abstract_are_highlighted_each_in_its_own_places() -> None:
    """Places count from the start of the field; the abstract's abbreviations hold in the title."""
    fields = {"title": RECORD.title, "abstract": RECORD.abstract}
    found = highlights(RECORD, PROTOCOL)
    assert [(one.field, fields[one.field][one.start : one.end]) for one in found] == [
        ("title", "CTS"),
        ("title", "rTMS"),
        ("abstract", "carpal tunnel syndrome"),
        ("abstract", "CTS"),
        ("abstract", "fibromyalgia"),
    ]


def test_a_highlight_says_what_it_is() -> None:
    """Element, concept, term, whether denied, whether against."""
    assert highlights(RECORD, PROTOCOL)[-1] == Highlight(
        field="abstract",
        start=62,
        end=74,
        element="population",
        term="fibromyalgi*",
        negated=True,
        concept="other_pain",
        against=True,
    )


def test_a_record_without_abstract_or_title_is_highlighted_too() -> None:
    """Nothing is required of a record."""
    assert [one.field for one in highlights(Record(title="rTMS"), PROTOCOL)] == ["title"]
    (only,) = highlights(Record(abstract="rTMS"), PROTOCOL)
    assert (only.field, only.start, only.end) == ("abstract", 0, 4)
    assert highlights(Record(), PROTOCOL) == ()


def test_a_protocol_without_concepts_highlights_nothing() -> None:
    """A review that has only a title can be read without colours."""
    assert highlights(RECORD, Protocol.from_title("Ice")) == ()
