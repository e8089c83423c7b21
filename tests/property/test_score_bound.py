"""The fast pass never leaves out a record that scores the floor or more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscreen.protocol import Concept, Element
from autoscreen.ranking import ScorePass, ScreeningModel, load_model
from autoscreen.records import Record
from autoscreen.text import ConceptMatcher
from autoscreen.text.term_screen import TermScreen


@pytest.fixture(params=["automaton", "without it"], autouse=True, scope="module")
def automaton(request: pytest.FixtureRequest) -> Iterator[None]:
    """Search with the library, and as on a processor for which it is not built."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "without it":
            patch.setattr("autoscreen.text.term_screen.Automaton", None)
        else:
            pytest.importorskip("ahocorasick_rs")
        models.cache_clear()
        searches.cache_clear()
        yield
    models.cache_clear()
    searches.cache_clear()


@cache
def models() -> tuple[tuple[ScreeningModel, ...], ScorePass]:
    """The model that ships, and others made of it: other signs, fewer words, no concepts."""
    shipped = load_model("rms-pnp")
    titles = shipped.vocabulary.title
    vocabulary = replace(
        shipped.vocabulary,
        abstract=titles,
        index=titles,
        concepts=shipped.vocabulary.concepts[::-1],
        usual=shipped.vocabulary.usual[:, ::-1],
    )
    turned = replace(
        shipped,
        vocabulary=vocabulary,
        words=np.tile(-shipped.words, 3),
        features=-shipped.features,
        intercept=1.0,
    )
    count = len(shipped.vocabulary.concepts) + 3
    plain = replace(
        shipped,
        vocabulary=replace(shipped.vocabulary, concepts=(), usual=np.zeros((2, 0))),
        features=shipped.features[count:],
    )
    found = (shipped, turned, plain)
    return found, ScorePass(found)


@cache
def searches() -> tuple[TermScreen, ConceptMatcher]:
    """The quick search for the concepts of the model that ships, and the exact one."""
    concepts = load_model("rms-pnp").vocabulary.concepts
    return TermScreen(concepts), ConceptMatcher(concepts)


TERMS = sorted({term for one in load_model("rms-pnp").vocabulary.concepts for term in one.terms})
SEPARATORS = st.sampled_from([" ", "-", "'s ", "\u2019s", " - ", "/", "  ", "\n", ", ", ". ", "s "])
WORDS = st.one_of(
    st.sampled_from(TERMS).map(lambda term: term.replace("*", "ed")),
    st.sampled_from(["in", "without", "(rTMS)", "É", "ß", "疼痛", "\x00", "\xfe", "'s", "10"]),
    st.text(max_size=4),
)
TEXTS = st.lists(st.tuples(WORDS, SEPARATORS), max_size=14).map(
    lambda parts: "".join(word + separator for word, separator in parts)
)
RECORDS = st.lists(
    st.builds(
        Record,
        title=TEXTS,
        abstract=TEXTS,
        mesh=st.lists(WORDS, max_size=3).map(tuple),
        publication_types=st.lists(st.sampled_from(["Review", "Letter"]), max_size=1).map(tuple),
    ),
    max_size=6,
)


@given(RECORDS, st.floats(-12, 3))
def test_no_record_from_the_floor_on_is_left_out(records: list[Record], floor: float) -> None:
    """Whatever the model and the texts, what scores the floor or more is among the candidates."""
    found, fast = models()
    candidates = fast.candidates(records, [floor] * len(found))
    for model, kept in zip(found, candidates, strict=True):
        scores = model.decision_function(records)
        assert set(np.flatnonzero(scores >= floor)) <= set(kept.tolist())


@given(st.lists(TEXTS, max_size=4))
def test_no_mention_of_a_concept_is_missed(texts: list[str]) -> None:
    """Every concept that the exact matcher finds is possible."""
    screen, matcher = searches()
    possible = screen.possible(texts)
    keys = [one.key for one in load_model("rms-pnp").vocabulary.concepts]
    for row, text in zip(possible, texts, strict=True):
        for hit in matcher.find(text):
            assert row[keys.index(hit.concept)]


def test_hopeless_records_go_early() -> None:
    """A record on another subject is no candidate, one on the subject is."""
    found, fast = models()
    records = [
        Record(title="Statins after stroke", abstract="Cholesterol was lower."),
        Record(
            title="Repetitive transcranial magnetic stimulation for neuropathic pain",
            abstract="Twenty patients had rTMS; pain was less.",
        ),
    ]
    assert fast.candidates(records, [found[0].threshold, 99.0, 99.0])[0].tolist() == [1]


def test_terms_of_one_letter_and_of_other_alphabets() -> None:
    """What cannot be looked for in letters of ASCII is possible, or found all the same."""
    terms = ("s", "β blocker*", "Sjögren's syndrome", "neuropath* pain", "S LANSS")
    concepts = [
        Concept(key=f"c{at}", element=Element.OTHER, label=term, terms=(term,))
        for at, term in enumerate(terms)
    ]
    texts = ["none", "β-blockers", "Sjogren syndrome", "neuropathic  pain", "the s-LANSS score"]
    possible = TermScreen(concepts).possible(texts)
    assert possible[:, 0].all()
    assert possible[:, 1:].tolist() == [[at == row for at in range(1, 5)] for row in range(5)]
