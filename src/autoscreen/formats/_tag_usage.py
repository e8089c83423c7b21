"""Judges by the whole file which lines that look like a tag are text of the value before them."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from autoscreen.errors import LimitError
from autoscreen.formats._base import Parse
from autoscreen.formats._source import Source
from autoscreen.records import Record

_LINE = re.compile(r"^[ \t]{0,8}([A-Z][A-Z0-9]{1,3})([ \t]{0,4}-)(?:[ \t]+(.*)|)$", re.MULTILINE)
_COMMON = frozenset({"TY", "TI", "T1", "AU", "A1", "PY", "YR", "AB"})
_FIRST = frozenset({"TY", "ER", "PMID", "VN"})
_TEXTS = frozenset({"AB", "N2", "N1", "TI", "T1", "OAB", "TT", "GN", "RN"})
# Fields whose values may begin with a small letter.
_SMALL = frozenset(
    ("AD", "AID", "AN", "AU", "BT", "DB", "DI", "DO", "DOI", "DP", "FA", "FAU", "GN", "ID", "IS"),
).union(
    ("JF", "JO", "JT", "KW", "LA", "LB", "LG", "LID", "LK", "LNK", "LR", "MH", "OABL", "OT", "OTO"),
    (
        "OWN",
        "RN",
        "PHST",
        "PL",
        "PMC",
        "PST",
        "PT",
        "SB",
        "SO",
        "ST",
        "STAT",
        "TA",
        "TT",
        "UI",
        "UR",
    ),
    (f"{letter}{number}" for letter in "ACLMNTU" for number in range(1, 9)),
    ("XL",),
)
_SENTENCE_ENDS = re.compile(r"(?:[.!?:;)\]\"'\u201d\u00bb]|^)\s*$")
_FEW_RECORDS = 5
_SURELY_TEXT = 3


@dataclass(slots=True)
class TagUsage:
    """How often each tag is used in a file, and how its lines are written."""

    records: int = 0
    tags: Counter[str] = field(default_factory=Counter)
    styles: Counter[str] = field(default_factory=Counter)

    def parse(self, text: str, warn: Callable[[str], None], parse: Parse) -> Record:
        """Parse a record without its false tags; `raw` remains the original text."""
        cleaned = self._without_false_tags(text)
        record = parse(cleaned, warn)
        return record if cleaned == text else replace(record, raw=text)

    def _without_false_tags(self, text: str) -> str:
        """Return the text of a record in which false tags are joined to the value before them."""
        lines: list[str] = []
        current = ""
        matches = {match.start(): match for match in _LINE.finditer(text)}
        place = 0
        for line in text.split("\n"):
            match = matches.get(place)
            place += len(line) + 1
            following = matches.get(place)
            goes_on = following is None and not text.startswith("\n", place) and place < len(text)
            if (
                match
                and current in _TEXTS - {match[1]}
                and self._is_text(match, lines[-1], goes_on=goes_on)
            ):
                lines[-1] += f" {line.strip()}"
                continue
            if match:
                current = match[1]
            elif not line.strip():
                current = ""
            lines.append(line)
        return "\n".join(lines)

    def _is_text(self, match: re.Match[str], before: str, *, goes_on: bool) -> bool:
        tag, style, value = match[1], match[2], (match[3] or "").strip()
        if not value or tag == "TY" or _SENTENCE_ENDS.search(before):
            return False
        usual = max(self.styles, key=self.styles.__getitem__, default="")
        sure = self.styles[usual] >= 0.9 * self.styles.total()
        odd = sure and bool(usual) and style != usual and len(tag) == 2
        if tag in _COMMON and not odd:  # nearly every record has these
            return False
        rare = self.records >= _FEW_RECORDS and self.tags[tag] <= max(1, self.records // 50)
        common = self.records > 2 and self.tags[tag] >= self.records // 2 and not odd
        small = value[0].islower() and tag not in _SMALL
        evidence = 1 + 2 * odd + 2 * small + rare + goes_on + (" - " in value) - 2 * common
        return evidence >= _SURELY_TEXT


def tag_usage(source: Source) -> TagUsage:
    """Return which tags the records of a file use, and in which style."""
    usage = TagUsage()
    with suppress(LimitError):  # raised again when the records are read
        for _, text in source.blocks(sys.maxsize):
            for tag, style in _tags(text):
                usage.tags[tag] += 1
                if tag in _COMMON:
                    usage.styles[style] += 1
    usage.records = max((usage.tags[tag] for tag in _FIRST), default=0)
    return usage


def _tags(text: str) -> Iterator[tuple[str, str]]:
    return ((match[1], match[2]) for match in _LINE.finditer(text))
