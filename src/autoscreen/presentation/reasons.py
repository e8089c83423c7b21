"""The reason for a record's rank, in one sentence that a clinician can check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autoscreen.presentation.informative_words import first_informative, is_informative
from autoscreen.presentation.score_parts import word_values
from autoscreen.presentation.wording import counted, grouped

if TYPE_CHECKING:
    from autoscreen.protocol import Concept
    from autoscreen.ranking import ConceptPart, Explanation, SimilarRecord
    from autoscreen.records import Record
    from autoscreen.review.priority_screening import Suggestion

_CONCEPTS = 4
_WORDS = 3
_SIMILAR = 3
_TITLE_WORDS = 5
_BEST = "similar to the best matches"
_STUDY_TYPE = "study_type"
_SEVERAL = re.compile(r",| or | and ")
_NAME = re.compile(r"[A-Z][a-z]+\b(?!')")


def reason(explanation: Explanation, record: Record) -> str:
    """
    Return in one sentence what a record names and lacks, and which records it resembles.

    Without a protocol it names the words of the question; where nothing else can be said, words.
    """
    said = [*_about_concepts(explanation, record), *_about_question(explanation)]
    alike = _about_similar(explanation.similar)
    if len(said) + len(alike) < 2:
        said += _about_words(explanation, record.text)
    said += alike
    if not record.abstract:
        said.append("no abstract, so only title and index terms could be compared")
    if not said:
        return "Nothing known counts for or against it."
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def most_similar(explanation: Explanation) -> tuple[list[str], list[str]]:
    """Return the ids of the most similar included and excluded records."""
    alike = explanation.similar
    included = [one.id for one in alike if one.included][:_SIMILAR]
    return included, [one.id for one in alike if not one.included][:_SIMILAR]


def similar_words(explanation: Explanation) -> str:
    """Return the most similar records by id, in one line; empty if there are none."""
    kinds = zip(("included", "excluded"), most_similar(explanation), strict=True)
    ids_by_kind = "; ".join(f"{kind} {', '.join(ids)}" for kind, ids in kinds if ids)
    return f"Most similar: {ids_by_kind}" if ids_by_kind else ""


def why_next(found: Suggestion, *, shared: bool = False) -> str:
    """
    Return why a record is next, as it continues "This record is".

    In double screening (`shared`) the exact place would reveal what the other reviewer has read.
    """
    if found.draw is not None:
        return f"record {grouped(found.draw)} of the random audit"
    text = {
        "most likely": why_there(1, found.unread, shared=shared),
        "exploration": "a random record, to find what the ranking may miss",
        "unsure again": "a record that is marked unsure; all others are screened",
    }.get(found.strategy, found.strategy)
    if found.behind:
        text += f"; the ranking is updating ({counted(found.behind, 'decision')} behind)"
    return text


def why_there(place: int, unread: int, *, shared: bool = False) -> str:
    """Return the place of an unscreened record among the unscreened ones, in words."""
    if place > 1:
        return f"number {grouped(place)} in the ranking of {counted(unread, 'unscreened record')}"
    if shared:
        return "one of the most likely relevant records"
    return f"the most likely relevant of {counted(unread, 'unscreened record')}"


def likely_words(probability: float | None) -> str:
    """Return how often similar records were relevant in past reviews; empty if unknown."""
    if probability is None:
        return ""
    often = "fewer than 1" if probability < 0.01 else f"about {100 * probability:.0f}"
    return f"{often} in 100 such records were relevant in past reviews"


def _about_concepts(explanation: Explanation, record: Record) -> list[str]:
    concepts = explanation.concepts
    wanted = sorted(
        (one for one in concepts if not one.concept.against),
        key=lambda one: not one.concept.required,
    )
    has = [one for one in wanted if one.mentioned and not _is_type(one)]
    types = [one for one in wanted if one.mentioned and _is_type(one)]
    lacks = [one for one in wanted if not one.mentioned and _counts(one, record)]
    against = [one for one in concepts if one.mentioned and one.concept.against]
    said = []
    if has:
        said.append(f"mentions {_labels(has)}")
    if types:
        said.append(f"study type: {_labels(types)}")
    if against:
        said.append(f"mentions {_labels(against)}, which counts against it")
    if lacks:
        said.append(f"does not mention {_labels(lacks, last='or')}")
    return said


def _counts(one: ConceptPart, record: Record) -> bool:
    """Return whether the absence of a concept is mentioned."""
    if not one.concept.required:
        return False
    return not (_is_type(one) and _has_design(one.concept, record))


def _has_design(concept: Concept, record: Record) -> bool:
    """Return whether a study type is the design that the record's own tag names."""
    from autoscreen.text import study_designs  # noqa: PLC0415

    words = " ".join((concept.label, *concept.terms)).lower().replace("z", "s")
    return any(str(design) in words for design in study_designs(record))


def _is_type(one: ConceptPart) -> bool:
    return one.concept.element == _STUDY_TYPE


def _labels(parts: Sequence[ConceptPart], *, last: str = "and") -> str:
    names = [_in_a_sentence(one.concept) for one in parts]
    shown = names[:_CONCEPTS]
    if more := names[_CONCEPTS:]:
        shown.append(counted(len(more), "other concept"))
    return _joined(shown, last)


def _in_a_sentence(concept: Concept) -> str:
    """Return a label without its capital, unless that belongs to a name; a list in quotes."""
    label = concept.label
    first = _NAME.match(label)
    if first is not None and not any(first[0] in term for term in concept.terms):
        label = label[0].lower() + label[1:]
    return f"“{label}”" if _SEVERAL.search(label) else label


def _about_question(explanation: Explanation) -> list[str]:
    if explanation.concepts or not explanation.question:
        return []
    words: list[str] = []
    for word in (word for word, there in explanation.question.items() if there):
        if not any(word.removesuffix("s") == one.removesuffix("s") for one in words):
            words.append(word)
    if not words:
        return ["mentions no word of the review's title"]
    named = _joined([f"“{word}”" for word in words[:_TITLE_WORDS]])
    return [f"mentions {named} from the review's title"]


def _about_words(explanation: Explanation, text: str) -> list[str]:
    values = {
        word: value for word, value in word_values(explanation).items() if is_informative(word)
    }
    best = sorted(values, key=lambda word: (-abs(values[word]), word))
    up = [word for word in best if values[word] > 0][:_WORDS]
    down = [word for word in best if values[word] < 0][:_WORDS]
    kinds = [(up, "included records"), (down, "excluded records")]
    if not values:
        kinds = [(_words_of_the_best(explanation), "the records that match the question best")]
    return [
        f"shares {_joined([f'“{_as_written(word, text)}”' for word in some])} with {kind}"
        for some, kind in kinds
        if some
    ]


def _as_written(word: str, text: str) -> str:
    """Return an abbreviation in its capitals, and any other word in small letters."""
    found = re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    capitals = found is not None and sum(char.isupper() for char in found[0]) > 1
    return found[0] if found is not None and capitals and not text.isupper() else word


def _words_of_the_best(explanation: Explanation) -> list[str]:
    """Return words that a record shares with the best matches, before anything is labelled."""
    own = {word.removesuffix("s") for word in explanation.question}
    words = [
        word
        for part in explanation.parts
        if part.source == "prior" and part.value > 0 and part.name == _BEST
        for word in part.words
        if " " not in word and word.removesuffix("s") not in own
    ]
    return first_informative(words, _WORDS)


def _about_similar(similar: Sequence[SimilarRecord]) -> list[str]:
    numbers = [
        (sum(one.included for one in similar), "included"),
        (sum(not one.included for one in similar), "excluded"),
    ]
    found = [f"{grouped(number)} {kind}" for number, kind in numbers if number]
    if not found:
        return []
    noun = "record" if all(number <= 1 for number, _ in numbers) else "records"
    return [f"similar to {' and '.join(found)} {noun}"]


def _joined(names: Sequence[str], last: str = "and") -> str:
    *before, end = names
    return f"{', '.join(before)} {last} {end}" if before else end
