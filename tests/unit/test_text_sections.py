"""Labelled sections of an abstract."""

from __future__ import annotations

import pytest

from autoscreen.text import find_sections
from autoscreen.text._abstract_sections import SectionKind

K = SectionKind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "BACKGROUND: a. METHODS: b. RESULTS: c.",
            [(K.BACKGROUND, "a."), (K.METHODS, "b."), (K.RESULTS, "c.")],
        ),
        ("Aim: To see. Methods: We looked.", [(K.OBJECTIVE, "To see."), (K.METHODS, "We looked.")]),
        ("We thought.Methods: We looked.", [(K.METHODS, "We looked.")]),
        (
            "AIM To see. METHODS Ten men. RESULTS 9 fell.",
            [(K.OBJECTIVE, "To see."), (K.METHODS, "Ten men."), (K.RESULTS, "9 fell.")],
        ),
        (
            "METHODS. Ten men. RESULTS - Nine fell.",
            [(K.METHODS, "Ten men."), (K.RESULTS, "Nine fell.")],
        ),
        ("RESULTS MRI was done.", [(K.RESULTS, "MRI was done.")]),
        ("MATERIALS AND METHODS Ten men.", [(K.METHODS, "Ten men.")]),
        ("DESIGN, SETTING, AND PARTICIPANTS: Ten men.", [(K.METHODS, "Ten men.")]),
        ("Main Outcome Measures: Pain.", [(K.METHODS, "Pain.")]),
        ("Conclusions and Relevance: It works.", [(K.CONCLUSIONS, "It works.")]),
        ("Background/Aims: To see.", [(K.BACKGROUND, "To see.")]),
        ("Summary of Background Data: Little.", [(K.BACKGROUND, "Little.")]),
        ("Summary: It works.", [(K.CONCLUSIONS, "It works.")]),
        ("TRIAL REGISTRATION: NCT00000000.", [(K.OTHER, "NCT00000000.")]),
        ("OBJETIVO: Ver. MÉTODOS: Mirar.", [(K.OBJECTIVE, "Ver."), (K.METHODS, "Mirar.")]),
        ("METHODS: b.\nRESULTS: c.", [(K.METHODS, "b."), (K.RESULTS, "c.")]),
        (
            "Objective To see. Methods We looked. Results Ten fell.",
            [(K.OBJECTIVE, "To see."), (K.METHODS, "We looked."), (K.RESULTS, "Ten fell.")],
        ),
        ("METHODS:", [(K.METHODS, "")]),
    ],
)
def test_labels_in_their_forms(text: str, expected: list[tuple[SectionKind, str]]) -> None:
    """Capitals or not, colon, dash, full stop or nothing, one word or several."""
    assert [(s.kind, text[s.start : s.end]) for s in find_sections(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We compared two methods: ice and heat.",
        "The results: none. In conclusion: nothing.",
        "Objective structured examinations help. Methods vary.",
        "Objective Structured Clinical Examinations help. Results Vary.",
        "MRI SHOWED: nothing. TMS: nothing.",
        "Group A: ten men. Primary endpoint: pain.",
        "The ratio was Results:3.",
        "DESIGNS",
        "Recent data: ten men fell.",
    ],
)
def test_what_is_no_label(text: str) -> None:
    """Colons inside sentences, unknown words and words that merely begin a sentence."""
    assert find_sections(text) == []


def test_sections_follow_each_other() -> None:
    """A section ends before the next label; the label and its place are given."""
    text = "We begin. METHODS: Ten men.  Results: Nine fell. "
    first, second = find_sections(text)
    assert (first.label, text[first.label_start :][:8]) == ("METHODS", "METHODS:")
    assert (second.label, text[second.start : second.end]) == ("Results", "Nine fell.")
    assert first.end <= second.label_start
