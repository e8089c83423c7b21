"""Abbreviations that a text introduces."""

from __future__ import annotations

import pytest

from autoscreen.text import find_abbreviations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "repetitive transcranial magnetic stimulation (rTMS) was given",
            [("rTMS", "repetitive transcranial magnetic stimulation")],
        ),
        (
            "High-frequency repetitive transcranial magnetic stimulation (HF-rTMS)",
            [("HF-rTMS", "High-frequency repetitive transcranial magnetic stimulation")],
        ),
        ("the visual analogue scale [VAS]", [("VAS", "visual analogue scale")]),
        ("by CTS (carpal tunnel syndrome) and", [("CTS", "carpal tunnel syndrome")]),
        ("painful diabetic neuropathy (PDN; n = 20)", [("PDN", "painful diabetic neuropathy")]),
        ("painful diabetic neuropathy (PDN, or DPN)", [("PDN", "painful diabetic neuropathy")]),
        (
            "heat shock transcription factor 1 (HSF1) acts",
            [("HSF1", "heat shock transcription factor 1")],
        ),
        ("Pain. Dull neuralgia (DN) and (see text)", [("DN", "Dull neuralgia")]),
        (
            "motor cortex (MC) and deep brain stimulation (DBS)",
            [("MC", "motor cortex"), ("DBS", "deep brain stimulation")],
        ),
        ("\u201cCTS\u201d", []),
        ("twenty patients (n = 20) and (p < 0.05)", []),
        ("they were treated (Table 1)", []),
        ("they were old (65 years)", []),
        ("in the left hand (LH", []),
        ("nothing here", []),
        ("a lower-case form (alf)", []),
        ("(TMS)", []),
        ("an MRI (to see more, made in each region inside) was", []),
        ("an MRI (with a magnetic resonance imager)", []),
        ("TMS (TMS)", []),
        ("we saw TMS TMS stimulation (TMS)", []),
        ("something else (XYZ)", []),
        ("a long short form (ABCDEFGHIJKL)", []),
        ("three word form (T W F)", []),
    ],
)
def test_long_and_short_forms(text: str, expected: list[tuple[str, str]]) -> None:
    """Both orders, both brackets; counts and remarks in brackets are no abbreviations."""
    assert [(pair.short, pair.long) for pair in find_abbreviations(text)] == expected


def test_places_are_right() -> None:
    """Both forms can be cut out of the text, also behind other brackets."""
    text = "Pain (old). The carpal tunnel syndrome  (CTS) and VAS (visual analogue scale, cm)."
    found = find_abbreviations(text)
    assert [pair.short for pair in found] == ["CTS", "VAS"]
    for pair in found:
        assert text[pair.short_start : pair.short_end] == pair.short
        assert text[pair.long_start : pair.long_end] == pair.long


def test_a_long_form_stays_in_its_sentence() -> None:
    """The sentence before does not lend its letters."""
    assert find_abbreviations("Ten were men. Stimulation (MS)") == []
