"""The plain text in which the Cochrane Library exports citations (``Record #1 of 9``, ``TI: ``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoscreen.formats._cutter import Tagging, cut
from autoscreen.formats._false_tags import TagGrammar, each_tagged, tags
from autoscreen.formats._problem import Problem
from autoscreen.formats._ris_dialects import is_stray
from autoscreen.formats._source import Source
from autoscreen.formats.ris import record_by_tags
from autoscreen.records import Record

_SNIFF = re.compile(r"^Record #\d+ of \d+[ \t]*\n(?:[A-Z]{2,3}: .*\n?)+", re.MULTILINE)
# The meaning of each field is that of a RIS tag, so RIS's dialects are known here too.
_AS_RIS = {
    "AB": "AB",
    "AU": "AU",
    "CC": "C1",
    "DOI": "DO",
    "ID": "AN",
    "KY": "KW",
    "LA": "LA",
    "NO": "IS",
    "PB": "PB",
    "PG": "SP",
    "PM": "C3",
    "PT": "M3",
    "SN": "SN",
    "SO": "T2",
    "TI": "TI",
    "US": "UR",
    "VL": "VL",
    "XR": "C3",
    "YR": "PY",
}
_GRAMMAR = TagGrammar(
    # "CI: 1.1 to 1.9" is text.
    line=re.compile(rf"^({'|'.join(_AS_RIS)})(:)(?: +(.*)|)$", re.MULTILINE),
    known=frozenset(_AS_RIS),
    core=tags("ID TI AU SO YR AB"),
    once=frozenset(_AS_RIS) - tags("AU KY"),
    texts=tags("AB TI"),
    titles=tags("TI"),
    small=tags("DOI ID KY SO "),
    people=tags("AU"),
    opening=frozenset(),
)


class CochraneReader:
    """Reads the Cochrane Library's plain text."""

    name = "cochrane"

    def sniff(self, head: str) -> bool:
        """Return whether a record has its number and then lines with a tag and a colon."""
        return _SNIFF.search(head) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was repaired."""
        return each_tagged(source, cut(source, _TAGGING), parse, _GRAMMAR)


READER = CochraneReader()

_TAGGING = Tagging(
    mark=re.compile(r"\n(Record #\d+ of \d+)[ \t]*$", re.MULTILINE),
    opening="Record #",
    closing="",
    is_stray=is_stray,
    is_record=lambda lines: any(line.startswith("TI: ") for line in lines),
)


def parse(text: str, repaired: object = None) -> Record:
    """Make a record of the lines of one."""
    return record_by_tags(text, _GRAMMAR.line, _AS_RIS, READER.name)
