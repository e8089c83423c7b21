"""
Creates the tables of a review file, and updates the tables of an older one.

``schema.sql`` holds the tables of the first release. To change them after it: append a `Migration`,
and never edit ``schema.sql`` or a migration that was released. Each runs in one transaction with
the row that records it, after the file was copied to ``NAME.autoscreen.vN.bak`` beside it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from autoscreen.store.database import Database
from autoscreen.store.row_checksums import add_triggers

APPLICATION_ID = 0x61757363
"""``ausc`` in ASCII, at byte 68 of each review file."""
FIRST_VERSION = 25
"""Number of the tables in ``schema.sql``; smaller ones were never released."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a version of the tables to the next."""

    name: str
    apply: Callable[[Database], object]


MIGRATIONS: tuple[Migration, ...] = ()


def version_of(db: Database) -> int:
    """Return the number of the newest migration that a file has seen."""
    return int(db.value("PRAGMA user_version"))


def newest_version(migrations: Sequence[Migration]) -> int:
    """Return the number of the tables after these migrations."""
    return FIRST_VERSION + len(migrations)


def migrate(db: Database, migrations: Sequence[Migration], program: str) -> Path | None:
    """Apply what a file lacks; return the copy made before, or None if none was needed."""
    version = version_of(db)
    if version >= newest_version(migrations):
        return None
    backup = _back_up(db, version) if version else None
    first = Migration("the first tables", _create)
    with db.writing():
        # Another process may have been faster.
        for number, migration in enumerate((first, *migrations), FIRST_VERSION):
            if number > version_of(db):
                migration.apply(db)
                db.run(
                    "INSERT INTO migration VALUES (?, ?, ?, ?)",
                    *(number, migration.name, db.time(), program),
                )
                db.run(f"PRAGMA user_version = {number}")
    return backup


def _create(db: Database) -> None:
    db.run_script(files("autoscreen.store").joinpath("schema.sql").read_text("utf-8"))
    add_triggers(db)
    db.run(f"PRAGMA application_id = {APPLICATION_ID}")


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
