"""Which part of the question a mention belongs to, judged by the words around it."""

from __future__ import annotations

import re

from autoscreen.proposal.mentions import Mention
from autoscreen.protocol import Element

_COMPARED = re.compile(
    r"\b(?:versus|vs\.?|compared (?:with|to)|in comparison (?:with|to)|rather than|against)\s"
    r"(?!.*\b(?:in|for|among|on|during|after)\b)[^.;:]*$"
)
_EFFECT = re.compile(
    r"\b(?:effects?|impact|influence)\s(?:and [\w ]+)?of\b[^.;:]*\son\s"
    r"(?!.*\b(?:in|among|with)\b)[^.;:]*$"
)
_PEOPLE_BEFORE = re.compile(
    r"\b(?:in|among|for|with|during|after|of)\s(?:(?:the|a|an|their|all|\w+ly)\s)?"
    r"(?:(?:treatment|management|prevention|prophylaxis|diagnosis|detection|staging|screening|"
    r"relief|patients?|people|persons?|adults?|children|women|men|individuals|those)"
    r"(?:,| and| or)?\s(?:(?:of|with|for|from|who|suffering|undergoing|against)\s)*)*[\w\s-]*$"
)
_FIRST_PART = re.compile(r"\b(?:in|among|for|during|after|with|on)\b")
_BY_PLACE = (Element.INTERVENTION, Element.OTHER)
_AFFECTED = (Element.POPULATION, Element.OTHER)


def element_of(mention: Mention, labelled: Element | None) -> Element:
    """Return the part of the question: as labelled, as usual for the idea, or by its place."""
    usual = mention.entry.element if mention.entry is not None else Element.OTHER
    if labelled is not None:
        return labelled
    if usual in _BY_PLACE and _COMPARED.search(mention.before):
        return Element.COMPARISON
    if usual in _AFFECTED and _EFFECT.search(mention.before):
        return Element.OUTCOME
    return _by_place(mention) if usual is Element.OTHER else usual


def _by_place(mention: Mention) -> Element:
    if not _FIRST_PART.search(mention.before) and _FIRST_PART.search(mention.after):
        return Element.INTERVENTION
    return Element.POPULATION if _PEOPLE_BEFORE.search(mention.before) else Element.OTHER
