"""Bringing review files of older versions up to date."""

from __future__ import annotations

import sqlite3

import pytest

from autoscreen.records import Record
from autoscreen.store import Store
from autoscreen.store import store as store_module
from autoscreen.store.migrations import MIGRATIONS, Migration, newest_version


def _add_column(db):
    db.run("ALTER TABLE meta ADD COLUMN comment TEXT")


NEXT = Migration("comments", _add_column)
NOW = newest_version(MIGRATIONS)


@pytest.fixture
def path(store, take_in):
    """A closed review file of the version before the next."""
    take_in(store, [Record(title="A")])
    store.close()
    return store.path


def later(monkeypatch, *added: Migration) -> None:
    """Let the program be of a later version."""
    monkeypatch.setattr(store_module, "MIGRATIONS", (*MIGRATIONS, *added))


def test_an_older_file_is_brought_up_to_date_after_a_copy_was_made(path, monkeypatch):
    """Opening applies what the file lacks, records it, and leaves a copy of the old file."""
    later(monkeypatch, NEXT)
    with Store.open(path) as store:
        assert store._db.value("SELECT count(comment) FROM meta") == 0
        names = [row[0] for row in store._db.rows("SELECT name FROM migration ORDER BY version")]
        assert names == ["the first tables", *(step.name for step in MIGRATIONS), "comments"]
        assert store.pool.counts().records == 1
    backup = path.with_name(f"{path.name}.v{NOW}.bak")
    assert sorted(path.parent.iterdir()) == [path, backup]
    monkeypatch.undo()
    with Store.open(backup) as old:
        assert old.pool.counts().records == 1


def test_an_up_to_date_file_is_not_copied(path):
    """Opening a file of this version changes nothing."""
    before = path.read_bytes()
    Store.open(path).close()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_migration_that_fails_changes_nothing(path, monkeypatch):
    """Half a migration is none: the file is as before, and opens with the old version."""

    def break_off(db):
        _add_column(db)
        raise RuntimeError("broke off")

    later(monkeypatch, Migration("bad", break_off))
    with pytest.raises(RuntimeError, match="broke off"):
        Store.open(path)
    monkeypatch.undo()
    with Store.open(path) as store:
        assert len(store._db.rows("SELECT * FROM pragma_table_info('meta')")) == 2
        assert store._db.value("PRAGMA user_version") == NOW


def test_copies_are_never_replaced(path, monkeypatch):
    """A second copy of the same version gets a number."""
    first = path.with_name(f"{path.name}.v{NOW}.bak")
    first.write_text("precious")
    later(monkeypatch, NEXT)
    Store.open(path).close()
    assert first.read_text() == "precious"
    assert path.with_name(f"{path.name}.v{NOW}-2.bak").exists()


def test_two_processes_migrate_once(path, monkeypatch):
    """Who comes second finds the work done and does not do it again."""
    later(monkeypatch, NEXT)

    def overtaken(db, target):
        other = sqlite3.connect(path)
        other.execute("ALTER TABLE meta ADD COLUMN comment TEXT")
        other.execute(f"PRAGMA user_version = {NOW + 1}")
        other.commit()
        other.close()
        target.touch()

    monkeypatch.setattr("autoscreen.store.database.Database.back_up", overtaken)
    with Store.open(path) as store:
        assert store._db.value("SELECT count(*) FROM migration") == len(MIGRATIONS) + 1
