"""Opens one file and reads its text line by line, whatever its line ends and encoding."""

from __future__ import annotations

import codecs
import io
import os
import sys
import tempfile
import weakref
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from types import ModuleType
from typing import IO, TYPE_CHECKING, NamedTuple

from autoscreen.errors import FormatError, InputError, LimitError
from autoscreen.formats._encodings import NAMES, legacy_encoding, wide_encoding
from autoscreen.formats._problem import Problem

fast_zlib: ModuleType = zlib
with suppress(ImportError):  # it is not built for every processor
    from isal import isal_zlib

    fast_zlib = isal_zlib  # twice as fast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from autoscreen.records import Record

LONGEST = 16 << 20
"""The most bytes of one line, and of one record."""
_UNPACKED = 8 << 30
_TIMES = 200  # what a compressed file may unpack to, as a multiple of its size,
_SMALL = 64 << 20  # and what is never too much
_TEXT = 256 << 20

_BLOCK = 1 << 20
_SHARE = 50  # of so many lines, one in another encoding may be damaged
_SAMPLE = 1 << 17  # bytes by which an encoding is judged
_GZIP = b"\x1f\x8b"
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # workbooks, new and old: no text at all
_ISO_2022 = (b"\x1b$B", b"\x1b$@")  # Japanese in bytes of ASCII
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Line(NamedTuple):
    """One line of a file: its number from 1, and its text without the line end."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumns:
    """The columns of a table, and what was made of them."""

    all: tuple[str, ...] = ()
    read: tuple[tuple[str, str], ...] = ()  # each with its meaning
    decisions: str = ""  # those that decisions were read from
    unused: tuple[str, ...] = ()  # those that look like decisions and were not read


NO_COLUMNS = TableColumns()


class Source:
    """One file, opened for reading as often as needed, but by one reader at a time."""

    def __init__(
        self,
        path: str,
        opener: Callable[[], IO[bytes]],
        *,
        read: Sequence[Record | Problem] | None = None,
    ) -> None:
        self.path = path
        self.read = read
        """What a reader made of it, if it was read already; it is not read again."""
        self.problems: list[Problem] = []
        self.starts = 0
        self.deleted: list[str] = []
        self.damage = ""
        """Why a compressed file could not be read to its end; empty if it could so far."""
        self.label_column = ""
        self.columns = NO_COLUMNS
        self._opener = opener
        self._encoding: str | None = None
        self._mixed = True

    def binary(self) -> IO[bytes]:
        """Open the bytes from the start, decompressed if they are gzip."""
        try:
            stream = self._opener()
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", path=self.path) from error
        magic = stream.read(2)
        stream.seek(0)
        if magic != _GZIP:
            return stream
        return io.BufferedReader(_Gunzip(stream, self), _BLOCK)

    def head(self, size: int = 65536) -> str:
        """Return the beginning of the text, as `lines` would, for recognising the format."""
        with self.binary() as stream:
            data = next(pieces(stream, size), b"")
        # The cut may go through a character.
        text = _tidy(data, start=True).decode(errors="replace").removesuffix("\ufffd")
        if "\ufffd" not in text or data.startswith(_BINARY):
            return text
        whole = data if len(data) < size else data[: data.rfind(b"\n") + 1] or data
        return self._decoder().decode(_tidy(whole, start=True), 1)

    def lines(self) -> Iterator[Line]:
        """Yield the lines, without byte order mark and line ends, as they are read."""
        for first, text in self.blocks():
            for number, line in enumerate(text.split("\n"), first):
                yield Line(number, line)

    def text(self) -> str:
        r"""Return the whole text, with lines that end in ``\n``."""
        return "\n".join(text for _, text in self.blocks(_TEXT))

    def blocks(self, most: int = LONGEST) -> Iterator[tuple[int, str]]:
        r"""
        Yield runs of whole lines joined by ``\n``, each with the number of its first line.

        Refused is a line that is too long, or more than `most` bytes without a new record.
        """
        number, starts, size = 1, self.starts, 0
        decoder = self._decoder()
        with self.binary() as stream:
            for data in _whole_lines(pieces(stream)):
                size = len(data) if self.starts != starts else size + len(data)
                starts = self.starts
                if len(data) > LONGEST or size > most:
                    raise self._too_long(number, line=len(data) > LONGEST)
                text = decoder.decode(_tidy(data, start=number == 1), number)
                yield number, text
                number += text.count("\n") + 1
        if decoder.count:
            which = (
                "this line is"
                if decoder.count == 1
                else (f"{decoder.count} lines, of which this is the first, are")
            )
            self.warn(
                f"{which} not UTF-8: read as {NAMES[decoder.encoding]}",
                line=decoder.first,
            )

    @property
    def encoding(self) -> str:
        """Name of the encoding of what is not UTF-8 in this file, judged by all its lines."""
        return self._decoder().encoding

    def _decoder(self) -> _Decoder:
        """Return a decoder for this file, whose encoding is judged once."""
        if self._encoding is None:
            with self.binary() as stream:
                self._encoding, self._mixed = _judged(_whole_lines(pieces(stream)), self.path)
        return _Decoder(self._encoding, mixed=self._mixed)

    def _too_long(self, number: int, *, line: bool) -> LimitError:
        what = "line" if line else "record that ends here, or what is between two records,"
        return LimitError(
            f"the {what} is longer than {LONGEST >> 20} MB, the most that is read",
            path=self.path,
            line=number,
            hint="export the records again from the database or reference manager",
        )

    def problem(self, message: str, *, line: int | None = None, lost: bool = False) -> Problem:
        """Return a problem with the record that began last."""
        return Problem(
            path=self.path, line=line, record=self.starts or None, message=message, lost=lost
        )

    def warn(self, message: str, *, line: int | None = None) -> None:
        """Note once something about the whole file that was repaired while reading."""
        problem = Problem(path=self.path, line=line, record=None, message=message, lost=False)
        if problem not in self.problems:
            self.problems.append(problem)


def open_source(path: str | Path | IO[bytes], *, name: str = "") -> Source:
    """Open a file, standard input (``-``) or a binary stream for reading."""
    if isinstance(path, str | Path) and str(path) != "-":
        name, given = str(path), Path(path)
        source = Source(name, lambda: given.open("rb"))
        if given.is_fifo():
            with given.open("rb") as stream:
                return _spooled(name, stream)
        source.binary().close()
        return source
    if isinstance(path, str | Path):
        return _spooled("-", sys.stdin.buffer)
    return _spooled(name or str(getattr(path, "name", "-")), path)


def _spooled(name: str, stream: IO[bytes]) -> Source:
    """Keep what can be read only once in a temporary file."""
    spool = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the source is given up)
    copyfileobj(stream, spool)
    source = Source(name, partial(_reopen, spool))
    weakref.finalize(source, spool.close)
    return source


def _reopen(spool: IO[bytes]) -> IO[bytes]:
    spool.flush()
    stream = os.fdopen(os.dup(spool.fileno()), "rb")
    stream.seek(0)
    return stream


def _wide_encoding(data: bytes) -> str | None:
    """Name UTF-16 if the bytes begin with its mark or look like it, and Japanese in ASCII."""
    if data[:2] in _UTF16:
        return _UTF16[data[:2]]
    if data.startswith(_BINARY):
        return None
    if any(mark in data for mark in _ISO_2022):
        return "iso2022_jp"
    return wide_encoding(data[:4096])


def pieces(stream: IO[bytes], size: int = _BLOCK) -> Iterator[bytes]:
    """Yield the bytes in pieces, UTF-16 made UTF-8."""
    data = stream.read(size)
    encoding = _wide_encoding(data)
    decoder = codecs.getincrementaldecoder(encoding or "utf-8")(errors="replace")
    while data:
        yield decoder.decode(data).encode(errors="replace") if encoding else data
        data = stream.read(size)


def _whole_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Gather pieces into blocks that end where a line ends; the last may be one too long line."""
    parts: list[bytes] = []
    size = 0
    for data in chunks:
        # The last byte stays behind: a CR there may be half of a CR LF.
        cut = max(data.rfind(b"\n"), data.rfind(b"\r", 0, len(data) - 1)) + 1
        if cut:
            yield b"".join([*parts, data[:cut]])
            parts, size = [], 0
        parts.append(data[cut:])
        size += len(parts[-1])
        if size > LONGEST:
            break
    if any(parts):
        yield b"".join(parts)


def _tidy(data: bytes, *, start: bool) -> bytes:
    r"""Make all line ends ``\n``, drop the last one, and what is no text."""
    if start:
        data = data.removeprefix(codecs.BOM_UTF8)
    if b"\r" in data:
        data = data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\f" in data:
        data = data.lstrip(b"\f").replace(b"\n\f", b"\n").replace(b"\f", b" ")
    return data.replace(b"\0", b"").removesuffix(b"\n")


def _judged(blocks: Iterator[bytes], path: str) -> tuple[str, bool]:
    """Return the encoding of the lines that are not UTF-8, and whether other lines are UTF-8."""
    sample: list[bytes] = []
    size = sound = bad = total = 0
    for block in blocks:
        total += block.count(b"\n") + 1
        try:
            block.decode()
        except UnicodeDecodeError:
            for line in block.split(b"\n"):
                try:
                    sound += not line.isascii() and bool(line.decode())
                except UnicodeDecodeError:
                    bad += 1
                    if size < _SAMPLE:
                        sample.append(line)
                        size += len(line)
        else:
            sound += not block.isascii() and block.count(b"\n") + 1
    if not sample or any(b"\0" in line for line in sample):
        return "cp1252", True
    mixed = sound * 10 > bad
    encoding = legacy_encoding(sample)
    if encoding is None and not mixed and bad > 1 and bad * _SHARE > total:  # not mere damage
        raise FormatError(
            "the characters of this file are in an unknown encoding",
            path=path,
            hint="export it again as UTF-8, or save it as UTF-8 in a text editor",
        )
    return encoding or "cp1252", mixed


class _Decoder:
    """Decodes UTF-8, and another encoding in the lines that are not; counts those."""

    def __init__(self, encoding: str, *, mixed: bool) -> None:
        self.encoding = encoding
        self._whole = not mixed
        self.count = 0
        self.first: int | None = None

    def decode(self, data: bytes, number: int) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            lines = data.split(b"\n")
        return "\n".join(self._line(line, n) for n, line in enumerate(lines, number))

    def _line(self, data: bytes, number: int) -> str:
        try:
            # Short words of other encodings can be UTF-8 by accident.
            return data.decode("ascii" if self._whole else "utf-8")
        except UnicodeDecodeError:
            self.count += 1
            self.first = self.first or number
            return data.decode(self.encoding, errors="replace")


class _Gunzip(io.RawIOBase):
    """Decompresses as far as the bytes are sound, and says where that ended."""

    def __init__(self, stream: IO[bytes], source: Source) -> None:
        self._stream = stream
        self._source = source
        self._packed = self._unpacked = 0
        self._inflate = fast_zlib.decompressobj(31)
        self._left = b""
        self._over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = b""
        while not data and not self._over:
            data = self._more(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _more(self, size: int) -> bytes:
        compressed = self._left or self._stream.read(1 << 16)
        self._packed += 0 if self._left else len(compressed)
        if not compressed:
            return self._stop("the compressed file is cut off")
        try:
            data: bytes = self._inflate.decompress(compressed, size)
        except fast_zlib.error:
            return self._stop("the compressed file is damaged")
        self._unpacked += len(data)
        if self._unpacked > min(_UNPACKED, max(_SMALL, _TIMES * self._packed)):
            raise LimitError(
                f"the compressed file unpacks to more than {_TIMES} times its size"
                f" or {_UNPACKED >> 30} GB",
                path=self._source.path,
                hint="compress an export of the database itself, or import it uncompressed",
            )
        self._left = self._inflate.unconsumed_tail
        if self._inflate.eof:
            self._next_member()
        return data

    def _next_member(self) -> None:
        rest = self._inflate.unused_data or self._stream.read(1 << 16)
        self._left = rest
        if rest.startswith(_GZIP):
            self._inflate = fast_zlib.decompressobj(31)
        elif rest.strip(b"\0"):
            self._finish("bytes after the end of the compressed file were ignored")
        else:
            self._over = True

    def _stop(self, damage: str) -> bytes:
        self._source.damage = damage
        return self._finish(f"{damage}; the part before that was read")

    def _finish(self, message: str) -> bytes:
        self._source.warn(message)
        self._over = True
        return b""
