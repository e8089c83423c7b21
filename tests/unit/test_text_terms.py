"""Concepts are found where a text names them."""

from __future__ import annotations

import pytest

from autoscreen.protocol import Concept, Element
from autoscreen.text import ConceptMatcher
from autoscreen.text.terms import ConceptHit, tokens


def _concept(key: str, element: Element, *terms: str) -> Concept:
    return Concept(key=key, element=element, label=key, terms=terms)


MATCHER = ConceptMatcher(
    [
        _concept(
            "magnetic",
            Element.INTERVENTION,
            "TMS",
            "rTMS",
            "magnetic stimulat*",
            "transcranial magnetic stimulat*",
            "theta burst",
        ),
        _concept("static", Element.INTERVENTION, "static magnetic stimulat*", "TENS", "PNS"),
        _concept(
            "pain_disorder",
            Element.POPULATION,
            "neuropath* pain",
            "complex regional pain syndrome",
            "Bell's palsy",
            "Guillain Barre",
        ),
        _concept("pain", Element.OUTCOME, "pain*", "VAS"),
    ]
)


def found(text: str, element: str = "") -> list[tuple[str, str]]:
    """Give concept and words of each mention."""
    return [
        (hit.concept, text[hit.start : hit.end])
        for hit in MATCHER.find(text)
        if element in ("", hit.element)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MAGNETIC STIMULATION", [("magnetic", "MAGNETIC STIMULATION")]),
        ("magnetic-stimulators", [("magnetic", "magnetic-stimulators")]),
        ("theta\u2013burst", [("magnetic", "theta\u2013burst")]),
        ("theta / burst", [("magnetic", "theta / burst")]),
        ("theta\u00a0burst", [("magnetic", "theta\u00a0burst")]),
        ("theta, burst", []),
        ("theta. Burst", []),
        ("theta\nburst", []),
        ("theta  (burst)", []),
        ("thetaburst", []),
        ("theta bursts", []),
        ("Bells palsy, Bell palsy", [("pain_disorder", "Bell palsy")]),
        ("Bell's palsy", [("pain_disorder", "Bell's palsy")]),
        ("Bell\u2019s palsy", [("pain_disorder", "Bell\u2019s palsy")]),
        ("Guillain-Barré syndrome", [("pain_disorder", "Guillain-Barré")]),
        ("GUILLAIN BARRE", [("pain_disorder", "GUILLAIN BARRE")]),
        ("", []),
        ("of the and", []),
    ],
)
def test_spelling_is_free_where_it_carries_nothing(
    text: str, expected: list[tuple[str, str]]
) -> None:
    """Case, accents, hyphens, slashes and the possessive are; signs that end a phrase are not."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("rTMS", 1),
        ("RTMS", 1),
        ("rtms", 0),
        ("Rtms", 0),
        ("TENS of patients", 1),
        ("tens of patients", 0),
        ("Tens of patients", 0),
        ("vas deferens", 0),
        ("VAS score", 1),
    ],
)
def test_abbreviations_keep_their_case(text: str, count: int) -> None:
    """TENS is a treatment, tens are a number."""
    assert len(found(text)) == count


def test_the_longest_mention_of_an_element_wins() -> None:
    """Static magnetic stimulation is not also magnetic stimulation."""
    assert found("static magnetic stimulation") == [("static", "static magnetic stimulation")]
    assert found("transcranial magnetic stimulation") == [
        ("magnetic", "transcranial magnetic stimulation")
    ]


def test_elements_are_layers() -> None:
    """Neuropathic pain is a population, and the pain in it an outcome."""
    assert found("neuropathic pain") == [
        ("pain_disorder", "neuropathic pain"),
        ("pain", "pain"),
    ]


def test_the_first_concept_wins_a_tie() -> None:
    """A word of two concepts of one element counts for the one that comes first."""
    one = _concept("one", Element.OTHER, "ice*")
    two = _concept("two", Element.OTHER, "ice")
    assert [hit.concept for hit in ConceptMatcher([one, two]).find("ice")] == ["one"]
    assert [hit.concept for hit in ConceptMatcher([two, one]).find("ice")] == ["two"]


def test_of_crossing_mentions_the_longer_stays() -> None:
    """Where mentions of one element cross, none is cut short."""
    matcher = ConceptMatcher(
        [
            _concept("one", Element.OTHER, "aaa bbb"),
            _concept("two", Element.OTHER, "bbb ccc ddd"),
            _concept("three", Element.OTHER, "ddd eee"),
        ]
    )
    assert [hit.concept for hit in matcher.find("aaa bbb ccc ddd eee")] == ["two"]


def test_a_mention_says_all_about_itself() -> None:
    """Concept, element, term as written in the protocol, place, and what the clause says."""
    assert MATCHER.find("No Magnetic Stimulation") == [
        ConceptHit("magnetic", "intervention", "magnetic stimulat*", 3, 23, True, False)
    ]


def test_abbreviations_of_the_text_count() -> None:
    """After "long form (SF)" each SF, in the title before it too, is a mention."""
    text = "CRPS of the hand\nComplex regional pain syndrome (CRPS) is rare. CRPSs, not XCRPS."
    hits = [hit for hit in MATCHER.find(text) if hit.element == "population"]
    assert [text[hit.start : hit.end] for hit in hits] == [
        "CRPS",
        "Complex regional pain syndrome",
        "CRPS",
        "CRPSs",
    ]
    assert {hit.term for hit in hits} == {"complex regional pain syndrome"}


def test_only_the_head_of_a_long_form_lends_its_meaning() -> None:
    """A questionnaire about neuropathic pain is not neuropathic pain."""
    text = "The neuropathic pain symptom inventory (NPSI) was used. NPSI fell."
    assert found(text, "population") == [("pain_disorder", "neuropathic pain")]


def test_what_a_text_says_about_an_abbreviation_holds() -> None:
    """PNS introduced as peripheral nervous system is no stimulation."""
    assert found("The peripheral nervous system (PNS) hurts. PNS.") == []
    assert found("PNS (peripheral nervous system) hurts. PNS.") == []
    assert found("PNS was given.") == [("static", "PNS")]
    kept = "Transcranial magnetic stimulation of hands (TMS) and TMS"
    assert [word for _, word in found(kept)] == ["Transcranial magnetic stimulation", "TMS", "TMS"]


def test_terms_run_through_a_long_text() -> None:
    """Places stay right behind accents, double spaces and line breaks."""
    text = "Übung  macht den Meister.\n\n İstanbul: rTMS bei  neuropathic pain."
    assert [word for _, word in found(text)] == ["rTMS", "neuropathic pain", "pain"]


def test_tokens_give_words_and_places() -> None:
    """Folded, as written, start and end."""
    assert tokens("Bell's  naïve_x") == [
        ("bell", "Bell", 0, 4),
        ("s", "s", 5, 6),
        ("naive", "naïve", 8, 13),
        ("x", "x", 14, 15),
    ]


def test_the_memory_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A matcher that has seen millions of words forgets the old ones and stays right."""
    monkeypatch.setattr("autoscreen.text._term_trie._MEMORY", 10)
    matcher = ConceptMatcher([_concept("ice", Element.OTHER, "ice")])
    for number in range(30):
        assert [hit.start for hit in matcher.find(f"word{number} ice")] == [len(f"word{number} ")]
