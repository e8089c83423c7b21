"""Fields of the extraction form: their tables in a protocol, and the patterns of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from autoscreen.errors import ConfigError
from autoscreen.protocol._tables import Table
from autoscreen.protocol._term_syntax import parse_term

_KEY = re.compile(r"[A-Za-z0-9_-]+")
_HINTS = ("units", "patterns", "avoid", "choices", "terms", "yes", "no")


class FieldType(StrEnum):
    """What a field of the extraction form holds."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes/no"


_HINTS_OF = {
    FieldType.TEXT: {"terms"},
    FieldType.NUMBER: {"units", "patterns", "avoid"},
    FieldType.CHOICE: {"choices"},
    FieldType.YES_NO: {"yes", "no"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value of a field, with the terms that propose it."""

    value: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionField:
    """One field of the extraction form, with the hints that find proposals for it."""

    key: str  # Short name, unique in the protocol (``frequency``)
    label: str  # The name that reviewers see
    type: FieldType
    units: tuple[str, ...] = ()  # Of a number, each with other spellings: ``Hz|hertz``
    patterns: tuple[str, ...] = ()  # Of a number, where ``#`` is the number with its unit
    avoid: tuple[str, ...] = ()  # No number is proposed near one of these terms
    choices: tuple[Choice, ...] = ()  # The possible values; ``yes`` and ``no`` of a yes/no field
    terms: tuple[str, ...] = ()  # A text is proposed where one of these terms matches


def read_fields(table: Table) -> Iterator[ExtractionField]:
    """Yield the fields in the table ``[extraction]`` of a protocol."""
    for key in table.values:
        if not _KEY.fullmatch(key):
            table.refuse(key, f'field "{key}" is not valid', "use letters, digits and _ or -")
        below = table.table(key)
        below.allow("label", "type", *_HINTS)
        kind = _type(below)
        for hint in _HINTS:
            if hint in below.values and hint not in _HINTS_OF[kind]:
                allowed = ", ".join(sorted(_HINTS_OF[kind]))
                below.refuse(
                    hint, f"{below.name(hint)} is not for a {kind} field", f"use: {allowed}"
                )
        yield ExtractionField(
            key=key,
            label=below.text("label", default=key.replace("_", " ")),
            type=kind,
            units=_units(below),
            patterns=_patterns(below),
            avoid=_terms(below, "avoid"),
            choices=tuple(_choices(below, kind)),
            terms=_terms(below, "terms"),
        )


def _type(table: Table) -> FieldType:
    value = table.text("type", default=FieldType.TEXT)
    try:
        return FieldType(value)
    except ValueError:
        known = ", ".join(FieldType)
        table.refuse("type", f'{table.name("type")} "{value}" is not known', f"one of: {known}")


def _choices(table: Table, kind: FieldType) -> Iterator[Choice]:
    if kind is FieldType.YES_NO:
        for value in ("yes", "no"):
            yield Choice(value=value, terms=_terms(table, value))
    if kind is not FieldType.CHOICE:
        return
    below = table.table("choices")
    if len(below.values) < 2:
        table.refuse("choices", f"{table.name('choices')} has fewer than two", "list the values")
    for value in below.values:
        if not value.strip() or value != " ".join(value.split()):
            below.refuse(value, f'choice "{value}" is not valid', "use words and single spaces")
        yield Choice(value=value, terms=_terms(below, value))


def _terms(table: Table, key: str) -> tuple[str, ...]:
    terms = table.texts(key)
    for term in terms:
        try:
            parse_term(term)
        except ConfigError as error:
            table.refuse(key, f"{table.name(key)}: {error.message}", error.hint, value=term)
    return terms


def _units(table: Table) -> tuple[str, ...]:
    units = table.texts("units")
    for unit in units:
        if not all(map(str.strip, unit.split("|"))):
            hint = 'for example "Hz|hertz"'
            table.refuse("units", f'{table.name("units")}: "{unit}" is not valid', hint, value=unit)
    return units


def _patterns(table: Table) -> tuple[str, ...]:
    patterns = table.texts("patterns")
    for pattern in patterns:
        parts = pattern.split()
        if parts.count("#") != 1 or pattern.count("#") != 1:
            problem = "needs one # between spaces for the number"
        elif not all(word for part in parts for word in part.split("|")):
            problem = "has nothing on one side of a |"
        else:
            continue
        table.refuse(
            "patterns",
            f'{table.name("patterns")}: "{pattern}" {problem}',
            'for example "n = #" or "# ... patients|adults"',
            value=pattern,
        )
    return patterns
