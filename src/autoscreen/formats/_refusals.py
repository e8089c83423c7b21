"""Names files that hold no readable records for what they are, and the way to get a good one."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Sequence

from autoscreen.errors import FormatError
from autoscreen.formats._source import Source

__all__ = ["archive_refusal", "no_title", "refusal", "unsupported"]

_REFERENCES = (
    "export references from the database instead: PubMed (Save, format PubMed), "
    "RIS, EndNote XML, BibTeX or CSV"
)
_PICTURE = "a picture", _REFERENCES
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_JSON = "JSON", "export as RIS, CSV or BibTeX"
# Records of ClinicalTrials.gov, Europe PMC and OpenAlex, one a line.
_OURS = r'\{\s*"(?:protocolSection"|id":\s*"(?:[^"]*",\s*"source":|https://openalex\.org/))'
_UNPACK = "unpack it and import the files in it"
_WEB_PAGE = (
    "a web page (HTML)",
    "use the database's own export (Save, Export or Send to), not the browser's Save page",
)
_ENDNOTE = "an EndNote library (.enl)", "in EndNote: File, Export, as XML or RefMan (RIS)"

# How a file begins, what it is, and what to do.
_BEGINS: Sequence[tuple[bytes, tuple[str, str]]] = (
    (rb"%PDF-", ("a PDF", _REFERENCES)),
    (rb"\x89PNG|GIF8[79]a|\xff\xd8\xff|BM.{4}\0{4}|II\*\0|MM\0\*|RIFF....WEBP", _PICTURE),
    (rb"....ftyp(?:hei|mif1|avif)|\s*(?:<\?xml[^>]*>\s*)?<svg\b", _PICTURE),
    (rb"\0{64}", ("a damaged file, which begins with zero bytes", "download or copy it again")),
    (rb"\{\\rtf", ("a Word document (RTF)", f"{_REFERENCES}, or save it as plain text")),
    (rb"7z\xbc\xaf|Rar!|BZh\d|\xfd7zXZ|\x28\xb5\x2f\xfd", ("an archive", _UNPACK)),
    (
        rb"\{Reference Type\}:|(?:\xef\xbb\xbf)?SrcDatabase-",
        ("a list of NoteExpress or CNKI", "export it there as EndNote (.enw), RefWorks or RIS"),
    ),
    (
        rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:mods|modsCollection)\b",
        ("MODS XML, the format of library catalogues", "export as RIS, EndNote XML or BibTeX"),
    ),
    (
        rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*>\s*(?:<!DOCTYPE[^>]*>\s*)?<eFetchResult\b",
        ("an error message of PubMed", "search and save the records again"),
    ),
    (
        rb"SQLite format 3",
        ("a database file (SQLite)", "export references from its program as RIS or XML"),
    ),
    (rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<!doctype html\b", _WEB_PAGE),
    (rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:html|head|body)\b", _WEB_PAGE),
    (
        rb"\s*1[.:] [^\n]+\n(?:[^\n]+\n)*[^\n]*PMID: \d+[^\n]*\n+\s*(?:\Z|2[.:] )",
        (
            "PubMed's format Summary (text), which has no abstracts",
            "in PubMed: Save, format PubMed",
        ),
    ),
    (rf"\s*(?!{_OURS})(?:\{{\s*[\"}}]|\[\s*[\[{{\"])".encode(), _JSON),
)
_PATTERNS = [(re.compile(pattern, re.IGNORECASE | re.DOTALL), what) for pattern, what in _BEGINS]
_OF_ZIP = (
    ("word/", ("a Word document", f"{_REFERENCES}, or save its table as .xlsx or CSV")),
    ("ppt/", ("a PowerPoint presentation", _REFERENCES)),
    ("content.xml", ("an OpenDocument file", "save it as .xlsx or CSV")),
)
_OF_OFFICE = (
    ("WordDocument", ("a Word document (.doc)", f"{_REFERENCES}, or save its table as CSV")),
    ("PowerPoint Document", ("a PowerPoint presentation", _REFERENCES)),
    ("__substg1.0_", ("an Outlook message", "save its attachment and import that")),
)
_DIRECTORY_WITHIN = 1 << 22
_DELIMITERS = "\t;,|"
_ROWS = 20
_HEAD, _BEGINNING = 65536, 2000
_NUMBER = re.compile(r"\s*[-+]?\d+(?:[.,]\d+)?\s*")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_MOST_SHOWN = 12


def refusal(source: Source) -> FormatError | None:
    """Return the error for a file that holds something else, judged by its first bytes."""
    with source.binary() as stream:
        head = stream.read(_HEAD)
        if head.startswith(_OLD_OFFICE):
            head += stream.read(_DIRECTORY_WITHIN)
            found = ((name.encode("utf-16-le"), what) for name, what in _OF_OFFICE)
            return next((_error(source, what) for name, what in found if name in head), None)
    if head.startswith(b"SQLite format 3") and (b"enl_refs" in head or _is_library(source.path)):
        return _error(source, _ENDNOTE)
    head = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for pattern, what in _PATTERNS:
        if pattern.match(head):
            return _error(source, what)
    return None


def archive_refusal(source: Source, names: Collection[str]) -> FormatError:
    """Return the error for a ZIP archive that is no workbook, by the names of its parts."""
    for beginning, what in _OF_ZIP:
        if any(name.startswith(beginning) for name in names):
            return _error(source, what)
    if any(name.lower().endswith(".enl") for name in names):
        return _error(source, ("an EndNote library (.enlx)", _ENDNOTE[1]))
    return _error(source, ("a zip archive", _UNPACK))


def unsupported(source: Source, head: str, readers: Iterable[str]) -> FormatError:
    """Return the error for a text that no reader takes."""
    if table := no_title(head):
        hint = "name the columns in the first line: title, abstract, authors, year, doi, pmid"
        return FormatError(table, path=source.path, hint=hint)
    if _is_library(source.path):
        return _error(source, _ENDNOTE)
    if _CONTROL.search(head[:_BEGINNING]):
        return _error(source, ("no text file", _REFERENCES))
    begins = " ".join(head[:200].split())[:60]
    return FormatError(
        f"unsupported file format; the file begins with {begins!r}",
        path=source.path,
        hint=f"choose one of: {', '.join(readers)}",
    )


def _error(source: Source, what: tuple[str, str]) -> FormatError:
    return FormatError(f"this is {what[0]}", path=source.path, hint=what[1])


def _is_library(path: str) -> bool:
    return path.lower().endswith(".enl")


def no_title(head: str) -> str:
    """Return what is missing in a table; nothing if the text is no table."""
    lines = [line for line in head.split("\n") if line.strip()][:_ROWS]
    for delimiter in _DELIMITERS:
        rows = list(csv.reader(lines, delimiter=delimiter))
        widths = {len(row) for row in rows}
        if len(rows) < 2 or len(widths) > 1 or widths == {1}:
            continue
        if any(len(cell) > 60 for cell in rows[0]) or rows[0][0].startswith(("<", "{", "[", "#")):
            continue
        if all(_NUMBER.fullmatch(cell) for row in rows for cell in row if cell.strip()):
            return (
                f"this table has {len(rows[0])} columns of numbers without names: "
                "it is not a list of PMIDs, which has one number in a line"
            )
        return _named_columns(rows[0])
    return ""


def _named_columns(header: Sequence[str]) -> str:
    shown = ", ".join(cell.strip() or "(empty)" for cell in header[:_MOST_SHOWN])
    more = f" and {len(header) - _MOST_SHOWN} more" if len(header) > _MOST_SHOWN else ""
    return (
        f"this table has the columns {shown}{more}, "
        "and none of them is a title, an abstract, a PMID or a DOI"
    )
