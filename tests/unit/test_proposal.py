"""Concepts proposed from what is written of a review."""

from __future__ import annotations

import pytest

from autoscreen.proposal.criteria import read_criteria
from autoscreen.proposal.draft import draft_protocol
from autoscreen.proposal.propose import propose
from autoscreen.proposal.similar import similar_protocols
from autoscreen.protocol import (
    USUAL_REASONS,
    Element,
    builtin_protocols,
    load_protocol,
    parse_protocol,
    protocol_toml,
)

POPULATION, INTERVENTION = Element.POPULATION, Element.INTERVENTION
COMPARISON, OUTCOME, STUDY = Element.COMPARISON, Element.OUTCOME, Element.STUDY_TYPE


def _found(title: str) -> dict[str, Element]:
    return {one.label: one.element for one in propose(title)}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "Yoga versus tai chi for chronic low back pain in older adults",
            {
                "Chronic low back pain": POPULATION,
                "Older adults": POPULATION,
                "Yoga": INTERVENTION,
                "Tai chi": COMPARISON,
            },
        ),
        (
            "Effects of vitamin D supplementation on depressive symptoms in pregnant women",
            {
                "Pregnant women": POPULATION,
                "Vitamin D": INTERVENTION,
                "Depressive symptoms": OUTCOME,
            },
        ),
        (
            "Intermittent fasting in people with overweight: a review of randomised trials",
            {"Overweight": POPULATION, "Intermittent fasting": INTERVENTION, "Randomised": STUDY},
        ),
        (
            "Lung ultrasound for the diagnosis of community-acquired pneumonia in children",
            {
                "Community-acquired pneumonia": POPULATION,
                "Children": POPULATION,
                "Lung ultrasound": INTERVENTION,
            },
        ),
        (
            "Prevalence of burnout among emergency physicians: meta-analysis",
            {"Emergency physicians": POPULATION, "Prevalence": OUTCOME, "Burnout": OUTCOME},
        ),
        (
            "Microplastics in drinking water and human health",
            {"Drinking water": POPULATION, "Microplastics": INTERVENTION},
        ),
        (
            "Treadmill training for walking after stroke",
            {"Walking": POPULATION, "Stroke": POPULATION, "Treadmill training": INTERVENTION},
        ),
        (
            "Colchicine for the treatment of gout and of pericarditis",
            {"Gout or pericarditis": POPULATION, "Colchicine": INTERVENTION},
        ),
        (
            "Drug class review: calcium channel blockers",
            {"Calcium channel blockers": INTERVENTION},
        ),
        (
            "Barriers to vaccine uptake: a qualitative evidence synthesis",
            {"Vaccine": INTERVENTION, "Qualitative": STUDY},
        ),
    ],
)
def test_titles_of_different_fields(title: str, expected: dict[str, Element]) -> None:
    """Each idea of the title is one concept, in its part of the question."""
    assert _found(title) == expected


def test_terms_have_synonyms_spellings_and_a_heading() -> None:
    """Synonyms of MeSH and both spellings are proposed, each with where it comes from."""
    (tumours,) = propose("Brain tumours")
    terms = {term.text: term.why for term in tumours.terms}
    assert terms["brain tumour*"] == terms["brain tumor*"] == "in your title"
    assert terms["brain cancer*"] == "synonym of Brain Neoplasms"
    assert tumours.headings == ("Brain Neoplasms",)
    assert tumours.required


def test_an_abbreviation_of_the_text_is_a_term() -> None:
    """What a text introduces in brackets belongs to the same concept."""
    (found,) = propose("Zorbulated wexfoil (ZW)")
    assert "ZW" in [term.text for term in found.terms]


def test_what_no_vocabulary_knows_is_proposed_as_written() -> None:
    """A phrase of the title is a concept, but not a required one."""
    found = propose("Flumbotronic resonance for gout")
    assert [(one.label, one.required) for one in found] == [
        ("Gout", True),
        ("Flumbotronic resonance", False),
    ]


def test_criteria_give_concepts_their_part() -> None:
    """A line under "Comparator" is a comparison; exclusion criteria are offered, not accepted."""
    criteria = "Population: adults with gout\nComparator: colchicine\nExclude:\n- osteoarthritis"
    found = {one.label: one for one in propose("Allopurinol for gout", criteria=criteria)}
    assert found["Colchicine"].element is COMPARISON
    assert found["Gout"].why == "in your title and criteria"
    assert found["Osteoarthritis"].against
    assert not found["Osteoarthritis"].accepted
    assert not found["Adults"].accepted


@pytest.mark.parametrize(
    ("text", "include", "exclude"),
    [
        ("adults\n\u2022 gout", ("adults", "gout"), ()),
        (
            "Inclusion criteria\n1. adults\nExclusion criteria:\n2) animals",
            ("adults",),
            ("animals",),
        ),
        ("Include: adults\nExcluded: reviews", ("adults",), ("reviews",)),
        ("Exclusively breastfed infants", ("Exclusively breastfed infants",), ()),
        (
            "We will include trials of adults. We will exclude animal studies.",
            ("We will include trials of adults.",),
            ("We will exclude animal studies.",),
        ),
    ],
)
def test_pasted_criteria(text: str, include: tuple[str, ...], exclude: tuple[str, ...]) -> None:
    """Headings, bullets and sentences are understood."""
    found = read_criteria(text)
    assert (found.include, found.exclude) == (include, exclude)


def test_a_similar_protocol_lends_its_concepts() -> None:
    """Only concepts that the new text names come from it, and they say so."""
    title = "Magnetic stimulation for phantom limb pain"
    known = [load_protocol(name) for name in builtin_protocols()]
    near = similar_protocols(title, "", known)
    assert [one.name for one in near] == ["rms-pnp"]
    found = {one.label: one for one in propose(title, similar=near)}
    lent = found["Repetitive magnetic stimulation"]
    assert "theta burst" in [term.text for term in lent.terms]
    assert lent.why.startswith("in the protocol of \u201cRepetitive Magnetic Stimulation")
    assert "Diagnostic TMS" not in found
    assert similar_protocols("Gout diets", "", known) == []


def test_the_draft_is_a_protocol_with_a_query() -> None:
    """What was accepted becomes a protocol that reads back the same, with the usual reasons."""
    title = "Melatonin for delirium in older adults"
    made = draft_protocol(title, propose(title), question="Does it  help?")
    assert parse_protocol(protocol_toml(made)) == made
    assert made.reasons == USUAL_REASONS
    assert made.question == "Does it help?"
    assert '"Delirium"[mh]' in made.pubmed
    assert '"Melatonin"[mh]' in made.pubmed
    assert "older" not in made.pubmed


def test_nothing_gives_nothing() -> None:
    """A title of empty words has no concepts."""
    assert propose("A systematic review of the effects of treatment") == ()
