"""Splits a file of tagged lines into records, and reports unknown text between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autoscreen.formats._base import Chunk
from autoscreen.formats._problem import Problem
from autoscreen.formats._source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging:
    """How records of a format begin and end."""

    mark: re.Pattern[str]
    """A line end and what begins a record, its group 1, or ends one."""
    opening: str
    closing: str
    is_stray: Callable[[str], bool]
    is_record: Callable[[list[str]], bool]


def cut(source: Source, tagging: Tagging) -> Iterator[Chunk | Problem]:
    """Yield the records' texts, and a problem for what is neither in a record nor known."""
    return _Cutter(source, tagging).chunks()


class _Cutter:
    def __init__(self, source: Source, tagging: Tagging) -> None:
        self._source = source
        self._tagging = tagging
        self._parts: list[str] = []
        self._from = 1
        self._inside = False
        self._open = 0  # records without their last line, and where the first of them begins
        self._first_open = 0
        self._bare = 0  # records without their first line
        self._first_bare = 0

    def chunks(self) -> Iterator[Chunk | Problem]:
        for line, text in self._source.blocks():
            yield from self._cut(f"{text}\n", line)
        last = self._from if self._inside else 0
        yield from self._finish(closed=False)
        if self._bare:
            several = f" ({self._bare} such records in all)" * (self._bare > 1)
            self._source.warn(
                f"has no {self._tagging.opening} line; it was read as a record{several}",
                line=self._first_bare,
            )
        if not self._tagging.closing:
            return
        if self._open == 1 and last:
            yield self._source.problem("the file ends inside this record: cut off?", line=last)
        elif self._open:
            self._source.warn(
                f"the record that begins here has no {self._tagging.closing} line; it was read "
                f"up to the start of the next ({self._open} such records in all)",
                line=self._first_open,
            )

    def _cut(self, text: str, line: int) -> Iterator[Chunk | Problem]:
        done = 0
        for mark in self._tagging.mark.finditer(f"\n{text}"):
            start, end = mark.start(), mark.end() - 1  # without the line end put before it
            self._parts.append(text[done:start])
            line += text.count("\n", done, start)
            done = start
            yield from self._finish(closed=mark[1] is None)
            self._from = line
            if mark[1] is None:
                done = end
                self._from = line = line + text.count("\n", start, done)
            else:
                self._inside = True
        self._parts.append(text[done:])

    def _finish(self, *, closed: bool) -> Iterator[Chunk | Problem]:
        text, inside, start = "".join(self._parts).rstrip("\n"), self._inside, self._from
        self._parts, self._inside = [], False
        if inside:
            if not closed:
                text = self._without_strays(text)
                self._open += 1
                self._first_open = self._first_open or start
            yield Chunk(start, text)
        elif lines := text.lstrip("\n"):
            yield from self._outside(lines.split("\n"), start + len(text) - len(lines))

    def _without_strays(self, text: str) -> str:
        """Drop what belongs to the next record, if the one before it has no last line."""
        lines = text.split("\n")
        while len(lines) > 1 and self._tagging.is_stray(lines[-1]):
            lines.pop()
        return "\n".join(lines)

    def _outside(self, lines: list[str], start: int) -> Iterator[Chunk | Problem]:
        if self._tagging.is_record(lines):
            for text in self._parted_at_blanks(lines):
                self._bare += 1
                self._first_bare = self._first_bare or start
                yield Chunk(start, text)
                start += text.count("\n") + 1
            return
        unknown = [n for n, line in enumerate(lines) if not self._tagging.is_stray(line)]
        if unknown:
            message = f"text outside any record was ignored: {lines[unknown[0]].strip()[:60]!r}"
            line = start + unknown[0]
            yield Problem(
                path=self._source.path, line=line, record=None, message=message, lost=False
            )

    def _parted_at_blanks(self, lines: list[str]) -> list[str]:
        """Part several records without first lines; a paragraph that is no record goes on."""
        records: list[list[str]] = []
        paragraph: list[str] = []
        for line in [*lines, ""]:
            paragraph.append(line)
            if line.strip():
                continue
            if records and not self._tagging.is_record(paragraph):
                records[-1] += paragraph
            else:
                records.append(paragraph)
            paragraph = []
        return ["\n".join(record) for record in records]
