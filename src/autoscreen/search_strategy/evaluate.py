"""Evaluates a PubMed query on a record by PubMed's documented rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from autoscreen.records import Record
from autoscreen.search_strategy.fields import MESH, TEXT
from autoscreen.search_strategy.mesh_operand import mesh_matches
from autoscreen.search_strategy.other_fields import OTHER
from autoscreen.search_strategy.record_fields import RecordFields
from autoscreen.search_strategy.tree import Node, Operand, parse_query
from autoscreen.search_strategy.words_of_text import has_all_words, has_phrase, has_words_near


class Undecided(NamedTuple):
    """A part of a query that cannot be evaluated offline."""

    operand: str
    reason: str


@dataclass(frozen=True, slots=True)
class QueryMatch:
    """Whether a query finds a record, if that can be decided."""

    found: bool | None  # None if it cannot be decided offline
    undecided: tuple[Undecided, ...] = ()  # The operands that prevent a decision


def match_query(query: str | Node, record: Record) -> QueryMatch:
    """
    Return whether PubMed would find a record by a query.

    Phrases, truncation, proximity, MeSH with narrower headings, publication types, languages,
    years, authors and identifiers are evaluated as PubMed documents them
    (https://pubmed.ncbi.nlm.nih.gov/help/). Not decided offline are automatic term mapping of
    words without a tag, fields that a record does not keep, and headings below others where the
    tree numbers are not known.

    Parameters
    ----------
    record
        A record from PubMed; in a record from elsewhere, operands on missing MeSH headings are
        undecided.

    Examples
    --------
    >>> match_query('"nerve pain"[tiab] NOT rats[ti]', Record(title="Nerve pain in adults")).found
    True
    """
    tree = parse_query(query) if isinstance(query, str) else query
    return evaluate(tree, RecordFields(record))


def evaluate(node: Node, fields: RecordFields) -> QueryMatch:
    """Evaluate a tree in three-valued logic (Kleene)."""
    if isinstance(node, Operand):
        return _operand(node, fields)
    first, *others = node.parts
    found = evaluate(first, fields)
    for part in others:
        other = evaluate(part, fields)
        if node.operator == "NOT":
            opposite = None if other.found is None else not other.found
            found = _both(found, QueryMatch(opposite, other.undecided))
        else:
            found = _both(found, other) if node.operator == "AND" else _either(found, other)
    return found


def _both(one: QueryMatch, other: QueryMatch) -> QueryMatch:
    if one.found is False or other.found is False:
        return QueryMatch(False)
    open_ = one.undecided + other.undecided
    return QueryMatch(None if open_ else True, open_)


def _either(one: QueryMatch, other: QueryMatch) -> QueryMatch:
    if one.found or other.found:
        return QueryMatch(True)
    open_ = one.undecided + other.undecided
    return QueryMatch(None if open_ else False, open_)


def _operand(operand: Operand, fields: RecordFields) -> QueryMatch:
    if operand.field in TEXT:
        found, why = _text(operand, fields)
    elif operand.field in MESH:
        found, why = mesh_matches(operand, fields)
    elif operand.field in OTHER:
        found, why = OTHER[operand.field](operand, fields)
    else:
        found, why = None, "autoscreen does not keep this field"
    return QueryMatch(found, (Undecided(str(operand), why),) if found is None else ())


def _text(operand: Operand, fields: RecordFields) -> tuple[bool | None, str]:
    texts = fields.texts(operand.field)
    if operand.near is not None:
        return any(has_words_near(text, operand) for text in texts), ""
    mapped = operand.field == "" and not operand.quoted and not operand.truncated
    together = any(has_phrase(text, operand) for text in texts)
    if together or (mapped and has_all_words(texts, operand)):
        return True, ""
    if mapped:
        return None, "PubMed adds synonyms and headings to a word without a tag"
    if operand.field in ("", "all", "tw"):
        return None, "this also searches fields that autoscreen does not keep, such as substances"
    if len(operand.words) > 1 and has_all_words(texts, operand):
        return None, "PubMed joins the words by AND if it does not know the phrase"
    return False, ""
