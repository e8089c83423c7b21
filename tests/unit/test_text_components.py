"""The spaCy components, on a blank pipeline without any model."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import DocBin

from autoscreen.errors import ConfigError
from autoscreen.protocol import load_protocol, parse_protocol, protocol_template
from autoscreen.text import ConceptMatcher
from autoscreen.text import abbreviations as abbreviations_component
from autoscreen.text import concepts as concepts_component
from autoscreen.text import sections as sections_component

ROOT = Path(__file__).resolve().parents[2]
CONCEPTS = {
    "pain": {"element": "outcome", "terms": ["pain*", "sciatica"]},
    "nerve": {"element": "population", "terms": ["sciatica", "neuropath* pain"]},
}
TEXT = "Sciatica was not painful. METHODS: No neuropathic pain (NP). NP/rTMS versus NP."


@pytest.fixture
def nlp() -> Language:
    """A blank pipeline with the concepts of this module."""
    blank = spacy.blank("en")
    blank.add_pipe("autoscreen_concepts", config={"concepts": CONCEPTS})
    return blank


def spans(doc: spacy.tokens.Doc) -> list[tuple[str, str, str, str, bool, bool]]:
    """Give all that the concept spans of a doc say."""
    return [
        (s.text, s.label_, s._.element, s._.term, s._.negated, s._.compared)
        for s in doc.spans["autoscreen_concepts"]
    ]


EXPECTED = [
    ("Sciatica", "pain", "outcome", "sciatica", False, False),
    ("Sciatica", "nerve", "population", "sciatica", False, False),
    ("painful", "pain", "outcome", "pain*", True, False),
    ("neuropathic pain", "nerve", "population", "neuropath* pain", True, False),
    ("pain", "pain", "outcome", "pain*", True, False),
    ("NP", "pain", "outcome", "pain*", False, False),
    ("NP", "nerve", "population", "neuropath* pain", False, False),
    ("NP", "pain", "outcome", "pain*", False, False),
    ("NP", "nerve", "population", "neuropath* pain", False, False),
    ("NP", "pain", "outcome", "pain*", False, True),
    ("NP", "nerve", "population", "neuropath* pain", False, True),
]


def test_concepts_become_spans(nlp: Language) -> None:
    """Label, element, term, and what the clause says; layers overlap."""
    assert spans(nlp(TEXT)) == EXPECTED


def test_a_protocol_can_be_named() -> None:
    """The concepts of a built-in protocol, by name."""
    nlp = spacy.blank("en")
    nlp.add_pipe("autoscreen_concepts", config={"protocol": "rms-pnp"})
    doc = nlp("rTMS in sciatica")
    assert {s.label_ for s in doc.spans["autoscreen_concepts"]} == {
        "magnetic_stimulation",
        "peripheral_neuropathic_pain",
        "pain",
    }


def test_a_saved_pipeline_brings_its_concepts_along(tmp_path: Path) -> None:
    """It works where the protocol file is not, and gives the same spans."""
    file = tmp_path / "mine.toml"
    file.write_text(protocol_template("mine"), encoding="utf-8")
    nlp = spacy.blank("en")
    nlp.add_pipe("autoscreen_concepts", config={"protocol": str(file)})
    nlp.add_pipe("autoscreen_sections")
    nlp.add_pipe("autoscreen_abbreviations")
    text = "METHODS: Aspirin (ASA) for a tension-type headache without migraine."
    before = spans(nlp(text))
    assert before
    nlp.to_disk(tmp_path / "pipeline")
    file.unlink()
    again = spacy.load(tmp_path / "pipeline")
    assert spans(again(text)) == before
    component: Any = again.get_pipe("autoscreen_concepts")
    assert component.matcher.concepts == parse_protocol(protocol_template("mine")).concepts


def test_a_pipeline_survives_bytes(nlp: Language) -> None:
    """Bytes carry the concepts into another pipeline."""
    other = spacy.blank("en")
    other.add_pipe("autoscreen_concepts", config={"concepts": {}})
    assert spans(other(TEXT)) == []
    other.from_bytes(nlp.to_bytes())
    assert spans(other(TEXT)) == EXPECTED


def test_docs_keep_what_was_found(nlp: Language) -> None:
    """Saved docs carry spans, terms and flags."""
    saved = DocBin(store_user_data=True, docs=[nlp(TEXT)]).to_bytes()
    (doc,) = DocBin(store_user_data=True).from_bytes(saved).get_docs(nlp.vocab)
    assert spans(doc) == EXPECTED


@pytest.mark.parametrize("config", [{}, {"protocol": "rms-pnp", "concepts": CONCEPTS}])
def test_concepts_or_a_protocol_have_to_be_given(config: dict[str, object]) -> None:
    """One of the two, not none, not both."""
    with pytest.raises(ConfigError, match="either concepts or a protocol"):
        spacy.blank("en").add_pipe("autoscreen_concepts", config=config)


def test_faulty_settings_are_named() -> None:
    """Concepts are checked when the component is added, a protocol when the first text comes."""
    with pytest.raises(ConfigError, match=r"concepts\.a\.terms is missing"):
        spacy.blank("en").add_pipe(
            "autoscreen_concepts", config={"concepts": {"a": {"element": "other"}}}
        )
    nlp = spacy.blank("en")
    nlp.add_pipe("autoscreen_concepts", config={"protocol": "rms-pmp"})
    with pytest.raises(ConfigError, match="did you mean rms-pnp"):
        nlp("text")


def test_sections_become_spans() -> None:
    """The kind is the label, and the label as written is kept; an empty section has no span."""
    nlp = spacy.blank("en")
    nlp.add_pipe("autoscreen_sections")
    doc = nlp("AIM: To see. Patients and Methods: Ten men. RESULTS:")
    assert [(s.label_, s._.section_label, s.text) for s in doc.spans["autoscreen_sections"]] == [
        ("objective", "AIM", "To see."),
        ("methods", "Patients and Methods", "Ten men."),
    ]


def test_abbreviations_become_spans() -> None:
    """Every place of a short form, in order, with its long form."""
    nlp = spacy.blank("en")
    nlp.add_pipe("autoscreen_abbreviations")
    doc = nlp("The MC hurts. The motor cortex (MC) and deep brain stimulation (DBS). DBS, MCs.")
    assert [(s.text, s.label_, s._.long_form) for s in doc.spans["autoscreen_abbreviations"]] == [
        ("MC", "MC", "motor cortex"),
        ("MC", "MC", "motor cortex"),
        ("DBS", "DBS", "deep brain stimulation"),
        ("DBS", "DBS", "deep brain stimulation"),
        ("MCs", "MC", "motor cortex"),
    ]


def test_a_text_with_nothing_in_it_passes() -> None:
    """Empty texts get empty span groups."""
    nlp = spacy.blank("en")
    nlp.add_pipe("autoscreen_abbreviations")
    nlp.add_pipe("autoscreen_sections")
    nlp.add_pipe("autoscreen_concepts", config={"concepts": CONCEPTS})
    doc = nlp("")
    assert {key: list(group) for key, group in doc.spans.items()} == {
        abbreviations_component.SPANS_KEY: [],
        sections_component.SPANS_KEY: [],
        concepts_component.SPANS_KEY: [],
    }


def test_extensions_that_someone_else_has_set_are_left_alone() -> None:
    """A second component, or another package with the same name, is no error."""
    for _ in range(2):
        spacy.blank("en").add_pipe("autoscreen_concepts", config={"concepts": CONCEPTS})
    assert spacy.tokens.Span.has_extension("negated")


def test_the_entry_points_of_the_package_exist() -> None:
    """Whoever installs autoscreen can add the components by name without importing anything."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for name, target in project["entry-points"]["spacy_factories"].items():
        module, _, function = target.partition(":")
        assert callable(getattr(import_module(module), function))
        assert Language.has_factory(name)


def test_component_and_matcher_agree_on_a_whole_protocol() -> None:
    """Both read a text in the same way."""
    protocol = load_protocol("rms-pnp")
    text = (
        "Deep rTMS vs. tDCS for painful diabetic neuropathy (PDN): a sham-controlled trial.\n"
        "METHODS: Ten people with PDN but without fibromyalgia had H-coil stimulation."
    )
    nlp = spacy.blank("en")
    nlp.add_pipe("autoscreen_concepts", config={"protocol": "rms-pnp"})
    doc = nlp(text)
    assert [
        (s.start_char, s.end_char, s.label_, s._.negated, s._.compared)
        for s in doc.spans["autoscreen_concepts"]
    ] == [
        (hit.start, hit.end, hit.concept, hit.negated, hit.compared)
        for hit in ConceptMatcher(protocol.concepts).find(text)
    ]
