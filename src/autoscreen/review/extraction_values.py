"""Which values a field of the extraction form accepts."""

from __future__ import annotations

import re

from autoscreen.errors import InputError
from autoscreen.protocol import ExtractionField, FieldType

SEPARATOR = "; "
"""Between several values of one field, such as those of two arms."""
OTHER = "other: "
"""Before a value that is not among the choices."""
_LONGEST = 2000
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?: to \d+(?:\.\d+)?)?\s?(.*)")


def checked_value(field: ExtractionField, value: str) -> str:
    """Return a value of a field as it is stored."""
    parts = [" ".join(part.split()) for part in value.split(";") if part.strip()]
    if not parts or len(value) > _LONGEST:
        raise InputError(
            f"{field.label}: a value of {len(value):,} characters cannot be saved",
            hint=f"enter 1 to {_LONGEST:,} characters",
        )
    for part in parts:
        if hint := _fault(field, part):
            raise InputError(f"{field.label}: {part!r} is not a possible value", hint=hint)
    return SEPARATOR.join(dict.fromkeys(parts))


def _fault(field: ExtractionField, part: str) -> str:
    """Return what is expected instead of a value; empty if the field accepts it."""
    if field.type is FieldType.NUMBER:
        number = _NUMBER.fullmatch(part)
        units = [unit.split("|")[0] for unit in field.units]
        known = {one for unit in units for one in (unit, unit.removesuffix("s"))} or {""}
        if number and number[1] in known:
            return ""
        example = f"24{'' if '%' in units else ' '}{units[0]}" if units else "24"
        return f"enter a number such as {example}, several with ; between them"
    if field.type in (FieldType.CHOICE, FieldType.YES_NO):
        choices = [choice.value for choice in field.choices]
        other = field.type is FieldType.CHOICE and part.startswith(OTHER) and part != OTHER.strip()
        if part not in choices and not other:
            more = f', or "{OTHER}" and words' if field.type is FieldType.CHOICE else ""
            return f"enter one of: {', '.join(choices)}{more}"
    return ""
