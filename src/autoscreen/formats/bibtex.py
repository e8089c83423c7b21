"""BibTeX and BibLaTeX."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO

from bibtexparser.model import DuplicateFieldKeyBlock, Entry, ParsingFailedBlock
from bibtexparser.splitter import Splitter

from autoscreen.formats import _clean
from autoscreen.formats._base import Chunk, Problem, each_record
from autoscreen.formats._clean import plain, unique
from autoscreen.formats._latex import decoded, encoded, unescaped
from autoscreen.formats._notices import implied_notices
from autoscreen.formats._people import family_first
from autoscreen.formats._ris_dialects import is_database_note
from autoscreen.formats._source import Source
from autoscreen.formats._values import abstract, issns, own_link
from autoscreen.formats._verdict import Notes, native_note, read_notes, restored, surplus_notes
from autoscreen.records import Record

__all__ = ["READER", "WRITER"]

_START = re.compile(r"\s*@\s*([A-Za-z]\w*)\s*(?:[{(]|$)")
_SNIFF = re.compile(r"^[ \t\ufeff]*@\s*[A-Za-z]+\s*[{(][^\n]*(?:,|\n|$)", re.MULTILINE)
_NO_RECORD = frozenset({"comment", "preamble", "string"})
_STRING = re.compile(r"@\s*string\s*[{(]\s*([^\s={}]+)\s*=\s*(.*?)\s*[})]\s*\Z", re.I | re.S)
_HEADER = re.compile(r"\s*@\s*(\w+)\s*[{(]\s*(?:([^\s=,{}]*)\s*,)?")
_FIELD = re.compile(r"^[ \t]*([A-Za-z][\w -]*?)\s*=\s*(?=[{\"\w])", re.MULTILINE)
_BOUNDS = re.compile(r"(?<!\\)[{}\"]")
_NEXT_ON_LINE = re.compile(r"(?<=\})\s*(?=@\s*[A-Za-z]+\s*\{[^\s{},=]+,)")
_NOT_IN_NAMES = re.compile(r"[\s_-]+")
_LISTS = frozenset({"keywords", "keyword", "authorkeywords", "note", "annote", "issn", "isbn"})
_OWN_KEY = re.compile(r"(?:(?:pmid|record):?\d+)?", re.IGNORECASE)
_PMC_LINK = re.compile(r"/(?:pmc/)?articles/(?:pmid/)?(PMC\d+)", re.IGNORECASE)

Fields = Mapping[str, str]
_LOGGER = logging.getLogger("bibtexparser.splitter")


class BibtexReader:
    """Reads BibTeX; an entry that is not well-formed is read field by field, line by line."""

    name = "bibtex"

    def sniff(self, head: str) -> bool:
        """Tell whether a line begins with an at sign, a word and a brace."""
        return _SNIFF.search(head) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was mended."""
        strings: dict[str, str] = {}

        def parse(text: str, mended: Callable[[str], None]) -> Record:
            return _record(*_entry(text, strings, mended), text)

        return each_record(source, _chunks(source, strings), parse)


class BibtexWriter:
    """Writes BibTeX in UTF-8, with LaTeX's own characters escaped."""

    name = "bibtex"
    suffix = ".bib"

    def write(self, records: Iterable[Record], stream: IO[bytes]) -> int:
        """Write all records and return how many."""
        count = 0
        for count, record in enumerate(records, 1):
            stream.write(f"{_text(record, count)}\n\n".encode())
        return count


READER = BibtexReader()
WRITER = BibtexWriter()


def _chunks(source: Source, strings: dict[str, str]) -> Iterator[Chunk | Problem]:
    """Cut the file where entries begin; gather the abbreviations that it defines."""
    lines: list[str] = []
    start, kind = 1, ""
    for number, line in source.lines():
        for text in _NEXT_ON_LINE.split(line) if "@" in line else [line]:
            match = _START.match(text)
            if match:
                yield from _piece(source, strings, kind, Chunk(start, "\n".join(lines)))
                lines, start, kind = [], number, match[1].lower()
            if kind:
                lines.append(text)
    yield from _piece(source, strings, kind, Chunk(start, "\n".join(lines)))


def _piece(
    source: Source, strings: dict[str, str], kind: str, chunk: Chunk
) -> Iterator[Chunk | Problem]:
    if kind == "string":
        if match := _STRING.match(chunk.text.strip()):
            strings[match[1].lower()] = _value(match[2], strings)
        else:
            message = "this abbreviation could not be read"
            yield Problem(
                path=source.path, line=chunk.line, record=None, message=message, lost=False
            )
    elif kind and kind not in _NO_RECORD:
        yield Chunk(chunk.line, chunk.text.rstrip())


def _entry(
    text: str, strings: Mapping[str, str], mended: Callable[[str], None]
) -> tuple[str, str, dict[str, str]]:
    """Give type, key and fields of an entry; names of fields in lower case, values as LaTeX."""
    block = _split(text)
    if isinstance(block, DuplicateFieldKeyBlock):
        block = block.ignore_error_block
    if isinstance(block, Entry):
        kind, key = block.entry_type, block.key
        given = [(field.key, field.value) for field in block.fields]
    else:
        why = str(block.error).rstrip(". ") if isinstance(block, ParsingFailedBlock) else "no entry"
        kind, key, given = _by_lines(text)
        if not given:
            raise ValueError(f"this entry is broken ({why})")
        mended(f"this entry is broken ({why}); its fields were read line by line")
    fields: dict[str, str] = {}
    for written, latex in given:
        name = _NOT_IN_NAMES.sub("", written).lower()
        value, before = _value(latex, strings), fields.get(name)
        if before and name in _LISTS and value != before:
            value = f"{before}; {value}"
        fields[name] = value if name in _LISTS else before or value
    return kind, key, fields


def _split(text: str) -> object:
    def silent(_: logging.LogRecord) -> bool:
        return False

    _LOGGER.addFilter(silent)  # what it would print is told as a problem
    try:
        library = Splitter(text).split()
    finally:
        _LOGGER.removeFilter(silent)
    entries = [*library.entries, *library.failed_blocks]
    return entries[0] if len(entries) == 1 else None


def _by_lines(text: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Read an entry whose braces do not match: a field begins where a line has ``name =``."""
    header = _HEADER.match(text)
    if not header:
        return "", "", []
    _, *parts = _FIELD.split(text[header.end() :])
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return header[1].lower(), header[2] or "", [(name, _closed(value)) for name, value in pairs]


def _closed(value: str) -> str:
    """Give a value between braces that match, however it stood."""
    value = value.strip().rstrip("}").rstrip().rstrip(",").rstrip()
    opening = value[:1]
    value = value.strip('{}"').strip()
    depth = 0
    for char in value:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return f"{{{value.replace('{', '').replace('}', '')}}}"
    return f"{{{value}{'}' * depth}}}" if opening in '{"' else value


def _value(text: str, strings: Mapping[str, str]) -> str:
    """Give a value without what encloses it; resolve abbreviations and joins by ``#``."""
    pieces = []
    rest = text.strip()
    while rest:
        end = _end_of_piece(rest)
        pieces.append(_bare(rest[:end].strip(), strings))
        rest = rest[end:].lstrip().removeprefix("#").lstrip()
    return "".join(pieces)


def _end_of_piece(text: str) -> int:
    if text[0] not in '{"':
        end = text.find("#")
        return end if end >= 0 else len(text)
    depth = 0
    for mark in _BOUNDS.finditer(text):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth == 0 and mark.start() and mark[0] == {"{": "}"}.get(text[0], '"'):
            return mark.end()
    return len(text)


def _bare(piece: str, strings: Mapping[str, str]) -> str:
    if piece[:1] + piece[-1:] in ("{}", '""') and len(piece) > 1:
        return piece[1:-1]
    return strings.get(piece.lower(), piece)


def _record(kind: str, key: str, fields: Fields, raw: str) -> Record:
    text = _texts(fields)
    notes = _notes(fields)
    pmid = _pmid(fields, key)
    title = text("title", "booktitle", "maintitle")
    types = _listed(text("documenttype", "type", "publicationtype"))
    keywords = unique(
        word
        for name in ("keywords", "keyword", "authorkeywords", "keywordsplus", "mesh")
        for word in _listed(text(name))
    )
    if mesh := notes.own.get("mesh"):
        keywords = tuple(word for word in keywords if word not in set(mesh))
    if subtitle := text("subtitle"):
        title = f"{title}: {subtitle}"
    record = Record(
        title=title,
        abstract=abstract([decoded(fields.get("abstract", ""))]),
        authors=_authors(fields.get("author") or fields.get("editor", "")),
        year=_clean.year(text("year", "date", "earlyaccessdate")),
        journal=text("journal", "journaltitle", "booktitle", "series"),
        volume=text("volume"),
        issue=text("number", "issue"),
        pages=re.sub(
            r"\s*(?:--+|[\u2013\u2014])\s*", "-", text("pages", "artnumber", "articlenumber", "eid")
        ),
        publisher=text("publisher", "school", "institution", "organization"),
        pmid=pmid,
        pmcid=_pmcid(fields),
        doi=_doi(fields),
        accession=text("uniqueid", "accession", "accessionnumber"),
        keywords=keywords,
        publication_types=types,
        languages=_listed(text("language", "langid")),
        urls=unique(
            link for link in unescaped(fields.get("url", "")).split() if not own_link(link, pmid)
        ),
        issns=issns(value for name in ("issn", "eissn", "isbn") if (value := text(name))),
        record_type=kind,
        notices=implied_notices(title, types),
        source_key="" if _OWN_KEY.fullmatch(key) else plain(key),
        raw=raw,
        raw_format="bibtex",
    )
    return restored(record, notes) if notes != Notes() else record


def _texts(fields: Fields) -> Callable[..., str]:
    def text(*names: str) -> str:
        for name in names:
            value = fields.get(name)
            if value and value != "UNKNOWN" and (clean := plain(decoded(value))):
                return clean
        return ""

    return text


def _listed(text: str) -> tuple[str, ...]:
    parts = text.split(";") if ";" in text else text.split(",")
    return unique(part.strip() for part in parts)


def _notes(fields: Fields) -> Notes:
    values = [fields[name] for name in ("note", "annote", "annotation") if fields.get(name)]
    lines = [decoded(line.strip()) for value in values for line in value.split("\n")]
    lines = [line for line in lines if line and not is_database_note(line)]
    return read_notes(lines) if lines else Notes()


def _pmid(fields: Fields, key: str) -> str | None:
    eprint = fields.get("eprint", "") if fields.get("eprinttype", "").lower() == "pubmed" else ""
    candidates = [fields.get("pmid", ""), fields.get("pubmedid", ""), eprint]
    if key[:4].lower() == "pmid":
        candidates.append(key[4:].lstrip(":"))
    return next(filter(None, map(_clean.pmid, map(unescaped, candidates))), None)


def _pmcid(fields: Fields) -> str | None:
    value = unescaped(fields.get("pmcid") or fields.get("pmc") or "")
    if value:
        return _clean.pmcid(value if value.upper().startswith("PMC") else f"PMC{value}")
    match = _PMC_LINK.search(fields.get("url", ""))
    return _clean.pmcid(match[1]) if match else None


def _doi(fields: Fields) -> str | None:
    for name in ("doi", "url", "note"):
        value = unescaped(fields.get(name, ""))
        if value and (name == "doi" or "doi.org/" in value) and (found := _clean.doi(value)):
            return found
    return None


def _authors(text: str) -> tuple[str, ...]:
    """Part names at ``and`` outside braces; a name in braces of its own is kept as it is."""
    if not text or text == "UNKNOWN":
        return ()
    return tuple(filter(None, map(_author, _parted(" ".join(text.split())))))


def _parted(text: str) -> list[str]:
    names, depth, start = [], 0, 0
    for match in re.finditer(r"(?<!\\)[{}]| and (?=\S)", text, re.IGNORECASE):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
        elif depth <= 0:
            names.append(text[start : match.start()])
            start = match.end()
    return [*names, text[start:]]


def _author(name: str) -> str:
    name = name.strip()
    if name.startswith("{") and name.endswith("}") and "{" not in name[1:]:
        return plain(decoded(name[1:-1]))
    return "" if name == "others" else family_first(decoded(name))


_KINDS = {
    "jour": "article",
    "journal article": "article",
    "conf": "inproceedings",
    "cpaper": "inproceedings",
    "book": "book",
    "chap": "incollection",
    "thes": "phdthesis",
    "rprt": "techreport",
    "gen": "misc",
    "unpb": "unpublished",
    "elec": "online",
}
_SAFE_KEY = re.compile(r"[A-Za-z0-9][\w.:/+-]*")


def _text(record: Record, number: int) -> str:
    lines = _lines(record, number)
    mesh = surplus_notes(Record(mesh=record.mesh), Record())
    notes = [note] if (note := native_note(record)) else []
    own = [encoded(line) for line in (*notes, *mesh)]
    bare = _joined(lines, own)
    kind, key, fields = _entry(bare, {}, lambda _: None)
    surplus = surplus_notes(record, _record(kind, key, fields, ""))
    return _joined(lines, [*own, *map(encoded, surplus)])


def _joined(lines: list[str], notes: list[str]) -> str:
    if notes:
        lines = [*lines, "  note = {" + "\n    ".join(notes) + "},"]
    return "\n".join([*lines, "}"])


def _lines(record: Record, number: int) -> list[str]:
    kind = record.record_type.lower()
    kind = _KINDS.get(kind) or (kind if kind.isascii() and kind.isalpha() else "article")
    key = record.source_key if _SAFE_KEY.fullmatch(record.source_key) else ""
    key = key or (f"pmid{record.pmid}" if record.pmid else f"record{number}")
    journal = "journal" if kind not in ("inproceedings", "incollection") else "booktitle"
    fields = {
        "title": encoded(record.title),
        "author": " and ".join(map(_written_name, record.authors)),
        "year": str(record.year) if record.year is not None else "",
        journal: encoded(record.journal),
        "volume": encoded(record.volume),
        "number": encoded(record.issue),
        "pages": encoded(record.pages).replace("-", "--"),
        "publisher": encoded(record.publisher),
        "doi": encoded(record.doi or ""),
        "pmid": record.pmid or "",
        "pmcid": record.pmcid or "",
        "unique-id": encoded(record.accession),
        "issn": encoded("; ".join(record.issns)),
        "language": encoded("; ".join(record.languages)),
        "type": encoded("; ".join(record.publication_types)),
        "keywords": encoded("; ".join(unique((*record.mesh, *record.keywords)))),
        "url": " ".join(link for link in record.urls if not set(link) & set(" \\{}%")),
        "abstract": encoded(record.abstract),
    }
    values = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return [f"@{kind}{{{key},", *values]


def _written_name(name: str) -> str:
    return encoded(name) if "," in name and " and " not in name.lower() else f"{{{encoded(name)}}}"
