"""Cuts BibTeX into entries and an entry into fields, whole or broken."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from bibtexparser.model import DuplicateFieldKeyBlock, Entry
from bibtexparser.splitter import Splitter

from autoscreen.formats._base import Chunk
from autoscreen.formats._problem import Problem
from autoscreen.formats._source import Source

_START = re.compile(r"\s*@\s*([A-Za-z]\w*)\s*(?:[{(]|$)")
_NO_RECORD = frozenset({"comment", "preamble", "string"})
_KINDS = _NO_RECORD.union(
    ("article", "artwork", "book", "bookinbook", "booklet", "collection", "conference", "dataset"),
    ("electronic", "inbook", "incollection", "inproceedings", "inreference", "journal", "manual"),
    ("mastersthesis", "misc", "mvbook", "online", "patent", "periodical", "phdthesis"),
    ("proceedings", "reference", "report", "review", "software", "suppbook", "techreport"),
    ("thesis", "unpublished", "webpage", "www"),
)
_KEY = re.compile(r"\s*@\s*\w+\s*[{(]\s*[^\s={},]*\s*,\s*(?:$|\w+\s*=)")
_STRING = re.compile(r"@\s*string\s*[{(]\s*([^\s={}]+)\s*=\s*(.*?)\s*[})]\s*\Z", re.I | re.S)
_HEAD = re.compile(r"@\s*([A-Za-z]\w*)\s*([{(])")
_ENDS = ("}", "}}", '"}', "}}}")  # with which an entry that was cut off may be whole
_HEADER = re.compile(r"\s*@\s*(\w+)\s*[{(]\s*(?:([^\s=,{}]*)\s*,)?")
_FIELD = re.compile(r"^[ \t]*([A-Za-z][\w -]*?)\s*=\s*(?=[{\"\w])", re.MULTILINE)
_BOUNDS = re.compile(r"(?<!\\)[{}\"]")
_NEXT_ON_LINE = re.compile(r"(?<=\})\s*(?=@\s*[A-Za-z]+\s*\{[^\s{},=]+,)")
_NOT_IN_NAMES = re.compile(r"[\s_-]+")
_AT_IN_VALUE = re.compile(r"\n\s*(?=@)")
_LISTS = frozenset({"keywords", "keyword", "authorkeywords", "note", "annote", "issn", "isbn"})
_LOGGER = logging.getLogger("bibtexparser.splitter")


class _Parts(NamedTuple):
    kind: str
    key: str
    fields: list[tuple[str, str]]


def chunks(source: Source, strings: dict[str, str]) -> Iterator[Chunk | Problem]:
    """Cut the file where entries begin; gather the abbreviations that it defines."""
    lines: list[str] = []
    start, kind, depth = 1, "", 0
    for number, line in source.lines():
        for text in _NEXT_ON_LINE.split(line) if "@" in line else [line]:
            match = _START.match(text)
            if match and not (depth > 0 and _is_in_value(text, match[1])):
                yield from _piece(source, strings, kind, Chunk(start, "\n".join(lines)))
                lines, start, kind, depth = [], number, match[1].lower(), 0
            if kind:
                lines.append(text)
                depth += sum({"{": 1, "}": -1}.get(mark, 0) for mark in _BOUNDS.findall(text))
    yield from _piece(source, strings, kind, Chunk(start, "\n".join(lines)))


def _is_in_value(line: str, kind: str) -> bool:
    """Return whether a line within open braces that begins with ``@word`` is text of a value."""
    return kind.lower() not in _KINDS and not _KEY.match(line)


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


def entry(
    text: str, strings: Mapping[str, str], repaired: Callable[[str], None]
) -> tuple[str, str, dict[str, str]]:
    """Return type, key and fields of an entry; names of fields in lower case, values as LaTeX."""
    text = _AT_IN_VALUE.sub(" ", _HEAD.sub(r"@\1\2", text.lstrip(), count=1))
    block = _split(text)
    parts = _parts(block) or _parts_of_broken(text, block, repaired)
    fields: dict[str, str] = {}
    for written, latex in parts.fields:
        name = _NOT_IN_NAMES.sub("", written).lower()
        value, before = _value(latex, strings), fields.get(name)
        if before and value != before:
            if name in _LISTS:
                value = f"{before}; {value}"
            else:
                repaired(f"the field {name} is given twice; the first was read")
        fields[name] = value if name in _LISTS else before or value
    return parts.kind, parts.key, fields


def _parts(block: object) -> _Parts | None:
    if isinstance(block, DuplicateFieldKeyBlock):
        block = block.ignore_error_block
    if not isinstance(block, Entry):
        return None
    return _Parts(block.entry_type, block.key, [(field.key, field.value) for field in block.fields])


def _parts_of_broken(text: str, block: object, repaired: Callable[[str], None]) -> _Parts:
    """Close an entry that was cut off, or read it line by line, whichever gives more fields."""
    ways = [_parts(_split(f"{text}{end}")) for end in _ENDS]
    best = max([_by_lines(text), *filter(None, ways)], key=lambda parts: len(parts.fields))
    if not best.fields:
        raise ValueError("this entry is broken and has no fields")
    why = getattr(getattr(block, "error", None), "abort_reason", "its braces do not match").rstrip(
        ". "
    )
    repaired(f"this entry is broken ({why}); the readable fields were imported")
    return best


def _split(text: str) -> object:
    """Return the entry or failed block, or nothing if some of the text belongs to neither."""

    def silent(_: logging.LogRecord) -> bool:
        return False

    _LOGGER.addFilter(silent)  # what it would print is reported as a problem
    try:
        library = Splitter(text).split()
    finally:
        _LOGGER.removeFilter(silent)
    entries = [*library.entries, *library.failed_blocks]
    if len(entries) != 1 or any(_FIELD.search(block.raw or "") for block in library.comments):
        return None
    return entries[0]


def _by_lines(text: str) -> _Parts:
    """Read an entry whose braces do not match: a field begins where a line has ``name =``."""
    header = _HEADER.match(text)
    if not header:
        return _Parts("", "", [])
    _, *parts = _FIELD.split(text[header.end() :])
    pairs = zip(parts[::2], parts[1::2], strict=True)
    fields = [(name, _closed(value)) for name, value in pairs]
    return _Parts(header[1].lower(), header[2] or "", fields)


def _closed(value: str) -> str:
    """Return a value between braces that match, however it stood."""
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
    """Return a value without what encloses it; resolve abbreviations and joins by ``#``."""
    if text[:1] + text[-1:] == "{}" and "#" not in text:
        return text[1:-1]
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
