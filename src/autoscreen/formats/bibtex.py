"""BibTeX and BibLaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO
from urllib.parse import quote

from autoscreen.formats import _clean
from autoscreen.formats._author_names import family_first, names
from autoscreen.formats._base import each_record
from autoscreen.formats._bibtex_entries import chunks, entry
from autoscreen.formats._clean import plain, unique
from autoscreen.formats._decision_notes import (
    Notes,
    native_note,
    read_notes,
    restored,
    surplus_notes,
)
from autoscreen.formats._latex import decoded, encoded, unescaped
from autoscreen.formats._problem import Problem
from autoscreen.formats._publication_notices import implied_notices
from autoscreen.formats._ris_dialects import is_database_note
from autoscreen.formats._shared_values import abstract, issns, links
from autoscreen.formats._source import Source
from autoscreen.records import Record

_SNIFF = re.compile(r"^[ \t\ufeff]*@\s*[A-Za-z]+\s*[{(][^\n]*(?:,|\n|$)", re.MULTILINE)
_OWN_KEY = re.compile(r"(?:(?:pmid|record):?\d+)?", re.IGNORECASE)
_JOINED = re.compile("[;\uff1b\u3001\uff0c]|,.*,|[A-Z], ")
_PMC_LINK = re.compile(r"/(?:pmc/)?articles/(?:pmid/)?(PMC\d+)", re.IGNORECASE)

Fields = Mapping[str, str]


class BibtexReader:
    """Reads BibTeX; an entry that is not well-formed is read field by field, line by line."""

    name = "bibtex"

    def sniff(self, head: str) -> bool:
        """Return whether a line begins with an at sign, a word and a brace."""
        return _SNIFF.search(head) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and what was repaired."""
        strings: dict[str, str] = {}

        def parse(text: str, repaired: Callable[[str], None]) -> Record:
            return _record(*entry(text, strings, repaired), text)

        return each_record(source, chunks(source, strings), parse)


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
        year=next(
            filter(None, map(_clean.year, map(text, ("year", "date", "earlyaccessdate")))), None
        ),
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
        urls=links([unescaped(fields.get("url", ""))], pmid),
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
    return tuple(filter(None, map(_author, _single(_parted(" ".join(text.split()))))))


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


def _single(values: list[str]) -> list[str]:
    """Split values that join several authors, as the Cochrane Library writes them."""
    plain_value = (None if "{" in value or "\\" in value else value for value in values)
    return [
        name
        for value, text in zip(values, plain_value, strict=True)
        for name in ([value] if text is None or not _JOINED.search(text) else names([text]))
    ]


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
_NOT_IN_LATEX = re.compile("[\ufdd0-\ufdd2]")
_SAFE_KEY = re.compile(r"[A-Za-z0-9][\w.:/+-]*")


def _text(record: Record, number: int) -> str:
    lines = _lines(record, number)
    mesh = surplus_notes(Record(mesh=record.mesh), Record())
    notes = [note] if (note := native_note(record)) else []
    own = [_note(line) for line in (*notes, *mesh)]
    bare = _joined(lines, own)
    kind, key, fields = entry(bare, {}, lambda _: None)
    surplus = surplus_notes(record, _record(kind, key, fields, ""))
    return _joined(lines, [*own, *map(_note, surplus)])


def _note(line: str) -> str:
    """Return one of autoscreen's own notes; what LaTeX's reader needs for itself is escaped."""
    return encoded(_NOT_IN_LATEX.sub(lambda match: quote(match[0]), line))


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
