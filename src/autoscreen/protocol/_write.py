"""Writes a protocol as TOML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from autoscreen.protocol._extraction_fields import ExtractionField, FieldType
from autoscreen.protocol._model import Criteria, Protocol
from autoscreen.protocol._parse import FORMAT


def protocol_toml(protocol: Protocol) -> str:
    """
    Return a protocol as TOML text.

    Examples
    --------
    >>> print(protocol_toml(Protocol(name="headache", title="Aspirin for headache")), end="")
    format = 1
    name = "headache"
    title = "Aspirin for headache"
    """
    return protocol.source or "\n".join(_lines(protocol)) + "\n"


def _lines(protocol: Protocol) -> Iterator[str]:
    yield f"format = {FORMAT}"
    yield f"name = {_quoted(protocol.name)}"
    yield f"title = {_quoted(protocol.title)}"
    if protocol.question:
        yield f"question = {_quoted(protocol.question)}"
    if protocol.registration:
        yield f"registration = {_quoted(protocol.registration)}"
    if protocol.criteria != Criteria():
        yield "\n[criteria]"
        yield _list("include", protocol.criteria.include)
        yield _list("exclude", protocol.criteria.exclude)
        yield _list("unsure", protocol.criteria.unsure)
    for concept in protocol.concepts:
        yield f"\n[concepts.{_quoted(concept.key)}]"
        yield f"element = {_quoted(concept.element)}"
        yield f"label = {_quoted(concept.label)}"
        yield f"required = {str(concept.required).lower()}"
        yield f"against = {str(concept.against).lower()}"
        yield _list("terms", concept.terms)
    for reason in protocol.reasons:
        yield "\n[[reasons]]"
        yield f"code = {_quoted(reason.code)}"
        yield f"key = {_quoted(reason.key)}"
        yield f"text = {_quoted(reason.text)}"
    if protocol.pubmed:
        yield "\n[search]"
        yield f"pubmed = {_quoted(protocol.pubmed)}"
    if protocol.extraction:
        yield extraction_toml(protocol.extraction).rstrip("\n")


def extraction_toml(fields: Iterable[ExtractionField]) -> str:
    """Return the tables of extraction fields as TOML text; empty without fields."""
    return "".join(f"{line}\n" for one in fields for line in _field(one))


def _field(one: ExtractionField) -> Iterator[str]:
    yield f"\n[extraction.{_quoted(one.key)}]"
    yield f"label = {_quoted(one.label)}"
    yield f"type = {_quoted(one.type)}"
    for name in ("units", "patterns", "avoid", "terms"):
        if values := getattr(one, name):
            yield _list(name, values)
    if one.type is FieldType.CHOICE:
        yield f"\n[extraction.{_quoted(one.key)}.choices]"
    for choice in one.choices:
        yield _list(_quoted(choice.value), choice.terms)


def _list(key: str, values: Iterable[str]) -> str:
    rows = "".join(f"    {_quoted(value)},\n" for value in values)
    return f"{key} = [\n{rows}]" if rows else f"{key} = []"


def _quoted(text: str) -> str:
    """Write a basic string; TOML has the escapes of JSON, except for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
