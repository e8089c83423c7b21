"""Proposes the concepts of a review from its title, question and criteria."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from autoscreen.proposal.ideas import Idea, groups, ideas
from autoscreen.proposal.proposed_terms import ProposedTerm, is_broad, terms_of, usable
from autoscreen.protocol import Element, Protocol, Word, parse_term
from autoscreen.text import ConceptMatcher

_MOST_TERMS = 80
_SELDOM_SAID = {"Adult", "Men", "Women"}
"""Abstracts mention them too seldom to require them."""
_ORDER = tuple(Element)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedConcept:
    """A proposed concept, to accept or reject."""

    element: Element
    label: str
    terms: tuple[ProposedTerm, ...]
    why: str  # Where it comes from
    headings: tuple[str, ...] = ()  # Its MeSH headings
    searched: bool = False  # Whether the PubMed query includes it even if it is not required
    required: bool = False
    against: bool = False
    accepted: bool = True  # False if it is suggested but not preselected


def propose(
    title: str, *, question: str = "", criteria: str = "", similar: Iterable[Protocol] = ()
) -> tuple[ProposedConcept, ...]:
    """
    Propose the concepts of a review from its title, question and criteria, all offline.

    Parameters
    ----------
    criteria
        The criteria as pasted; headings such as "Exclusion criteria" and "Population" are
        understood.
    similar
        Protocols of similar reviews: their concepts are proposed where the texts above name them.

    Examples
    --------
    >>> for one in propose("Melatonin for delirium in older adults"):
    ...     print(one.element, one.label, [term.text for term in one.terms][:2])
    population Delirium ['delirium*', 'acute confusional state*']
    population Older adults ['older adult*', 'older people*']
    intervention Melatonin ['melatonin*', 'melatonin agonist*']
    """
    whole = f"{title}\n{question}\n{criteria}"
    found = [
        *_of_protocols(similar, whole),
        *map(_concept, groups(ideas(title, question, criteria))),
    ]
    return tuple(_without_repeats(sorted(found, key=_rank)))


def _rank(concept: ProposedConcept) -> tuple[bool, int]:
    return concept.against, _ORDER.index(concept.element)


def _concept(group: list[Idea]) -> ProposedConcept:
    first = group[0]
    against = all(idea.excluded for idea in group)
    names = " or ".join(dict.fromkeys(idea.written[0] for idea in group))
    asked = first.main and first.entry is not None and not first.people
    terms = usable(term for idea in group for term in terms_of(idea))
    return ProposedConcept(
        element=first.element,
        label=f"{names[:1].upper()}{names[1:]}",
        terms=tuple(terms[:_MOST_TERMS]),
        why=_why(group),
        headings=tuple(idea.entry.heading for idea in group if idea.entry and idea.entry.heading),
        searched=asked,
        required=asked and not any(map(is_broad, group)),
        against=against,
        accepted=not against and not {idea.key for idea in group} <= _SELDOM_SAID,
    )


def _why(group: list[Idea]) -> str:
    if all(idea.excluded for idea in group):
        return "in your exclusion criteria"
    places = dict.fromkeys(place for idea in group for place in idea.places)
    return f"in your {' and '.join(places)}"


def _of_protocols(similar: Iterable[Protocol], text: str) -> Iterator[ProposedConcept]:
    """Yield the concepts of other protocols that a text names."""
    for protocol in similar:
        why = f"in the protocol of \u201c{protocol.title}\u201d"
        named = {hit.concept: hit for hit in reversed(ConceptMatcher(protocol.concepts).find(text))}
        for concept in protocol.concepts:
            if hit := named.get(concept.key):
                yield ProposedConcept(
                    element=concept.element,
                    label=concept.label,
                    terms=tuple(ProposedTerm(text=term, why=why) for term in concept.terms),
                    why=f"{why}; your text names \u201c{text[hit.start : hit.end]}\u201d",
                    required=concept.required,
                    against=concept.against,
                )


def _without_repeats(concepts: Iterable[ProposedConcept]) -> Iterator[ProposedConcept]:
    """Keep each term only in the first concept of its element, as protocols require."""
    taken: set[tuple[Element, tuple[Word, ...]]] = set()
    for concept in concepts:
        terms = []
        for term in concept.terms:
            key = (concept.element, parse_term(term.text))
            if key not in taken:
                taken.add(key)
                terms.append(term)
        if any(term.accepted for term in terms):
            yield replace(concept, terms=tuple(terms))
