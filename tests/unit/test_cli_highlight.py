"""Highlights in the terminal, with and without colour."""

from __future__ import annotations

import re
from itertools import pairwise

import click
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.cli.common.terminal import display_width
from autoscreen.cli.common.terminal_card import card
from autoscreen.cli.common.terminal_highlights import legend, wrapped
from autoscreen.presentation.marked_text import Part, Segment, plain
from autoscreen.records import Record

SEGMENTS = [
    plain("Effect of "),
    Segment((Part("rTMS"),), "intervention"),
    plain(" on "),
    Segment((Part("phantom limb pain"),), "population"),
    plain(" without "),
    Segment((Part("tDCS"),), "intervention", negated=True),
]


def test_without_colour_letters_name_the_element() -> None:
    """The letter follows the words; a negated mention says so."""
    assert wrapped(SEGMENTS, 200, paint=False) == [
        "Effect of rTMS[I] on phantom limb pain[P] without tDCS[not I]"
    ]
    assert legend(SEGMENTS, paint=False) == "[P] population  [I] intervention"


def test_colour_does_not_change_the_text() -> None:
    """Colour adds escape codes only."""
    (painted,) = wrapped(SEGMENTS, 200, paint=True)
    text = "".join(one.text for one in SEGMENTS)
    assert painted != text
    assert click.unstyle(painted) == text


def test_each_section_of_an_abstract_begins_a_line() -> None:
    """Labels in capitals and in small letters start a new line."""
    for text in (
        "BACKGROUND: One. MATERIALS AND METHODS: Two. RESULTS: Three: 3. AIM: Four.",
        "Background: One. Materials and methods: Two. Results: Three: 3. Aim: Four.",
    ):
        lines = card("r1", Record(title="T", abstract=text), (), width=80, paint=False)
        assert lines[-4:] == re.findall(r"[A-Z].*?: .*?\.", text)


@given(
    words=st.lists(
        st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9), min_size=1
    ),
    width=st.integers(12, 60),
    cuts=st.lists(st.integers(0, 60), max_size=5),
)
def test_wrapping_loses_no_word(words: list[str], width: int, cuts: list[int]) -> None:
    """All words are in the lines, painted or not, and no line is too long."""
    text = " ".join(words)
    places = sorted({0, len(text), *(at for at in cuts if at < len(text))})
    found = [
        Segment((Part(text[a:b]),), "outcome" * (n % 2))
        for n, (a, b) in enumerate(pairwise(places))
    ]
    bare = wrapped([plain(text)], width, paint=False)
    painted = wrapped(found, width, paint=True)
    assert [click.unstyle(line) for line in painted] == bare
    assert re.findall(r"\S+", " ".join(bare)) == re.findall(r"\S+", text)
    assert all(display_width(line) <= width or " " not in line for line in bare)
