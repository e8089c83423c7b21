"""RIS, in the dialects of the databases and reference managers that write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import IO

from autoscreen.formats import _clean, _ris_dialects
from autoscreen.formats._author_names import names
from autoscreen.formats._clean import plain, unique
from autoscreen.formats._cutter import Tagging, cut
from autoscreen.formats._decision_notes import (
    Notes,
    native_note,
    read_notes,
    restored,
    surplus_notes,
)
from autoscreen.formats._false_tags import each_tagged
from autoscreen.formats._final_checks import no_identifier
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import implied_notices
from autoscreen.formats._ris_dialects import (
    GRAMMAR,
    PUBLICATION_TYPES,
    Fields,
    first,
    is_database_note,
    tag_of,
)
from autoscreen.formats._shared_values import abstract, issns, links, page_range, split_list
from autoscreen.formats._source import Source
from autoscreen.records import Record

_START = re.compile(r"^[\s\ufeff]{0,8}TY[ \t]{0,4}-", re.MULTILINE)
# Some programs leave the TY line out: two or more other tags begin the file.
_BARE = re.compile(
    r"\A\s*(?!VN )(?:[A-Z][A-Z0-9]  -(?: .*)?\n(?:[ \t]+.*\n)*){2}(?s:.*?)^(?:TI|T1)  - ",
    re.MULTILINE,
)
_TAG = re.compile(r"\n[ \t\ufeff]*([A-Z][A-Z0-9])  -")
_BEGINS = re.compile(r"TI|T1|AB|N2|AU|A1")  # without a TY line, one of these makes a record
# Lines without a tag go on with the value before them; with these tags each is a value.
_A_LINE_A_VALUE = re.compile(r"A[1-4DU]|KW|L[1-3]|SN|UR")
_BOOK = re.compile(r"E?BOOK|EDBOOK|EDITED BOOK|CONF(?:ERENCE PROCEEDINGS)?|SER|RPRT", re.IGNORECASE)
_CLASS = re.compile(r"\d{4}\]?$")  # PsycINFO's classes are no types of publication
_NO_PAGES = ("No", "Specified")  # Ovid cuts "No Pagination Specified" in two


class RisReader:
    """Reads RIS; a record without its ``ER`` or ``TY`` line, or cut off, is still read."""

    name = "ris"

    def sniff(self, head: str) -> bool:
        """Return whether there is a ``TY`` line, or other tags begin the file."""
        return _START.search(head) is not None or _BARE.match(head) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was repaired."""
        return each_tagged(source, cut(source, _TAGGING), parse, GRAMMAR)


class RisWriter:
    """Writes RIS as Zotero and EndNote read it: UTF-8, CR LF, a space after every hyphen."""

    name = "ris"
    suffix = ".ris"

    def write(self, records: Iterable[Record], stream: IO[bytes]) -> int:
        """Write all records and return how many."""
        count = 0
        for record in records:
            stream.write(_record_text(record).encode())
            count += 1
        return count


READER = RisReader()
WRITER = RisWriter()


def _is_record(lines: list[str]) -> bool:
    tags = (tagged[0] for line in lines if (tagged := tag_of(line)))
    return any(map(_BEGINS.fullmatch, tags))


_TAGGING = Tagging(
    mark=re.compile(
        r"\n[ \t\ufeff]*(?:(TY)[ \t]{0,4}-(?!.*[a-z]\.[ \t]*$)|"
        r"ER(?:  -.*(?=\n\s*(?:TY[ \t]{0,4}-|\Z))|[ \t]{0,4}-[ \t]*$))",
        re.MULTILINE,
    ),
    opening="TY",
    closing="ER",
    is_stray=_ris_dialects.is_stray,
    is_record=_is_record,
)


def parse(text: str, repaired: Callable[[str], None]) -> Record:
    """Make a record of the lines of one."""
    fields = _fields(text)
    record = record_of(fields, text, "ris")
    for message in no_identifier("doi", first(fields, "DO")) if not record.doi else ():
        repaired(message)
    return record


def record_by_tags(
    text: str,
    line: re.Pattern[str],
    meanings: Mapping[str, str],
    format: str,
    *,
    lists: Collection[str] = (),
) -> Record:
    """Make a record of another format's lines, whose tags mean what those of RIS do."""
    fields: dict[str, list[str]] = {}
    marks = [*line.finditer(text)]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        value = text[mark.end(2) : end].strip()
        if value and mark[1] in meanings:
            values = value.split("\n") if mark[1] in lists else [value]
            fields.setdefault(meanings[mark[1]], []).extend(values)
    return record_of(fields, text, format)


def record_of(fields: Fields, raw: str, raw_format: str) -> Record:
    """Make a record of the values of RIS tags."""
    notes, types = _notes(fields)
    titles = [plain(value) for value in _values(fields, "TI", "T1")]
    kind = plain(first(fields, "TY"))
    title = titles[0] if titles else plain(first(fields, "CT", "TT", "ST"))
    if not title and _BOOK.fullmatch(kind):
        title = plain(first(fields, "BT", "T2"))
    ids = _ris_dialects.identifiers(fields)
    accession = plain(_ris_dialects.accession(fields))
    keywords = unique(map(plain, split_list(fields.get("KW", ()))))
    if mesh := notes.own.get("mesh"):
        keywords = tuple(word for word in keywords if word not in set(mesh))
    record = Record(
        title=title,
        abstract=abstract(_values(fields, "AB") or fields.get("N2", ())),
        authors=names(_authors(fields, kind)),
        year=_year(fields),
        journal=plain(_ris_dialects.journal(fields)),
        volume=plain(first(fields, "VL", "VO")),
        issue=plain(first(fields, "IS") or _ris_dialects.issue_in_cp(fields)),
        pages=_pages(fields),
        publisher=plain(first(fields, "PB", "PU")),
        pmid=ids["pmid"],
        pmcid=ids["pmcid"],
        doi=ids["doi"],
        accession=accession if accession != ids["pmid"] else "",
        keywords=keywords,
        publication_types=types,
        languages=unique(map(plain, split_list(fields.get("LA", ())))),
        urls=links(fields.get("UR", ()), ids["pmid"]),
        issns=issns((*fields.get("SN", ()), *fields.get("EI", ()))),
        record_type=kind,
        entered=_entered(fields),
        notices=implied_notices(title, types),
        tags=unique(map(plain, fields.get("LB", ()))),
        source_key=plain(first(fields, "ID")),
        raw=raw,
        raw_format=raw_format,
    )
    return restored(record, notes) if notes != Notes() else record


def _fields(text: str) -> dict[str, list[str]]:
    """Gather the values of each tag, in the order of the file."""
    fields: dict[str, list[str]] = {}
    before, *parts = _TAG.split(f"\n{text}")
    if before:
        _add_lines(fields, "", before[1:])
    for tag, value in zip(parts[::2], map(str.strip, parts[1::2]), strict=True):
        if "\n" in value:
            _add_lines(fields, tag, value)
        elif "  - " in value:
            for a_tag, part in _ris_dialects.parted(tag, value):
                fields.setdefault(a_tag, []).append(part)
        else:
            fields.setdefault(tag, []).append(value if value != "nan" else "")
    return fields


def _add_lines(fields: dict[str, list[str]], tag: str, text: str) -> None:
    """Add a value of several lines, some of which may be fields whose tags are written oddly."""
    lines = text.split("\n")
    value: list[str] = []
    if tag:
        value = [lines.pop(0).strip()]
    for line in lines:
        tagged = tag_of(line)
        if tagged or _A_LINE_A_VALUE.fullmatch(tag):
            _add(fields, tag, value)
            tag, first_line = tagged or (tag, line.strip())
            value = [first_line]
        elif tag and line.strip() and not line.startswith("Link to the Ovid"):
            value.append(line.strip())
    _add(fields, tag, value)


def _add(fields: dict[str, list[str]], tag: str, lines: list[str]) -> None:
    if lines:
        fields.setdefault(tag, []).append("\n".join(lines))


def _values(fields: Fields, *tags: str) -> list[str]:
    return [value for tag in tags for value in fields.get(tag, ()) if value]


def _authors(fields: Fields, kind: str) -> list[str]:
    authors = _values(fields, "AU")
    if not (authors and _ris_dialects.is_web_of_science(fields)):  # its A1 are the sponsors
        authors += [name for name in _values(fields, "A1") if name not in authors]
    return authors or (_values(fields, "A2", "A3", "ED") if _BOOK.fullmatch(kind) else [])


def _year(fields: Fields) -> int | None:
    for value in _values(fields, "PY", "Y1", "YR", "DA"):
        if (year := _clean.year(value)) is not None:
            return year
    return None


def _pages(fields: Fields) -> str:
    start, end = plain(first(fields, "SP")), plain(first(fields, "EP"))
    if (start, end) == _NO_PAGES:
        start = end = ""
    return page_range(start, end) or plain(first(fields, "C7"))


def _entered(fields: Fields) -> str:
    value = first(fields, "U3") or (first(fields, "ET") if "NLM" in fields.get("DP", ()) else "")
    match = re.fullmatch(r"(\d{4})[/-](\d\d)[/-](\d\d)", value.strip())
    return "-".join(match.groups()) if match else ""


def _notes(fields: Fields) -> tuple[Notes, tuple[str, ...]]:
    """Part the note fields into what readers noted and the publication types among it."""
    given = split_list(_values(fields, "M3", "PT"))
    types = [value for value in given if not _CLASS.search(value) and not _clean.doi(value)]
    lines = [line for value in _values(fields, "N1", "RN") for line in _note_lines(value)]
    if "NLM" in fields.get("DP", ()):
        found = [line for line in lines if line in PUBLICATION_TYPES]
        types += found
        if found:  # EndNote's filter for PubMed fills this field, line by line
            lines = [line for line in lines if "autoscreen" in line or "ASReview" in line]
    if not lines:
        return Notes(), unique(map(plain, types))
    proquest = any("proquest.com" in value for value in fields.get("UR", ()))
    lines = [
        line for line in lines if line and not is_database_note(plain(line), proquest=proquest)
    ]
    return read_notes(lines) if lines else Notes(), unique(map(plain, types))


def _note_lines(value: str) -> list[str]:
    """Part a note into lines; the references that Scopus lists are none of it."""
    if value.startswith("References: "):
        return [line for line in value.split("\n") if "autoscreen" in line]
    return value.split("\n")


_KINDS = {
    "article": "JOUR",
    "journal article": "JOUR",
    "inproceedings": "CONF",
    "conference": "CONF",
    "proceedings": "CONF",
    "book": "BOOK",
    "incollection": "CHAP",
    "inbook": "CHAP",
    "phdthesis": "THES",
    "mastersthesis": "THES",
    "thesis": "THES",
    "techreport": "RPRT",
    "report": "RPRT",
    "misc": "GEN",
    "generic": "GEN",
    "unpublished": "UNPB",
    "online": "ELEC",
    "web page": "ELEC",
}
_KIND = re.compile(r"[A-Z]{3,8}")


def _record_text(record: Record) -> str:
    lines = _lines(record)
    own = surplus_notes(Record(mesh=record.mesh), Record())
    text = "\n".join([*lines, *(f"N1  - {note}" for note in own)])
    reread = record_of(_fields(text), text, "ris")
    surplus = surplus_notes(record, reread)
    decisions = surplus[: len(record.verdicts)]
    # All else in one note, for reference managers show each as one.
    notes = [*decisions, " ".join([*own, *surplus[len(decisions) :]])]
    lines += [f"N1  - {note}" for note in notes if note]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _lines(record: Record) -> list[str]:
    """Return a record in the format's own fields."""
    kind = record.record_type
    start, _, end = record.pages.partition("-")
    values: list[tuple[str, Iterable[str | None]]] = [
        ("TY", [kind if _KIND.fullmatch(kind) else _KINDS.get(kind.lower(), "JOUR")]),
        ("ID", [record.source_key]),
        ("TI", [record.title]),
        ("AU", record.authors),
        ("PY", [str(record.year) if record.year is not None else ""]),
        ("T2", [record.journal]),
        ("VL", [record.volume]),
        ("IS", [record.issue]),
        ("SP", [start]),
        ("EP", [end]),
        ("PB", [record.publisher]),
        ("SN", record.issns),
        ("DO", [record.doi]),
        ("AN", [record.accession or record.pmid]),
        ("DB", ["PubMed" if record.pmid and not record.accession else ""]),
        ("C2", [record.pmcid]),
        ("LA", record.languages),
        ("M3", ["; ".join(record.publication_types)]),
        ("KW", unique((*record.mesh, *record.keywords))),
        ("AB", [record.abstract]),
        ("UR", record.urls),
        ("UR", [f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/" if record.pmid else ""]),
        ("N1", [native_note(record)]),
    ]
    return [
        f"{tag}  - {' '.join(value.split())}" for tag, given in values for value in given if value
    ]
