"""Headings of a query that are unknown, or covered by a broader one in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autoscreen.search_strategy.fields import MESH
from autoscreen.search_strategy.mesh_tree import mesh_tree
from autoscreen.search_strategy.tree import Node, Operand, operands, parse_query


@dataclass(frozen=True, slots=True)
class HeadingProblem:
    """A heading of a query, and what is wrong with it."""

    heading: str
    problem: str


def heading_problems(query: str | Node) -> list[HeadingProblem]:
    """
    Return the headings of a query that are unknown, or below another one that finds them too.

    The headings are those of MeSH 2026, the tree numbers those of diseases.

    Examples
    --------
    >>> [one.problem for one in heading_problems('"Neuralgia"[mh] OR "Sciatica"[mh]')]
    ['"Neuralgia"[mh] finds it too']
    """
    tree = parse_query(query) if isinstance(query, str) else query
    return [*_unknown(tree), *_redundant(tree)]


def _unknown(tree: Node) -> Iterator[HeadingProblem]:
    for one in operands(tree, negated=True):
        heading = one.text.partition("/")[0]
        if one.field in MESH and not one.truncated and not mesh_tree().heading(heading):
            yield HeadingProblem(heading, "not a heading of MeSH 2026; check its spelling")


def _redundant(node: Node) -> Iterator[HeadingProblem]:
    if isinstance(node, Operand):
        return
    if node.operator == "OR":
        yield from _redundant_among([one for one in node.parts if isinstance(one, Operand)])
    for part in node.parts:
        yield from _redundant(part)


def _redundant_among(choices: list[Operand]) -> Iterator[HeadingProblem]:
    exploded = [one for one in choices if one.field == "mh" and "/" not in one.text]
    for one in choices:
        own = mesh_tree().heading(one.text) if one.field in ("mh", "mh:noexp") else ""
        for other in exploded:
            above = mesh_tree().heading(other.text)
            if own and above and one is not other and mesh_tree().is_below(own, above):
                yield HeadingProblem(one.text, f"{other} finds it too")
                break
