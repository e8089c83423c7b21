"""Creating, opening and refusing review files."""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import autoscreen
from autoscreen.dedup import MatchFields
from autoscreen.errors import ConflictError, SchemaError, StoreError
from autoscreen.records import Label, Notice, NoticeKind, Record, Verdict
from autoscreen.store import Store, design_tags, review_path
from autoscreen.store.database import Database
from autoscreen.store.match_keys import match_keys_of
from autoscreen.store.migrations import FIRST_VERSION, MIGRATIONS, newest_version


@pytest.fixture
def path(store: Store, take_in) -> Path:
    """A closed review file with some records."""
    take_in(store, [Record(title=f"Record {n} " + "word " * 400) for n in range(100)])
    store.close()
    return store.path


def refused(path: Path, error: type[StoreError], words: str) -> None:
    """Opening the file fails with these words and leaves every file of its folder as it is."""
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(error, match=words) as caught:
        Store.open(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    after = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    assert {name: data for name, data in after.items() if name in before} == before
    assert path.name not in {file.name for file in after.keys() - before.keys()}


def test_a_name_stands_for_the_file_in_this_folder(tmp_path, monkeypatch):
    """A reviewer writes 'rms' and means rms.autoscreen; a file that exists is taken as named."""
    monkeypatch.chdir(tmp_path)
    assert review_path("rms") == Path("rms.autoscreen")
    assert review_path("rms.autoscreen") == Path("rms.autoscreen")
    assert review_path("a.b") == Path("a.b.autoscreen")
    Path("copy.db").touch()
    assert review_path("copy.db") == Path("copy.db")
    Path("rms").mkdir()
    Path("rms.autoscreen").touch()
    assert review_path("rms") == Path("rms.autoscreen")


def test_a_new_review_is_one_complete_file(tmp_path):
    """Nothing is left beside a review file once it is closed."""
    with Store.create(tmp_path / "rms", name="rms", protocol="p", origin="o") as store:
        assert (store.name, store.protocol()) == ("rms", ("p", "o"))
        assert store.damage() == []
    assert [file.name for file in tmp_path.iterdir()] == ["rms.autoscreen"]


def test_a_file_says_that_it_is_a_review(path):
    """Other programs can tell a review file by its application id and version."""
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA application_id").fetchone() == (0x61757363,)
    assert connection.execute("PRAGMA user_version").fetchone() == (newest_version(MIGRATIONS),)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_what_was_written_is_there_when_the_file_is_opened_again(path):
    """Records survive closing and opening, and so does a move to another folder."""
    moved = path.parent / "elsewhere" / "a name with blanks, Ü and 100 %.autoscreen"
    moved.parent.mkdir()
    shutil.move(path, moved)
    with Store.open(moved) as store:
        assert store.pool.counts().records == 100


def test_a_commit_waits_for_the_disk(store):
    """What was acknowledged survives a power cut: each commit is synced, the log included."""
    pragmas = ("journal_mode", "synchronous", "fullfsync", "foreign_keys")
    assert [store._db.value(f"PRAGMA {name}") for name in pragmas] == ["wal", 2, 1, 1]


def test_a_review_is_not_created_over_another(path):
    """Creating a review where there is one is refused and leaves it alone."""
    before = path.read_bytes()
    with pytest.raises(ConflictError, match="there is a review of this name already"):
        Store.create(path, name="x", protocol="p", origin="o")
    assert path.read_bytes() == before
    assert len(list(path.parent.iterdir())) == 1


def test_of_two_that_create_the_same_review_one_is_told_so(tmp_path, monkeypatch):
    """A review that appears in the last moment is not replaced."""
    monkeypatch.setattr(Path, "exists", lambda self: self == tmp_path)
    (tmp_path / "rms.autoscreen").write_text("somebody else's")
    with pytest.raises(ConflictError, match="already"):
        Store.create(tmp_path / "rms", name="x", protocol="p", origin="o")
    assert (tmp_path / "rms.autoscreen").read_text() == "somebody else's"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_review_can_be_created_where_there_are_no_hard_links(tmp_path, monkeypatch):
    """Some file systems, as on USB sticks, know no hard links."""

    def no_links(self, target):
        raise OSError("not supported")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    with Store.create(tmp_path / "rms", name="rms", protocol="p", origin="o") as store:
        assert store.pool.counts().records == 0


def test_creating_in_a_missing_folder_says_so(tmp_path):
    """A typo in the folder is named, not answered with an SQLite message."""
    with pytest.raises(StoreError, match=r"there is no folder .*missing; make it first"):
        Store.create(tmp_path / "missing" / "rms", name="x", protocol="p", origin="o")


def test_a_missing_review_says_how_to_make_one(tmp_path):
    """Opening what does not exist creates nothing."""
    refused(tmp_path / "rms.autoscreen", StoreError, "no such review; make one with: auto")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_refused(tmp_path):
    """A folder is not a review, whatever its name."""
    (tmp_path / "rms.autoscreen").mkdir()
    refused(tmp_path / "rms.autoscreen", SchemaError, "is a folder")


def test_no_name_is_no_review(tmp_path, monkeypatch):
    """An empty name means this folder, which is no review."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SchemaError, match="is a folder"):
        Store.open("")


@pytest.mark.parametrize("content", [b"", b"PMID- 1\nTI  - A title\n" * 20, b"SQLite format 3\0"])
def test_what_is_no_database_is_refused(tmp_path, content):
    """An export file, an empty file or the stump of a database is refused by name."""
    (tmp_path / "rms.autoscreen").write_bytes(content)
    refused(tmp_path / "rms.autoscreen", SchemaError, "is not a review file")


def test_a_database_of_another_program_is_refused(tmp_path):
    """An SQLite file without our application id stays untouched."""
    path = tmp_path / "zotero.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    refused(path, SchemaError, "of another program")


def test_a_file_from_a_newer_version_is_refused(path):
    """A newer version's tables are not guessed at."""
    data = bytearray(path.read_bytes())
    data[60:64] = struct.pack(">I", 999)
    path.write_bytes(data)
    refused(path, SchemaError, r"newer autoscreen \(tables 999.*pip install --upgrade autoscreen")


def test_a_file_from_before_the_first_release_is_refused(path):
    """Its tables are unknown to this program, and the message says how to keep the records."""
    data = bytearray(path.read_bytes())
    data[60:64] = struct.pack(">I", FIRST_VERSION - 1)
    path.write_bytes(data)
    refused(path, SchemaError, r"before the first release.*export its records.*into a new review")


def test_a_newer_version_is_noticed_in_the_log_too(path, tmp_path):
    """A process of a newer version that was killed leaves its mark in the log only."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA user_version = 999")
    copy = tmp_path / "killed" / path.name
    copy.parent.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    connection.close()
    refused(copy, SchemaError, "newer autoscreen")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_file_cut_short_is_refused(path, share):
    """A download that broke off is named as such."""
    size = path.stat().st_size
    os.truncate(path, int(size * share))
    refused(path, SchemaError, r"is cut short \(\d+ of \d+ bytes\); copy or download it again")


def test_a_damaged_page_is_noticed_on_opening(path):
    """Garbage in the middle of a file is found before anything is written."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 8192] = b"\xa5" * 8192
    path.write_bytes(data)
    refused(path, SchemaError, "is damaged")


def test_damage_that_shows_later_is_a_schema_error(path, monkeypatch):
    """In a file too large to be checked whole, damage is named when it is met."""
    monkeypatch.setattr("autoscreen.store.review_file._CHECKED_WHOLE", 0)
    data = bytearray(path.read_bytes())
    for start in range(0, len(data), 4096):
        if b'{"title":' in data[start : start + 4096]:  # what records say, not what tables are
            data[start : start + 100] = b"\xa5" * 100
    path.write_bytes(data)
    with Store.open(path) as store, pytest.raises(SchemaError, match="damaged"):
        list(store.pool.records())


def test_all_damage_of_a_file_can_be_listed(path):
    """A full check also finds rows that point to nothing."""
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = 'x'")
    connection.execute("DELETE FROM record WHERE id = 7")
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        assert store.damage() == ["row 7 of source refers to a missing row of record"]


def test_a_changed_bit_in_a_text_is_noticed(path):
    """The checksum of a text names its record on reading, and the full check lists it."""
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER source_text_stays")
    connection.execute(
        "UPDATE source_text SET content = replace(content, 'i', 'j') WHERE source_id = 3"
    )
    connection.execute("UPDATE source_text SET raw = zeroblob(9) WHERE source_id = 4")
    connection.execute("UPDATE record SET title = title || 'x' WHERE id = 5")
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        with pytest.raises(SchemaError, match="the stored text of record r3 is damaged"):
            store.pool.record(3)
        assert store.damage()[0] == "the text of record r3 (record 3 of a) is damaged"
        assert "record r5 differs from its text" in store.damage()[-1]


FLIPS = {
    "source_text": "UPDATE source_text SET content = replace(content, 'title', 'tjtle')",
    "match_key": "UPDATE match_key SET key = replace(key, 'title', 'tjtle')",
    "record": "UPDATE record SET view = replace(view, 'title', 'tjtle')",
}
READINGS = {
    "known": lambda store: store.watches.known(["30000003"]),
    "included": lambda store: store.watches.included(),
    "retracting": lambda store: store.watches.retracting(),
    "designs": lambda store: design_tags.catch_up(store._db),
    "some keys": lambda store: match_keys_of(store._db, "[1]"),
    "related": lambda store: store.imports.related([MatchFields(pmid="30000003")] * 30),
    "contents": lambda store: list(store.pool.contents()),
}


@pytest.mark.parametrize(
    ("table", "reading"),
    [
        ("source_text", "known"),
        ("source_text", "included"),
        ("source_text", "retracting"),
        ("source_text", "designs"),
        ("source_text", "contents"),
        ("match_key", "related"),
        ("match_key", "some keys"),
        ("record", "contents"),
        ("record", "designs"),
    ],
)
def test_a_flipped_byte_is_noticed_by_whatever_reads_it(tmp_path, take_in, table, reading):
    """Each table with a text has its checksum, which each reading compares; the check names it."""
    path = tmp_path / "flip.autoscreen"
    notice = Notice(kind=NoticeKind.RETRACTION)
    with Store.create(path, name="flip", protocol="", origin="test") as store:
        take_in(store, [Record(title="A title", pmid="30000003", notices=(notice,))] * 2)
        store.decisions.add(1, Verdict(label=Label.INCLUDE))
        if table == "record":
            store.merges.join([(1, 2, "same")])
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER source_text_stays")
    connection.execute(f"{FLIPS[table]} WHERE {'id' if table == 'record' else 'source_id'} = 1")
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        with pytest.raises(SchemaError, match="of record r1 is damaged"):
            READINGS[reading](store)
        assert "r1" in store.damage()[0]


def test_a_flipped_bit_in_a_merge_is_noticed_and_undoing_it_is_not_damage(tmp_path, take_in):
    """The checksum of a merge follows its undoing; another end of it is named."""
    path = tmp_path / "flip.autoscreen"
    with Store.create(path, name="flip", protocol="b", origin="test") as store:
        take_in(store, [Record(title=f"A title {n}") for n in range(3)])
        store.merges.join([(1, 2, "same"), (1, 3, "same")])
        store.merges.undo(1)
        assert store.damage() == []
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER merge_checksum_again")
    connection.execute("UPDATE merge SET undone_at = NULL WHERE id = 1")
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        assert store.damage() == ["row 1 of the table merge is damaged"]


ROWS = {
    "decision": "UPDATE decision SET label = 'exclude' WHERE id = 1",
    "comment": "UPDATE comment SET text = 'np' WHERE id = 1",
    "protocol": "UPDATE protocol SET text = 'a' WHERE id = 1",
    "tagging": "UPDATE tagging SET tag = 'latfr' WHERE rowid = 1",
}


@pytest.mark.parametrize("table", ROWS)
def test_a_flipped_bit_in_what_people_wrote_is_noticed(tmp_path, take_in, table):
    """Decisions, comments, tags and protocols have checksums, which the check compares."""
    path = tmp_path / "flip.autoscreen"
    with Store.create(path, name="flip", protocol="b", origin="test") as store:
        take_in(store, [Record(title="A title", pmid="30000003")])
        store.decisions.add(1, Verdict(label=Label.INCLUDE, note="why"))
        store.comments.add(1, "no", "AA", ())
        store.tags.set(1, "later", "AA", on=True)
        assert store.damage() == []
    connection = sqlite3.connect(path)
    connection.execute(f"DROP TRIGGER {table}_stays")
    connection.execute(ROWS[table])
    assert connection.total_changes == 1
    # The check goes by the triggers that forbid changes.
    connection.execute(
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} BEGIN SELECT raise(ABORT, ''); END"
    )
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        assert store.damage() == [f"row 1 of the table {table} is damaged"]
        if table == "decision":
            with pytest.raises(SchemaError, match="row 1 of the table decision is damaged"):
                store.check_decisions()


def test_a_decision_that_is_gone_is_noticed(path):
    """Its checksum is still there."""
    with Store.open(path) as store:
        store.decisions.add(1, Verdict(label=Label.INCLUDE))
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER decision_kept")
    connection.execute("UPDATE record SET decision_id = NULL")
    connection.execute("DELETE FROM decision")
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        assert "row 1 of the table decision is missing" in store.damage()


def test_a_full_disk(path, take_in):
    """Without any room on the disk a review is read as before; a change says that it is full."""
    folder = path.parent / "small"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True, check=False
    ).returncode:
        pytest.skip("a small disk can only be mounted as root")
    try:
        small = shutil.copy(path, folder)
        filling = os.open(folder / "filling", os.O_WRONLY | os.O_CREAT)
        with suppress(OSError):
            while True:
                os.write(filling, bytes(4096))
        os.close(filling)
        with Store.open(small) as store:
            assert len(list(store.pool.records())) == 100
            with pytest.raises(StoreError, match="the disk is full; nothing was changed"):
                take_in(store, [Record(title="One more " * 100)])
            assert len(list(store.pool.records())) == 100
    finally:
        subprocess.run(["umount", folder], check=True)


def test_unfinished_copies_of_dead_processes_are_removed(path):
    """The next opening cleans up after a killed process, and leaves what others are writing."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    left = [
        path.with_name(f"{path.name}.v7.bak.{gone.pid}"),
        path.with_name(f"{path.name}.v7.bak.{gone.pid}-journal"),
        path.with_name(f".{path.name}.{gone.pid}.new"),
        path.with_name(f".{path.name}-counts.npz.{gone.pid}.new"),
    ]
    kept = [
        path.with_name(f"{path.name}.v7.bak"),
        path.with_name(f"{path.name}.v7.bak.{os.getpid()}"),
        path.with_name(f"other-{path.name}.v7.bak.{gone.pid}"),
    ]
    for file in (*left, *kept):
        file.touch()
    Store.open(path).close()
    assert not any(file.exists() for file in left)
    assert all(file.exists() for file in kept)


_AS_NOBODY = """
import os, sys
from pathlib import Path
from typing import Any
from autoscreen.errors import StoreError
from autoscreen.store import Store
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Store.open(sys.argv[1])
except StoreError as error:
    print(error)
try:
    Store.create(Path(sys.argv[1]).with_name("new"), name="x", protocol="", origin="")
except StoreError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
@pytest.mark.parametrize(("folder", "file"), [(0o555, 0o644), (0o777, 0o444)])
def test_a_place_that_cannot_be_written_is_named(path, folder, file):
    """A review on a read-only share is refused with advice, and stays as it is."""
    # Not in the tests' own folder, which other users may not enter.
    shared = Path(tempfile.mkdtemp(prefix="autoscreen-share-"))
    copy = Path(shutil.copy(path, shared))
    before = copy.read_bytes()
    copy.chmod(file)
    shared.chmod(folder)
    source = Path(autoscreen.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, str(copy)],
        env={"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )
    shared.chmod(0o755)
    after = copy.read_bytes()
    shutil.rmtree(shared)
    assert "cannot be written; copy the review to a folder of your own" in done.stdout, done.stderr
    assert after == before


def test_a_place_is_tried_before_sqlite_is(path, monkeypatch):
    """What may not be written is found out before the file is opened."""
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    refused(path, StoreError, "cannot be written; copy the review to a folder of your own")


def test_a_file_that_cannot_be_read_is_named(path, monkeypatch):
    """Missing rights to read are named."""

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", locked)
        with pytest.raises(StoreError, match=r"rms\.autoscreen: cannot be read \(Permission"):
            Store.open(path)


def test_a_failing_disk_is_named_on_creating(tmp_path, monkeypatch):
    """An error of the system leaves nothing behind."""

    def full(self):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "touch", full)
    with pytest.raises(StoreError, match=r"cannot be created \(No space left on device\)"):
        Store.create(tmp_path / "rms", name="x", protocol="p", origin="o")
    assert list(tmp_path.iterdir()) == []


def test_of_two_that_create_without_hard_links_one_is_told_so(tmp_path, monkeypatch):
    """A review that appeared meanwhile is not replaced there either."""

    def overtaken(self, target):
        self.write_text("somebody else's")
        raise OSError("not supported")

    monkeypatch.setattr(Path, "hardlink_to", overtaken)
    with pytest.raises(ConflictError, match="already"):
        Store.create(tmp_path / "rms", name="x", protocol="p", origin="o")
    assert (tmp_path / "rms.autoscreen").read_text() == "somebody else's"


def test_a_file_that_turns_read_only_is_named(store):
    """When writing is no longer allowed, the message says where to go."""
    store._db.run("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match=r"cannot be written .*; copy it to a folder of your own"):
        store.set_protocol("p", "o")


def test_an_old_sqlite_is_named(tmp_path, monkeypatch):
    """A Python with an SQLite that lacks strict tables gets a message with the remedy."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(StoreError, match=r"SQLite .*3\.37 or newer is needed"):
        Store.create(tmp_path / "rms", name="x", protocol="p", origin="o")


def test_a_full_disk_is_named(store, take_in):
    """When the disk is full nothing is changed and the message says so."""
    pages = store._db.value("PRAGMA page_count")
    store._db.run(f"PRAGMA max_page_count = {pages + 5}")
    with pytest.raises(StoreError, match="the disk is full"):
        take_in(store, [Record(title="t" * 5000) for _ in range(50)])
    assert store.pool.counts().records == 0
    assert store.imports.all() == []


def test_an_error_without_a_name_is_passed_on_in_words(store):
    """Anything else SQLite says reaches the user as one line about the file."""
    with pytest.raises(StoreError, match=r"rms\.autoscreen: the review file could not be used"):
        store._db.run("DELETE FROM source_of_all_evil")


def test_history_cannot_be_changed_from_outside(path):
    """Other SQLite tools cannot rewrite sources, decisions, merges or protocols by accident."""
    connection = sqlite3.connect(path)
    for statement in (
        "UPDATE source_text SET content = ''",
        "UPDATE source SET ordinal = 9",
        "DELETE FROM source_text",
        "DELETE FROM source",
        "DELETE FROM protocol",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)
    connection.close()


def test_the_protocol_gets_versions(store):
    """A new protocol is in force at once and the old one is kept."""
    before = store.pool.epoch()
    store.set_protocol("title = 'new'", "mine.toml")
    assert store.protocol() == ("title = 'new'", "mine.toml")
    assert store.pool.epoch() > before
    assert store._db.value("SELECT count(*) FROM protocol") == 2


def test_a_twin_sees_what_was_committed(store, take_in):
    """Another thread works on a connection of its own."""
    with store.reopen() as reopen:
        take_in(store, [Record(title="A")])
        assert reopen.pool.counts().records == 1


def test_a_page_that_is_just_being_written_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import of another process may make the check fail once; it is repeated."""
    Store.create(tmp_path / "rms", name="rms", protocol="p", origin="o").close()
    answers = ["*** in database main ***\nunable to get page 7, error code=522", "ok"]
    value = Database.value

    def first_busy(db: Database, sql: str, *values: Any) -> Any:
        return answers.pop(0) if "quick_check" in sql else value(db, sql, *values)

    monkeypatch.setattr(Database, "value", first_busy)
    Store.open(tmp_path / "rms").close()
    assert not answers
