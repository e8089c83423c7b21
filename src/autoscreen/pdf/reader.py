"""Asks the process that opens PDFs, with limits on time and size."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from autoscreen.errors import InputError, MissingExtraError

MOST_BYTES = 100 << 20
"""Size of the largest PDF that is read."""
_SECONDS = 90.0
_MOST_OUTPUT = 64 << 20
_WORKER = Path(__file__).with_name("worker.py")
_HEAD = 1024
"""The header of a PDF is among its first bytes, as the standard has it."""
_WRONG = {
    "password": ("is protected by a password", "save a copy without it"),
    "damaged": ("is damaged", "download it again"),
    "long": ("has more than 2,000 pages", "save the pages of the article as a file of its own"),
    "wordy": ("has too much text", "save the pages of the article as a file of its own"),
    "page": ("has no such page", "load the page again"),
    "memory": ("needs too much memory", "print it to a new PDF"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """The text of a PDF; a page that is only a picture has none."""

    pages: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether no page has any text, as in a scan."""
        return not any(page.strip() for page in self.pages)


def require_pdf(path: Path, name: str = "") -> None:
    """Refuse a file that is no PDF or too large, by its size and first bytes."""
    shown = name or str(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=shown) from error
    if size > MOST_BYTES:
        raise InputError(
            f"has {size >> 20} MB; at most {MOST_BYTES >> 20} MB are read",
            path=shown,
            hint="print it to a smaller PDF",
        )
    if b"%PDF-" not in head:
        raise InputError("is not a PDF", path=shown, hint="open it to see what it is")


def read_pdf(path: Path, name: str = "") -> PdfText:
    """Return the text of a PDF, page by page; needs pypdfium2."""
    require_pdf(path, name)
    return PdfText(pages=tuple(json.loads(_ask(name or str(path), "text", str(path.absolute())))))


def page_image(path: Path, page: int, name: str = "") -> bytes:
    """Return one page of a PDF as PNG, counted from 1; raises what `read_pdf` raises."""
    return _ask(name or str(path), "image", str(path.absolute()), str(page))


def _ask(name: str, *arguments: str) -> bytes:
    if find_spec("pypdfium2") is None:
        raise MissingExtraError("reading PDFs", extra="fulltext")
    # The program of a folder without Python runs no script; it starts the worker by this option.
    frozen = getattr(sys, "frozen", False)
    worker = [sys.executable, *(["--read-pdf"] if frozen else ["-P", str(_WORKER)])]
    with subprocess.Popen(  # noqa: S603  (our own program, without a shell)
        [*worker, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        timer = threading.Timer(_SECONDS, process.kill)
        timer.start()
        try:
            assert process.stdout is not None  # it is a pipe
            written = process.stdout.read(_MOST_OUTPUT + 1)
            if len(written) > _MOST_OUTPUT:
                process.kill()
            assert process.stderr is not None
            word = process.stderr.read(200).decode("utf-8", "replace").strip()
            code = process.wait()
        finally:
            timer.cancel()
            process.kill()
    if code:
        what, hint = _WRONG.get(
            word if code == 3 else "",
            ("could not be read within the limits of time and memory", "print it to a new PDF"),
        )
        raise InputError(what, path=name, hint=hint)
    return written
