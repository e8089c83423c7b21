"""
A checksum of each row that is only ever added, and of merges, searches and jobs, which change.

So a flipped bit is noticed. Triggers make the checksum when a row is added or changed. Records have
checksums beside their texts; what else is in their rows follows from texts, merges and decisions.
"""

from __future__ import annotations

from collections.abc import Iterator

from autoscreen.errors import SchemaError
from autoscreen.store.database import Database

# ruff: noqa: S608  (the names of tables and columns are those of schema.sql)

_CHANGING = ("merge", "search", "job")
# Those with a trigger that forbids any change, and these; the texts in three have their own
# checksum.
_TABLES = f"""
SELECT tbl_name FROM sqlite_schema
WHERE type = 'trigger' AND (sql LIKE '% BEFORE UPDATE ON %' OR tbl_name IN {_CHANGING})
  AND name = tbl_name || '_stays' AND tbl_name NOT IN ('source_text', 'prior_record', 'pdf')
  AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE wr)
ORDER BY tbl_name
"""


def add_triggers(db: Database) -> None:
    """Let each row of these tables have a checksum."""
    for (table,) in db.rows(_TABLES):
        made = f"row_checksum({_columns(db, table, 'new.')})"
        db.run(
            f"CREATE TRIGGER {table}_checksum AFTER INSERT ON {table} BEGIN "
            f"INSERT INTO row_checksum VALUES ('{table}', new.rowid, {made}); END"
        )
        if table in _CHANGING:
            db.run(
                f"CREATE TRIGGER {table}_checksum_again AFTER UPDATE ON {table} BEGIN "
                f"UPDATE row_checksum SET checksum = {made} "
                f"WHERE table_name = '{table}' AND row_id = new.rowid; END"
            )


def damaged_rows(db: Database) -> Iterator[str]:
    """Yield what is wrong with rows that have a checksum."""
    for (table,) in db.rows(_TABLES):
        yield from damaged_rows_of(db, table)


def damaged_rows_of(db: Database, table: str) -> Iterator[str]:
    """Yield the rows of a table that differ from their checksum, or are missing."""
    sql = (
        f"SELECT {table}.rowid FROM {table} LEFT JOIN row_checksum "
        f"ON table_name = '{table}' AND row_id = {table}.rowid "
        f"WHERE row_checksum({_columns(db, table)}) IS NOT checksum"
    )
    for (number,) in db.rows(sql):
        yield f"row {number} of the table {table} is damaged"
    missing = (
        f"SELECT row_id FROM row_checksum WHERE table_name = '{table}' "
        f"AND row_id NOT IN (SELECT rowid FROM {table})"
    )
    for (number,) in db.rows(missing):
        yield f"row {number} of the table {table} is missing"


def check_decisions(db: Database) -> None:
    """Raise a SchemaError if a decision differs from its checksum."""
    for problem in damaged_rows_of(db, "decision"):
        raise SchemaError(
            f"{db.path}: {problem}",
            hint="restore a copy of the review; autoscreen doctor REVIEW lists all damage",
        )


def _columns(db: Database, table: str, prefix: str = "") -> str:
    names = (str(row[1]) for row in db.rows(f"PRAGMA table_info({table})"))
    return ", ".join(f"{prefix}{name}" for name in names)
