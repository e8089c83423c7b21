"""PubMed queries built from the concepts of a protocol."""

from __future__ import annotations

from collections.abc import Iterable

from autoscreen.protocol import Concept, Element, Protocol, parse_term
from autoscreen.search_strategy.mesh_tree import mesh_tree, normal_heading
from autoscreen.search_strategy.term_coverage import Coverage, covered
from autoscreen.search_strategy.tree import Node, parse_query

_SHORTEST_STEM = 4
"""Letters that PubMed requires before a ``*``."""
_NOT_ANIMALS = 'NOT ("Animals"[mh] NOT "Humans"[mh])'


def pubmed_query(protocol: Protocol) -> str:
    """
    Return the PubMed query of a protocol, or else one built from its concepts.

    The terms of a concept and the MeSH headings that they name are joined by OR, the concepts by
    AND. Used are the required concepts or, without any, those of population and intervention. Empty
    if there are none of these either.

    Examples
    --------
    >>> from autoscreen.protocol import Concept
    >>> knee = Concept(key="knee", element=Element.POPULATION, label="Knee", required=True,
    ...                terms=("knee pain", "gonalg*"))
    >>> pubmed_query(Protocol(name="k", title="K", concepts=(knee,)))
    '("knee pain"[tiab] OR gonalg*[tiab])'
    """
    if protocol.pubmed:
        return protocol.pubmed
    return "\nAND ".join(query_block(one.terms) for one in searched_concepts(protocol))


def searched_concepts(protocol: Protocol) -> tuple[Concept, ...]:
    """Return the required concepts or, without any, those of population and intervention."""
    question = (Element.POPULATION, Element.INTERVENTION)
    return protocol.required or tuple(
        one for one in protocol.concepts if one.element in question and not one.against
    )


def recall_first_query(protocol: Protocol) -> str:
    """Return a broader query: the intervention, and any other part of the question.

    Abstracts often leave out a part of the question, mostly the outcome. So the required concept of
    the intervention is joined by AND with *any* of the other required concepts, each widened by the
    optional concepts of the same element. Studies of animals only are left out. The query of the
    protocol is not used. Empty without a required intervention and another required concept.
    """
    asked = [one for one in protocol.required if one.element is Element.INTERVENTION]
    rest = [one for one in protocol.required if one not in asked]
    if not asked or not rest:
        return ""
    kinds = {one.element for one in rest}
    wider = [
        one
        for one in protocol.concepts
        if one.element in kinds and not (one.against or one.required)
    ]
    blocks = [*(query_block(one.terms) for one in asked), query_block(_terms((*rest, *wider)))]
    return "\n".join(("\nAND ".join(blocks), _NOT_ANIMALS))


def query_block(terms: Iterable[str], headings: Iterable[str] = ()) -> str:
    """
    Return terms joined by OR, after the MeSH headings that they name and the given ones.

    Terms that another one finds are left out.
    """
    terms = list(dict.fromkeys(terms))
    plain = (term for term in terms if not _abbreviation(term))
    named = [one for term in plain for one in mesh_tree().headings_of_term(term)]
    names = {one: mesh_tree().name(one) for one in named}
    names = {normal_heading(one): one for one in headings} | names
    mesh = [f'"{names[one]}"[mh]' for one in _broadest(list(names))]
    kept: dict[str, Node] = {}
    for term in sorted(terms, key=lambda one: (len(parse_term(one)), "*" not in one, len(one))):
        words = parse_term(term)
        if not any(covered(one, words) is Coverage.ALL for one in kept.values()):
            kept[term] = parse_query(term_operand(term))
    free_text = dict.fromkeys(term_operand(one) for one in terms if one in kept)
    return f"({' OR '.join([*mesh, *free_text])})"


def _broadest(headings: list[str]) -> list[str]:
    """Return headings without those that lie below another one."""
    below = mesh_tree().is_below
    return [one for one in headings if not any(below(one, other) for other in headings)]


def _terms(concepts: Iterable[Concept]) -> list[str]:
    return [term for concept in concepts for term in concept.terms]


def _abbreviation(term: str) -> bool:
    return any(word.exact for word in parse_term(term))


def term_operand(term: str) -> str:
    """Return a term in title and abstract; PubMed allows ``*`` only at the end of a phrase."""
    words = [_word(word) for word in term.split()]
    if any(word.endswith("*") for word in words[:-1]):
        return f"({' AND '.join(f'{word}[tiab]' for word in words)})"
    text = " ".join(words)
    return f'"{text}"[tiab]' if len(words) > 1 or not _plain(text) else f"{text}[tiab]"


def _word(word: str) -> str:
    stem = word.removesuffix("*")
    return stem if len(stem) < _SHORTEST_STEM else word


def _plain(word: str) -> bool:
    return word.removesuffix("*").isalnum() and word.upper() not in ("AND", "OR", "NOT")
