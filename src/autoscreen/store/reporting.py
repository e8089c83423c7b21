"""What a report needs beside decisions: origins of imports, studies, and stops of screening."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from enum import StrEnum

from autoscreen.errors import InputError
from autoscreen.store.database import Database
from autoscreen.store.stored_values import show_id


class OriginKind(StrEnum):
    """What an import came from, as PRISMA 2020 tells them apart."""

    DATABASE = "database"
    REGISTER = "register"
    WEBSITE = "website"
    ORGANISATION = "organisation"
    CITATIONS = "citation searching"
    OTHER = "other"

    @property
    def by_search(self) -> bool:
        """Whether its records belong to the column of databases and registers."""
        return self in (OriginKind.DATABASE, OriginKind.REGISTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereSearch:
    """A search that was run elsewhere, as PRISMA-S asks for; empty where nobody has entered it."""

    platform: str = ""
    searched: str = ""  # The day, ISO 8601
    limits: str = ""
    query: str = ""  # Exactly as it was run


NOT_ENTERED = ElsewhereSearch()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningStop:
    """That screening of title and abstract was stopped, or resumed."""

    stopped: bool
    source: int  # The newest source then; records that came later are not left out
    automation: bool  # Whether it followed the ranking and its stopping advice
    note: str
    reviewer: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyLink:
    """What a person said of two records."""

    one: str
    other: str
    same: bool | None  # Whether they report one study; None if that was withdrawn
    note: str
    reviewer: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """A ranking model, and the decisions that were made in its order."""

    model: str
    decisions: int
    first: str  # Time of the first and the last of them, ISO 8601 in UTC
    last: str


class Reporting:
    """Facts that nobody but the report reads; each is only ever added."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def set_origin(
        self, import_id: int, kind: OriginKind, name: str, search: ElsewhereSearch, reviewer: str
    ) -> None:
        """Note where the records of an import came from."""
        if not self._db.value("SELECT EXISTS (SELECT 1 FROM import_run WHERE id = ?)", import_id):
            raise InputError(
                f"{self._db.path}: there is no import {import_id}", hint="see: autoscreen imports"
            )
        self._db.run(
            "INSERT INTO import_origin"
            " (import_id, kind, name, platform, searched, limits, query, reviewer, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(import_id, kind, name, *astuple(search), reviewer, self._db.time()),
        )

    def link(self, one: int, other: int, same: bool | None, note: str, reviewer: str) -> None:
        """Note that two records report one study, that they do not, or withdraw what was noted."""
        if one == other:
            raise InputError(f"{show_id(one)} and {show_id(other)} are one record")
        self._db.run(
            "INSERT INTO study_link (low, high, is_same, note, reviewer, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            *(min(one, other), max(one, other), same, note, reviewer, self._db.time()),
        )

    def models(self) -> list[ModelUse]:
        """Return the models that ranked the records decided here, oldest first."""
        rows = self._db.rows(
            "SELECT model, count(*), min(at), max(at) FROM decision"
            " WHERE model <> '' AND import_id IS NULL AND label IS NOT NULL GROUP BY 1 ORDER BY 3"
        )
        return [
            ModelUse(model=model, decisions=decisions, first=first, last=last)
            for model, decisions, first, last in rows
        ]

    def links(self) -> list[StudyLink]:
        """Return what people said of pairs of records, oldest first."""
        rows = self._db.rows("SELECT low, high, is_same, note, reviewer, at FROM study_link")
        return [
            StudyLink(
                one=show_id(low),
                other=show_id(high),
                same=None if same is None else bool(same),
                note=note,
                reviewer=reviewer,
                at=at,
            )
            for low, high, same, note, reviewer, at in rows
        ]

    def stop(self, *, stopped: bool, automation: bool, note: str, reviewer: str) -> ScreeningStop:
        """Note that screening of title and abstract was stopped, or resumed."""
        self._db.run(
            "INSERT INTO screening_stop (stopped, source, reason, note, reviewer, at)"
            " VALUES (?, (SELECT coalesce(max(id), 0) FROM source), ?, ?, ?, ?)",
            *(stopped, "automation" if automation else "other", note, reviewer, self._db.time()),
        )
        return self.stops()[-1]

    def stops(self) -> list[ScreeningStop]:
        """Return all stops and resumptions, oldest first."""
        rows = self._db.rows(
            "SELECT stopped, source, reason, note, reviewer, at FROM screening_stop ORDER BY id"
        )
        return [
            ScreeningStop(
                stopped=bool(stopped),
                source=source,
                automation=reason == "automation",
                note=note,
                reviewer=reviewer,
                at=at,
            )
            for stopped, source, reason, note, reviewer, at in rows
        ]
