"""Line numbers of TOML keys, which the standard library's parser does not report."""

from __future__ import annotations

import re

_TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")
# Strings and comments, longest first; a delimiter alone opens a multi-line string.
_QUOTED = re.compile(
    r'''"""(?:\\.|[^\\])*?"""|\'{3}.*?\'{3}|"""|\'{3}|"(?:\\.|[^"\\])*"|\'[^\']*\'|\#.*'''
)
_OPENING = frozenset({'"""', "'''"})

Path = tuple[str | int, ...]


class Lines:
    """The lines of the keys of a valid TOML text."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._found: dict[Path, int] = {}
        self._table: Path = ()
        self._read()

    def of(self, *path: str | int) -> int | None:
        """Return the line, from 1, of a key or table, or else of its nearest parent."""
        for length in range(len(path), 0, -1):
            if (line := self._found.get(path[:length])) is not None:
                return line
        return None

    def containing(self, value: str, *path: str | int) -> int | None:
        """Return the first line from a key on that contains a value."""
        start = self.of(*path)
        if start is None:
            return None
        for number, line in enumerate(self._lines[start - 1 :], start):
            if value and value in line:
                return number
        return start

    def _read(self) -> None:
        """Record every table and key outside strings and arrays."""
        closing, depth = "", 0
        for number, line in enumerate(self._lines, 1):
            rest = line
            if closing:
                if closing not in rest:
                    continue
                rest = rest.split(closing, 1)[1]
                closing = ""
            elif depth == 0:
                self._note(line, number)
            rest, closing = _outside_strings(rest)
            if not _TABLE.match(line):
                depth += sum(map(rest.count, "[{")) - sum(map(rest.count, "]}"))

    def _note(self, line: str, number: int) -> None:
        if table := _TABLE.match(line):
            self._table = _parts(table[2])
            if table[1] == "[[":
                place = 0
                while (*self._table, place) in self._found:
                    place += 1
                self._table = (*self._table, place)
            self._found.setdefault(self._table, number)
        elif key := _KEY.match(line):
            self._found.setdefault((*self._table, *_parts(key[1])), number)


def _parts(dotted: str) -> Path:
    return tuple(a or b or c for a, b, c in _PART.findall(dotted))


def _outside_strings(line: str) -> tuple[str, str]:
    """Return the part of a line outside strings, and the delimiter that is still open."""
    kept, position = "", 0
    for match in _QUOTED.finditer(line):
        kept += line[position : match.start()]
        if match[0] in _OPENING:
            return kept, match[0]
        position = match.end()
    return kept + line[position:], ""
