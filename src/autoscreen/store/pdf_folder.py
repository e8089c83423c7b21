"""The folder beside a review file that keeps its PDFs, each under the hash of its content."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autoscreen.errors import SchemaError, StoreError


class PdfFolder:
    """The PDFs of a review; a file that bears its final name is complete."""

    def __init__(self, review: Path) -> None:
        self.path = review.with_name(f"{review.stem}-full-texts")

    def add(self, file: Path) -> str:
        """Copy a file into the folder; return the SHA-256 of its content."""
        part = self.path / f".{os.getpid()}-{os.urandom(6).hex()}.part"
        digest = hashlib.sha256()
        try:
            self.path.mkdir(exist_ok=True)
            try:
                with file.open("rb") as given, part.open("wb") as written:
                    while block := given.read(1 << 20):
                        digest.update(block)
                        written.write(block)
                    written.flush()
                    os.fsync(written.fileno())
                part.replace(self._file(digest.hexdigest()))
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be written ({error.strerror})") from error
        return digest.hexdigest()

    def file(self, sha256: str) -> Path:
        """Return a PDF, whose content was compared with its hash."""
        found = self._file(sha256)
        problem = _problem(found, sha256)
        if problem:
            raise SchemaError(f"{found}: {problem}", hint="attach the PDF again")
        return found

    def damage(self, wanted: Mapping[str, str]) -> Iterator[str]:
        """Yield what is wrong with PDFs, given by hash and name."""
        for sha256, name in wanted.items():
            problem = _problem(self._file(sha256), sha256)
            if problem:
                yield f"the PDF {name} ({self._file(sha256)}) {problem}"

    def copy_to(self, review: Path, wanted: Iterable[str]) -> None:
        """Copy the PDFs to the folder of another review file."""
        target = PdfFolder(review).path
        for sha256 in wanted:
            source = self._file(sha256)
            if not source.exists():  # the check of the copy reports it, as that of the review does
                continue
            target.mkdir(exist_ok=True)
            _copy(source, target / source.name)

    def _file(self, sha256: str) -> Path:
        return self.path / f"{sha256}.pdf"


def _copy(source: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(source, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _problem(file: Path, sha256: str) -> str:
    """Return what is wrong with a file; empty if its content is that of its name."""
    try:
        with file.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "" if same else "is damaged: its content has changed"
