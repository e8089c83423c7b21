"""PubMed XML, fast: of each record only what a saved model reads.

A record that is unusual in any way is read in full by the reader of the format. So are records with
comments, CDATA, foreign entities or placeholders, and what PubMed deletes; what is scanned here
equals what the full reader returns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from lxml import etree

from autoscreen.formats._base import Chunk, accounted, each_record
from autoscreen.formats._clean import plain, pmid
from autoscreen.formats._final_checks import checked, is_placeholder
from autoscreen.formats._problem import Problem
from autoscreen.formats._source import LONGEST, Source
from autoscreen.formats._tag_index import Element, lines_in, upper_elements
from autoscreen.formats._xml import strictly_parsed, text_of, utf8
from autoscreen.formats.pubmed_xml import (
    FIRST_TAG,
    NO_TITLE,
    READER,
    abstract_of,
    chunks_of,
    heading_of,
    record_of,
    section_of,
)
from autoscreen.records import Record

_OPEN, _CLOSE = b"<PubmedArticle", b"</PubmedArticle>"
# What is looked for on each level, by the letters that its name begins with.
_WANTED = (
    frozenset[bytes](),
    frozenset({b"MedlineCitation"}),
    frozenset({b"PMID", b"Article", b"MeshHeadingList", b"KeywordList"}),
    frozenset({b"ArticleTitle", b"Abstract", b"Language", b"PublicationTypeList"}),
)
_NAME = re.compile(rb"<([^\s/>]+)")
_SECTION = re.compile(rb'<AbstractText(?: Label="([^"<&]*)")?(?: NlmCategory="[^"<&]*")?>')
_COPYRIGHT = re.compile(rb"<CopyrightInformation>[^<&]*</CopyrightInformation>\Z")
_MEMORY = 10_000
# What XML forbids, and the reader makes a space.
_CONTROLS = bytes([*range(32), 127])
_FORBIDDEN = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
_LEAF = re.compile(rb'<([A-Za-z]+)(?: [A-Za-z]+="[^"<&]*")*>([^<&]*)\Z')


_NOTHING: Element = (0, 0, 0, 0, 0, True)


class ScannedRecord(NamedTuple):
    """What a saved model reads of a record."""

    pmid: str | None
    title: str
    abstract: str
    mesh: tuple[str, ...]
    keywords: tuple[str, ...]
    publication_types: tuple[str, ...]
    languages: tuple[str, ...]
    raw: str | bytes  # The record as it stands in the file

    @property
    def index_terms(self) -> tuple[str, ...]:
        """MeSH headings and keywords."""
        return self.mesh + self.keywords

    def record(self, warn: Callable[[str], None]) -> Record:
        """Read the whole record; `warn` hears what was wrong with parts that were not scanned."""
        text = self.raw if isinstance(self.raw, str) else self.raw.decode()
        return checked(record_of(text, warn), warn)


class _Unusual(Exception):
    """A record that has to be read in full."""


def scan(source: Source) -> Iterator[ScannedRecord | Problem]:
    """Yield what a model reads of each record, and the problems that the full reader names."""
    return accounted(source, _all(source), READER.name)


def _all(source: Source) -> Iterator[ScannedRecord | Problem]:
    stream = utf8(source)
    rest, line = b"", 1
    for data in stream:
        rest += data
        end = rest.rfind(_CLOSE) + len(_CLOSE)
        if end < len(_CLOSE):
            if len(rest) > LONGEST:
                break
            continue
        block = rest[:end]
        if not _ends_a_record(block):
            break  # A comment or the like has that tag: no place to cut a file
        yield from _block(block, source, line)
        rest = rest[end:]
        line += lines_in(block)
    yield from _slowly(source, chain([rest], stream), line)


def _ends_a_record(block: bytes) -> bool:
    """Return whether the reader of the format ends a record there too."""
    begins = block.rfind(_OPEN)
    return begins >= 0 and block.find(_CLOSE, begins) + len(_CLOSE) == len(block)


def _block(block: bytes, source: Source, line: int) -> Iterator[ScannedRecord | Problem]:
    """Read a block that ends with a record; what is before its first one goes to the cutter."""
    first = FIRST_TAG.search(block)
    head = block[: first.start()] if first else b""
    if head.strip():
        yield from _slowly(source, iter([head]), line)
        block = block[len(head) :]
        line += lines_in(head)
    elements = upper_elements(block, _WANTED) if _is_utf8(block) else None
    records = None if elements is None else _records(block, elements)
    if records is None:
        yield from _slowly(source, iter([block]), line)
        return
    for own in records:
        start, end = own[0][1], own[0][4]
        try:
            found = _scanned(block, own)
        except (_Unusual, etree.XMLSyntaxError):
            at = line + block.count(b"\n", 0, start)
            yield from _in_full(Chunk(at, block[start:end].decode()), source)
        else:
            source.starts += 1
            yield found


def _slowly(
    source: Source, stream: Iterator[bytes], line: int
) -> Iterator[ScannedRecord | Problem]:
    """Cut a part of a file as the reader of the format does."""
    for chunk in chunks_of(source, stream, line=line):
        if isinstance(chunk, Problem):
            yield chunk
            continue
        data = chunk.text.encode(errors="surrogatepass")
        elements = upper_elements(data, _WANTED)
        records = None if elements is None else _records(data, elements)
        try:
            if records is None or len(records) != 1:
                raise _Unusual
            found = _scanned(data, records[0])
        except (_Unusual, etree.XMLSyntaxError):
            yield from _in_full(chunk, source)
        else:
            source.starts += 1
            yield found


def _in_full(chunk: Chunk, source: Source) -> Iterator[ScannedRecord | Problem]:
    for one in each_record(source, [chunk], record_of):
        if isinstance(one, Problem):
            yield one
        else:
            yield ScannedRecord(
                one.pmid,
                one.title,
                one.abstract,
                one.mesh,
                one.keywords,
                one.publication_types,
                one.languages,
                one.raw,
            )


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _records(block: bytes, elements: list[Element]) -> list[list[Element]] | None:
    """Return the elements of each record; None if there is anything between the records."""
    records: list[list[Element]] = []
    reached = 0
    for element in elements:
        if element[0]:
            records[-1].append(element)
            continue
        _, start, inside, _, end, _ = element
        if _NAMES[block[start:inside]] != b"PubmedArticle" or block[reached:start].strip():
            return None
        records.append([element])
        reached = end
    return records if not block[reached:].strip() else None


def _scanned(block: bytes, elements: list[Element]) -> ScannedRecord:
    """Read the parts that are wanted, each from the one place where it belongs."""
    citation = article = 0
    one: dict[bytes, Element] = {}
    keywords: list[str] = []
    languages: list[str] = []
    for element in elements[1:]:
        level, start, inside, _, end, _ = element
        name = _NAMES[block[start:inside]]
        if name not in _WANTED[level]:
            continue
        if level == 1:
            if citation:
                raise _Unusual
            citation = end
        elif start > (citation if level == 2 else article):
            continue
        elif name == b"KeywordList":
            keywords += _leaves(block, element, b"Keyword")
        elif name == b"Language":
            languages.append(_text(block, element))
        elif name not in one:
            one[name] = element
            article = end if name == b"Article" else article
        elif name == b"Article":
            raise _Unusual
    title = _text(block, one.get(b"ArticleTitle", _NOTHING))
    abstract = _abstract(block, one.get(b"Abstract", _NOTHING))
    if not abstract and b"<OtherAbstract" in block[elements[0][1] : citation]:
        raise _Unusual
    if not title or NO_TITLE.fullmatch(title) or is_placeholder(title) or is_placeholder(abstract):
        raise _Unusual
    return ScannedRecord(
        pmid(_text(block, one.get(b"PMID", _NOTHING))),
        title,
        abstract,
        _headings(block, one.get(b"MeshHeadingList", _NOTHING)),
        tuple(keywords),
        tuple(_leaves(block, one.get(b"PublicationTypeList", _NOTHING), b"PublicationType")),
        tuple(languages),
        block[elements[0][1] : elements[0][4]],
    )


def _text(block: bytes, element: Element) -> str:
    """Return the text of an element and all within it."""
    _, start, inside, last, end, leaf = element
    content = block[inside:last]
    if leaf and b"&" not in content:
        return _clean(content)
    return text_of(strictly_parsed(block[start:end]))


def _clean(content: bytes) -> str:
    """Do as `plain`, with little effort for text that is clean already."""
    if content.isascii() and len(content.translate(None, _CONTROLS)) == len(content):
        if b"  " not in content:
            return content.decode().strip()
    elif len(content.translate(None, _FORBIDDEN)) < len(content) or b"\xef\xbf" in content:
        raise _Unusual
    return plain(content.decode())


def _abstract(block: bytes, element: Element) -> str:
    _, start, inside, last, end, _ = element
    sections = []
    for part in _parts(block[inside:last], b"</AbstractText>"):
        section = _SECTION.match(part)
        if section is None or b"<" in (content := part[section.end() :]) or b"&" in content:
            if _COPYRIGHT.match(part):
                continue
            return abstract_of(strictly_parsed(block[start:end]))
        text, label = _clean(content), section[1]
        sections.append(section_of(text, _clean(label)) if label else text)
    return " ".join(filter(None, sections))


def _headings(block: bytes, element: Element) -> tuple[str, ...]:
    return tuple(map(_heading, _parts(block[element[2] : element[3]], b"</MeshHeading>")))


def _leaves(block: bytes, element: Element, name: bytes) -> list[str]:
    parts = _parts(block[element[2] : element[3]], b"</" + name + b">")
    return list(filter(None, (_leaf(part, name) for part in parts)))


def _parts(content: bytes, closing: bytes) -> list[bytes]:
    """Cut the content of a list after each closing tag, which is left out."""
    return [part for piece in content.split(closing) if (part := piece.strip())]


# Headings and types are the same in many records.
@lru_cache(maxsize=1 << 16)
def _heading(part: bytes) -> str:
    root = strictly_parsed(part + b"</MeshHeading>")
    heading = heading_of(root)
    if root.tag != "MeshHeading" or is_placeholder(heading):
        raise _Unusual
    return heading


@lru_cache(maxsize=1 << 16)
def _leaf(part: bytes, name: bytes) -> str:
    leaf = _LEAF.match(part)
    if leaf is not None and leaf[1] == name:
        text = _clean(leaf[2])
    else:
        root = strictly_parsed(part + b"</" + name + b">")
        if root.tag != name.decode():
            raise _Unusual
        text = text_of(root)
    if is_placeholder(text):
        raise _Unusual
    return text


class _Names(dict[bytes, bytes]):
    """Remembers the name of each tag seen."""

    def __missing__(self, tag: bytes) -> bytes:
        if len(self) > _MEMORY:
            self.clear()
        found = _NAME.match(tag)
        assert found is not None
        self[tag] = found[1]
        return found[1]


_NAMES = _Names()
