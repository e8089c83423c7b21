"""Finds all errors of a protocol: each is corrected in a copy, which is then parsed again."""

from __future__ import annotations

from typing import Any

from autoscreen.errors import ConfigError
from autoscreen.protocol._parse import FORMAT, read_values, toml_values

_MOST = 100
# Placeholders for required values; other values are left out.
_STAND_INS: dict[str, Any] = {
    "format": FORMAT,
    "name": "name",
    "title": "title",
    "element": "other",
    "text": "text",
}


def protocol_faults(text: str, *, origin: str = "protocol") -> list[ConfigError]:
    r"""
    Return all errors in a TOML text, in the order in which they are found.

    Examples
    --------
    >>> [one.message for one in protocol_faults('format = 1\nname = "A b"\ntitel = ""')]
    ['titel is not known', 'name "A b" is not valid', 'title is missing']
    """
    faults: list[ConfigError] = []
    try:
        values = toml_values(text, origin)
        while len(faults) < _MOST:
            try:
                read_values(values, text, origin)
                break
            except ConfigError as error:
                faults.append(error)
                if not _set_right(values, error, len(faults)):
                    break
    except ConfigError as error:
        faults.append(error)
    return faults


def _set_right(values: dict[str, Any], error: ConfigError, number: int) -> bool:
    """Remove an error from the values; False if that is not possible."""
    if not error.key:
        return False
    *way, last = error.key
    place: Any = values
    for part in way:
        place = place[part]
    found = place.get(last)
    if isinstance(found, list) and error.value in found:
        found[:] = [one for one in found if one != error.value] or [f"placeholder {number}"]
    elif last == "terms":
        place[last] = [f"placeholder {number}"]
    elif last == "code":
        place[last] = f"PLACEHOLDER_{number}"
    elif last == "key":
        place[last] = chr(0x4E00 + number)
    elif last in _STAND_INS:
        place[last] = _STAND_INS[str(last)]
    elif last in place:
        del place[last]
    else:
        return False
    return True
