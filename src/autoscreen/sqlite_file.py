"""One connection to an SQLite file: transactions, and SQLite's errors in plain words."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autoscreen.errors import BusyError, SchemaError, StoreError

__all__ = ["Row", "SqliteFile", "disk_is_full", "plain_errors"]

Row = tuple[Any, ...]

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_MAY_BE_FULL = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY}
_ROOM = 1 << 16
_STEPS = 1_000_000
"""Of SQLite's machine between two looks for an interrupt: some hundredths of a second."""
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def disk_is_full(path: Path) -> bool:
    """Return whether there is no room for SQLite's own files beside this one."""
    try:
        return shutil.disk_usage(path.parent).free < _ROOM
    except OSError:
        return False


def _go_on() -> int:
    return 0


@contextmanager
def plain_errors(path: Path, kind: str) -> Iterator[None]:
    """Turn what SQLite raises about this file into a `StoreError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise _translated(error, path, kind) from error


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _translated(error: sqlite3.Error, path: Path, kind: str) -> StoreError:
    code = _code(error)
    if code == sqlite3.SQLITE_FULL or (code in _MAY_BE_FULL and disk_is_full(path)):
        return StoreError(
            f"{path}: the disk is full",
            hint="nothing was changed, and the review can still be read and exported to another"
            " disk; free some space",
        )
    if code in _BUSY:
        return BusyError(
            f"{path}: another process is writing to this {kind}",
            hint="wait until it has finished, then try again",
        )
    if code in _DAMAGED or str(error).startswith("Could not decode to UTF-8"):
        return SchemaError(f"{path}: the {kind} is damaged ({error})", hint="restore a copy of it")
    if code in _READ_ONLY:
        return StoreError(
            f"{path}: the {kind} or its folder cannot be written ({error})",
            hint="copy it to a folder of your own",
        )
    return StoreError(f"{path}: the {kind} could not be used ({error})")


class SqliteFile:
    """A connection to an SQLite file; `mode` and what may follow it are those of SQLite's URIs."""

    def __init__(
        self, path: Path, *, kind: str, wait: float, mode: str = "rw", any_thread: bool = False
    ) -> None:
        self.path = path
        self.kind = kind
        self._lock = threading.RLock()
        with self._plain():
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=wait,
                isolation_level=None,
                check_same_thread=not any_thread,
            )
            # A long statement lets Python run now and then, so that Ctrl-C ends it.
            self._connection.set_progress_handler(_go_on, _STEPS)

    def close(self) -> None:
        """Close the connection; the last one to close folds the write-ahead log in."""
        with self._plain():
            self._connection.close()

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """Return all rows of a query."""
        with self._plain():
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> Row | None:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    def value(self, sql: str, *values: Any) -> Any:
        """Return the first column of the first row of a query that always has one."""
        return self.rows(sql, *values)[0][0]

    def named(self, sql: str, values: Mapping[str, Any]) -> list[Row]:
        """Return all rows of a query whose values are bound by name."""
        with self._plain():
            return self._connection.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement that writes; return the id of the row it added."""
        with self._plain():
            return self._connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement that writes once for each of the values."""
        with self._plain():
            self._connection.executemany(sql, values)

    def run_script(self, sql: str) -> None:
        """Run several statements inside the present transaction."""
        with self._plain():
            for statement in _statements(sql):
                self._connection.execute(statement)

    def add_function(self, name: str, function: Callable[..., int]) -> None:
        """Let statements and triggers use a function that always returns the same."""
        with self._plain():
            self._connection.create_function(name, -1, function, deterministic=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Do the block as a whole or not at all; inside another one it is part of that."""
        with self._lock:
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

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read all in the block as it is at one moment, while others write."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self.run("BEGIN")
            try:
                yield
            finally:
                self.run("COMMIT")

    @contextmanager
    def _plain(self) -> Iterator[None]:
        with self._lock, plain_errors(self.path, self.kind):
            yield


def _statements(sql: str) -> Iterator[str]:
    """Cut a script, as sqlite3's own executescript would first commit what is open."""
    lines: list[str] = []
    for line in sql.splitlines():
        lines.append(line)
        if sqlite3.complete_statement("\n".join(lines)):
            yield "\n".join(lines)
            lines = []
