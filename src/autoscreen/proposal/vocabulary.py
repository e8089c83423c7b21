"""The headings and synonyms included in autoscreen: MeSH, drugs, and common topics of reviews."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from autoscreen.proposal.spelling import american, british, normal, singular
from autoscreen.proposal.stop_words import EMPTY
from autoscreen.protocol import Element, fold
from autoscreen.resources import resource
from autoscreen.search_strategy.mesh_tree import mesh_lines

LONGEST = 6
"""Words of the longest term."""

_STEM, _SHORTEST = 5, 3

_DISEASE_BRANCHES = ("C", "F03", "F01")
_METHODS = re.compile(
    r"\b(?:therap(?:y|ies)|surger(?:y|ies)|surgical|training|exercise|education|counseling|"
    r"stimulation|massage|diet|supplements?|vaccines?|vaccination|immunization|transplantation|"
    r"transfusion|screening|anesthesia|analgesia|agents|inhibitors|antagonists|blockers|agonists|"
    r"drugs|antibodies|devices?|prosthes[ie]s|implants?|catheters?|tomography|imaging|"
    r"ultrasonography|spectroscopy|microscopy|endoscopy|biopsy|tests?|assays?|techniques?|"
    r"procedures|rehabilitation|psychotherapy|care|programs?|interventions?|telemedicine|"
    r"medicine|radiography|monitoring|ventilation|\w+ectomy|\w+plasty|\w+otomy|\w+ostomy|\w+scopy|"
    r"\w+graphy)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:adults?|aged|child(?:ren)?|infants?|adolescents?|women|men|patients?|persons?|people|"
    r"students?|nurses?|physicians?|workers?|personnel|groups?|families|parents|mothers|fathers|"
    r"survivors|inpatients|outpatients|residents|dentists|pharmacists|soldiers)\b",
    re.IGNORECASE,
)
_OUTCOMES = re.compile(
    r"\b(?:risk factors|quality of|mortality|incidence|prevalence|outcome|satisfaction|survival|"
    r"recovery|adherence|accuracy|prognosis)\b",
    re.IGNORECASE,
)
_DESIGNS = re.compile(r"\b(?:Trials?|Studies) as Topic\b|\bStudies$")


@dataclass(slots=True, kw_only=True)
class Entry:
    """One idea with the terms that name it."""

    element: Element
    heading: str  # The MeSH heading; empty if there is none
    terms: list[str]
    people: bool = False  # A kind of people, whom abstracts often leave out
    trees: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The heading, or else the first term."""
        return self.heading or self.terms[0]


class Vocabulary:
    """The entries that a text may mention, by the normal forms of their terms."""

    def __init__(self, text: str) -> None:
        self._by_term: dict[tuple[str, ...], Entry] = {}
        self._by_heading: dict[str, Entry] = {}
        for entry in (*_common(), *_mesh(text)):
            self._add(entry)

    def find(self, words: tuple[str, ...]) -> Entry | None:
        """Return the entry with this term, given in normal form."""
        return self._by_term.get(words)

    def _add(self, entry: Entry) -> None:
        """Add an entry; where it has the heading of an earlier one, both become one."""
        known = self._by_heading.setdefault(entry.heading or entry.terms[0], entry)
        if known is not entry:
            known.terms += [term for term in entry.terms if term not in known.terms]
            known.trees = known.trees or entry.trees
        for term in entry.terms:
            self._by_term.setdefault(normal(term), known)


def narrower(entry: Entry) -> list[Entry]:
    """Return the entries of the MeSH headings below that of an entry."""
    numbers, lines = _tree_numbers(), mesh_lines()
    below: set[int] = set()
    for tree in entry.trees:
        first, end = (
            bisect_left(numbers, (f"{tree}{mark}", 0)) for mark in "./"
        )  # "/" follows "."
        below.update(at for _, at in numbers[first:end])
    return [_entry(lines[at]) for at in sorted(below)]


@cache
def _tree_numbers() -> list[tuple[str, int]]:
    """Return each MeSH tree number with its line, in the order of the numbers."""
    lines = enumerate(mesh_lines())
    return sorted((tree, at) for at, line in lines for tree in line.split("\t")[2].split())


def _common() -> Iterator[Entry]:
    text = resource("data", "vocabulary", "common.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            element, heading, terms = line.split("\t")
            people = element == Element.POPULATION and bool(_PEOPLE.search(terms.split("|")[0]))
            yield Entry(
                element=Element(element),
                heading=heading,
                terms=terms.split("|"),
                people=people,
            )


def _mesh(text: str) -> Iterator[Entry]:
    written = text.lower()
    stems = {
        singular(word)[:_STEM]
        for spelling in (written, american(written), british(written))
        for word in fold(spelling).split()
        if len(word) >= _SHORTEST and word not in EMPTY
    }
    return (_entry(line) for line in mesh_lines() if any(stem in line for stem in stems))


def _entry(line: str) -> Entry:
    kind, heading, trees, terms = line.split("\t")
    element, people = _element(kind, heading, trees)
    return Entry(
        element=element,
        heading=heading,
        terms=terms.split("|"),
        people=people,
        trees=tuple(trees.split()),
    )


def _element(kind: str, heading: str, trees: str) -> tuple[Element, bool]:
    if kind == "drug":
        return Element.INTERVENTION, False
    if kind == "disease":
        disease = any(tree.startswith(_DISEASE_BRANCHES) for tree in trees.split())
        return Element.POPULATION if disease else Element.INTERVENTION, False
    if _DESIGNS.search(heading):
        return Element.STUDY_TYPE, False
    if _OUTCOMES.search(heading):
        return Element.OUTCOME, False
    if _PEOPLE.search(heading):
        return Element.POPULATION, True
    return (Element.INTERVENTION if _METHODS.search(heading) else Element.OTHER), False
