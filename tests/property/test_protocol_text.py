"""Whatever the text, what is found stands in it; whatever the protocol, it can be written."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

import autoscreen.text.concepts  # noqa: F401 - registers the component
from autoscreen.protocol import (
    Concept,
    Criteria,
    Element,
    Protocol,
    Reason,
    fold,
    parse_protocol,
    protocol_toml,
)
from autoscreen.text import ConceptMatcher, find_abbreviations, find_sections
from autoscreen.text.terms import tokens

WORDS = st.sampled_from(
    re.split(
        " +",
        "pain painful neuropathic neuropathy magnetic stimulation static rTMS RTMS rtms TENS tens "
        "no not without versus vs. compared with other than or and effect in of naïve İstanbul "
        "(rTMS) (NP) NP CRPS (CRPS) METHODS: Results: Barré complex regional syndrome Bell's "
        "- / . , ; ( ) \n \u2013 \u00a0 ß \ufb01 漢字 x² é e\u0301 _ 10-Hz 's \U0001f600",
    )
)
TEXTS = st.lists(
    st.tuples(WORDS, st.sampled_from(["", " ", " ", " ", "-", "  "])), max_size=40
).map(lambda parts: "".join(word + gap for word, gap in parts))
CONCEPTS = (
    Concept(
        key="magnetic",
        element=Element.INTERVENTION,
        label="m",
        terms=("magnetic stimulat*", "rTMS", "magnetic"),
    ),
    Concept(
        key="static",
        element=Element.INTERVENTION,
        label="s",
        terms=("static magnetic stimulation", "TENS", "stimulation not*"),
    ),
    Concept(
        key="nerve",
        element=Element.POPULATION,
        label="n",
        terms=("neuropath* pain", "complex regional pain syndrome", "neuropath*", "Guillain Barre"),
    ),
    Concept(key="pain", element=Element.OUTCOME, label="p", terms=("pain*", "Bell's pain")),
)
MATCHER = ConceptMatcher(CONCEPTS)


@pytest.fixture(scope="module")
def nlp() -> Language:
    """A blank pipeline with the same concepts."""
    blank = spacy.blank("en")
    concepts = {
        one.key: {"element": one.element.value, "label": one.label, "terms": list(one.terms)}
        for one in CONCEPTS
    }
    blank.add_pipe("autoscreen_concepts", config={"concepts": concepts})
    return blank


@given(TEXTS | st.text(max_size=80))
def test_mentions_stand_in_the_text(text: str) -> None:
    """They lie in it, come in order, do not overlap in one element, and repeat exactly."""
    hits = MATCHER.find(text)
    assert hits == MATCHER.find(text)
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(text)
        assert "\n" not in text[hit.start : hit.end]
        assert not text[hit.start - 1 : hit.start].isalnum() or hit.start == 0
        assert not text[hit.end : hit.end + 1].isalnum()
    for element in Element:
        layer = [hit for hit in hits if hit.element == element]
        assert all(one.end <= two.start for one, two in pairwise(layer))


@given(text=TEXTS)
def test_the_component_finds_what_the_matcher_finds(nlp: Language, text: str) -> None:
    """The spaCy component marks the same concepts at the same places, widened to whole tokens."""
    doc = nlp(text)
    spans = list(doc.spans["autoscreen_concepts"])
    hits = MATCHER.find(text)
    assert [span.label_ for span in spans] == [hit.concept for hit in hits]
    for span, hit in zip(spans, hits, strict=True):
        assert span.start_char <= hit.start < hit.end <= span.end_char
        assert (span.id_, span.kb_id_) == (hit.term, hit.element)


@given(TEXTS | st.text(max_size=80))
def test_tokens_are_the_runs_of_letters_and_digits(text: str) -> None:
    """The fast tokeniser gives what the plain regular expression gives."""
    runs = [(match[0], *match.span()) for match in re.finditer(r"[^\W_]+", text)]
    found = tokens(text)
    assert [(word, start, end) for _, word, start, end in found] == runs
    assert all(folded == fold(word) for folded, word, _, _ in found)


@given(TEXTS | st.text(max_size=120))
def test_sections_and_abbreviations_stand_in_the_text(text: str) -> None:
    """Sections do not overlap; short and long forms can be cut out."""
    reach = 0
    for section in find_sections(text):
        assert reach <= section.label_start < section.start <= section.end <= len(text)
        assert text[section.label_start :].startswith(section.label)
        reach = section.end
    for pair in find_abbreviations(text):
        assert text[pair.short_start : pair.short_end] == pair.short
        assert text[pair.long_start : pair.long_end] == pair.long


LINE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
TERM = st.from_regex(r"[a-zA-Z]{3,7}\*?( [a-zA-Z0-9]{3,6}\*?){0,2}", fullmatch=True)


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """Any protocol that holds together."""
    keys = draw(st.lists(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), unique=True, max_size=4))
    concepts = []
    for number, key in enumerate(keys):
        required = draw(st.booleans())
        concepts.append(
            Concept(
                key=key,
                element=draw(st.sampled_from(Element)),
                label=draw(LINE),
                # A word of its own keeps the terms of two concepts apart.
                terms=tuple(
                    f"{term} c{number}" for term in draw(st.lists(TERM, min_size=1, max_size=3))
                ),
                required=required,
                against=not required and draw(st.booleans()),
            )
        )
    lines = st.lists(LINE, max_size=3).map(tuple)
    return Protocol(
        name=draw(st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5})?", fullmatch=True)),
        title=draw(LINE),
        question=draw(st.just("") | LINE),
        registration=draw(st.just("") | LINE),
        criteria=Criteria(include=draw(lines), exclude=draw(lines), unsure=draw(lines)),
        concepts=tuple(concepts),
        reasons=tuple(
            Reason(code=f"R{key}", key=key, text=draw(LINE))
            for key in draw(st.lists(st.sampled_from("123456789"), unique=True, max_size=4))
        ),
        pubmed=draw(
            st.sampled_from(["", "pain[ti]", '"a b"[tiab]\nAND (c[mh] OR d*[pt])'])
        ).replace("d*", "drug*"),
    )


@given(protocols())
def test_what_was_written_can_be_read(protocol: Protocol) -> None:
    """A protocol built in Python comes back from its TOML text."""
    assert parse_protocol(protocol_toml(protocol)) == protocol
