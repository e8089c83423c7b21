"""The tagged text of Web of Science (``FN``, ``PT`` ... ``ER``), also saved as ``.ciw``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from autoscreen.formats import _clean
from autoscreen.formats._author_names import names
from autoscreen.formats._clean import plain, unique
from autoscreen.formats._cutter import Tagging, cut
from autoscreen.formats._false_tags import TagGrammar, each_tagged, tags
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import implied_notices
from autoscreen.formats._shared_values import abstract, issns, page_range
from autoscreen.formats._source import Source
from autoscreen.records import Record

_SNIFF = re.compile(r"^(?:FN .*\nVR |PT [A-Z][ \t]*$)", re.MULTILINE)
_TAG = re.compile(r"^([A-Z][A-Z0-9])(?: |$)", re.MULTILINE)
_STRAY = re.compile(r"\s*(?:$|(?:FN|VR|EF)\b)")

Fields = Mapping[str, list[str]]

_GRAMMAR = TagGrammar(
    line=re.compile(r"^([A-Z][A-Z0-9])( |$)(.*)", re.MULTILINE),
    known=tags(
        "AB AE AF AN AR AU AW BA BD BE BF BN BP BS C1 C3 CA CC CL CR CT CY D2 DA DE DG DI DT DP EA"
        " ED EF EI EM EP ER ET FN FS FT FU FX GA GP HC HO HP ID IS J9 JI LA LT MA MC ME MH MI MQ NR"
        " NT OA OI OR P2 PA PC PD PG PI PM PN PS PT PU PY RI RP RT SC SE SI SN SO SP SS ST SU TA TC"
        " TI TN U1 U2 UR UT VL VR WC WE Z1 Z2 Z3 Z4 Z8 Z9"
    ),
    core=tags("PT AU TI SO AB PY UT VL"),
    once=tags(
        "TI SO AB AF AU PY VL IS BP EP AR DI UT PD DT LA PT CT CY CL SP HO PG PA PI PU SC SE SN"
    ),
    texts=tags("AB TI FX"),
    titles=tags("TI"),
    small=tags("AN BN DE DI EM ID JI J9 LA MC MH ME OI PM RI SN TN UR"),
    people=tags("AU AF BE ED GP"),
    opening=tags("FN VR EF"),
    closing=tags("ER"),
)


class WosReader:
    """Reads the tagged text of Web of Science and its sister databases."""

    name = "wos"

    def sniff(self, head: str) -> bool:
        """Return whether the file says so or has a ``PT`` line."""
        return _SNIFF.search(head) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was repaired."""
        return each_tagged(source, cut(source, _TAGGING), parse, _GRAMMAR)


READER = WosReader()


def _is_record(lines: list[str]) -> bool:
    return any(line.startswith(("TI ", "AU ")) for line in lines)


_TAGGING = Tagging(
    mark=re.compile(
        r"\n(?:(PT )(?=[A-Z][ \t]*$)|"
        r"ER[ \t]*(?=\n(?:[ \t]*\n|\s*(?:PT |EF|FN |VR |\Z))|\Z))",
        re.MULTILINE,
    ),
    opening="PT",
    closing="ER",
    is_stray=lambda line: _STRAY.match(line) is not None,
    is_record=_is_record,
)


def parse(text: str, repaired: object = None) -> Record:
    """Make a record of the lines of one."""
    return record_of(_fields(text), text, "wos")


def record_of(fields: Fields, raw: str, raw_format: str) -> Record:
    """Make a record of the lines of each tag."""
    title = _joined(fields, "TI")
    types = _listed(fields, "DT")
    ids = _listed(fields, "PM")
    accession = _joined(fields, "UT") or _joined(fields, "AN")
    dates = (_clean.year(_joined(fields, tag)) for tag in ("PY", "EA", "PD"))
    dois = (_clean.doi(value) for tag in ("DI", "D2", "UR") for value in fields.get(tag, ()))
    return Record(
        title=title,
        abstract=abstract([" ".join(fields.get("AB", ()))]),
        authors=names(_authors(fields)),
        year=next((year for year in dates if year is not None), None),
        journal=_joined(fields, "SO") or _joined(fields, "JI"),
        volume=_joined(fields, "VL"),
        issue=_joined(fields, "IS"),
        pages=_pages(fields),
        publisher=_joined(fields, "PU"),
        pmid=next(filter(None, map(_clean.pmid, ids)), None),
        doi=next(filter(None, dois), None),
        accession=accession,
        mesh=_listed(fields, "MH"),
        keywords=unique((*_listed(fields, "DE"), *_listed(fields, "ID"), *_listed(fields, "BD"))),
        publication_types=types,
        languages=_listed(fields, "LA"),
        urls=unique(plain(value) for value in fields.get("UR", ())),
        issns=issns(value for tag in ("SN", "EI", "BN") for value in fields.get(tag, ())),
        record_type=_joined(fields, "PT"),
        notices=implied_notices(title, types),
        raw=raw,
        raw_format=raw_format,
    )


def _fields(text: str) -> Fields:
    """Gather the lines of each tag."""
    fields: dict[str, list[str]] = {}
    _, *parts = _TAG.split(text)
    for tag, value in zip(parts[::2], parts[1::2], strict=True):
        fields.setdefault(tag, []).extend(value.strip().split("\n"))
    return fields


def _joined(fields: Fields, tag: str) -> str:
    return plain(" ".join(fields[tag])) if tag in fields else ""


def _listed(fields: Fields, tag: str) -> tuple[str, ...]:
    """Return the parts of a field whose list, parted by semicolons, runs over several lines."""
    if tag not in fields:
        return ()
    return unique(map(plain, " ".join(fields[tag]).split(";")))


def _authors(fields: Fields) -> list[str]:
    """Return the full names if there is one for each author."""
    short, full = fields.get("AU", []), fields.get("AF", [])
    authors = full if full and len(full) >= len(short) else short
    lines = authors or fields.get("BE", [])
    return [name for line in lines for name in line.split(";") if name.strip()]


def _pages(fields: Fields) -> str:
    pages = page_range(_joined(fields, "BP"), _joined(fields, "EP"))
    return pages or _joined(fields, "PS") or _joined(fields, "AR")
