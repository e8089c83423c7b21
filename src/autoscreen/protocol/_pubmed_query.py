"""A PubMed query built from the concepts of a protocol."""

from __future__ import annotations

from autoscreen.protocol._model import Concept, Element, Protocol

_SHORTEST_STEM = 4
"""Letters that PubMed requires before a ``*``."""


def pubmed_query(protocol: Protocol) -> str:
    """
    Return the PubMed query of a protocol, or else one built from its concepts.

    The terms of a concept are joined by OR, the concepts by AND. Used are the required concepts or,
    without any, those of population and intervention. Empty if there are none of these either.

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
    question = (Element.POPULATION, Element.INTERVENTION)
    chosen = protocol.required or tuple(
        one for one in protocol.concepts if one.element in question and not one.against
    )
    return "\nAND ".join(_any_of(one) for one in chosen)


def _any_of(concept: Concept) -> str:
    return f"({' OR '.join(dict.fromkeys(map(_term, concept.terms)))})"


def _term(term: str) -> str:
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
