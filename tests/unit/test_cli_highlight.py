"""Highlights in the terminal, with and without colour."""

from __future__ import annotations

import re

import click
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.cli.common.terminal import display_width
from autoscreen.cli.common.terminal_highlights import Span, legend, mark, paragraphs

TEXT = "Effect of rTMS on phantom limb pain without tDCS"
SPANS = [
    Span(10, 14, "intervention"),
    Span(18, 35, "population"),
    Span(31, 35, "outcome"),
    Span(44, 48, "intervention", negated=True),
]


def test_without_colour_letters_tell_the_element() -> None:
    """The letter stands behind the words; what the text denies is said to be denied."""
    text, spans = mark(TEXT, SPANS, letters=True)
    assert text == "Effect of rTMS[I] on phantom limb pain[P] without tDCS[not I]"
    assert [text[s.start : s.end] for s in spans] == [
        "rTMS[I]",
        "phantom limb pain[P]",
        "tDCS[not I]",
    ]
    assert legend(spans, paint=False) == "[P] population  [I] intervention"


def test_with_colour_the_text_stays_as_it_is() -> None:
    """Colour adds escape codes only."""
    text, spans = mark(TEXT, SPANS, letters=False)
    assert text == TEXT
    painted = "\n".join(paragraphs(text, spans, 200, paint=True))
    assert painted != TEXT
    assert click.unstyle(painted) == TEXT


def test_of_two_overlapping_highlights_the_longer_one_shows() -> None:
    """'phantom limb pain' is not cut by 'pain'."""
    _, spans = mark(TEXT, SPANS, letters=False)
    assert Span(31, 35, "outcome") not in spans
    assert Span(18, 35, "population") in spans


def test_each_section_of_an_abstract_begins_a_line() -> None:
    """Labels in capitals before a colon start a new line."""
    text = "BACKGROUND: One. MATERIALS AND METHODS: Two. RESULTS: Three: 3."
    assert paragraphs(text, [], 80, paint=False) == [
        "BACKGROUND: One.",
        "MATERIALS AND METHODS: Two.",
        "RESULTS: Three: 3.",
    ]


@given(
    words=st.lists(
        st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9), min_size=1
    ),
    width=st.integers(12, 60),
    marks=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=5),
)
def test_wrapping_loses_no_word(words: list[str], width: int, marks: list[tuple[int, int]]) -> None:
    """All words stand in the lines, painted or not, and no line is too long."""
    text = " ".join(words)
    spans = [Span(a, min(a + n, len(text)), "outcome") for a, n in marks if a < len(text)]
    kept, chosen = mark(text, spans, letters=False)
    assert kept == text
    plain = paragraphs(kept, chosen, width, paint=False)
    painted = paragraphs(kept, chosen, width, paint=True)
    assert [click.unstyle(line) for line in painted] == plain
    assert re.findall(r"\S+", " ".join(plain)) == re.findall(r"\S+", text)
    assert all(display_width(line) <= width or " " not in line for line in plain)
