"""The tagged format of RefWorks (``RT``, ``SR``, ``A1``, ``T1``), which databases export too."""

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

# The meaning of each field is that of a RIS tag, so RIS's dialects are known here too.
_AS_RIS = {
    "A1": "AU",
    "A2": "A2",
    "AB": "AB",
    "AN": "AN",
    "DB": "DB",
    "DO": "DO",
    "DS": "DB",
    "ED": "ET",
    "FD": "DA",
    "ID": "ID",
    "IS": "IS",
    "JF": "JF",
    "JO": "JO",
    "K1": "KW",
    "LA": "LA",
    "LK": "UR",
    "NO": "N1",
    "OP": "EP",
    "OT": "TT",
    "PB": "PB",
    "PM": "PM",
    "RT": "TY",
    "SN": "SN",
    "SP": "SP",
    "T1": "TI",
    "T2": "BT",
    "UL": "UR",
    "VO": "VL",
    "YR": "PY",
}
_KIND = r"[A-Z][\w/, ]{2,40}"
_LINE = re.compile(r"^([A-Z][A-Z0-9])( |$)(.*)", re.MULTILINE)
_SNIFF = re.compile(
    rf"^RT {_KIND}[ \t]*\n(?:[A-Z][A-Z0-9](?: .*)?\n){{0,12}}?(?:SR|T1|A1|JF) ", re.MULTILINE
)
_GRAMMAR = TagGrammar(
    line=_LINE,
    known=frozenset(_AS_RIS)
    | tags("A3 A4 A5 A6 AD AV CL CN CR DI FR GR IN JN JA LB LT ME MV N1 NT OL PA PF PL PN PO PP")
    | tags("PT RA RD RF RP RR SF SL SR ST T3 TI U1 U2 U3 U4 U5 U6 U7 U8 U9 WP WT WV"),
    core=tags("RT SR A1 T1 JF YR"),
    once=frozenset(_AS_RIS) - tags("A1 A2 K1 UL LK NO"),
    texts=tags("AB T1 NO"),
    titles=tags("T1"),
    small=tags("AD AN DB DS DO DI ID JF JO K1 LA OT PM SN ST U1 U2 U3 U4 U5"),
    people=tags("A1 A2"),
    opening=tags("RT"),
)
_TAGGING = Tagging(
    mark=re.compile(rf"\n(RT )(?={_KIND}[ \t]*$)", re.MULTILINE),
    opening="RT",
    closing="",
    is_stray=is_stray,
    is_record=lambda lines: any(line.startswith(("T1 ", "A1 ")) for line in lines),
)


class _Reader:
    """Reads the tagged format of RefWorks."""

    name = "refworks"

    def sniff(self, head: str) -> bool:
        """Return whether a kind of reference is followed by RefWorks' tags."""
        return _SNIFF.search(head) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was repaired."""
        return each_tagged(source, cut(source, _TAGGING), parse, _GRAMMAR)


READER = _Reader()


def parse(text: str, repaired: object = None) -> Record:
    """Make a record of the lines of one."""
    return record_by_tags(text, _LINE, _AS_RIS, READER.name)
