"""The labelled sections of an abstract, found in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from autoscreen.protocol import fold


class SectionKind(StrEnum):
    """The kind of a section: the five categories of PubMed, and other."""

    BACKGROUND = "background"
    OBJECTIVE = "objective"
    METHODS = "methods"
    RESULTS = "results"
    CONCLUSIONS = "conclusions"
    OTHER = "other"


class Section(NamedTuple):
    """A labelled section."""

    label: str  # As the abstract writes it, without the colon
    kind: SectionKind  # What kind of section the label names
    label_start: int  # Where the label begins
    start: int  # The section without its label is ``text[start:end]``
    end: int


# Words that decide the kind of a section, from labels of Medline abstracts in the most common
# languages of labelled abstracts.
_VOCABULARY = {
    SectionKind.BACKGROUND: """
        background introduction context importance rationale antecedentes introduccion introducao
        introduzione einleitung hintergrund contexte""",
    SectionKind.OBJECTIVE: """
        objective objectives aim aims purpose object objects hypothesis hypotheses question
        questions goal goals objetivo objetivos objectif objectifs but obiettivo obiettivi ziel
        zielsetzung fragestellung scopo""",
    SectionKind.METHODS: """
        method methods methodology methodologies material materials design setting settings patient
        patients participant participants subject subjects animal animals population sample
        intervention interventions exposure exposures measurement measurements measure measures
        outcome outcomes procedure procedures protocol predictor predictors analysis analyses
        extraction selection sources search eligibility acquisition metodo metodos metodologia
        materiales pacientes diseno methodes methode methodik metodi""",
    SectionKind.RESULTS: """
        result results finding findings synthesis case cases presentation resultado resultados
        resultats ergebnisse risultati""",
    SectionKind.CONCLUSIONS: """
        conclusion conclusions discussion interpretation implication implications significance
        relevance limitation limitations perspective perspectives summary comment comments opinion
        conclusao conclusoes conclusiones schlussfolgerung schlussfolgerungen conclusioni""",
    SectionKind.OTHER: "unlabelled unlabeled registration identifier level funding keywords",
}
_KIND = {word: kind for kind, words in _VOCABULARY.items() for word in words.split()}
# Words that may accompany the deciding word in a label.
_BESIDE = frozenset(
    re.findall(
        r"\w+",
        """
        a and areas article assigned of the to for in with main key primary secondary principal
        major minor recent study studies research trial trials clinical practice practical medical
        data evidence statistical criteria strategy quality assessment review reviews report
        description history covered words known what is this
        adds number unique date expert abstract design y e et und des de la los las i
        experimental approach type types used
        """,
    )
)
_SENTENCE_START = re.compile(r"(?:^|(?<=[.?!:;)\]\n]))[ \t]*(?=[^\W\d_a-z])")
_WITH_COLON = re.compile(r"([^\W\d_a-z][^.:;?!\d\n]{1,70}?)[ \t]*:(?!\d)[ \t]*")
_CAPITALS = re.compile(r"[^\W\d_a-z]{2,}(?:[ ,/&()-]{1,3}[^\W\d_a-z]{2,})*")
_AFTER_CAPITALS = re.compile(r"(?:\.|[ ]?[\u2013\u2014-])?[ \t]+(?=[^\W_a-z])")
_BARE = re.compile(r"([^\W\d_a-z][a-z]+(?:[ ](?:and|&)[ ][A-Za-z]+)?)[ ](?=[^\W_a-z])")
_FEWEST_BARE_KINDS = 3
_NOT_FIRST = frozenset({"a", "and", "for", "in", "of", "the", "this", "to"})
_MOST_WORDS = 8


def find_sections(text: str) -> list[Section]:
    """
    Return the labelled sections of an abstract.

    A label is at the start of the text or of a sentence and consists of known words ("Methods",
    "MAIN OUTCOME MEASURES", "Design, Setting, and Participants"). A colon follows it; after a
    label in capitals also a dash, a full stop or the section itself. Labels without such a sign
    ("Methods We looked.") count if the text has three kinds of them.

    In the order of the text; a section ends where the next label begins. An abstract without labels
    has none, and text before the first label belongs to no section.

    Examples
    --------
    >>> [(s.kind.value, s.label) for s in find_sections("AIM: To see. Methods: We looked.")]
    [('objective', 'AIM'), ('methods', 'Methods')]
    """
    found = list(_labels(text))
    bare = {label.kind for label in found if _is_bare(text, label)}
    labels = [
        label for label in found if len(bare) >= _FEWEST_BARE_KINDS or not _is_bare(text, label)
    ]
    ends = [*(label.label_start for label in labels), len(text)][1:]
    return [
        label._replace(end=label.start + len(text[label.start : end].rstrip()))
        for label, end in zip(labels, ends, strict=bool(labels))
    ]


def _labels(text: str) -> Iterator[Section]:
    """Yield the labels; where each section ends is not known yet."""
    position = 0
    while match := _SENTENCE_START.search(text, position):
        place = match.end()
        label = _with_colon(text, place) or _in_capitals(text, place) or _bare(text, place)
        if label is not None:
            yield label
        position = place + 1 if label is None else label.start


def _with_colon(text: str, place: int) -> Section | None:
    match = _WITH_COLON.match(text, place)
    if match is None or (kind := _kind(match[1])) is None:
        return None
    return Section(match[1], kind, place, match.end(), match.end())


def _in_capitals(text: str, place: int) -> Section | None:
    """Return the longest label that a run of words in capitals begins with."""
    run = _CAPITALS.match(text, place)
    end = run.end() if run else place
    while end > place:
        label = text[place:end]
        after = _AFTER_CAPITALS.match(text, end)
        if after and (kind := _kind(label)):
            return Section(label, kind, place, after.end(), after.end())
        end = place + len(label[: max(label.rfind(" "), 0)].rstrip(" ,/&()-"))
    return None


def _bare(text: str, place: int) -> Section | None:
    match = _BARE.match(text, place)
    if match is None or (kind := _kind(match[1])) is None:
        return None
    return Section(match[1], kind, place, match.end(), match.end())


def _is_bare(text: str, label: Section) -> bool:
    """Return whether a label is followed by a space only and is not in capitals."""
    between = text[label.label_start + len(label.label) : label.start]
    return between == " " and not label.label.isupper()


def _kind(label: str) -> SectionKind | None:
    """Return the kind of section of a label; None if one of its words is not used in labels."""
    words = fold(label).split()
    if len(words) > _MOST_WORDS or not words or words[0] in _NOT_FIRST:
        return None
    if any(word not in _KIND and word not in _BESIDE for word in words):
        return None
    kinds = [_KIND[word] for word in words if word in _KIND]
    if not kinds:
        return None
    return kinds[-1] if words[0] == "summary" else kinds[0]  # "Summary of background data"
