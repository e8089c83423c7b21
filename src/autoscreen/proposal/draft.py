"""Builds a protocol from the accepted concepts, with a PubMed query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from autoscreen.proposal.propose import ProposedConcept
from autoscreen.protocol import (
    USUAL_REASONS,
    Concept,
    Criteria,
    Protocol,
    Reason,
    protocol_toml,
)
from autoscreen.search_strategy.from_concepts import query_block

_NOT_IN_KEY = re.compile(r"[^a-z0-9]+")


def draft_protocol(
    title: str,
    concepts: Iterable[ProposedConcept],
    *,
    question: str = "",
    criteria: Criteria | None = None,
    reasons: tuple[Reason, ...] = USUAL_REASONS,
) -> Protocol:
    """
    Return the protocol of the accepted concepts, with a PubMed query of the required ones.

    Examples
    --------
    >>> from autoscreen.proposal.propose import propose
    >>> title = "Melatonin for delirium"
    >>> draft_protocol(title, propose(title)).required[1].label
    'Melatonin'
    """
    kept = [one for one in concepts if one.accepted and any(term.accepted for term in one.terms)]
    keys = list(_keys(one.label for one in kept))
    made = replace(
        Protocol.from_title(title),
        question=" ".join(question.split()),
        criteria=criteria or Criteria(),
        concepts=tuple(_concept(one, key) for one, key in zip(kept, keys, strict=True)),
        reasons=reasons,
    )
    made = replace(made, pubmed=_query(made, dict(zip(keys, kept, strict=True))))
    return replace(made, source=protocol_toml(made))


def _concept(proposed: ProposedConcept, key: str) -> Concept:
    return Concept(
        key=key,
        element=proposed.element,
        label=" ".join(proposed.label.split()),
        terms=tuple(term.text for term in proposed.terms if term.accepted),
        required=proposed.required,
        against=proposed.against,
    )


def _keys(labels: Iterable[str]) -> Iterator[str]:
    taken: set[str] = set()
    for label in labels:
        stem = key = _NOT_IN_KEY.sub("_", label.lower()).strip("_")[:40] or "concept"
        number = 1
        while key in taken:
            number += 1
            key = f"{stem}_{number}"
        taken.add(key)
        yield key


def _query(protocol: Protocol, proposed: dict[str, ProposedConcept]) -> str:
    """Join the main concepts by AND, each with its MeSH headings."""
    parts = []
    for concept in protocol.concepts:
        own = proposed[concept.key]
        if concept.against or not (concept.required or own.searched):
            continue
        parts.append(query_block(concept.terms, own.headings))
    return "\nAND ".join(parts)
