"""Which known records a query does not find, and because of which part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autoscreen.records import Record
from autoscreen.search_strategy.evaluate import Undecided, evaluate
from autoscreen.search_strategy.record_fields import RecordFields
from autoscreen.search_strategy.tree import Node, Operand, parse_query

_LONGEST = 70


@dataclass(frozen=True, slots=True)
class Missed:
    """A record that a query does not find, or for which this cannot be decided offline."""

    record: Record
    parts: tuple[str, ...]  # The parts that do not match it, or exclude it; none if undecided
    undecided: tuple[Undecided, ...] = ()  # Why it cannot be decided


def missed_records(query: str | Node, records: Iterable[Record]) -> list[Missed]:
    """
    Return the records that a query does not find, each with the part that fails.

    Examples
    --------
    >>> missed = missed_records("coil*[tiab] AND pain[tiab]", [Record(title="Magnetic coils")])
    >>> missed[0].parts
    ('no match for pain[tiab]',)
    """
    tree = parse_query(query) if isinstance(query, str) else query
    return [found for record in records if (found := _missed(tree, record)) is not None]


def _missed(tree: Node, record: Record) -> Missed | None:
    fields = RecordFields(record)
    match = evaluate(tree, fields)
    if match.found:
        return None
    failing = tuple(_failing(tree, fields)) if match.found is False else ()
    return Missed(record, failing, tuple(dict.fromkeys(match.undecided)))


def _failing(node: Node, fields: RecordFields) -> Iterator[str]:
    """Yield the smallest parts because of which a tree does not match."""
    if isinstance(node, Operand) or node.operator == "OR":
        yield f"no match for {short(node)}"
        return
    for at, part in enumerate(node.parts):
        found = evaluate(part, fields).found
        if node.operator == "NOT" and at == 1:
            if found:
                yield f"excluded by NOT {short(part)}"
        elif found is False:
            yield from _failing(part, fields)


def short(node: Node) -> str:
    """Return a part of a query in short form."""
    text = str(node)
    if len(text) <= _LONGEST:
        return text
    count = len(node.parts) - 1 if not isinstance(node, Operand) else 0
    first = str(node if isinstance(node, Operand) else node.parts[0])[:_LONGEST]
    return f"({first} OR {count} others)" if count else f"{first}..."
