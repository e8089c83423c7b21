"""Terms and headings with which a query would find records that it misses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autoscreen.protocol import Protocol, parse_term
from autoscreen.records import Record
from autoscreen.search_strategy.evaluate import evaluate
from autoscreen.search_strategy.from_concepts import term_operand
from autoscreen.search_strategy.mesh_tree import normal_heading
from autoscreen.search_strategy.missed import short
from autoscreen.search_strategy.record_fields import RecordFields
from autoscreen.search_strategy.term_coverage import Coverage, covered
from autoscreen.search_strategy.tree import Combination, Node, Operand, parse_query

_MOST = 8
_FEWEST = 2
"""Records that a proposed heading needs; a term of the protocol needs one."""
# Headings of almost every study in humans or animals.
_COMMON = frozenset(
    {
        *("humans", "animals", "male", "female", "pregnancy", "rats", "mice", "pilot projects"),
        *("infant newborn", "infant", "child preschool", "child", "adolescent", "young adult"),
        *("adult", "middle aged", "aged", "aged 80 and over", "treatment outcome"),
        *("time factors", "follow up studies", "prospective studies", "retrospective studies"),
        *("double blind method", "single blind method", "cross over studies"),
        *("surveys and questionnaires", "reproducibility of results", "risk factors"),
    }
)


@dataclass(frozen=True, slots=True)
class Addition:
    """A term or heading to add to a part of a query by OR."""

    text: str  # As PubMed writes it, such as "Phantom Limb"[mh]
    part: str  # The part of the query, shortened
    records: int  # How many of the missed records it concerns


@dataclass(frozen=True, slots=True, kw_only=True)
class Widening:
    """A wider query that finds more of the records that a query misses."""

    missed: int  # Records that it does not find
    additions: tuple[Addition, ...]
    query: str  # The query with all additions; empty if there are none
    still_missed: int  # Records that the wider query does not find either


def widen(protocol: Protocol, query: str, records: Iterable[Record]) -> Widening:
    """
    Return what to add to a query so that it finds records that it misses.

    Proposed are terms of the protocol that the records mention, for the part of the query that is
    about their concept, and MeSH headings that at least two records have, for the only part of the
    query that does not match them. An information specialist should check them.

    Examples
    --------
    >>> from autoscreen.protocol import Concept, Element
    >>> pain = Concept(key="p", element=Element.POPULATION, label="P", terms=("pain", "ache"))
    >>> protocol = Protocol(name="k", title="K", concepts=(pain,))
    >>> widen(protocol, "coil[tiab] AND pain[tiab]", [Record(title="A coil against ache")]).query
    'coil[tiab] AND (pain[tiab] OR ache[tiab])'
    """
    tree = parse_query(query)
    missed = [one for one in map(RecordFields, records) if evaluate(tree, one).found is False]
    parts = list(_joined_by_and(tree))
    failing = [[at for at, part in enumerate(parts) if _fails(part, one)] for one in missed]
    found: list[Counter[str]] = [Counter() for _ in parts]
    for at, operand in _terms_of(parts, protocol):
        for one, own in zip(missed, failing, strict=True):
            if at in own and evaluate(operand, one).found:
                found[at][str(operand)] += 1
    for at, headings in _headings(parts, missed, failing).items():
        found[at] += Counter({one: n for one, n in headings.items() if n >= _FEWEST})
    best = {part: counts.most_common(_MOST) for part, counts in zip(parts, found, strict=True)}
    wider = _with(
        tree, {part: [parse_query(text) for text, _ in own] for part, own in best.items()}
    )
    return Widening(
        missed=len(missed),
        additions=tuple(
            Addition(text, short(part), count) for part, own in best.items() for text, count in own
        ),
        query=str(wider) if any(best.values()) else "",
        still_missed=sum(evaluate(wider, one).found is False for one in missed),
    )


def _joined_by_and(node: Node) -> Iterator[Node]:
    """Yield the parts of a query that are joined by AND, without what follows NOT."""
    if isinstance(node, Combination) and node.operator == "NOT":
        yield from _joined_by_and(node.parts[0])
    elif isinstance(node, Combination) and node.operator == "AND":
        for part in node.parts:
            yield from _joined_by_and(part)
    else:
        yield node


def _fails(part: Node, fields: RecordFields) -> bool:
    return evaluate(part, fields).found is False


def _terms_of(parts: Sequence[Node], protocol: Protocol) -> Iterator[tuple[int, Node]]:
    """Yield each term of the protocol that no part searches, with the part of its concept."""
    for concept in protocol.concepts:
        coverage = [
            [covered(part, parse_term(term)) is Coverage.ALL for term in concept.terms]
            for part in parts
        ]
        at = max(range(len(parts)), key=lambda at: sum(coverage[at]))
        if any(coverage[at]) and not concept.against:
            for term, searched in zip(concept.terms, coverage[at], strict=True):
                if not searched:
                    yield at, parse_query(term_operand(term))


def _headings(
    parts: Sequence[Node], missed: Sequence[RecordFields], failing: Sequence[Sequence[int]]
) -> dict[int, Counter[str]]:
    """Count the headings of the records that one part alone does not match, for this part."""
    found: dict[int, Counter[str]] = {}
    for one, own in zip(missed, failing, strict=True):
        if len(own) == 1:
            names = {name.replace("*", "").partition("/")[0] for name in one.record.mesh}
            new = (name for name in names if not _is_common(name, parts))
            found.setdefault(own[0], Counter()).update(f'"{name}"[mh]' for name in new)
    return found


def _is_common(heading: str, parts: Iterable[Node]) -> bool:
    """Return whether most studies have a heading, or the query already searches it."""
    if normal_heading(heading) in _COMMON:
        return True
    fields = RecordFields(Record(title=heading, mesh=(heading,)))
    return any(evaluate(part, fields).found for part in parts)


def _with(node: Node, additions: Mapping[Node, Sequence[Node]]) -> Node:
    """Return a tree with alternatives added to some of the parts that are joined by AND."""
    if more := additions.get(node, ()):
        own = node.parts if isinstance(node, Combination) and node.operator == "OR" else (node,)
        return Combination("OR", (*own, *more))
    if isinstance(node, Operand) or node.operator == "OR":
        return node
    first, *rest = node.parts
    if node.operator == "NOT":
        return Combination("NOT", (_with(first, additions), *rest))
    return Combination("AND", tuple(_with(one, additions) for one in node.parts))
