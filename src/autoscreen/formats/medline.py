"""MEDLINE text (.nbib) as PubMed and ERIC export it.

A record is one of Bio.Medline, filled by our own reading: Biopython's merges records that no blank
line parts, and loses an identifier behind a byte order mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from Bio import Medline

from autoscreen.formats._base import Chunk
from autoscreen.formats._clean import doi, plain, pmcid, pmid, unique, year
from autoscreen.formats._decision_notes import native_note, read_notes, restored, surplus_notes
from autoscreen.formats._false_tags import TagGrammar, each_tagged, tags
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import BY_TAG, implied_notices, notices_of
from autoscreen.formats._source import Source
from autoscreen.records import Record

_OWNER = "autoscreen"
_TAG = r"[A-Z][A-Z0-9]{1,3}"
_FIELD = re.compile(rf"({_TAG}) {{0,2}}-(?: +(.*)|)\Z|(PMID) *- *(\d.*)", re.DOTALL)
_LINE = re.compile(rf"^({_TAG}) {{0,2}}-(?: +(.*)|)$", re.MULTILINE)
_SNIFF = re.compile(r"^(?:PMID ?- ?\d|OWN {1,2}- \S|PMC {1,2}- PMC\d|FAU {1,2}- \S)", re.MULTILINE)
_RIS = re.compile(r"^[ \t]{0,8}TY {0,2}-", re.MULTILINE)
_MAY_START = re.compile(
    r"\n(?:(PMID) {0,2}- *\d|(OWN) {0,2}- |(PMC) {0,2}- *PMC\d+(?=\n+PMID)|"
    rf"(?<=\n\n)({_TAG}) {{0,2}}- )"
)
_PMC_AND_PMID = 3
_PREAMBLE = re.compile(r"(?:\s|</?pre>)*", re.IGNORECASE)
_FOLD = re.compile(r"\n[ \t]+")
_NO_TITLE = re.compile(r"\[?(?:not available|no title available|in process citation)\b\W*", re.I)
_ISSN = re.compile(r"\b(\d{4}-?\d{3}[\dXx])\b")
_DATE = re.compile(r"(\d{4})[/-]?(\d\d)[/-]?(\d\d)")
_INITIALS = re.compile(r"\S.* [A-Z]{1,3}")
_PIECE = re.compile(r"\S(?:.{0,78}\S)?(?= |\Z)|\S+")
_GRAMMAR = TagGrammar(
    line=re.compile(rf"^({_TAG})( {{0,2}}-)(?: +(.*)|)$", re.MULTILINE),
    known=tags(
        "AB AD AID AU AUID BTI CI CIN CN COI COIS CON CP CRDT CRF CRI CTDT CTI DA DCOM DDIN DEP DP"
        " DRIN EA ECF ECI EDAT EFR EIN ED EN FAU FED FIR FPS GN GR GS IP IR IRAD IS ISBN ISSN JID"
        " JT LA LID LR MH MHDA MID NM OAB OABL OCI OID ORI OT OTO OWN PB PG PHST PL PMC PMCR PMID"
        " PRIN PS PST PT PUBM RF RIN RN ROF RPF RPI RRF RRI SB SFM SI SO SPIN STAT TA TI TT UIN UOF"
        " VI VTI YR"
    ),
    core=tags("PMID OWN STAT TI AU FAU AB DP JT TA LA PT LID AID IS SO PST EDAT CRDT DEP"),
    once=tags(
        "PMID OWN STAT TI DP JT TA VI IP PG DEP PL JID SO PST EDAT MHDA CRDT OABL AB TT LA PT"
    ),
    texts=tags("AB OAB TI TT GN COIS CI"),
    titles=tags("TI TT GN CI"),
    small=tags(
        "AD AID BTI CIN CN COI COIS CRDT DP GN GR ID IP IS ISBN JT LA LID LR MH OABL OT OTO OWN"
        " PB PG PHST PL PMC PST PT RN SB SI SO STAT TA TT VI VTI"
    ),
    worded=tags("CI COI COIS ED FED"),  # a group of authors may: "3rd Heat Study Group"
    people=tags("AU FED ED IR FIR"),
    opening=tags("PMID OWN"),
)


class _Reader:
    """Reads MEDLINE text."""

    name = "nbib"

    def sniff(self, head: str) -> bool:
        """Return whether a record in MEDLINE tags begins near the start."""
        return bool(_SNIFF.search(head)) and not _RIS.search(head)

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records one by one."""
        return each_tagged(source, _chunks(source), _record, _GRAMMAR)


def _chunks(source: Source) -> Iterator[Chunk | Problem]:
    """Cut the text where a record begins, be there a blank line or not."""
    rest, line = "", 1
    for first, block in source.blocks():
        text = f"{rest}\n{block}" if rest else block
        line = line if rest else first
        cuts = list(_starts(text))
        for start, end in zip([0, *cuts], cuts, strict=False):
            yield from _chunk(source, text[start:end], line)
            line += text.count("\n", start, end)
        rest = text[cuts[-1] :] if cuts else text
    yield from _chunk(source, rest, line)


def _starts(text: str) -> Iterator[int]:
    """Yield the places where a record begins."""
    first, start, owned = "", 0, False
    for match in _MAY_START.finditer(f"\n\n{text}"):
        tag, place = match[match.lastindex or 0], match.start() - 1
        if tag == "OWN":
            begins = owned or not first or "\nTI  - " in text[start:place]
        elif tag == "PMID":  # PubMed Central puts its own number on the line before
            begins = first != "PMC" or "\n" in text[start:place].rstrip("\n")
        else:
            begins = match.lastindex == _PMC_AND_PMID or tag == first or not first
        if begins:
            first, start, owned = tag, place, False
            yield start
        owned = owned or tag == "OWN"


def _chunk(source: Source, text: str, line: int) -> Iterator[Chunk | Problem]:
    if _FIELD.match(text.split("\n", 1)[0]):
        yield Chunk(line, text.rstrip("\n"))
    elif not _PREAMBLE.fullmatch(text):
        line += len(text) - len(text.lstrip("\n"))
        begins = text.strip()[:40]
        yield source.problem(f"text before the first record was ignored: {begins!r}", line=line)


def _record(text: str, warn: Callable[[str], None]) -> Record:
    fields = _fields(text, warn)
    values: dict[str, list[str]] = Medline.Record()
    for tag, value in fields:
        values.setdefault(tag, []).append(value)
    record = _mapped(text, fields, values, warn)
    if "GN" not in values:
        return record
    notes = read_notes(values["GN"])
    if " ".join(values.get("OWN", [_OWNER])) != _OWNER:
        notes.note = ""  # what a database notes about a record is no reader's note
    return restored(record, notes)


def _fields(text: str, warn: Callable[[str], None]) -> list[tuple[str, str]]:
    """Return tags and values; a stray line continues the value before it, a blank line ends it."""
    folded = _FOLD.sub(" ", text)
    lines = _LINE.findall(folded)
    if len(lines) == folded.count("\n") + 1:  # each has a tag
        return [(tag, value.strip()) for tag, value in lines]
    return _fields_and_strays(folded.split("\n"), warn)


def _fields_and_strays(lines: Iterable[str], warn: Callable[[str], None]) -> list[tuple[str, str]]:
    fields: list[tuple[str, list[str]]] = []
    stray: list[str] = []
    before = ""
    for line in lines:
        if match := _FIELD.match(line):
            fields.append((match[1] or match[3], [(match[2] or match[4] or "").strip()]))
        elif not _PREAMBLE.fullmatch(line):
            if before or line.startswith(" "):
                fields[-1][1].append(line.strip())
            if not line.startswith(" "):
                done = f"added to {fields[-1][0]}" if before else "ignored"
                stray.append(f"a line without tag or indent was {done}: {line[:40]!r}")
        before = line.strip()
    if stray:
        warn(stray[0] + f", and {len(stray) - 1} more lines like it" * (len(stray) > 1))
    return [(tag, " ".join(parts)) for tag, parts in fields]


def _mapped(
    text: str,
    fields: list[tuple[str, str]],
    values: dict[str, list[str]],
    warn: Callable[[str], None],
) -> Record:
    def one(*tags: str) -> str:
        for tag in tags:
            if tag in values and (value := plain(" ".join(values[tag]))):
                return value
        return ""

    def many(tag: str) -> tuple[str, ...]:
        return tuple(plain(value) for value in values.get(tag, ()) if value)

    eric = one("OWN") == "ERIC"
    links = [value for tag, value in fields if tag in ("LID", "AID")]
    title, types = one("TI"), many("PT")
    own_title = "" if _NO_TITLE.fullmatch(title) else title
    notices = notices_of(fields)
    number = one("PMID")
    if number and not pmid(number):
        warn(f"PMID {number[:20]!r} is not a number and was ignored")
    return Record(
        title=own_title or one("TT", "BTI") or title,
        abstract=one("AB", "OAB"),
        authors=_authors(fields),
        year=year(one("DP")) or year(one("DEP")),
        journal=one("JT", "TA") or (one("BTI") if own_title else ""),
        volume=one("VI"),
        issue=one("IP"),
        pages=one("PG"),
        publisher=one("PB"),
        pmid=pmid(number),
        pmcid=pmcid(one("PMC")),
        doi=_doi(links),
        accession=one("OID") if eric else "",
        mesh=many("MH"),
        keywords=tuple(word.removeprefix("*") for word in many("OT")),
        publication_types=types,
        languages=many("LA"),
        urls=tuple(link for link in links if link.startswith("http") and not doi(link)),
        issns=unique(_ISSN.findall(f"{one('IS')} {one('ISSN')}")),
        entered=_day(one("CRDT", "EDAT", "DA")),
        notices=notices + implied_notices(own_title, types, notices),
        raw=text,
        raw_format=READER.name,
    )


def _authors(fields: list[tuple[str, str]]) -> tuple[str, ...]:
    """Return full names, short ones where there is no full one, and groups, in their order."""
    authors: list[str] = []
    before = ""
    for tag, value in fields:
        if tag in ("FAU", "CN") or (tag == "AU" and before != "FAU"):
            authors.append(plain(value))
        before = tag
    return tuple(filter(None, authors))


def _doi(links: list[str]) -> str | None:
    """Return the DOI that is marked as one, else one that a link holds."""
    marked = [link for link in links if "[doi]" in link]
    return next((found for link in marked + links if (found := doi(link))), None)


def _day(text: str) -> str:
    match = _DATE.match(text)
    return "-".join(match.groups()) if match else ""


class _Writer:
    """Writes MEDLINE text; what it has no tag for goes into general notes (GN)."""

    name = "nbib"
    suffix = ".nbib"

    def write(self, records: Iterable[Record], stream: IO[bytes]) -> int:
        """Write the records one after another, with a blank line between them."""
        count = 0
        for record in records:
            stream.write(_written(record).encode(errors="replace"))
            count += 1
        return count


def _written(record: Record) -> str:
    fields = list(_native(record))
    reread = _record(_folded(fields), _ignore)
    if reread != record:
        fields += [("GN", note) for note in surplus_notes(record, reread)]
    return _folded(fields) + "\n\n"


def _ignore(message: str) -> None:
    """Drop what reading our own text back says of it: the record was empty before."""


def _native(record: Record) -> Iterator[tuple[str, str]]:
    yield "PMID", record.pmid or ""
    yield "OWN", _OWNER
    yield from (("IS", issn) for issn in record.issns)
    yield from (("VI", record.volume), ("IP", record.issue), ("DP", str(record.year or "")))
    yield from (("TI", record.title), ("PG", record.pages), ("AB", record.abstract))
    yield "PMC", record.pmcid or ""
    yield "LID", f"{record.doi} [doi]" if record.doi else ""
    for author in record.authors:
        yield from _name_fields(author)
    yield from (("LA", language) for language in record.languages)
    yield from (("PT", kind) for kind in record.publication_types)
    yield from (("PB", record.publisher), ("JT", record.journal))
    tags = {kind: tag for tag, kind in reversed(BY_TAG.items())}
    for notice in record.notices:
        yield tags[notice.kind], notice.reference + (f" PMID: {notice.pmid}" * bool(notice.pmid))
    yield from (("MH", heading) for heading in record.mesh)
    yield from (("OT", keyword) for keyword in record.keywords)
    yield "CRDT", record.entered.replace("-", "/")
    yield "GN", native_note(record)


def _name_fields(author: str) -> Iterator[tuple[str, str]]:
    family, comma, given = author.partition(", ")
    if comma:
        yield "FAU", author
        yield "AU", f"{family} {''.join(name[0] for name in given.split())}"
    else:
        yield ("AU" if _INITIALS.fullmatch(author) else "CN"), author


def _folded(fields: Iterable[tuple[str, str]]) -> str:
    lines = []
    for tag, value in fields:
        if pieces := _PIECE.findall(" ".join(value.split())):
            lines.append(f"{tag:<4}- " + "\n      ".join(pieces))
    return "\n".join(lines)


READER = _Reader()
WRITER = _Writer()
