"""Creates and opens review files; any other file is refused and left unchanged."""

from __future__ import annotations

import os
import re
import sqlite3
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from autoscreen.errors import ConflictError, SchemaError, StoreError
from autoscreen.sqlite_file import disk_is_full
from autoscreen.store.database import Clock, Database
from autoscreen.store.migrations import (
    APPLICATION_ID,
    FIRST_VERSION,
    Migration,
    migrate,
    newest_version,
    version_of,
)

SUFFIX = ".autoscreen"
_MAGIC = b"SQLite format 3\0"
_NEEDS = (3, 37)
_BRIEFLY = 1.0
"""Seconds that a look into a file waits for a process that is writing."""
_CHECKED_WHOLE = 128 << 20
"""Files up to this many bytes are checked page by page whenever they are opened (0.1 s)."""


def review_path(path: str | Path) -> Path:
    """Return the file that a reviewer means by a name: ``rms`` stands for ``rms.autoscreen``."""
    given = Path(path)
    if given.suffix == SUFFIX or not given.name:
        return given
    full = given.with_name(given.name + SUFFIX)
    return given if given.exists() and not full.exists() else full


def create_file(
    path: Path,
    fill: Callable[[Database], None],
    *,
    migrations: Sequence[Migration],
    program: str,
    now: Clock,
) -> None:
    """Make a new review file; it appears complete or not at all."""
    _require_sqlite()
    if path.exists():
        raise _exists(path)
    _require_writable(path.parent, path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        unfinished.touch()
        db = Database(unfinished, wait=0, now=now)
        try:
            db.run("PRAGMA journal_mode = WAL")
            migrate(db, migrations, program)
            with db.writing():
                fill(db)
        finally:
            db.close()
        _publish(unfinished, path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be created ({error.strerror})") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _publish(unfinished: Path, path: Path) -> None:
    """Rename a complete file, unless another process was faster."""
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        raise _exists(path) from None
    except OSError:  # a file system without hard links
        if path.exists():
            raise _exists(path) from None
        unfinished.rename(path)
    with suppress(PermissionError):  # Windows cannot open a folder, and needs no such care
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def open_file(
    path: Path, *, wait: float, now: Clock, migrations: Sequence[Migration], program: str
) -> Database:
    """Open a review file for reading and writing, brought up to date."""
    _require_sqlite()
    known = newest_version(migrations)
    _inspect(path, known)
    _require_writable(path, path)
    _require_writable(path.parent, path)
    _remove_unfinished(path)
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size and not disk_is_full(path):
        # Opened for writing, a file with a log left behind would be changed on closing.
        _check(Database(path, wait=wait, now=now, mode="ro"), known).close()
        db = Database(path, wait=wait, now=now)
    else:
        db = _check(Database(path, wait=wait, now=now), known)
    try:
        migrate(db, migrations, program)
    except BaseException:
        db.close()
        raise
    return db


def look_into(path: Path, *, now: Clock, migrations: Sequence[Migration]) -> Database:
    """Open a review file only to count what is in it, without the checks that take longer."""
    known = newest_version(migrations)
    _inspect(path, known)
    # Without a log nobody has it open, and SQLite would leave an empty one beside it.
    logged = path.with_name(path.name + "-wal").exists()
    db = Database(path, wait=_BRIEFLY, now=now, mode="ro" if logged else "ro&immutable=1")
    try:
        _require_ours(path, db.value("PRAGMA application_id") & 0xFFFFFFFF, version_of(db), known)
        if version_of(db) < known:
            raise SchemaError(
                f"{path}: was written by an earlier version of autoscreen",
                hint="open it once, which updates it",
            )
    except BaseException:
        db.close()
        raise
    return db


def _remove_unfinished(path: Path) -> None:
    """Delete unfinished copies that processes which no longer run left beside a review."""
    name = re.escape(path.name)
    unfinished = re.compile(
        rf"(?:{name}\.v\d+\.bak|\.{name}|\.{name}-counts\.npz)\.(\d+)(?:\.new|\.part)?"
        r"(?:-journal|-wal|-shm)?"
    )
    with suppress(OSError):  # the folder may belong to somebody else
        for entry in path.parent.iterdir():
            found = unfinished.fullmatch(entry.name)
            if found and not _runs(int(found[1])):
                entry.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if os.name == "nt":  # asking there could end the process
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _inspect(path: Path, known: int) -> None:
    """Refuse by the first hundred bytes, before SQLite sees the file."""
    try:
        with path.open("rb") as stream:
            head = stream.read(100)
    except FileNotFoundError:
        raise StoreError(
            f"{path}: there is no such review", hint=f"make one with: autoscreen init {path.stem}"
        ) from None
    except IsADirectoryError:
        raise SchemaError(
            f"{path}: is a folder, not a review file", hint="name the file in it"
        ) from None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read ({error.strerror})") from error
    if len(head) < 100 or not head.startswith(_MAGIC):
        raise SchemaError(
            f"{path}: is not a review file",
            hint=f"a review is a file NAME{SUFFIX}; import files of records with: "
            "autoscreen import REVIEW FILE",
        )
    user_version, application = struct.unpack(">I4xI", head[60:72])
    _require_ours(path, application, user_version, known)
    _require_whole(path, head)


def _require_ours(path: Path, application: int, version: int, known: int) -> None:
    if application != APPLICATION_ID or version < 1:
        raise SchemaError(f"{path}: is a database of another program, not a review file")
    if version < FIRST_VERSION:
        raise SchemaError(
            f"{path}: it was written before the first release of autoscreen (tables {version}, this"
            f" one reads from {FIRST_VERSION} on)",
            hint="export its records with the version that wrote it, and import them into a new"
            " review",
        )
    if version > known:
        raise SchemaError(
            f"{path}: was written by a newer autoscreen (tables {version}, this one knows {known})",
            hint="install the newest with: pip install --upgrade autoscreen",
        )


def _require_whole(path: Path, head: bytes) -> None:
    """Refuse a file that was cut short, as by an interrupted download or copy."""
    (page_size,) = struct.unpack(">H", head[16:18])
    changes, pages = struct.unpack(">II", head[24:32])
    (valid_for,) = struct.unpack(">I", head[92:96])
    size = path.stat().st_size
    expected = pages * (65536 if page_size == 1 else page_size)
    # With a log beside it, the missing part may be there.
    logged = path.with_name(path.name + "-wal").exists()
    if changes == valid_for and size < expected and not logged:
        raise SchemaError(
            f"{path}: is cut short ({size} of {expected} bytes)", hint="copy or download it again"
        )


def _check(db: Database, known: int) -> Database:
    """Check a file as SQLite sees it, with its log; close it if it is refused."""
    try:
        application = db.value("PRAGMA application_id") & 0xFFFFFFFF
        _require_ours(db.path, application, version_of(db), known)
        if db.path.stat().st_size <= _CHECKED_WHOLE:
            found = _quick_check(db)
            if found != "ok":
                raise SchemaError(
                    f"{db.path}: the review file is damaged ({' '.join(found.split())})",
                    hint="restore a copy of it",
                )
    except BaseException:
        db.close()
        raise
    return db


def _quick_check(db: Database) -> str:
    """Return what SQLite finds; a page that another process is just writing is looked at again."""
    for pause in (0.1, 0.5, 0.0):
        found = str(db.value("PRAGMA quick_check(1)"))
        if "error code=" not in found:
            break
        time.sleep(pause)
    return found


def _require_writable(place: Path, path: Path) -> None:
    if not place.exists():
        raise StoreError(f"{path}: there is no folder {place}", hint="make it first")
    if not os.access(place, os.W_OK):
        raise StoreError(
            f"{path}: {place} cannot be written", hint="copy the review to a folder of your own"
        )


def _require_sqlite() -> None:
    if sqlite3.sqlite_version_info < _NEEDS:
        raise StoreError(
            f"this Python comes with SQLite {sqlite3.sqlite_version}; 3.37 or newer is needed",
            hint="use a Python from python.org, uv or conda",
        )


def _exists(path: Path) -> ConflictError:
    if path.is_dir():
        return ConflictError(f"{path}: is a folder", hint="choose another name for the review")
    return ConflictError(
        f"{path}: there is a review of this name already", hint="choose another name, or open it"
    )
