"""New reviews that are not created yet: each account's answers so far, kept by the server."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from autoscreen.web.accounts.account_file import AccountFile
from autoscreen.web.home.new_review_form import NewReviewForm, proposed_concepts

_SELECT = "SELECT id, step, content, at FROM draft WHERE name = ?1 AND discarded IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDraft:
    """The answers of one new review."""

    id: int
    step: str  # The step that was shown last
    at: str
    form: NewReviewForm


class ReviewDrafts:
    """The drafts of one account."""

    def __init__(self, file: AccountFile, name: str) -> None:
        self._file = file
        self._name = name

    def all(self) -> list[ReviewDraft]:
        """Return the drafts, the newest first."""
        rows = self._file.rows(f"{_SELECT} ORDER BY at DESC, id DESC", self._name)
        return [_draft(*row) for row in rows]

    def get(self, number: int) -> ReviewDraft | None:
        """Return one draft; None if there is none of this number."""
        row = self._file.row(f"{_SELECT} AND id = ?2", self._name, number)
        return None if row is None else _draft(*row)

    def save(self, number: int, step: str, form: NewReviewForm) -> int:
        """Save a draft and return its number, a new one if it is not known yet."""
        content = json.dumps(asdict(form), ensure_ascii=False)
        with self._file.writing():
            if self.get(number) is None:
                return self._file.run(
                    "INSERT INTO draft (name, step, content, at) VALUES (?, ?, ?, ?)",
                    *(self._name, step, content, self._file.time()),
                )
            self._file.run(
                "UPDATE draft SET step = ?, content = ?, at = ? WHERE id = ?",
                *(step, content, self._file.time(), number),
            )
        return number

    def discard(self, number: int, *, discarded: bool = True) -> None:
        """Delete a draft, or restore it."""
        self._file.run(
            "UPDATE draft SET discarded = ? WHERE name = ? AND id = ?",
            *(self._file.time() if discarded else None, self._name, number),
        )


def _draft(number: int, step: str, content: str, at: str) -> ReviewDraft:
    values = json.loads(content)
    values |= {
        "reasons": tuple(values["reasons"]),
        "concepts": tuple(proposed_concepts(values["concepts"])),
    }
    return ReviewDraft(id=number, step=step, at=at, form=NewReviewForm(**values))
