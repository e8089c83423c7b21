"""Processes that are killed at any moment, and processes that write at the same time."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.formats import write
from autoscreen.protocol import Protocol
from autoscreen.records import Label, Record
from autoscreen.review import Review
from autoscreen.store import Store
from autoscreen.store import store as store_module
from autoscreen.store.migrations import MIGRATIONS, Migration, newest_version
from fork_server import ForkServer, Job

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")

# A child writes a line after each piece of work that was acknowledged.
JOBS = """
import os
from autoscreen.review import Review
from autoscreen.store import Store, store
from autoscreen.store.migrations import Migration

def bring(said, path, *files):
    with Review.open(path) as review:
        for file in files:
            review.import_files([file])
            said(file)

def label(said, path, reviewer, count):
    with Review.open(path) as review:
        for number in range(count):
            ident, note = f"r{number % 7 + 1}", str(number)
            made = review.label(ident, "include", reviewer=reviewer, note=note)
            said(f"{made.id} {number}")

def create(said, path, count):
    for number in range(count):
        Review.create(f"{path}{number}", protocol="rms-pnp").close()
        said(f"{path}{number}.autoscreen")

def migrate(said, path):
    def more(db):
        db.run("CREATE TABLE more (a INTEGER, b TEXT) STRICT")
        db.run_many("INSERT INTO more VALUES (?, ?)", ((n, "x" * 500) for n in range(3_000)))
        db.run("UPDATE more SET b = upper(b)")
    store.MIGRATIONS = (*store.MIGRATIONS, Migration("more", more))
    Store.open(path).close()
    said("migrated")

def prior(said, path, *files):
    with Review.open(path) as review:
        for file in files:
            review.prior_knowledge.import_file(file)
            said(file)

jobs = {job.__name__: job for job in (bring, label, create, migrate, prior)}

def work(out, name, *args):
    jobs[name](lambda text: os.write(out, f"{text}\\n".encode()), *args)
"""


def ended(server: ForkServer, job: Job) -> list[str]:
    """Wait for a process and return what it said; it must not have failed."""
    said = server.finish(job)[1].splitlines()
    assert not [line for line in said if line.startswith("failed")]
    return said


def killed(server: ForkServer, job: Job, seconds: float) -> list[str]:
    """Kill a process after some time and return what it had said until then."""
    time.sleep(seconds)
    os.kill(job.pid, signal.SIGKILL)
    return ended(server, job)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ForkServer]:
    """A process that starts jobs."""
    made = ForkServer(tmp_path, JOBS)
    yield made
    made.close()


@pytest.fixture
def path(tmp_path) -> Path:
    """A review with seven records."""
    with Review.create(tmp_path / "rms", protocol=Protocol.from_title("T")) as made:
        write([Record(title=f"Record {n}", pmid=str(n + 1)) for n in range(7)], tmp_path / "a.nbib")
        made.import_files([tmp_path / "a.nbib"])
    return made.path


def invented(number: int) -> Record:
    words = ["coil", "nerve", "sleep", "motor", "sham", "cord", "limb", "dose", "trial", "scale"]
    subject = " ".join(words[int(digit)] for digit in f"{number * 7919:08d}")
    return Record(title=f"Of {subject}", abstract=f"{subject}. " * 30, pmid=str(1000 + number))


def test_killed_prior_knowledge_is_whole_or_absent(server, path, tmp_path):
    """Whatever the moment, all decisions of a file train the ranking or none does."""
    rows = "".join(f"Of {n},{'pain ' * 200},{n % 2}\n" for n in range(1500))
    file = tmp_path / "old.csv"
    file.write_text(f"title,abstract,included\n{rows}")
    pristine = path.read_bytes()
    began = time.monotonic()
    ended(server, server.start("prior", str(path), str(file)))
    whole = time.monotonic() - began
    chance = random.Random(2)
    outcomes = set()
    for attempt in range(10):
        target = tmp_path / f"try{attempt}.autoscreen"
        target.write_bytes(pristine)
        seconds = chance.uniform(0, whole) if attempt else 0
        said = killed(server, server.start("prior", str(target), str(file)), seconds)
        with Store.open(target) as store:
            assert store.damage() == []
            files, records = store.prior_knowledge.all(), list(store.prior_knowledge.records())
            assert len(files) >= len(said)
            assert len(records) == 1500 * len(files) == 2 * sum(one.included for one in files)
            outcomes.add(len(files))
    assert 0 in outcomes


def test_a_killed_import_leaves_all_of_a_file_or_nothing(server, path, tmp_path):
    """Whatever the moment, each file is in whole or not at all, and what was reported is in."""
    files = [str(tmp_path / f"{name}.nbib") for name in "bcd"]
    for place, file in enumerate(files):  # each file holds half of the one before
        write(map(invented, range(place * 60, place * 60 + 120)), file)
    began = time.monotonic()
    with Review.open(path) as pristine:
        pristine._store._db.back_up(tmp_path / "pristine.autoscreen")
    ended(server, server.start("bring", str(path), *files))
    whole = time.monotonic() - began
    chance = random.Random(1)
    broken_off = 0
    for attempt in range(12):
        target = tmp_path / f"try{attempt}.autoscreen"
        target.write_bytes((tmp_path / "pristine.autoscreen").read_bytes())
        said = killed(server, server.start("bring", str(target), *files), chance.uniform(0, whole))
        with Store.open(target) as store:
            assert store.damage() == []
            runs = store.imports.all()[1:]
            assert [run.path for run in runs][: len(said)] == said
            assert [run.path for run in runs] == files[: len(runs)]
            assert all(run.starts == 120 == run.new + run.merged for run in runs)
            assert store.pool.counts().records == 7 + sum(run.new for run in runs)
            assert store.merges.in_force() == sum(run.merged for run in runs)
            assert len(list(store.pool.contents())) == store.pool.counts().records
        broken_off += len(runs) < len(files)
    assert broken_off


def test_a_killed_reviewer_loses_no_decision(server, path):
    """Each decision that was acknowledged is there, in order; at most one more is."""
    chance = random.Random(2)
    total = 0
    for attempt in range(100):  # a busy machine writes little before each end
        if attempt >= 20 and total > 20:
            break
        said = killed(
            server, server.start("label", str(path), "AA", 10_000), chance.uniform(0.01, 0.15)
        )
        with Store.open(path) as store:
            assert store.damage() == []
            history = list(store.decisions.history())[total:]
            assert [f"{entry.id} {entry.note}" for entry in history][: len(said)] == said
            assert len(history) - len(said) in (0, 1)
            assert [entry.note for entry in history] == [str(n) for n in range(len(history))]
            total += len(history)
    assert total > 20


def test_a_killed_migration_leaves_the_old_file_or_the_new_one(server, path, tmp_path, monkeypatch):
    """The file opens afterwards in any case, and a copy that bears its final name is complete."""
    pristine = path.read_bytes()
    began = time.monotonic()
    ended(server, server.start("migrate", str(path)))
    whole = time.monotonic() - began
    chance = random.Random(3)
    seen = set()
    for attempt in range(12):
        target = tmp_path / f"try{attempt}.autoscreen"
        target.write_bytes(pristine)
        said = killed(server, server.start("migrate", str(target)), chance.uniform(0, whole))
        with monkeypatch.context() as patched:
            later = Migration("more", lambda db: db.run("CREATE TABLE more (a, b)"))
            patched.setattr(store_module, "MIGRATIONS", (*MIGRATIONS, later))
            with Store.open(target) as store:
                assert store.damage() == []
                assert store.pool.counts().records == 7
                assert store._db.value("PRAGMA user_version") == newest_version(MIGRATIONS) + 1
                rows = store._db.value("SELECT count(*) FROM more")
        assert rows == 3_000 if said else rows in (0, 3_000)
        seen.add(rows)
        for copy in tmp_path.glob(f"{target.name}.v*.bak"):
            with Store.open(copy) as old:
                assert old.damage() == []
                assert old.pool.counts().records == 7
    assert 0 in seen


def test_a_killed_creation_leaves_a_review_or_nothing(server, tmp_path):
    """No half review ever bears the name that was asked for."""
    chance = random.Random(4)
    for attempt in range(8):
        folder = tmp_path / f"try{attempt}"
        folder.mkdir()
        said = killed(
            server, server.start("create", str(folder / "r"), 500), chance.uniform(0.01, 0.2)
        )
        made = sorted(str(file) for file in folder.glob("r*.autoscreen"))
        assert set(said) <= set(made)
        for file in made:
            with Review.open(file) as review:
                assert review.protocol.name == "rms-pnp"


def test_several_processes_write_at_once(server, path, tmp_path):
    """Two reviewers label while files come in: all wait their turn, and nothing is lost."""
    files = [str(tmp_path / f"{name}.nbib") for name in "bc"]
    for place, file in enumerate(files):
        write(map(invented, range(place * 60, place * 60 + 100)), file)
    jobs = [server.start("label", str(path), reviewer, 150) for reviewer in ("AA", "BB")]
    jobs += [server.start("bring", str(path), file) for file in files]
    said = [ended(server, job) for job in jobs]
    assert [len(lines) for lines in said] == [150, 150, 1, 1]
    with Store.open(path) as store:
        assert store.damage() == []
        history = list(store.decisions.history())
        for reviewer, lines in zip(("AA", "BB"), said, strict=False):
            own = [entry for entry in history if entry.reviewer == reviewer]
            assert [f"{entry.id} {entry.note}" for entry in own] == lines
        assert store.decisions.counts()[Label.INCLUDE] == 7
        # The two files share forty records, whichever came first.
        assert store.pool.counts().records == 7 + 160
        assert sorted(run.merged for run in store.imports.all()) == [0, 0, 40]
