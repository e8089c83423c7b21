"""Judges by the whole file which lines that look like a tag are text of the value before them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import Self

from autoscreen.errors import LimitError
from autoscreen.formats._base import Chunk, Parse, each_record
from autoscreen.formats._problem import Problem
from autoscreen.formats._source import LONGEST, Source
from autoscreen.records import Record

_SENTENCE_ENDS = re.compile(r"(?:[.!?:;)\]\"'\u201d\u00bb\u3002]|^)\s*$")
# What begins with a small letter and is no sentence: an address, or a name with a particle.
_NAME = re.compile(
    r"https?://|(?:d[aeio]|de[lnr]|du|von|van|la|le|el|al|te[rn]|bin|ibn|zu[rm]?)\b[ '-]"
)
_BLOCKS = 4  # of a megabyte each, by which a file is judged
_SURE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class TagGrammar:
    """The tags of a format, as far as it takes to tell them from text."""

    line: re.Pattern[str]
    """A line with a tag: its groups are the tag, what stands between, and the value."""
    known: frozenset[str]
    core: frozenset[str]
    """Tags of nearly every record, which are always tags where they are in their usual place."""
    once: frozenset[str]
    """Tags that a record has in one place, so that one of two is text."""
    texts: frozenset[str]
    """Tags of long texts; a sentence may go on in the next line."""
    titles: frozenset[str]
    """Tags of texts that need not end as sentences do."""
    small: frozenset[str]
    """Tags whose values may begin with a small letter."""
    worded: frozenset[str] = frozenset()
    """Tags whose values do not begin with a number."""
    people: frozenset[str]
    """Tags of names, which begin with a capital letter or a particle."""
    opening: frozenset[str]
    """Tags that begin a record, which are never text."""
    closing: frozenset[str] = frozenset()
    """Tags that end a record and have no value."""


def each_tagged(
    source: Source, chunks: Iterable[Chunk | Problem], parse: Parse, grammar: TagGrammar
) -> Iterator[Record | Problem]:
    """Parse a file that was cut into records, in which lines that only look tagged are text."""
    usage = TagUsage.of(source, grammar)

    def parse_without(text: str, warn: Callable[[str], None]) -> Record:
        if not usage.is_doubtful(text):
            return parse(text, warn)
        cleaned = usage.joined(text)
        record = parse(cleaned, warn)
        return record if cleaned == text else replace(record, raw=text)

    return each_record(source, chunks, parse_without)


@dataclass(frozen=True, slots=True)
class TagUsage:
    """How often each tag is used in a file, and in which column its value is parted from it."""

    grammar: TagGrammar
    line: re.Pattern[str]
    """That of the grammar after a line end."""
    long: re.Pattern[str]
    """The tag of a long text after a line end."""
    records: int
    column: int
    """Where the mark after a tag of two characters usually is; 0 if there is no usual place."""
    tags: Counter[str]
    known: frozenset[str]
    """Tags that are not text in their usual place unless a sentence goes on after them."""
    sure: frozenset[str]
    """Tags that are never text in their usual place, if a record has them once."""

    @classmethod
    def of(cls, source: Source, grammar: TagGrammar) -> Self:
        """Return the usage in the beginning of a file."""
        # Python looks for a line end much faster than for the start of a line.
        line = re.compile(r"\n" + grammar.line.pattern.removeprefix("^"), grammar.line.flags)
        marked = re.compile(line.pattern.replace("(.*)", ".*"), line.flags)
        marks: Counter[tuple[str, str]] = Counter()
        with suppress(LimitError):  # raised again when the records are read
            for _, text in islice(source.blocks(LONGEST * _BLOCKS), _BLOCKS):
                marks.update(marked.findall(f"\n{text}"))
        lines: Counter[tuple[str, int]] = Counter()
        for (tag, mark), count in marks.items():
            lines[tag, len(tag + mark)] += count
        places: Counter[int] = Counter()
        for (tag, column), count in lines.items():
            if tag in grammar.core and len(tag) == 2:
                places[column] += count
        usual, most = max(places.items(), key=lambda place: place[1], default=(0, 0))
        tags: Counter[str] = Counter()
        for (tag, column), count in lines.items():
            tags[tag] += count * (column == usual or len(tag) != 2)
        records = max((tags[tag] for tag in grammar.core - {"AU", "A1", "FAU", "%A"}), default=0)
        often = {tag for tag, count in tags.items() if records > 1 and count >= max(2, records / 2)}
        known = grammar.known | often
        return cls(
            grammar=grammar,
            line=line,
            long=re.compile(rf"\n[ \t]{{0,8}}({'|'.join(map(re.escape, grammar.texts))})(?!\w)"),
            records=records,
            column=usual if most >= _SURE * places.total() else 0,
            tags=tags,
            known=known - grammar.closing,
            sure=known & (grammar.core | often) - grammar.people - grammar.closing,
        )

    def is_doubtful(self, text: str) -> bool:
        """Return whether `joined` has to look at a record; of nearly all this is seen quickly."""
        text = f"\n{text}"
        return any(
            line is not None and self._may_be_text(found[1], line, text)
            for found in self.long.finditer(text)
            for line in [self.line.search(text, found.end())]
        )

    def _may_be_text(self, current: str, line: re.Match[str], text: str) -> bool:
        """Return whether a line may go on with the text before it; False is certain."""
        grammar, tag = self.grammar, line[1]
        if tag == current and tag not in grammar.once:
            return False
        if self.column and len(tag) == 2 and len(line[2]) != self.column - 2:
            return True
        if tag in grammar.once and text.count(tag) > 1 and self._count(tag, text) > 1:
            return True
        if tag in self.sure:
            return False
        small = current not in grammar.titles and self._is_small(tag, (line[3] or "").strip())
        return tag not in self.known or small

    def _count(self, tag: str, text: str) -> int:
        return sum(found[0] == tag for found in self.line.findall(text))

    def joined(self, text: str) -> str:
        """Return the text of a record in which false tags are joined to the value before them."""
        lines = list(self.grammar.line.finditer(text))
        counts = Counter(tag for tag, _ in groupby(line[1] for line in lines))
        current, done, parts = "", 0, []
        for line in lines:
            start = line.start()
            before = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
            if not before.strip():
                current = ""
            inside = current in self.grammar.texts
            same = line[1] == current and line[1] not in self.grammar.once
            if inside and not same and self._is_text(line, before, current, counts[line[1]]):
                parts += [text[done : start - 1], " "]
                done = start + len(line[0]) - len(line[0].lstrip())
                counts[line[1]] -= 1
                continue
            current = line[1]
        return "".join([*parts, text[done:]])

    def _is_text(self, line: re.Match[str], before: str, current: str, count: int) -> bool:
        grammar, tag, value = self.grammar, line[1], (line[3] or "").strip()
        repeated = tag in grammar.once and count > 1
        if tag in grammar.opening or not (value or tag in grammar.closing):
            return False
        small = self._is_small(tag, value)
        goes_on = not _SENTENCE_ENDS.search(before) and (small or current not in grammar.titles)
        known = tag in self.known
        if self.column and len(tag) == 2 and len(tag + line[2]) != self.column:
            return goes_on or small or repeated or not (known or tag in grammar.closing)
        if repeated:
            return goes_on and current not in grammar.titles
        if not known:
            return small or goes_on
        return tag not in self.sure and small and goes_on and current not in grammar.titles

    def _is_small(self, tag: str, value: str) -> bool:
        """Return whether a value begins as those of its tag do not, but the rest of a sentence."""
        if value[:1].islower():
            return tag not in self.grammar.small and not _NAME.match(value)
        return value[:1].isdigit() and tag in self.grammar.worded


def tags(text: str) -> frozenset[str]:
    """Return the tags of a list in one text."""
    return frozenset(text.split())
