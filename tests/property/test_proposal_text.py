"""Whatever is written of a review, the proposal is a protocol that can be used."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autoscreen.proposal.criteria import read_criteria
from autoscreen.proposal.draft import draft_protocol
from autoscreen.proposal.propose import propose
from autoscreen.protocol import parse_protocol, protocol_toml

WORDS = st.sampled_from(
    [
        *("pain;", "(rTMS)", "versus", "tDCS", "vs.", "placebo", "for", "in", "of", "Include:"),
        *(
            "Exclusion",
            "criteria",
            "Population:",
            "C:",
            "and",
            "breast",
            "cancer",
            "COPD",
            "2",
            "*",
        ),
        *(
            "beta-blockers",
            "18F-FDG",
            "\u00e9t\u00e9",
            "TNF-\u03b1",
            "it's",
            "_x_",
            "\n",
            "-",
            "1.",
        ),
        *("1.", "#", '"', "'", "\\"),
    ]
)
TEXTS = st.text(max_size=120) | st.lists(WORDS, max_size=25).map(" ".join)


@given(title=TEXTS, question=TEXTS, criteria=TEXTS)
def test_any_text_gives_a_protocol_that_loads(title: str, question: str, criteria: str) -> None:
    """It is read back as it was made, also with everything accepted that is only offered."""
    found = propose(title, question=question, criteria=criteria)
    made = draft_protocol(title or "T", found, question=question, criteria=read_criteria(criteria))
    if made.title:
        assert parse_protocol(protocol_toml(made)) == made
    assert all(term.why for concept in found for term in concept.terms)
