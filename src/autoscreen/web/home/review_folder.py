"""
The reviews of one folder: their list with counts, and what can be done with a whole review.

A review is one file ``NAME.autoscreen`` in the folder. Files that come from elsewhere, such as a
colleague's copy, are found; only `delete` removes a review, and it can be undone.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from autoscreen.errors import AutoscreenError, ConflictError, InputError
from autoscreen.protocol import Protocol
from autoscreen.resources import resource
from autoscreen.review import Review
from autoscreen.review.review_summary import ReviewSummary, summarise
from autoscreen.store.review_file import SUFFIX
from autoscreen.web.accounts.account_file import AccountFile
from autoscreen.web.home.review_registry import RegisteredReview, ReviewRegistry, review_files

__all__ = ["ListedReview", "ReviewFolder", "folder_accounts_path"]

EXAMPLE = "example"
_EXAMPLE_PROTOCOL = "rms-pnp"
_LONGEST = 80
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def folder_accounts_path(folder: Path) -> Path:
    """Return the place of the account file of a folder of reviews."""
    return folder / f"home{SUFFIX}-access"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedReview:
    """A review in the list, with its counts or the reason why it cannot be read."""

    review: RegisteredReview
    summary: ReviewSummary | None
    problem: str = ""


class ReviewFolder:
    """A folder of reviews; for use from any thread."""

    def __init__(self, path: Path, file: AccountFile) -> None:
        self.path = path
        self.registry = ReviewRegistry(file)
        self._summaries: dict[tuple[str, str], tuple[object, ReviewSummary]] = {}
        self._lock = threading.Lock()

    def reviews(self) -> list[RegisteredReview]:
        """Return the reviews of the folder, including those copied there since the start."""
        known = self.registry.all()
        listed = {one.file for one in known if not one.deleted}
        added = [file for file in review_files(self.path) if file not in listed]
        for file in added:
            self.registry.add(file)
        known = self.registry.all() if added else known
        return [one for one in known if not one.deleted]

    def find(self, name: str) -> RegisteredReview | None:
        """Return the review of this name."""
        known = [one for one in self.registry.all() if not one.deleted]
        found = next((one for one in known if one.name == name), None)
        return found or next((one for one in self.reviews() if one.name == name), None)

    def file_of(self, review: RegisteredReview) -> Path:
        """Return the file of a review that is not deleted."""
        return self.path / review.file

    def listed(self, review: RegisteredReview, reviewer: str) -> ListedReview:
        """Return a review with its counts; they are read anew only if its file has changed."""
        path = self.file_of(review)
        try:
            state, key = _state_of(path), (review.file, reviewer)
            with self._lock:
                kept = self._summaries.get(key)
            if kept is None or kept[0] != state:
                kept = state, summarise(path, reviewer)
                with self._lock:
                    self._summaries[key] = kept
            return ListedReview(review=review, summary=kept[1])
        except AutoscreenError as error:
            return ListedReview(review=review, summary=None, problem=_problem(error, path))
        except OSError:
            text = "the file is not in the folder any more; put it back to continue"
            return ListedReview(review=review, summary=None, problem=text)

    def create(self, name: str, protocol: Protocol | str, *, by: str = "") -> RegisteredReview:
        """
        Start a review in the folder; without a name it gets one from its protocol.

        Raises
        ------
        ConflictError
            If there is one of this name.
        """
        clean = self._free_name(name) if name.strip() else self._name_from(protocol)
        Review.create(self.path / f"{clean}{SUFFIX}", protocol=protocol, name=clean).close()
        return self._registered(f"{clean}{SUFFIX}", by)

    def make_example(self, *, by: str = "") -> RegisteredReview:
        """Create the example review with its invented records."""
        path = self.path / self.free_file(EXAMPLE)
        with Review.create(path, protocol=_EXAMPLE_PROTOCOL, name="Example") as review:
            review.import_files([str(resource("data", "demo", "demo.nbib"))])
        return self._registered(path.name, by)

    def copy(self, review: RegisteredReview, name: str, *, by: str = "") -> RegisteredReview:
        """Copy a review, consistent while others decide, under a name that is free."""
        return self.copy_file(self.file_of(review), self._free_name(name), by=by)

    def copy_file(self, file: Path, name: str, *, by: str = "") -> RegisteredReview:
        """Copy a review file into the folder; a taken name gets a number."""
        target = self.path / self.free_file(name)
        with Review.open(file) as opened:
            opened.backups.copy(target, name=target.stem)
        return self._registered(target.name, by)

    def _free_name(self, name: str) -> str:
        clean = checked_name(name)
        if clean.casefold() in (one.name.casefold() for one in self.reviews()):
            raise ConflictError(f"there is a review {clean!r} already", hint="choose another name")
        return clean

    def _name_from(self, protocol: Protocol | str) -> str:
        """Return the protocol's name, with a number if a review has that name."""
        name = protocol if isinstance(protocol, str) else protocol.name
        return self.free_file(checked_name(name)).removesuffix(SUFFIX)

    def by_number(self, number: int) -> RegisteredReview | None:
        """Return the review of this number, if it is not deleted."""
        return next((one for one in self.reviews() if one.id == number), None)

    def free_file(self, name: str) -> str:
        """Return a file name for a review that is not taken: with a number if need be."""
        taken = {one.file.casefold() for one in self.reviews()}
        numbered = (f"{name} {number}{SUFFIX}" for number in count(2))
        names = chain([f"{name}{SUFFIX}"], numbered)
        return next(one for one in names if one.casefold() not in taken)

    def _registered(self, file: str, by: str) -> RegisteredReview:
        number = self.registry.add(file, by=by)
        return next(one for one in self.registry.all() if one.id == number)


def checked_name(name: str) -> str:
    """Return the name of a review, which is also that of its file."""
    clean = " ".join(name.split()).removesuffix(SUFFIX)
    wrong = _NOT_IN_NAMES.search(clean) or not clean.isprintable() or clean[-1:] == "."
    if not clean or wrong or clean[0] == "." or len(clean) > _LONGEST or _RESERVED.fullmatch(clean):
        raise InputError(
            f"{clean!r} cannot be the name of a review",
            hint=f"use 1 to {_LONGEST} letters, digits, spaces, hyphens or underscores",
        )
    return clean


def _state_of(path: Path) -> tuple[object, ...]:
    """Return what changes whenever something is written to a review."""
    files = (path, path.with_name(path.name + "-wal"))
    found = [one.stat() for one in files if one is path or one.exists()]
    return tuple((one.st_mtime_ns, one.st_size) for one in found)


def _problem(error: AutoscreenError, path: Path) -> str:
    text = f"{error.message}; {error.hint}" if error.hint else error.message
    return text.replace(f"{path}: ", "")
