"""What a protocol's PubMed query cannot find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autoscreen.protocol import Concept, Protocol
from autoscreen.records import Record
from autoscreen.search_strategy.from_concepts import pubmed_query, searched_concepts
from autoscreen.search_strategy.headings import HeadingProblem, heading_problems
from autoscreen.search_strategy.missed import Missed, missed_records
from autoscreen.search_strategy.term_coverage import Coverage, term_coverage
from autoscreen.search_strategy.tree import Node, parse_query


@dataclass(frozen=True, slots=True)
class ConceptCoverage:
    """The terms of a required concept that a query does not find."""

    concept: Concept
    not_found: tuple[str, ...]
    some_endings: tuple[str, ...]  # Terms of which it finds some endings only


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryCheck:
    """What a query cannot find, compared with its protocol and with known records."""

    query: str
    own: bool  # Whether it is the protocol's own query, and not one built from its concepts
    concepts: tuple[ConceptCoverage, ...]
    headings: tuple[HeadingProblem, ...]
    records: int  # Known records that were tested
    missed: tuple[Missed, ...]


def check_query(protocol: Protocol, known: Iterable[Record] = ()) -> QueryCheck | None:
    """Return what the PubMed query of a protocol cannot find, or None if there is no query.

    Without a query of its own, the one built from the concepts is checked. A concept none of whose
    terms is in the query, such as an outcome, is left out: it is not part of the query by design.
    `known` are records that the query should find.
    """
    query = pubmed_query(protocol)
    if not query:
        return None
    tree, records = parse_query(query), list(known)
    return QueryCheck(
        query=query,
        own=bool(protocol.pubmed),
        concepts=tuple(_coverage(tree, protocol)),
        headings=tuple(heading_problems(tree)),
        records=len(records),
        missed=tuple(missed_records(tree, records)),
    )


def _coverage(tree: Node, protocol: Protocol) -> Iterable[ConceptCoverage]:
    for concept in searched_concepts(protocol):
        found = term_coverage(tree, concept.terms)
        none = tuple(one.term for one in found if one.coverage is Coverage.NONE)
        some = tuple(one.term for one in found if one.coverage is Coverage.SOME_ENDINGS)
        if len(none) < len(found):
            yield ConceptCoverage(concept, none, some)
