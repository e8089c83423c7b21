"""Which reviews a folder has, by a number that stays: a name may be used again for another one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autoscreen.store.review_file import SUFFIX
from autoscreen.web.accounts.account_file import AccountFile

__all__ = ["RegisteredReview", "ReviewRegistry"]

_COLUMNS = "SELECT id, file, archived, deleted, deleted_by, stored FROM review"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredReview:
    """One review of a folder."""

    id: int
    file: str
    archived: bool
    deleted: str  # When it was deleted, by whom, and its file among the deleted ones
    deleted_by: str
    stored: str

    @property
    def name(self) -> str:
        """The name by which it is found."""
        return Path(self.file).stem


class ReviewRegistry:
    """The list of reviews in the account file of a folder."""

    def __init__(self, file: AccountFile) -> None:
        self._file = file

    def all(self) -> list[RegisteredReview]:
        """Return all reviews, deleted ones too."""
        return [
            RegisteredReview(
                id=number,
                file=file,
                archived=archived is not None,
                deleted=deleted or "",
                deleted_by=deleted_by or "",
                stored=stored or "",
            )
            for number, file, archived, deleted, deleted_by, stored in self._file.rows(_COLUMNS)
        ]

    def add(self, file: str, *, by: str = "") -> int:
        """Add a review that is not in the list yet; return its number."""
        with self._file.writing():
            row = self._file.row("SELECT id FROM review WHERE file = ? AND deleted IS NULL", file)
            if row is not None:
                return int(row[0])
            return self._file.run(
                "INSERT INTO review (file, found, made_by) VALUES (?, ?, ?)",
                *(file, self._file.time(), by),
            )

    def archive(self, number: int, *, archived: bool) -> None:
        """Put a review into the archive, or take it out."""
        self._file.run(
            "UPDATE review SET archived = ? WHERE id = ?",
            *(self._file.time() if archived else None, number),
        )

    def delete(self, number: int, *, by: str, stored: str) -> None:
        """Note that a review was moved to the deleted ones."""
        self._file.run(
            "UPDATE review SET deleted = ?, deleted_by = ?, stored = ? WHERE id = ?",
            *(self._file.time(), by, stored, number),
        )

    def restore(self, number: int, file: str) -> None:
        """Note that a deleted review is back, under this name."""
        self._file.run(
            "UPDATE review SET file = ?, deleted = NULL, deleted_by = NULL, stored = NULL"
            " WHERE id = ?",
            *(file, number),
        )

    def gone(self, number: int, *, by: str = "") -> None:
        """Note that the file of a review is gone for good; its number is not used again."""
        self._file.run(
            "UPDATE review SET deleted = coalesce(deleted, ?),"
            " deleted_by = coalesce(deleted_by, ?), stored = NULL WHERE id = ?",
            *(self._file.time(), by, number),
        )


def review_files(folder: Path) -> list[str]:
    """Return the names of the review files in a folder."""
    return sorted(
        one.name for one in folder.iterdir() if one.suffix == SUFFIX and one.name[0] != "."
    )
