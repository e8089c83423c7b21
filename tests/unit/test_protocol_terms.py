"""The language of terms."""

from __future__ import annotations

import pytest

from autoscreen.errors import ConfigError
from autoscreen.protocol import Word, fold, parse_term


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("Theta-burst", (Word("theta", False, ()), Word("burst", False, ()))),
        ("neuropath* pain", (Word("neuropath", True, ()), Word("pain", False, ()))),
        ("Bell's palsy", (Word("bell", False, ()), Word("palsy", False, ()))),
        ("Guillain\u2013Barré", (Word("guillain", False, ()), Word("barre", False, ()))),
        ("TMS", (Word("tms", False, ("TMS",)),)),
        ("rPMS", (Word("rpms", False, ("rPMS", "RPMS")),)),
        ("PRISMA", (Word("prisma", False, ()),)),
        ("Pain", (Word("pain", False, ()),)),
        (
            "CRPS type II",
            (
                Word("crps", False, ("CRPS",)),
                Word("type", False, ()),
                Word("ii", False, ("II",)),
            ),
        ),
        ("C57BL*", (Word("c57bl", True, ()),)),
    ],
)
def test_terms_become_words(term: str, words: tuple[Word, ...]) -> None:
    """Folded words, stems, and abbreviations that keep their case."""
    assert parse_term(term) == words


@pytest.mark.parametrize("term", ["", "  ", "-", "*", "ab*", "pa*in", "*pain", "a+b", "pain (any)"])
def test_terms_that_cannot_match_are_refused(term: str) -> None:
    """Nothing to look for, stars in the wrong place, signs that no text joins words by."""
    with pytest.raises(ConfigError):
        parse_term(term)


def test_folding_keeps_every_place() -> None:
    """A folded text has the length of the text, whatever its letters."""
    text = "İ ß ﬁ Ångström naïve ½ x² β-blocker 漢字 a_b e\u0301"
    assert len(fold(text)) == len(text)
    assert fold("Ångström NAÏVE") == "angstrom naive"
    assert fold("a_b") == "a b"
