"""One connection to a review file: transactions, and SQLite's errors in plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autoscreen.errors import BusyError, SchemaError, StoreError

__all__ = ["Clock", "Database", "Row", "plain_errors", "stamp", "system_clock"]

Clock = Callable[[], datetime]
Row = tuple[Any, ...]

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def system_clock() -> datetime:
    """Return the time of this machine, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC with milliseconds, as it stands in a review file."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite raises about this file into a `StoreError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(error, path) from error


def _translated(error: sqlite3.Error, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return BusyError(
            f"{path}: another process is writing to this review",
            hint="wait until it has finished, then try again",
        )
    if code in _DAMAGED:
        return SchemaError(
            f"{path}: the review file is damaged ({error})", hint="go back to a copy of it"
        )
    if code in _READ_ONLY:
        return StoreError(
            f"{path}: the review file or its folder cannot be written ({error})",
            hint="copy it to a folder of your own",
        )
    if code == sqlite3.SQLITE_FULL:
        return StoreError(f"{path}: the disk is full", hint="free some space; nothing was changed")
    return StoreError(f"{path}: the review file could not be used ({error})")


class Database:
    """A connection to a review file, for one thread."""

    def __init__(self, path: Path, *, wait: float, now: Clock, mode: str = "rw") -> None:
        self.path = path
        self.wait = wait
        self.now = now
        with plain_errors(path):
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=wait,
                isolation_level=None,
            )
            # FULL: a commit is on the disk before it returns, also through a power cut
            # (fullfsync is what that takes on macOS).
            for pragma in ("synchronous = FULL", "fullfsync = ON", "foreign_keys = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            for pragma in ("cell_size_check = ON", "cache_size = -65536"):
                self._connection.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        """Close the connection; the last one to close folds the write-ahead log in."""
        with plain_errors(self.path):
            self._connection.close()

    def time(self) -> str:
        """Return the time now, as it is stored."""
        return stamp(self.now())

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """Return all rows of a query."""
        with plain_errors(self.path):
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> Row | None:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def value(self, sql: str, *values: Any) -> Any:
        """Return the first column of the first row of a query that always has one."""
        return self.rows(sql, *values)[0][0]

    def paged(self, sql: str, *values: Any, size: int = 500) -> Iterator[Row]:
        """Yield the rows of a query that may be long, while others read and write."""
        names = {str(number): value for number, value in enumerate(values, 1)}
        after = 0
        while page := self.named(sql, {**names, "after": after, "size": size}):
            yield from page
            after = page[-1][0]

    def named(self, sql: str, values: Mapping[str, Any]) -> list[Row]:
        """Return all rows of a query whose values are bound by name."""
        with plain_errors(self.path):
            return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement that writes and give the id of the row it added."""
        with plain_errors(self.path):
            return self._connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement that writes once for each of the values."""
        with plain_errors(self.path):
            self._connection.executemany(sql, values)

    def run_script(self, sql: str) -> None:
        """Run several statements inside the present transaction."""
        with plain_errors(self.path):
            for statement in _statements(sql):
                self._connection.execute(statement)

    def back_up(self, target: Path) -> None:
        """Copy the whole review, as it stands, to a new file."""
        with plain_errors(self.path):
            copy = sqlite3.connect(target)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Do the block as a whole or not at all; inside another one it is part of that."""
        if self._connection.in_transaction:
            yield
            return
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


def _statements(sql: str) -> Iterator[str]:
    """Cut a script, as sqlite3's own executescript would first commit what is open."""
    lines: list[str] = []
    for line in sql.splitlines():
        lines.append(line)
        if sqlite3.complete_statement("\n".join(lines)):
            yield "\n".join(lines)
            lines = []
