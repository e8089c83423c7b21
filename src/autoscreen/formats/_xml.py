"""Cuts XML into records and parses each by itself.

A whole file is never parsed, and no document type ever: so memory stays flat, a damaged record
does not spoil the next one, and entities that a file declares can neither grow nor fetch anything.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from html.entities import html5
from itertools import chain
from typing import Any

from lxml import etree

from autoscreen.formats._base import Chunk
from autoscreen.formats._clean import plain
from autoscreen.formats._encodings import NAMES
from autoscreen.formats._problem import Problem
from autoscreen.formats._source import LONGEST, Source, pieces

_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}
_STRICT = etree.XMLParser(**_SAFE)
_FORGIVING = etree.XMLParser(**_SAFE, recover=True)
_DECLARATION = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']""")
_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii", "utf-16")  # by now UTF-16 has become UTF-8
# Only what Python surely has, and what turns bytes into text: a file may name any codec.
_OTHER_ENCODINGS = re.compile(
    r"(?:iso-8859-(?:[1-9]|1[013-6])|latin-?1|windows-125[0-8]|cp125[0-8]|koi8-[ru]|gb2312|gbk|gb18030|"
    r"big5|shift_jis|euc-(?:jp|kr)|macintosh)\Z"
)
_TAG_END = 100
_DOCTYPE = re.compile(rb"[^\[>]*(?:\[[^\]]*\]\s*)?>")
_TAGS = re.compile(rb"</?[\w:.-]+(?:\s[^<>]*)?/?>")
_REFERENCE = re.compile(r"&(?:(#\d{1,7};|#x[0-9A-Fa-f]{1,6};|amp;|lt;|gt;|quot;|apos;)|(\w+;))?")
_BARE_BRACKET = re.compile(r"<(?![A-Za-z_/!?])")
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*1?[0-9a-fA-F]|[12]?[0-9]|3[01]);"
)


def cut(source: Source, *kinds: str) -> Iterator[Chunk | Problem]:
    """Yield the text of every element of the given names, and problems with what is around them."""
    return cut_stream(source, utf8(source), kinds)


def cut_stream(
    source: Source, stream: Iterator[bytes], kinds: Sequence[str], *, line: int = 1
) -> Iterator[Chunk | Problem]:
    """Cut a part of a file that begins on that line."""
    for before, element in _elements(stream, [kind.encode() for kind in kinds]):
        if b"<!ENTITY" in before:
            source.warn("declares entities of its own, which are not resolved", line=line)
        if outside := _undecorated(before).strip():
            begins = outside[:60].decode(errors="replace")
            yield source.problem(f"text outside the records was ignored: {begins!r}", line=line)
        line += before.count(b"\n")
        if element:
            yield Chunk(line, _decoded(element, source, line))
            line += element.count(b"\n")


def parsed(text: str, warn: Callable[[str], None]) -> etree._Element:
    """Parse one element, repaired if need be."""
    try:
        return strictly_parsed(text.encode())
    except etree.XMLSyntaxError as error:
        reason = error.msg
    repaired = _BARE_BRACKET.sub(
        "&lt;", _REFERENCE.sub(_known_reference, _NO_TEXT.sub(" ", text.replace("\0", "")))
    )
    try:
        return etree.fromstring(repaired.encode(), _STRICT)
    except etree.XMLSyntaxError:
        root = etree.fromstring(repaired.encode(), _FORGIVING)
    if root is None:
        raise ValueError(f"not XML ({reason})")
    # A prefix that is declared outside the record, or nowhere, changes no text.
    if not all(entry.type_name.startswith("NS_") for entry in _FORGIVING.error_log):
        warn(f"damaged or cut off; the readable part was imported ({reason})")
    return root


def strictly_parsed(data: bytes) -> etree._Element:
    """Parse one element that is well-formed; lxml's error if it is not."""
    return etree.fromstring(data, _STRICT)


def text_of(element: etree._Element | None) -> str:
    """Return the clean text of an element and all within it; nothing if there is none."""
    if element is None:
        return ""
    text = raw_text_of(element) if len(element) else element.text
    return plain(text) if text else ""


def raw_text_of(element: etree._Element) -> str:
    """Return the text of an element and all within it, with its line ends."""
    return "".join(map(str, element.itertext()))


def _undecorated(data: bytes) -> bytes:
    """Take out comments, instructions, document types and tags, in time linear in the length."""
    for opening, closing in ((b"<!--", b"-->"), (b"<?", b"?>")):
        first, *others = data.split(opening)
        data = first + b"".join(part.partition(closing)[2] for part in others)
    first, *others = data.split(b"<!DOCTYPE")
    return _TAGS.sub(b"", first + b"".join(_DOCTYPE.sub(b"", part, count=1) for part in others))


def _elements(stream: Iterator[bytes], names: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the bytes before each element, and the element; finally the rest, and nothing."""
    start = re.compile(rb"<(" + b"|".join(names) + rb")(?=[\s/>])")
    buffer = b""
    for data in chain(stream, [b""]):
        buffer += data
        place = 0
        while opening := start.search(buffer, place):
            end = _end(buffer, opening[1], opening.end())
            if end < 0 and data and len(buffer) - opening.start() < LONGEST:
                break
            end = end if end > 0 else len(buffer)
            yield buffer[place : opening.start()], buffer[opening.start() : end]
            place = end
        buffer = buffer[place:]
        if not opening and len(buffer) > LONGEST:
            yield buffer[:-_TAG_END], b""
            buffer = buffer[-_TAG_END:]
    yield buffer, b""


def _end(buffer: bytes, name: bytes, place: int) -> int:
    """Find where an element ends, or the next of its kind begins; -1 if neither is there."""
    again = _tag(buffer, b"<" + name, place, len(buffer))
    close = _tag(buffer, b"</" + name, place, again if again > 0 else len(buffer))
    return again if close < 0 else buffer.find(b">", close) + 1 or -1


def _tag(buffer: bytes, tag: bytes, place: int, stop: int) -> int:
    """Find a tag whose name ends there: ``<a>``, not ``<all>``."""
    place = buffer.find(tag, place, stop)
    while place >= 0:
        after = place + len(tag)
        if buffer[after : after + 1].strip() in (b"", b">"):
            break
        place = buffer.find(tag, after, stop)
    return place


def utf8(source: Source) -> Iterator[bytes]:
    """Yield the bytes as UTF-8, from whatever encoding the file declares."""
    with source.binary() as stream:
        data = pieces(stream)
        first = next(data, b"").removeprefix(codecs.BOM_UTF8)
        declared = _DECLARATION.match(first)
        name = declared[1].decode().lower() if declared else "utf-8"
        if name not in _UTF8 and not _OTHER_ENCODINGS.match(name):
            source.warn(f"declares the encoding {name!r}, which is not known; read as UTF-8")
        if wrong := bool(_OTHER_ENCODINGS.match(name)) and _is_utf8(first):
            source.warn(f"declares the encoding {name!r}, but is UTF-8, and was read as that")
        if wrong or not _OTHER_ENCODINGS.match(name):
            yield from chain([first], data)
            return
        decoder = codecs.getincrementaldecoder(name)(errors="replace")
        for piece in chain([first], data):
            yield decoder.decode(piece).encode()


def _is_utf8(data: bytes) -> bool:
    """Return whether there are characters beyond ASCII, and all are UTF-8, be the last cut off."""
    try:
        text, _ = codecs.utf_8_decode(data, "strict", False)
    except UnicodeDecodeError:
        return False
    return not text.isascii()


def _decoded(element: bytes, source: Source, line: int) -> str:
    try:
        return element.decode()
    except UnicodeDecodeError:
        encoding = source.encoding
        source.warn(f"bytes that are not UTF-8 were read as {NAMES[encoding]}", line=line)
        if encoding != "cp1252":
            return element.decode(encoding, errors="replace")
        return element.decode(errors=_FALLBACK)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


_FALLBACK = "autoscreen.cp1252"
codecs.register_error(_FALLBACK, _as_cp1252)


def _known_reference(match: re.Match[str]) -> str:
    """Resolve HTML entities; any other ampersand is literal."""
    if match[1]:
        return match[0]
    character = html5.get(match[2] or "")
    return character if character else f"&amp;{match[2] or ''}"
