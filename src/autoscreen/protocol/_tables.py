"""Reads values from TOML tables and reports errors with their line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, NoReturn

from autoscreen.errors import ConfigError
from autoscreen.protocol._lines import Lines


class Table:
    """One table of a protocol."""

    def __init__(
        self, values: Mapping[str, Any], lines: Lines, *, origin: str, path: tuple[str | int, ...]
    ) -> None:
        self.values = values
        self.lines = lines
        self.origin = origin
        self.path = path

    def allow(self, *keys: str) -> None:
        """Refuse all other keys."""
        for key in self.values:
            if key not in keys:
                near = get_close_matches(key, keys, n=1)
                self.refuse(
                    key,
                    f"{self.name(key)} is not known",
                    f"did you mean {near[0]}?" if near else f"possible keys: {', '.join(keys)}",
                )

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text without surrounding space; without a default the key is required."""
        value: str = self._get(key, str, "a text in quotes", default)
        if not value.strip() and (default is None or key in self.values):
            self.refuse(key, f"{self.name(key)} is empty", "write it or remove the key")
        return value.strip()

    def number(self, key: str) -> int:
        """Return a whole number."""
        value: int = self._get(key, int, "a whole number", None)
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false if the key is absent."""
        value: bool = self._get(key, bool, "true or false", False)
        return value

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Return a list of texts, none of them empty."""
        values = self._get(key, list, "a list of texts", None if needed else [])
        if needed and not values:
            self.refuse(key, f"{self.name(key)} is empty", "write at least one text")
        for place, value in enumerate(values, 1):
            if not isinstance(value, str):
                self.refuse(
                    key, f"{self.name(key)}: entry {place} is {_kind(value)}", "write it in quotes"
                )
            if not value.strip():
                self.refuse(key, f"{self.name(key)}: entry {place} is empty", "remove it")
        return tuple(" ".join(value.split()) for value in values)

    def table(self, key: str) -> Table:
        """Return a table in this one, empty if the key is absent."""
        return self._below(self._get(key, dict, f"a table [{self.name(key)}]", {}), key)

    def tables(self, key: str) -> Iterable[Table]:
        """Return the tables of a list of tables."""
        values = self._get(key, list, f"a list of tables [[{self.name(key)}]]", [])
        for place, value in enumerate(values):
            if not isinstance(value, dict):
                self.refuse(key, f"{self.name(key)} is a list of {_kind(value)}", "use [[...]]")
            yield self._below(value, key, place)

    def name(self, key: str = "") -> str:
        """Return the full name of a key for messages."""
        parts = [*self.path, key] if key else [*self.path]
        shown = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in parts]
        return "".join(shown).lstrip(".")

    def refuse(self, key: str, message: str, hint: str, *, value: str = "") -> NoReturn:
        """Raise ConfigError for a key, on the line of the value if it is given."""
        way = (*self.path, key) if key else self.path
        line = self.lines.containing(value, *way) if value else self.lines.of(*way)
        raise ConfigError(message, path=self.origin, line=line, hint=hint, key=way, value=value)

    def _below(self, values: Mapping[str, Any], *way: str | int) -> Table:
        return Table(values, self.lines, origin=self.origin, path=(*self.path, *way))

    def _get(self, key: str, kind: type, expected: str, default: Any) -> Any:
        if key not in self.values:
            if default is None:
                self.refuse(key, f"{self.name(key)} is missing", f"expected {expected}")
            return default
        value = self.values[key]
        if type(value) is not kind:
            self.refuse(key, f"{self.name(key)} is {_kind(value)}", f"expected {expected}")
        return value


def _kind(value: object) -> str:
    """Name the kind of a TOML value in words."""
    names = {
        bool: "true or false",
        dict: "a table",
        float: "a number",
        int: "a number",
        list: "a list",
        str: "a text",
    }
    return names.get(type(value), "a date or time")
