"""Copies of the whole review with its PDFs, in a folder beside it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from autoscreen.errors import InputError, StoreError
from autoscreen.store import Store
from autoscreen.store.pdf_folder import PdfFolder

_STAMP = re.compile(r"(.+)-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)\.autoscreen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A copy of a review."""

    path: Path
    at: str  # When it was made, ISO 8601 in UTC
    size: int  # Bytes


class ReviewBackups:
    """Copies of the whole review, each a review file that can be opened like any other."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def folder(self) -> Path:
        """The folder of the copies, whether it exists or not."""
        return self._store.path.with_name(f"{self._store.path.stem}-backups")

    def make(self) -> Backup:
        """Copy the review, consistent while others decide; a copy that is listed is complete."""
        stem = self._store.path.stem
        moment = self._store.time()[:19].replace(":", "")
        target = self.folder / f"{stem}-{moment}.autoscreen"
        self._copy(target, name=self._store.name)
        return self._backup(target)

    def copy(self, target: Path, *, name: str) -> None:
        """Copy the review to a file that does not exist yet, as another review of this name."""
        self._copy(target, name=name)

    def _copy(self, target: Path, *, name: str) -> None:
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            target.parent.mkdir(exist_ok=True)
            try:
                self._store.back_up(part)
                if name != self._store.name:
                    with Store.open(part) as copied:
                        copied.rename(name)
                with part.open("rb+") as stream:
                    os.fsync(stream.fileno())
                PdfFolder(self._store.path).copy_to(target, self._store.attachments.hashes())
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"{target.parent}: cannot be written ({error.strerror})") from error

    def all(self) -> list[Backup]:
        """Return all copies, newest first."""
        if not self.folder.is_dir():
            return []
        found = (one for one in self.folder.iterdir() if _STAMP.fullmatch(one.name))
        return sorted(map(self._backup, found), key=lambda one: one.path.name, reverse=True)

    def get(self, name: str) -> Backup:
        """Return the copy with this file name."""
        for one in self.all():
            if one.path.name == name:
                return one
        raise InputError(f"there is no backup {name[:80]!r}", hint="load the page again")

    @staticmethod
    def _backup(path: Path) -> Backup:
        match = _STAMP.fullmatch(path.name)
        assert match is not None  # only such files are listed
        _, day, hour, minute, second = match.groups()
        return Backup(path=path, at=f"{day}T{hour}:{minute}:{second}Z", size=path.stat().st_size)
