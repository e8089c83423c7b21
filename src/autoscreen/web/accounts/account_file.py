"""The file of accounts and sessions: its tables, and one connection that all threads share."""

from __future__ import annotations

from pathlib import Path

from autoscreen.errors import StoreError
from autoscreen.sqlite_file import SqliteFile
from autoscreen.store.database import Clock, system_clock

_WAIT = 5.0
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
CREATE TABLE IF NOT EXISTS review (
  id INTEGER PRIMARY KEY AUTOINCREMENT, file TEXT NOT NULL, found TEXT NOT NULL,
  made_by TEXT NOT NULL, archived TEXT, deleted TEXT, deleted_by TEXT, stored TEXT
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS review_file ON review (file) WHERE deleted IS NULL;
CREATE TRIGGER IF NOT EXISTS log_stays BEFORE UPDATE ON log
  BEGIN SELECT raise(ABORT, 'the log is only ever added to'); END;
CREATE TRIGGER IF NOT EXISTS log_kept BEFORE DELETE ON log
  BEGIN SELECT raise(ABORT, 'the log is only ever added to'); END;
"""


class AccountFile(SqliteFile):
    """The open file, for use from any thread."""

    def __init__(self, path: Path, *, now: Clock = system_clock) -> None:
        self.now = now
        try:
            path.touch(mode=0o600)
            path.chmod(0o600)
            super().__init__(path, kind="file of accounts", wait=_WAIT, any_thread=True)
            with self.writing():
                self.run_script(_TABLES)
        except (OSError, StoreError) as error:
            raise StoreError(
                f"{path}: the file of accounts cannot be used ({error.__cause__ or error})",
                hint="if it is damaged, move it away and start again; it contains no decisions",
            ) from error
