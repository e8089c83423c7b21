"""
Brings the tables of a review file up to date.

To change them: append a `Migration` with the next number; never edit one that was released. Each
runs inside one transaction together with the row that records it, after the file was copied to
``NAME.autoscreen.vN.bak`` beside it. A test opens a file of each older version.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autoscreen.store.database import Database
from autoscreen.store.schema import FIRST
from autoscreen.store.schema_audit import AUDIT
from autoscreen.store.schema_browse import BROWSE
from autoscreen.store.schema_designs import DESIGNS
from autoscreen.store.schema_monitor import MONITOR
from autoscreen.store.schema_pages import PAGES
from autoscreen.store.schema_screening import SCREENING
from autoscreen.store.schema_watch import WATCH

__all__ = ["APPLICATION_ID", "MIGRATIONS", "Migration", "migrate", "version_of"]

APPLICATION_ID = 0x61757363
"""``ausc`` in ASCII, at byte 68 of each review file."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a version of the tables to the next."""

    name: str
    apply: Callable[[Database], None]


def _first(db: Database) -> None:
    db.run_script(FIRST)


def _audit(db: Database) -> None:
    db.run_script(AUDIT)


def _monitor(db: Database) -> None:
    db.run_script(MONITOR)
    db.run_script(WATCH)


def _browse(db: Database) -> None:
    db.run_script(BROWSE)


def _screening(db: Database) -> None:
    db.run_script(SCREENING)


def _pages(db: Database) -> None:
    db.run_script(PAGES)


def _designs(db: Database) -> None:
    db.run_script(DESIGNS)


MIGRATIONS: tuple[Migration, ...] = (
    Migration("the first tables", _first),
    Migration("audits", _audit),
    Migration("searches and watches", _monitor),
    Migration("searching, bulk labels, who changed the protocol", _browse),
    Migration("double screening", _screening),
    Migration("what pages handed in, and tags", _pages),
    Migration("study designs", _designs),
)


def version_of(db: Database) -> int:
    """Return the number of the newest migration that a file has seen."""
    return int(db.value("PRAGMA user_version"))


def migrate(db: Database, migrations: Sequence[Migration], program: str) -> Path | None:
    """Apply the migrations that a file lacks and give the copy made before, if one was needed."""
    version = version_of(db)
    if version >= len(migrations):
        return None
    backup = _back_up(db, version) if version else None
    with db.writing():
        # Another process may have been faster.
        for number in range(version_of(db) + 1, len(migrations) + 1):
            _apply(db, migrations[number - 1], number, program)
    return backup


def _apply(db: Database, migration: Migration, number: int, program: str) -> None:
    if number == 1:
        db.run(
            "CREATE TABLE migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
            " at TEXT NOT NULL, program TEXT NOT NULL) STRICT"
        )
        db.run(f"PRAGMA application_id = {APPLICATION_ID}")
    migration.apply(db)
    db.run("INSERT INTO migration VALUES (?, ?, ?, ?)", number, migration.name, db.time(), program)
    db.run(f"PRAGMA user_version = {number}")


def _back_up(db: Database, version: int) -> Path:
    """Copy the file; a copy that bears its final name is complete."""
    unfinished = db.path.with_name(f"{db.path.name}.v{version}.bak.{os.getpid()}")
    db.back_up(unfinished)
    with unfinished.open("rb+") as stream:
        os.fsync(stream.fileno())
    return unfinished.replace(_free_name(db.path, version))


def _free_name(path: Path, version: int) -> Path:
    name, number = path.with_name(f"{path.name}.v{version}.bak"), 1
    while name.exists():
        number += 1
        name = path.with_name(f"{path.name}.v{version}-{number}.bak")
    return name
