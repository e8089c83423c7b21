"""The files in which NCBI publishes PubMed: a baseline each year, and an update each day."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autoscreen.errors import InputError
from autoscreen.formats import Problem, Source, open_source
from autoscreen.formats.pubmed_scan import ScannedRecord, scan
from autoscreen.formats.pubmed_xml import DELETION

_NAME = re.compile(r"(pubmed\d\dn)(\d{4,})\.xml(?:\.gz)?")
_SUM = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{32}(?![0-9a-fA-F])")
_PARTS = re.compile(r"(\d+)")
_BLOCK = 1 << 20


@dataclass(slots=True)
class UpdateFile:
    """One file of PubMed's baseline or updates."""

    path: Path
    fault: str = ""  # Why it must not be read, in plain words; empty if it is intact
    # Warnings about it: no checksum, or missing earlier files; empty if nothing
    note: str = ""
    _source: Source | None = field(default=None, repr=False)

    def read(self) -> Iterator[ScannedRecord | Problem]:
        """Yield its records as they are read, and what was wrong with any of them."""
        if self.fault:
            raise InputError(self.fault, path=str(self.path), hint="download it again")
        self._source = open_source(self.path)
        for one in scan(self._source):
            # Deleted records are no problem here: `deleted` lists them.
            if not isinstance(one, Problem) or not one.message.startswith(DELETION):
                yield one

    @property
    def deleted(self) -> tuple[str, ...]:
        """PMIDs that it deletes, once it was read completely."""
        return tuple(self._source.deleted) if self._source else ()


def read_update_files(folder: str | Path, *, after: str = "") -> Iterator[UpdateFile]:
    """
    Yield the files of a folder in the order in which NCBI wrote them, each checked.

    A checksum is looked for beside the file, as NCBI writes it: ``MD5(pubmed26n0001.xml.gz)= ...``
    in ``pubmed26n0001.xml.gz.md5``. A file without one is decompressed once to check that it is
    complete.
    """
    last = ""
    for path in files_of_pubmed(folder):
        if not after or _order(path.name) > _order(after):
            fault, note = _checked(path)
            gap = _gap(last or after, path.name)
            yield UpdateFile(path, fault, "; ".join(filter(None, (gap, note))))
        last = path.name


def files_of_pubmed(folder: str | Path) -> list[Path]:
    """Return the files of a folder in the order in which NCBI wrote them."""
    place = Path(folder)
    if not place.is_dir():
        raise InputError("is no folder", path=str(place), hint="name one with files of PubMed")
    files = [one for one in place.iterdir() if one.name.endswith((".xml", ".xml.gz"))]
    if not files:
        raise InputError(
            "holds no file of PubMed", path=str(place), hint="they are called pubmed26n0001.xml.gz"
        )
    return sorted(files, key=lambda one: _order(one.name))


def _order(name: str) -> list[tuple[int, str]]:
    """Sort numbers in names as numbers: n999 before n1000."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _PARTS.split(name)]


def _gap(before: str, name: str) -> str:
    """Return which files are missing between two of the same series."""
    old, new = _NAME.fullmatch(before), _NAME.fullmatch(name)
    if not old or not new or old[1] != new[1]:
        return ""
    first, last = int(old[2]) + 1, int(new[2]) - 1
    if first > last:
        return ""
    width = len(new[2])
    missing = f"{new[1]}{first:0{width}}" + (f" to {new[1]}{last:0{width}}" if last > first else "")
    return f"the files before it are not there: {missing}"


def _checked(path: Path) -> tuple[str, str]:
    """Return why a file must not be read, and the warnings about it."""
    checksum_file = _checksum_file(path)
    try:
        expected = expected_md5(path)
        if expected is None:
            return _damage(path), f"has no checksum beside it ({checksum_file.name})"
        if not expected:
            return f"its checksum {checksum_file.name} holds no MD5", ""
        total = hashlib.md5(usedforsecurity=False)
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                total.update(block)
    except OSError as error:
        return f"cannot be read: {error.strerror}", ""
    if total.hexdigest() != expected:
        return f"is not what its checksum {checksum_file.name} says: damaged, or not whole", ""
    return "", ""


def expected_md5(path: Path) -> str | None:
    """Return the checksum of NCBI for a file; None if there is none, "" if it is empty."""
    place = _checksum_file(path)
    if not place.exists():
        return None
    found = _SUM.search(place.read_text("utf-8", "replace"))
    return found[0].lower() if found else ""


def _checksum_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.md5")


def _damage(path: Path) -> str:
    """Return what is wrong with a compressed file; nothing for one that is not compressed."""
    if not path.name.endswith(".gz"):
        return ""
    try:
        with gzip.open(path) as stream:
            while stream.read(_BLOCK):
                pass
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        return f"the compressed file is damaged or cut off ({error})"
    return ""
