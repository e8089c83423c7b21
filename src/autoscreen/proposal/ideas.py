"""The ideas of a review's texts, each with all its mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autoscreen.proposal.criteria import criteria_lines
from autoscreen.proposal.elements import element_of
from autoscreen.proposal.mentions import Mention, mentions
from autoscreen.proposal.spelling import normal
from autoscreen.proposal.vocabulary import Entry, Vocabulary
from autoscreen.protocol import Element
from autoscreen.text import find_abbreviations

TITLE, QUESTION, CRITERIA = "title", "question", "criteria"
_NEXT_PART = re.compile(
    r"(?<!and )(?<!or )(?<!, )\b(?:in|after|for|of|with|on|versus|vs|among|during|following|against"
    r"|to|by|from|at|before|under|undergoing|using|receiving|compared)\b"
)
_MAIN = (Element.POPULATION, Element.INTERVENTION)


@dataclass(slots=True, kw_only=True)
class Idea:
    """One idea with all its mentions."""

    element: Element
    entry: Entry | None  # None for a phrase that the vocabulary lacks
    part: int  # Where the title first names it, counted in parts that a preposition begins
    excluded: bool  # Only exclusion criteria mention it
    written: list[str] = field(default_factory=list)  # As it is written, and its abbreviations
    places: list[str] = field(default_factory=list)  # Title, question or criteria

    @property
    def key(self) -> str:
        """The name by which it is known."""
        return self.entry.name if self.entry is not None else self.written[0]

    @property
    def main(self) -> bool:
        """Whether the title names it as population or intervention."""
        return TITLE in self.places and self.element in _MAIN

    @property
    def people(self) -> bool:
        """Whether it is a kind of people, whom abstracts often leave out."""
        return self.entry is not None and self.entry.people


def ideas(title: str, question: str, criteria: str) -> list[Idea]:
    """Return the ideas of the texts, those of the title first."""
    lines = list(criteria_lines(criteria))
    texts: list[tuple[str, str, Element | None, str]]
    texts = [(TITLE, title, None, "include"), (QUESTION, question, None, "include")]
    texts += [(CRITERIA, one.text, one.element, one.side) for one in lines]
    whole = "\n".join(text for _, text, _, _ in texts)
    vocabulary = Vocabulary(whole)
    short = {pair.short: pair.long for pair in find_abbreviations(whole)}
    found: dict[object, Idea] = {}
    for place, text, element, side in texts:
        for mention in mentions(text, vocabulary) if side != "unsure" else ():
            long = short.get(mention.text, mention.text)
            key = normal(long) if mention.entry is None else mention.entry.name
            idea = found.get(key)
            if idea is None:
                if place != TITLE and mention.entry is None and element is None:
                    continue  # an unknown phrase of a sentence is seldom a concept
                part = element_of(mention, element)
                idea = found[key] = Idea(
                    element=part,
                    entry=mention.entry,
                    part=len(_NEXT_PART.findall(mention.before)),
                    excluded=True,
                )
            idea.excluded &= side == "exclude"
            idea.places.append(place)
            forms = _forms(mention, long, short)
            idea.written += [form for form in forms if form not in idea.written]
    return list(found.values())


def _forms(mention: Mention, long: str, short: dict[str, str]) -> Iterator[str]:
    yield long
    yield mention.text
    for form, meaning in short.items():
        if normal(meaning) == normal(long):
            yield form


def groups(found: Sequence[Idea]) -> list[list[Idea]]:
    """
    Join ideas of a title that are alternatives: diseases, methods, kinds of people.

    A preposition separates populations: "gout or lupus" is one concept, "walking after stroke"
    two. Interventions stay together, which ranks better.
    """
    joined: dict[object, list[Idea]] = {}
    for at, idea in enumerate(found):
        alternative = idea.main and idea.entry is not None
        part = idea.part if idea.element is Element.POPULATION else 0
        key = (idea.element, idea.people, part) if alternative else at
        joined.setdefault(key, []).append(idea)
    return list(joined.values())
