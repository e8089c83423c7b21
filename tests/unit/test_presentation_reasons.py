"""The sentence on a record, and the arithmetic of its score."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from autoscreen.presentation.informative_words import first_informative, is_informative, share_out
from autoscreen.presentation.reasons import most_similar, reason, similar_words
from autoscreen.presentation.score_parts import UNLISTED, score_groups, strongest_parts
from autoscreen.protocol import Concept
from autoscreen.protocol._model import Element
from autoscreen.ranking import ConceptPart, Explanation, Part, SimilarRecord
from autoscreen.ranking._explanation import ScoreSource
from autoscreen.records import Record

RECORD = Record(
    title="rTMS against neuropathic pain", abstract="Pain fell after rTMS of the motor cortex."
)
WORDS = {
    "of the": -0.2,
    "weeks of": 0.3,
    "or 05": 0.1,
    "motor cortex": 0.8,
    "rtms": 0.5,
    "gout": -0.4,
}


def part(label: str, value: float, *, mentioned: bool, **how: object) -> ConceptPart:
    element = Element(str(how.pop("element", "population")))
    concept = Concept(
        key=label.lower().replace(" ", "_"),
        element=element,
        label=label,
        terms=("a", "b"),
        required=bool(how.get("required")),
        against=bool(how.get("against")),
    )
    return ConceptPart(concept, mentioned, value)


def explained(*concepts: ConceptPart, **how: object) -> Explanation:
    parts = [Part(ScoreSource.WORD, name, value) for name, value in WORDS.items()]
    parts += [Part(ScoreSource.CONCEPT, one.concept.label, one.value) for one in concepts]
    parts.append(
        Part(
            ScoreSource.PRIOR, "similar to the best matches", 0.3, ("the", "and 21", "coil", "pain")
        )
    )
    parts.append(Part(ScoreSource.BASE, "", -0.5))
    score = sum(one.value for one in parts)
    return replace(Explanation(score, tuple(parts), tuple(concepts)), **how)  # type: ignore[arg-type]


def test_a_sentence_names_what_is_there_what_is_missing_and_what_is_alike() -> None:
    """Concepts come in the order of the protocol, required ones first, in running text."""
    similar = tuple(SimilarRecord(f"r{at}", at < 4, 0.5) for at in range(5))
    found = explained(
        part("Sham stimulation", 0.2, mentioned=True),
        part("rTMS", 1.0, mentioned=True, required=True, element="intervention"),
        part("Neuropathic pain", 1.0, mentioned=True, required=True),
        part("Peripheral condition", -0.8, mentioned=False, required=True),
        part("Drug treatment", 0.1, mentioned=False, against=True),
        similar=similar,
    )
    assert reason(found, RECORD) == (
        "Mentions rTMS, neuropathic pain and sham stimulation; does not mention peripheral "
        "condition; similar to 4 included and 1 excluded records."
    )
    assert most_similar(found) == (["r0", "r1", "r2"], ["r4"])
    assert similar_words(found) == "Most similar: included r0, r1, r2; excluded r4"
    assert similar_words(explained()) == ""


def test_a_concept_against_a_record_is_named_as_one() -> None:
    """A list in a label is quoted, a name keeps its capital."""
    found = explained(
        part("Parkinson's disease", 1, mentioned=True, required=True),
        part("Rats, mice", -1, mentioned=True, against=True),
        similar=(SimilarRecord("r1", False, 0.4),),
    )
    assert reason(found, RECORD) == (
        "Mentions Parkinson's disease; mentions “rats, mice”, which counts against it; similar to "
        "1 excluded record."
    )


def test_a_study_type_is_not_missed_in_a_record_that_is_tagged_with_it() -> None:
    """A randomised trial that says so in other words than the protocol's is not said to lack it."""
    found = explained(
        part("Insomnia", 1, mentioned=True, required=True),
        part("Randomised trial", -1, mentioned=False, required=True, element="study_type"),
        similar=(SimilarRecord("r1", True, 0.4),),
    )
    tagged = replace(RECORD, publication_types=("Randomized Controlled Trial",))
    assert "does not mention randomised trial" in reason(found, RECORD)
    assert "randomised trial" not in reason(found, tagged)
    named = explained(part("Randomised trial", 1, mentioned=True, element="study_type"))
    assert reason(named, RECORD).startswith("Study type: randomised trial; shares “")


def test_without_concepts_the_words_of_the_title_and_of_the_labels_are_named() -> None:
    """Words without meaning never appear, abbreviations come as they are written."""
    found = explained(question={"pain": True, "pains": True, "gout": False})
    assert reason(found, RECORD) == (
        "Mentions “pain” from the review's title; shares “rTMS”, “cortex” and “motor” with "
        "included records; shares “gout” with excluded records."
    )


def test_before_any_label_the_best_matches_give_the_words() -> None:
    """Title-only reviews say more than that the title's words are there."""
    parts = tuple(one for one in explained().parts if one.source is not ScoreSource.WORD)
    found = replace(explained(question={"pain": True}), parts=parts)
    assert reason(found, RECORD) == (
        "Mentions “pain” from the review's title; shares “coil” with the records that match the "
        "question best."
    )


@pytest.mark.parametrize("question", [{"gout": False}, {}])
def test_a_record_without_abstract_says_so(question: dict[str, bool]) -> None:
    """A title alone is never judged without a word about it."""
    sentence = reason(explained(question=question), Record(title="Pain"))
    assert sentence.endswith("; no abstract, so only title and index terms could be compared.")
    assert sentence.startswith("Mentions no word of the review's title; ") == bool(question)


def test_nothing_known_is_said() -> None:
    """Without protocol, question and labels there is still a sentence."""
    parts = (Part(ScoreSource.BASE, "", 0.0),)
    sentence = reason(Explanation(0.0, parts), RECORD)
    assert sentence == "Nothing known counts for or against it."


@pytest.mark.parametrize("everything", [True, False])
def test_the_groups_add_up_to_the_score(everything: bool) -> None:
    """Groups sum to the score, entries to their group, and little is left unlisted."""
    found = explained(part("rTMS", 1.0, mentioned=True), part("Gout", -0.2, mentioned=False))
    groups = score_groups(found, everything=everything)
    assert sum(one.value for one in groups) == pytest.approx(found.score)
    for one in groups:
        listed = sum(entry.value for entry in one.entries)
        assert listed + one.unlisted_value == pytest.approx(one.value)
    left, whole = (
        sum(abs(entry.value) for one in some for entry in one.entries)
        for some in (groups, score_groups(found, everything=True))
    )
    assert whole - left <= UNLISTED * whole + 1e-9
    assert everything == (not any(one.unlisted for one in groups))
    named = {entry.name for one in groups for entry in one.entries}
    assert {"rTMS: term found", "Gout: no term found", "cortex", "motor"} <= named
    best = next(one for group in groups for one in group.entries if "best" in one.name)
    assert best.words == ("coil", "pain")


def test_pairs_are_shared_out_among_their_words() -> None:
    """The sum stays; a pair with one word that says something is that word's."""
    shared = share_out({"neuropathic pain": 1.0, "pain of": 0.5, "of the": 0.2, "in 05": 0.1})
    assert shared == pytest.approx(
        {"neuropathic": 0.5, "pain": 1.0, "of": 0.1, "the": 0.1, "in": 0.05, "05": 0.05}
    )


@pytest.mark.parametrize(
    "words", ["or 05", "weeks of", "001 and", "study background", "20 47", "p", "aged_x000d_"]
)
def test_fragments_say_nothing(words: str) -> None:
    """Stop words, numbers and cut pairs are not worth showing."""
    assert not is_informative(words)
    assert first_informative([words, "doxepin", "the doxepin"], 3) == ["doxepin"]


def test_one_line_names_words_and_concepts_only() -> None:
    """What a digest shows has neither stop words nor numbers."""
    names = [one.name for one in strongest_parts(explained(part("rTMS", 1, mentioned=True)), 12)]
    assert names[0] == "rTMS"
    assert all(re.search("[A-Za-z]{3}", name) for name in names)
    assert not {"of", "the", "05"} & set(names)
