"""The tagged text that Ovid calls Medlars, Reprint or Citavi (``<1. >``, ``VN  - Ovid``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from autoscreen.formats import _clean
from autoscreen.formats._author_names import names
from autoscreen.formats._clean import plain, unique
from autoscreen.formats._cutter import Tagging, cut
from autoscreen.formats._false_tags import TagGrammar, each_tagged, tags
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import implied_notices
from autoscreen.formats._ris_dialects import first, is_stray
from autoscreen.formats._shared_values import EMBASE_SOURCE, abstract, issns, split_list
from autoscreen.formats._source import Source
from autoscreen.records import Record

_SNIFF = re.compile(
    r"^[ \t]*(?:<\d+\.?\s*>[ \t]*\n[ \t]*[A-Z][A-Z0-9] {1,2}- |VN {1,2}- Ovid)", re.MULTILINE
)
# Ovid's layout with full field names, each on a line of its own, the values below it; the plain
# text of Embase.com is like it.
_NAMES = {
    "Accession Number": "UI",
    "Unique Identifier": "UI",
    "Embase Accession ID": "UI",
    "Medline PMID": "PM",
    "Author": "AU",
    "Authors": "AU",
    "Author Names": "AU",
    "Authors Full Name": "FA",
    "Title": "TI",
    "Original Title": "OT",
    "Source": "SO",
    "Source Title": "JN",
    "Journal Name": "JN",
    "Abstract": "AB",
    "Author Keywords": "KW",
    "Keywords": "KW",
    "Keyword Heading": "HW",
    "Heading Words": "HW",
    "Subject Headings": "MH",
    "MeSH Subject Headings": "MH",
    "DOI": "DO",
    "DOI Number": "DO",
    "Digital Object Identifier": "DO",
    "ISSN": "IS",
    "Language": "LG",
    "Article Language": "LG",
    "Publication Type": "PT",
    "Year of Publication": "YR",
    "Publication Year": "YR",
    "Date of Publication": "DP",
    "Volume": "VO",
    "Issue": "IP",
    "Publisher": "PB",
    "Database": "DB",
}
_BY_NAME = {name.upper(): tag for name, tag in _NAMES.items()}
_NAME_LINE = re.compile(
    r"^(?:(?i:" + "|".join(_NAMES) + r")|[A-Z][A-Z/&() -]{2,60}|[A-Z][A-Za-z/ -]{2,40}(?=\n {2}\S))"
    r"[ \t]*$",
    re.MULTILINE,
)
_NAMED = re.compile(
    r"^[ \t]*(?:<\d+\.?\s*>|RECORD \d+)[ \t]*\n+(?:.*\n){0,12}?(?:Title|TITLE)[ \t]*\n",
    re.MULTILINE,
)
_SOURCE_YEAR = re.compile(r"(?<![\d:-])((?:19|20)\d{2})(?![\d-])")
_DEGREES = re.compile(r"(?: (?:[A-Z]{2,}[a-z]?|[A-Z][a-z]?[A-Z]+|[\d*+,.]+))+\s*$")
_TAG = re.compile(r"^[ \t]{0,3}([A-Z][A-Z0-9]) {1,2}-(?: |$)", re.MULTILINE)
_SOURCE = re.compile(r"(\d+)\s*\(([^()]+)\)\s*:\s*([\w-]+)")  # 12(3):45-67
_TITLE_END = re.compile(r"\s*\[[A-Z][^\]]*\]\.?$")  # [Article], [Review]
_GRAMMAR = TagGrammar(
    line=re.compile(r"^[ \t]{0,3}([A-Z][A-Z0-9])([ \t]{0,2}-)(?:[ \t]+(.*)|)$", re.MULTILINE),
    known=tags(
        "AA AB AD AI AN AO AS AU BT CA CC CD CI CL CM CN CO CP CR CT CU CY DA DB DC DE DF DG DI DJ"
        " DN DO DP DT DU EA ED EL EM EN ES EZ FA FD FS FT FU GC GI GR HW IA IB ID IN IO IP IR IS JA"
        " JC JN JT JX KW LA LC LG LK LR MD MF MH MM MN MS MV NJ NM NT OC OT OW PA PB PC PD PG PM PN"
        " PO PP PS PT PU PY RF RN RO RP RS RV SA SB SC SD SE SH SI SM SO SP SR SS ST SU TC TI TN TO"
        " TR TT UI UP UR VI VN VO XL YR YS"
    ),
    core=tags("VN TI AU AB SO UI YR"),
    once=tags("VN DB UI TI SO VO IP PG YR DP LG CP IS AB DO"),
    texts=tags("AB TI OT TT"),
    titles=tags("TI OT TT"),
    small=tags(
        "AD AN BT DB DI DO DP ID IN IS JN KW HW LG LK LR MH NM OT PT RN RO SB SO ST TT UI XL"
    ),
    people=tags("AU FA ED"),
    opening=tags("VN"),
)


class OvidReader:
    """Reads Ovid's own tagged text."""

    name = "ovid"

    def sniff(self, head: str) -> bool:
        """Return whether a record begins with its number in angle brackets, or with Ovid's name."""
        return bool(_SNIFF.search(head) or _NAMED.search(head))

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was repaired."""
        return each_tagged(source, cut(source, _TAGGING), parse, _GRAMMAR)


READER = OvidReader()

_TAGGING = Tagging(
    mark=re.compile(
        r"\n[ \t]*(<\d+\.?\s*>[ \t]*$(?:\n[ \t]*VN {1,2}- )?|RECORD \d+[ \t]*$|VN {1,2}- Ovid)",
        re.MULTILINE,
    ),
    opening="<number>",
    closing="",
    is_stray=is_stray,
    is_record=lambda lines: any(line.startswith(("TI  - ", "AU  - ")) for line in lines),
)


def parse(text: str, repaired: object = None) -> Record:
    """Make a record of the lines of one."""
    fields = _fields(text)
    title = _TITLE_END.sub("", plain(first(fields, "TI"))) or plain(first(fields, "OT", "BT"))
    types = unique(map(plain, split_list(fields.get("PT", ()))))
    accession = plain(first(fields, "UI", "AN"))
    medline = "MEDLINE" in first(fields, "DB").upper()
    volume, issue, pages = _where(fields)
    dois = (_clean.doi(value) for tag in ("DO", "DI") for value in fields.get(tag, ()))
    return Record(
        title=title,
        abstract=abstract(fields.get("AB", ())),
        authors=names(fields.get("FA") or fields.get("AU") or ()),
        year=_clean.year(first(fields, "YR", "DP", "SO")),
        journal=plain(first(fields, "JN", "JT", "TA")) or _journal(first(fields, "SO")),
        volume=volume,
        issue=issue,
        pages=pages,
        publisher=plain(first(fields, "PB", "PU")),
        pmid=_clean.pmid(accession) if medline else _clean.pmid(first(fields, "PM").split(" (")[0]),
        doi=next(filter(None, dois), None),
        accession="" if medline else accession,
        mesh=unique(map(plain, fields.get("MH", ()))),
        keywords=unique(map(plain, (*fields.get("HW", ()), *split_list(fields.get("KW", ()))))),
        publication_types=types,
        languages=unique(map(plain, split_list(fields.get("LG", ())))),
        urls=unique(plain(value) for value in fields.get("XL", ())),
        issns=issns(value for tag in ("IS", "IB", "ES") for value in fields.get(tag, ())),
        notices=implied_notices(title, types),
        raw=text,
        raw_format="ovid",
    )


def _fields(text: str) -> dict[str, list[str]]:
    """Gather the values of each tag; a value may go on over indented lines."""
    fields: dict[str, list[str]] = {}
    _, *parts = _TAG.split(text)
    if not parts:
        return _named_fields(text)
    for tag, value in zip(parts[::2], parts[1::2], strict=True):
        if value.strip():
            fields.setdefault(tag, []).append(" ".join(value.split()))
    return fields


def _named_fields(text: str) -> dict[str, list[str]]:
    """Gather the values below each field name."""
    fields: dict[str, list[str]] = {}
    marks = [*_NAME_LINE.finditer(text)]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        tag = _BY_NAME.get(mark[0].strip().upper(), "")
        value = text[mark.end() : end].strip()
        if not (tag and value):
            continue
        if tag in ("AU", "FA"):
            people = [part.strip() for part in re.split(r"[;\n]", value)]
            values = [_DEGREES.sub("", person) if "," in person else person for person in people]
        else:
            values = [" ".join(value.split())]
        if tag in ("UI", "KW"):
            values = [value.removesuffix(".") for value in values]
        if tag == "SO" and (years := _SOURCE_YEAR.findall(value)):
            fields.setdefault("DP", []).append(years[-1])
        fields.setdefault(tag, []).extend(values)
    return fields


def _where(fields: dict[str, list[str]]) -> tuple[str, str, str]:
    """Return volume, issue and pages, out of the source line if they have no field."""
    source = first(fields, "SO")
    match = _SOURCE.search(source)
    found = match.groups() if match else ("", "", "")
    if embase := EMBASE_SOURCE.match(source):
        found = tuple(part or "" for part in embase.groups()[2:])
    given = (first(fields, tag) for tag in ("VO", "IP", "PG"))
    volume, issue, pages = (plain(own or out) for own, out in zip(given, found, strict=True))
    return volume, issue, "" if pages == "No Pagination Specified" else pages


def _journal(source: str) -> str:
    if match := EMBASE_SOURCE.match(source):
        return plain(match[1])
    return plain(re.split(r"\.\s|\s\d+\(", source, maxsplit=1)[0])
