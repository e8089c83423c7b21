"""One connection to a review file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

from autoscreen.sqlite_file import Row, SqliteFile, disk_is_full

__all__ = ["Clock", "Database", "Row", "stamp", "system_clock"]

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the time of this machine, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC with milliseconds, as review files store it."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


class Database(SqliteFile):
    """A connection to a review file, for one thread."""

    def __init__(self, path: Path, *, wait: float, now: Clock, mode: str = "rw") -> None:
        super().__init__(path, kind="review file", wait=wait, mode=mode)
        self.wait = wait
        self.now = now
        if disk_is_full(path):
            # The index of the write-ahead log has no room on the disk; so it is kept in memory.
            self.run("PRAGMA locking_mode = EXCLUSIVE")
        # FULL: a commit is on the disk before it returns, also through a power cut
        # (fullfsync is what that takes on macOS).
        for pragma in ("synchronous = FULL", "fullfsync = ON", "foreign_keys = ON"):
            self.run(f"PRAGMA {pragma}")
        self.add_function("row_checksum", _row_checksum)
        for pragma in ("cell_size_check = ON", "cache_size = -65536"):
            self.run(f"PRAGMA {pragma}")

    def time(self) -> str:
        """Return the time now, as it is stored."""
        return stamp(self.now())

    def paged(self, sql: str, *values: Any, size: int = 500) -> Iterator[Row]:
        """Yield the rows of a query that may be long, while others read and write."""
        names = {str(number): value for number, value in enumerate(values, 1)}
        after = 0
        while page := self.named(sql, {**names, "after": after, "size": size}):
            yield from page
            after = page[-1][0]

    def back_up(self, target: Path) -> None:
        """Copy the whole review to a new file."""
        with self._plain():
            copy = sqlite3.connect(target)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()


def _row_checksum(*values: object) -> int:
    """Return the CRC-32 of the values of a row; bytes count as their digits."""
    return crc32(json.dumps(values, default=bytes.hex).encode())
