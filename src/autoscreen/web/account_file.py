"""The file of accounts and sessions: its tables, and one connection that all threads share."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autoscreen.errors import StoreError

__all__ = ["AccountFile"]

_TABLES = """
CREATE TABLE IF NOT EXISTS account (
  name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL, password TEXT NOT NULL,
  made TEXT NOT NULL, left_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
  token TEXT PRIMARY KEY, name TEXT NOT NULL, account INTEGER NOT NULL,
  begun TEXT NOT NULL, seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invitation (
  token TEXT PRIMARY KEY, id INTEGER NOT NULL UNIQUE, role TEXT NOT NULL, made_by TEXT NOT NULL,
  made TEXT NOT NULL, ends TEXT NOT NULL, used_by TEXT, withdrawn TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
  about TEXT NOT NULL, address TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS log_stays BEFORE UPDATE ON log
  BEGIN SELECT raise(ABORT, 'the log is only ever added to'); END;
CREATE TRIGGER IF NOT EXISTS log_kept BEFORE DELETE ON log
  BEGIN SELECT raise(ABORT, 'the log is only ever added to'); END;
"""


class AccountFile:
    """The open file; each statement holds it for itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            path.touch(mode=0o600)
            path.chmod(0o600)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{path}: the file of accounts and sessions cannot be used ({error})",
                hint="if it is damaged, move it away and start again; no decision is in it",
            ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement that writes, and give the number of rows that it changed."""
        with self._lock, self._plain():
            return self._db.execute(sql, values).rowcount

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with self._lock, self._plain():
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(sql, *values)), None)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Do the block as a whole or not at all; inside another one it is part of that."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self.run("BEGIN IMMEDIATE")
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _plain(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(
                f"{self.path}: could not be used ({error})", hint="try again"
            ) from error
