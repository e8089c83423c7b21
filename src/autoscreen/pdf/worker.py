"""
The process that opens a PDF; it imports nothing of autoscreen and is run by its path.

``worker.py text FILE`` writes the text of the pages as JSON, ``worker.py image FILE PAGE`` one
page as PNG. What is wrong with the file is one word on standard error, with exit code 3.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import zlib
from collections.abc import Iterator

import pypdfium2

MOST_PAGES = 2000
MOST_CHARACTERS = 5_000_000
SECONDS = 60
_MEMORY = 2 << 30
_WIDTH, _HEIGHT = 1100, 2200
"""Largest size of an image in pixels."""
_HYPHEN = re.compile("[\x02\ufffe]\\s*")
"""How PDFium marks a word that is hyphenated at the end of a line."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


class Refused(Exception):
    """The file cannot be read; the message is one of the words that the caller knows."""


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415  (Windows has none)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _open(path: str) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        text = str(error).lower()
        raise Refused("password" if "password" in text else "damaged") from None
    if len(document) > MOST_PAGES:
        raise Refused("long")
    return document


def texts(path: str) -> list[str]:
    """Return the text of each page."""
    found, left = [], MOST_CHARACTERS
    document = _open(path)
    for number in range(len(document)):
        try:
            text = _clean(document[number].get_textpage().get_text_bounded())
        except pypdfium2.PdfiumError:
            raise Refused("damaged") from None
        if len(text) > left:
            raise Refused("wordy")
        left -= len(text)
        found.append(text)
    return found


def _clean(text: str) -> str:
    lines = _HYPHEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", lines).encode("utf-8", "replace").decode()


def image(path: str, number: int) -> bytes:
    """Return one page as PNG; pages are counted from 1."""
    document = _open(path)
    if not 1 <= number <= len(document):
        raise Refused("page")
    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_WIDTH / max(width, 1), _HEIGHT / max(height, 1))
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
    except pypdfium2.PdfiumError:
        raise Refused("damaged") from None
    pixels = memoryview(bytes(bitmap.buffer))
    rows = (pixels[at * bitmap.stride :][: bitmap.width * 4] for at in range(bitmap.height))
    return _png(bitmap.width, bitmap.height, rows)


def _png(width: int, height: int, rows: Iterator[memoryview]) -> bytes:
    """Return an image whose pixels have four bytes, of which the last is not used."""
    lines = bytearray()
    for row in rows:
        line = bytearray(width * 3)
        for channel in range(3):
            line[channel::3] = row[channel::4]
        lines += b"\0" + line
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(bytes(lines), 6)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> int:
    """Do what the command line asks for."""
    _limit()
    what, path, *rest = sys.argv[1:]
    try:
        done = image(path, int(rest[0])) if what == "image" else json.dumps(texts(path)).encode()
    except (Refused, MemoryError) as error:
        sys.stderr.write(str(error) or "memory")
        return 3
    sys.stdout.buffer.write(done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
