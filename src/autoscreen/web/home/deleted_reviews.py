"""
Deleted reviews: in the folder ``deleted``, from which they can be restored for 30 days.

All that belongs to a review moves with it: its file with the log and caches beside it, and its
folders of backups, digests, results and full texts.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from autoscreen.errors import InputError, StoreError
from autoscreen.store.database import Clock, stamp
from autoscreen.store.review_file import SUFFIX
from autoscreen.web.home.review_folder import ReviewFolder
from autoscreen.web.home.review_registry import RegisteredReview

__all__ = ["DeletedReview", "DeletedReviews"]

KEPT = timedelta(days=30)
"""How long a deleted review can be restored."""

_FOLDER = "deleted"
_COMPANIONS = ("backups", "digests", "files", "full-texts")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedReview:
    """A review that can be restored."""

    review: RegisteredReview
    until: str


class DeletedReviews:
    """The deleted reviews of a folder."""

    def __init__(self, folder: ReviewFolder, now: Clock) -> None:
        self._folder = folder
        self._registry = folder.registry
        self._now = now

    def all(self) -> list[DeletedReview]:
        """Return the reviews that can be restored, the newest deletion first."""
        found = [
            DeletedReview(review=one, until=stamp(datetime.fromisoformat(one.deleted) + KEPT))
            for one in self._registry.all()
            if one.stored
        ]
        return sorted(found, key=lambda one: one.review.deleted, reverse=True)

    def delete(self, review: RegisteredReview, *, by: str) -> None:
        """Move a review, which nobody has open, to the deleted ones."""
        stored = f"{review.id}-{self._now():%Y%m%dT%H%M%S}"
        place = self._folder.path / _FOLDER / stored
        moved: list[Path] = []
        try:
            place.mkdir(parents=True)
            for one in list(_belongings(self._folder.file_of(review))):
                shutil.move(one, place / one.name)
                moved.append(one)
        except OSError as error:
            for one in moved:
                shutil.move(place / one.name, one)
            raise StoreError(
                f"{review.name} cannot be moved to the deleted reviews ({error.strerror})",
                hint="close every program that has the file open and try again",
            ) from error
        self._registry.delete(review.id, by=by, stored=stored)

    def restore(self, number: int) -> RegisteredReview:
        """Move a deleted review back; it gets another name if its own is taken now."""
        found = next((one.review for one in self.all() if one.review.id == number), None)
        if found is None:
            raise InputError("this review cannot be restored any more", hint="load the page again")
        place = self._folder.path / _FOLDER / found.stored
        file = self._folder.free_file(found.name)
        for one in list(_belongings(place / found.file)):
            name = Path(file).stem + one.name.removeprefix(found.name)
            shutil.move(one, self._folder.path / name)
        place.rmdir()
        self._registry.restore(number, file)
        return next(one for one in self._registry.all() if one.id == number)

    def remove_expired(self) -> list[RegisteredReview]:
        """Remove for good what was deleted longer ago than `KEPT`, and return it."""
        now = stamp(self._now())
        removed = []
        for one in (one.review for one in self.all() if one.until < now):
            with suppress(OSError):  # it stays in the list and is removed later
                shutil.rmtree(self._folder.path / _FOLDER / one.stored)
                self._registry.gone(one.id)
                removed.append(one)
        return removed


def _belongings(file: Path) -> Iterator[Path]:
    """Yield the file of a review, if it is there, and then all beside it that belongs to it."""
    name = file.name.removesuffix(SUFFIX)
    folders = {f"{name}-{kind}" for kind in _COMPANIONS}
    if file.exists():
        yield file
    for one in sorted(file.parent.iterdir()):
        if one.name.startswith(f"{file.name}-") or one.name in folders:
            yield one
