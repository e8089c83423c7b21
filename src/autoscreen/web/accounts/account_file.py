"""The file of accounts and sessions: its tables, and one connection that all threads share."""

from __future__ import annotations

from pathlib import Path

from autoscreen.errors import StoreError
from autoscreen.sqlite_file import SqliteFile
from autoscreen.store.database import Clock, stamp, system_clock

SERVER = 0
"""Stands for the server itself where a review is named, or for its only review."""

_WAIT = 5.0
_VERSION = 3
# membership: the role in a review; in SERVER, OWNER owns the server and with it all reviews.
# draft: the answers for a new review that an account has not created yet, as JSON.
# review: the reviews of a folder; the number stays when a name is used again.
_TABLES = """
CREATE TABLE IF NOT EXISTS account (
  name TEXT PRIMARY KEY COLLATE NOCASE, password TEXT NOT NULL, email TEXT NOT NULL,
  made TEXT NOT NULL, seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS membership (
  name TEXT NOT NULL COLLATE NOCASE REFERENCES account (name), review INTEGER NOT NULL,
  role TEXT NOT NULL, made TEXT NOT NULL, left_at TEXT, PRIMARY KEY (name, review)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
  token TEXT PRIMARY KEY, name TEXT NOT NULL, account INTEGER NOT NULL,
  begun TEXT NOT NULL, seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS invitation (
  token TEXT PRIMARY KEY, id INTEGER NOT NULL UNIQUE, person TEXT NOT NULL, email TEXT NOT NULL,
  review INTEGER NOT NULL, role TEXT NOT NULL, made_by TEXT NOT NULL, made TEXT NOT NULL,
  ends TEXT NOT NULL, used_by TEXT, withdrawn TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reset (
  token TEXT PRIMARY KEY, name TEXT NOT NULL, made_by TEXT NOT NULL, made TEXT NOT NULL,
  ends TEXT NOT NULL, used TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting (
  name TEXT NOT NULL COLLATE NOCASE, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS draft (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE, step TEXT NOT NULL,
  content TEXT NOT NULL, at TEXT NOT NULL, discarded TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS log (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
  about TEXT NOT NULL, address TEXT NOT NULL, review INTEGER NOT NULL
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
                self._make_tables()
        except (OSError, StoreError) as error:
            raise StoreError(
                f"{path}: the file of accounts cannot be used ({error.__cause__ or error})",
                hint="if it is damaged, move it away and start again; it contains no decisions",
            ) from error

    def _make_tables(self) -> None:
        empty = not self.row("SELECT 1 FROM sqlite_master LIMIT 1")
        version = self.value("PRAGMA user_version")
        if not empty and version != _VERSION:
            raise StoreError(f"its tables are {version}, this version reads {_VERSION}")
        self.run_script(_TABLES)
        self.run(f"PRAGMA user_version = {_VERSION}")

    def time(self) -> str:
        """Return the time now, as it is stored."""
        return stamp(self.now())
