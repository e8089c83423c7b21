"""The refer format of EndNote and many library systems (``%A``, ``%T``; ``.enw``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoscreen.formats._base import Chunk
from autoscreen.formats._false_tags import TagGrammar, each_tagged, tags
from autoscreen.formats._problem import Problem
from autoscreen.formats._source import Source
from autoscreen.formats.ris import record_by_tags
from autoscreen.records import Record

# The meaning of each field is that of a RIS tag, so RIS's dialects are known here too.
_AS_RIS = {
    "%0": "TY",
    "%1": "C1",
    "%2": "C2",
    "%7": "ET",
    "%8": "DA",
    "%9": "M3",
    "%@": "SN",
    "%A": "AU",
    "%B": "T2",
    "%D": "PY",
    "%E": "A2",
    "%F": "ID",
    "%G": "LA",
    "%I": "PB",
    "%J": "T2",
    "%K": "KW",
    "%M": "AN",
    "%N": "IS",
    "%P": "SP",
    "%Q": "TT",
    "%R": "DO",
    "%T": "TI",
    "%U": "UR",
    "%V": "VL",
    "%W": "DP",
    "%X": "AB",
    "%Z": "N1",
    "%~": "DB",
    "%>": "L1",
    "%!": "ST",
}
_TAG = re.compile(r"^[ \t]?(%[0-9A-Z@!~?>(\[$^&*+=])([ \t]|$)(.*)", re.MULTILINE)
_LISTS = tags("%A %K %U %@ %E")  # each line is a value
_SNIFF = re.compile(r"^[ \t]?%[0TA] \S.*\n(?:.*\n){0,12}?[ \t]?%[TADJBX0] \S", re.MULTILINE)
_GRAMMAR = TagGrammar(
    line=_TAG,
    known=frozenset(_AS_RIS) | tags("%3 %4 %6 %? %( %[ %^ %& %* %+ %= %$ %C %H %L %O %S %Y"),
    core=tags("%0 %T %A %D %J %X"),
    once=tags("%0 %T %D %J %B %V %N %P %R %I %C %M %G %F %L"),
    texts=tags("%X %T %Z"),
    titles=tags("%T"),
    small=tags("%1 %2 %3 %4 %6 %9 %@ %F %G %J %K %M %R %U %W %~ %> %! %+ %^ %Q %Z %P"),
    people=tags("%A %E"),
    opening=frozenset(),
)
_LEADING = ("%0", "%T", "%A", "%B", "%E", "%F", "%J", "%D")


class ReferReader:
    """Reads refer; a record begins after a blank line, or at a second title."""

    name = "refer"

    def sniff(self, head: str) -> bool:
        """Return whether there are lines that begin with a per cent sign and a letter."""
        return _SNIFF.search(head) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was repaired."""
        return each_tagged(source, _chunks(source), parse, _GRAMMAR)


READER = ReferReader()


def _chunks(source: Source) -> Iterator[Chunk | Problem]:
    lines: list[str] = []
    seen: set[str] = set()
    start, blank = 0, False
    for number, text in source.lines():
        tagged = _TAG.match(text)
        small = tagged is not None and tagged[3][:1].islower()
        if tagged and lines and _begins(tagged[1], seen, after_blank=blank, small=small):
            yield Chunk(start, "\n".join(lines).rstrip("\n"))
            lines, seen = [], set()
        if lines or tagged:
            start = start if lines else number
            lines.append(text)
            seen |= {tagged[1]} if tagged else set()
        elif text.strip():
            message = f"text outside any record was ignored: {text.strip()[:60]!r}"
            yield Problem(path=source.path, line=number, record=None, message=message, lost=False)
        blank = not text.strip()
    if lines:
        yield Chunk(start, "\n".join(lines).rstrip("\n"))


def _begins(tag: str, seen: set[str], *, after_blank: bool, small: bool) -> bool:
    """Return whether a tag begins the next record, given those seen in the one before it."""
    if tag in {"%0", "%T"} and tag in seen:
        return after_blank or not small
    return after_blank and tag in _LEADING and ("%T" in seen or tag == "%0")


def parse(text: str, repaired: object = None) -> Record:
    """Make a record of the lines of one."""
    return record_by_tags(text, _TAG, _AS_RIS, READER.name, lists=_LISTS)
