"""Comments on records, with the colleagues that they mention."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from autoscreen.errors import InputError
from autoscreen.records import Label, Stage
from autoscreen.store.database import Database, Row
from autoscreen.store.double_screening import Screening
from autoscreen.store.stored_values import show_id

_SELECT = (
    "SELECT comment.id, source.record_id, comment.reviewer, text, mentions, comment.at,"
    " EXISTS (SELECT 1 FROM comment_withdrawal WHERE comment_id = comment.id),"
    " EXISTS (SELECT 1 FROM mention_done WHERE comment_id = comment.id AND reviewer = :viewer),"
    " comment.stage"
    " FROM comment JOIN source ON source.id = comment.record_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment on a record."""

    id: int  # Its number, from 1
    record_id: str
    reviewer: str
    text: str  # Empty if it was withdrawn
    mentions: tuple[str, ...]  # Names of the colleagues it mentions
    at: str
    withdrawn: bool
    done: bool  # Whether the viewer, who is mentioned, has marked it as done


class Comments:
    """The comments of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, number: int, text: str, reviewer: str, mentions: Iterable[str]) -> int:
        """Add a comment to a record and return its number."""
        with self._db.writing():
            return self._db.run(
                "INSERT INTO comment (record_id, stage, reviewer, text, mentions, at)"
                " SELECT record_id, ?, ?, ?, ?, ? FROM source WHERE id = ?",
                *(self.stage(number), reviewer, text, json.dumps(list(mentions))),
                *(self._db.time(), number),
            )

    def stage(self, number: int) -> Stage:
        """Return the stage at which a record is now: full text once it was included."""
        label = self._db.value(
            "SELECT label FROM source JOIN record ON record.id = source.record_id"
            " LEFT JOIN decision ON decision.id = decision_id WHERE source.id = ?",
            number,
        )
        return Stage.FULL_TEXT if label == Label.INCLUDE else Stage.TITLE_ABSTRACT

    def hidden(self, number: int) -> bool:
        """Whether others see a comment that is written now only after they have decided."""
        return Screening(self._db, self.stage(number)).hidden(number)

    def of(self, number: int, viewer: str | None) -> list[Comment]:
        """Return the comments on a record that a reviewer may see, oldest first."""
        where = "source.record_id = (SELECT record_id FROM source WHERE id = :number)"
        return self._visible(where, viewer, number=number)

    def mentions_of(self, reviewer: str) -> list[Comment]:
        """Return the comments that mention a reviewer and that they may see, oldest first."""
        where = "EXISTS (SELECT 1 FROM json_each(mentions) WHERE value = :viewer)"
        return [one for one in self._visible(where, reviewer) if not one.withdrawn]

    def texts(self, viewer: str | None) -> dict[int, list[str]]:
        """Return the texts of all comments that a reviewer may see, by record."""
        found: dict[int, list[str]] = {}
        for one in self._visible("1", viewer):
            if one.text:
                found.setdefault(int(one.record_id[1:]), []).append(one.text)
        return found

    def withdraw(self, number: int, reviewer: str) -> Comment:
        """Withdraw one's own comment; that it was there stays visible, and its text is kept."""
        with self._db.writing():
            found = self._visible("comment.id = :number", reviewer, number=number)
            if not found or found[0].reviewer != reviewer or found[0].withdrawn:
                raise InputError(
                    f"you have no comment {number} to withdraw", hint="load the page again"
                )
            self._db.run(
                "INSERT INTO comment_withdrawal VALUES (?, ?, ?)",
                *(number, reviewer, self._db.time()),
            )
        return found[0]

    def set_done(self, number: int, reviewer: str, *, done: bool) -> None:
        """Mark a mention of oneself as done, or as open again."""
        with self._db.writing():
            if number not in {one.id for one in self.mentions_of(reviewer)}:
                raise InputError(f"no comment {number} mentions you", hint="load the page again")
            self._db.run(
                "DELETE FROM mention_done WHERE comment_id = ? AND reviewer = ?",
                *(number, reviewer),
            )
            if done:
                self._db.run(
                    "INSERT INTO mention_done VALUES (?, ?, ?)",
                    *(number, reviewer, self._db.time()),
                )

    def _visible(self, where: str, viewer: str | None, *, number: int = 0) -> list[Comment]:
        values = {"viewer": viewer, "number": number}
        rows = self._db.named(f"{_SELECT} WHERE {where} ORDER BY comment.id", values)
        others = {(row[1], row[-1]) for row in rows if row[2] != viewer}
        hidden = {
            (record, stage)
            for stage in {stage for _, stage in others}
            for record in Screening(self._db, Stage(stage)).hidden_among(
                {record for record, at in others if at == stage}
            )
        }
        return [
            _comment(row) for row in rows if row[2] == viewer or (row[1], row[-1]) not in hidden
        ]


def _comment(row: Row) -> Comment:
    number, record, reviewer, text, mentions, at, withdrawn, done, _ = row
    return Comment(
        id=number,
        record_id=show_id(record),
        reviewer=reviewer,
        text="" if withdrawn else text,
        mentions=tuple(json.loads(mentions)),
        at=at,
        withdrawn=bool(withdrawn),
        done=bool(done),
    )
