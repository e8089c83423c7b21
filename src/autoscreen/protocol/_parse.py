"""Reads and checks a protocol in TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from autoscreen.errors import ConfigError
from autoscreen.protocol._extraction_fields import read_fields
from autoscreen.protocol._lines import Lines
from autoscreen.protocol._model import Concept, Criteria, Element, Protocol, Reason
from autoscreen.protocol._query_syntax import query_fault
from autoscreen.protocol._tables import Table
from autoscreen.protocol._term_syntax import Word, parse_term

FORMAT = 1
"""Version of the file format."""

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""Valid names of protocols."""
_KEYS = (
    *(
        "format",
        "name",
        "title",
        "question",
        "registration",
        "criteria",
        "concepts",
        "reasons",
        "search",
    ),
    "extraction",
)
_CODE = re.compile(r"[A-Za-z0-9_-]+")
_TABLE = re.compile(r"^\s*\[", re.MULTILINE)
_SYNTAX_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def parse_protocol(text: str, *, origin: str = "protocol") -> Protocol:
    r"""
    Return the protocol in a TOML text.

    Examples
    --------
    >>> parse_protocol('format = 1\nname = "demo"\ntitle = "A demo"').title
    'A demo'
    """
    return read_values(toml_values(text, origin), text, origin)


def toml_values(text: str, origin: str) -> dict[str, Any]:
    """Return the values of a TOML text, before they are checked."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(error, text, origin) from None


def read_values(values: Mapping[str, Any], text: str, origin: str) -> Protocol:
    """Return the protocol with these values."""
    top = Table(values, Lines(text), origin=origin, path=())
    _check_format(top)
    top.allow(*_KEYS)
    criteria, search = top.table("criteria"), top.table("search")
    criteria.allow("include", "exclude", "unsure")
    return Protocol(
        name=_name(top),
        title=" ".join(top.text("title").split()),
        question=" ".join(top.text("question", default="").split()),
        registration=" ".join(top.text("registration", default="").split()),
        criteria=Criteria(
            include=criteria.texts("include"),
            exclude=criteria.texts("exclude"),
            unsure=criteria.texts("unsure"),
        ),
        concepts=tuple(_concepts(top.table("concepts"))),
        reasons=tuple(_reasons(top)),
        pubmed=_pubmed(search),
        extraction=tuple(read_fields(top.table("extraction"))),
        source=text,
    )


def protocol_heading(text: str) -> tuple[str, str]:
    """Return title and question of a protocol that was checked before; quick."""
    try:
        values = tomllib.loads(_TABLE.split(text, maxsplit=1)[0])
    except tomllib.TOMLDecodeError:  # a text of several lines has a line like that of a table
        values = tomllib.loads(text)
    return " ".join(values["title"].split()), " ".join(values.get("question", "").split())


def _syntax_error(error: tomllib.TOMLDecodeError, text: str, origin: str) -> ConfigError:
    message = str(error)
    place = _SYNTAX_PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
    said = _SYNTAX_PLACE.sub("", message)
    return ConfigError(
        f"this is not valid TOML: {said[:1].lower()}{said[1:]}",
        path=origin,
        line=line,
        hint="put texts in quotes, lists in [ ] with commas, each key once",
    )


def _check_format(top: Table) -> None:
    number = top.number("format")
    if number != FORMAT:
        top.refuse(
            "format",
            f"format is {number}, but this version reads format {FORMAT}",
            "update autoscreen" if number > FORMAT else f"write format = {FORMAT}",
        )


def _name(top: Table) -> str:
    name = top.text("name")
    if not NAME.fullmatch(name):
        top.refuse("name", f'name "{name}" is not valid', "use a-z, 0-9 and single hyphens")
    return name


def parse_concepts(values: Mapping[str, Any], *, origin: str = "concepts") -> tuple[Concept, ...]:
    """Return the concepts in a mapping like the table ``[concepts]`` of a protocol file."""
    return tuple(_concepts(Table(values, Lines(""), origin=origin, path=("concepts",))))


def _concepts(table: Table) -> Iterator[Concept]:
    seen: dict[tuple[Element, tuple[Word, ...]], str] = {}
    for key in table.values:
        if not _CODE.fullmatch(key):
            table.refuse(key, f'concept "{key}" is not valid', "use letters, digits and _ or -")
        below = table.table(key)
        below.allow("element", "label", "required", "against", "terms")
        concept = Concept(
            key=key,
            element=_element(below),
            label=below.text("label", default=key.replace("_", " ")),
            terms=below.texts("terms", needed=True),
            required=below.flag("required"),
            against=below.flag("against"),
        )
        if concept.required and concept.against:
            below.refuse(
                "against", f"{below.name()} is both required and against", "keep one of them"
            )
        for term in concept.terms:
            _check_term(below, concept, term, seen)
        yield concept


def _element(table: Table) -> Element:
    value = table.text("element")
    try:
        return Element(value)
    except ValueError:
        known = ", ".join(Element)
        table.refuse(
            "element", f'{table.name("element")} "{value}" is not known', f"one of: {known}"
        )


def _check_term(
    table: Table,
    concept: Concept,
    term: str,
    seen: dict[tuple[Element, tuple[Word, ...]], str],
) -> None:
    """Refuse a term that cannot match, or that is in another concept of its element."""
    try:
        words = parse_term(term)
    except ConfigError as error:
        table.refuse("terms", f"{table.name('terms')}: {error.message}", error.hint, value=term)
    first = seen.setdefault((concept.element, words), concept.key)
    if first != concept.key:
        table.refuse(
            "terms",
            f'{table.name("terms")}: "{term}" is already a term of concepts.{first}',
            "keep it in one concept of each element",
            value=term,
        )


def _reasons(top: Table) -> Iterator[Reason]:
    codes: set[str] = set()
    keys: set[str] = set()
    for table in top.tables("reasons"):
        table.allow("code", "key", "text")
        reason = Reason(code=table.text("code"), key=table.text("key"), text=table.text("text"))
        if not _CODE.fullmatch(reason.code):
            table.refuse("code", f'code "{reason.code}" is not valid', "use A-Z, 0-9 and _")
        if len(reason.key) != 1:
            table.refuse("key", f'key "{reason.key}" is not a single key', 'for example "1"')
        if reason.code.casefold() in codes:
            table.refuse("code", f'code "{reason.code}" is used twice', "each code once")
        if reason.key.casefold() in keys:
            table.refuse("key", f'key "{reason.key}" is used twice', "each key once")
        codes.add(reason.code.casefold())
        keys.add(reason.key.casefold())
        yield reason


def _pubmed(search: Table) -> str:
    search.allow("pubmed")
    query = search.text("pubmed", default="")
    if query and (fault := query_fault(query)):
        line = query.split("\n")[fault.line - 1].strip()
        search.refuse("pubmed", f"search.pubmed: {fault.message}", fault.hint, value=line)
    return query
