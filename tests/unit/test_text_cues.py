"""What a clause denies, and what it names as the other arm."""

from __future__ import annotations

import pytest

from autoscreen.protocol import Concept, Element
from autoscreen.text import ConceptMatcher

MATCHER = ConceptMatcher(
    [
        Concept(key="x", element=Element.OTHER, label="x", terms=("rTMS", "neuropath* pain")),
    ]
)


def flags(text: str) -> tuple[bool, bool]:
    """Give negated and compared of the only mention."""
    (hit,) = MATCHER.find(text)
    return hit.negated, hit.compared


@pytest.mark.parametrize(
    "text",
    [
        "patients without rTMS",
        "no rTMS was given",
        "with no previous rTMS",
        "absence of neuropathic pain",
        "free of neuropathic pain",
        "treatments other than rTMS",
        "exercise rather than rTMS",
        "non-neuropathic pain",
        "non neuropathic pain",
        "pain but not neuropathic pain",
        "not due to neuropathic pain",
        "they did not receive any rTMS",
        "excluding patients with rTMS".replace("patients with ", ""),
        "neither drugs nor rTMS",
        "no tingling or neuropathic pain",
        "No patients had neuropathic pain",
        "without signs of neuropathic pain",
        "lack of neuropathic pain",
        "no history of neuropathic pain",
    ],
)
def test_denied_mentions(text: str) -> None:
    """No, not, without, absence of, other than and their like deny what follows at once."""
    assert flags(text) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "rTMS",
        "no effect of rTMS",
        "no difference between drugs and rTMS",
        "no significant change in neuropathic pain",
        "without neuropathic pain relief",
        "not only rTMS",
        "did not reduce neuropathic pain",
        "no drugs, rTMS alone",
        "no drugs. rTMS alone",
        "no drugs (rTMS alone)",
        "no drugs but rTMS",
        "with or without rTMS",
        "the presence or absence of neuropathic pain",
        "no drug for neuropathic pain",
        "no longer had neuropathic pain",
        "more than 3 months of neuropathic pain",
        "nothing like rTMS",
        "no one two three four five six rTMS",
        "not superior to rTMS",
        "non-invasive rTMS",
        "no\nrTMS",
    ],
)
def test_mentions_that_are_not_denied(text: str) -> None:
    """A cue that speaks of something else, or in another clause, denies nothing."""
    assert flags(text) == (False, False)


@pytest.mark.parametrize(
    "text",
    [
        "drugs versus rTMS",
        "drugs vs rTMS",
        "drugs vs. rTMS",
        "compared with rTMS",
        "compared to sham rTMS",
        "in comparison with rTMS",
        "relative to rTMS",
        "drugs instead of rTMS",
    ],
)
def test_mentions_on_the_far_side_of_a_comparison(text: str) -> None:
    """Versus, compared with and their like are seen."""
    assert flags(text) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "rTMS versus drugs",
        "compared with sham, rTMS helped",
        "drugs versus exercise for neuropathic pain",
        "drugs versus exercise and rTMS",
        "the relative value of rTMS",
        "they compared rTMS",
    ],
)
def test_mentions_outside_a_comparison(text: str) -> None:
    """The near side, the next clause and what the comparison is about are not the other arm."""
    assert flags(text) == (False, False)
