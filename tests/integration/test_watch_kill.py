"""A watch that is killed at any moment loses nothing and repeats nothing."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from autoscreen.protocol import Concept, Element, Protocol
from autoscreen.review import Review
from eutils_server import Entry, EutilsServer
from fork_server import ForkServer, Job

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")

PROTOCOL = Protocol(
    name="coils",
    title="Coils",
    concepts=(Concept(key="coil", element=Element.INTERVENTION, label="Coil", terms=("coil",)),),
    pubmed="coil",
)
# Names where a process kills itself: before the function does its work, or after it.
POINTS = (
    ("autoscreen.store.watch_log:Watches.searched", "after"),
    ("autoscreen.store.watch_log:Watches.note", "after"),
    ("autoscreen.store.imports:Imports.take", "after"),
    ("autoscreen.monitor.lookup:import_read", "before"),
    ("autoscreen.monitor.lookup:import_read", "after"),
    ("autoscreen.store.watch_log:Watches.will_write", "after"),
    ("autoscreen.monitor.publish:_write", "before"),
    ("autoscreen.monitor.publish:_write", "after"),
    ("autoscreen.monitor.watch_run:write_digest", "after"),
    ("autoscreen.store.watch_log:Watches.announce", "after"),
    ("autoscreen.store.watch_log:Watches.end", "after"),
)
# A child runs a command line. It may get the place at which to kill itself.
COMMANDS = """
import pkgutil
import sklearn.linear_model
import autoscreen.monitor, autoscreen.ranking, autoscreen.cli.watch
from autoscreen.cli.main_command import run

def die_at(where, moment):
    above, _, name = where.rpartition(where[max(where.rfind(":"), where.rfind("."))])
    owner = pkgutil.resolve_name(above)
    original = getattr(owner, name)

    def dying(*args, **kwargs):
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        original(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)

def work(out, args, dying, folder, environ):
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(folder)
    os.environ.update(environ)
    if dying:
        die_at(*dying)
    return run(args)
"""


class CommandServer(ForkServer):
    """Runs command lines in processes of their own."""

    def command(self, folder: Path, *args: str, dying: tuple[str, str] | None = None) -> Job:
        """Start a command line."""
        names = [one for one in os.environ if one.startswith(("NCBI_", "AUTOSCREEN_"))]
        environ = {name: os.environ[name] for name in names}
        return self.start(args, dying, str(folder), environ)

    def run(
        self, folder: Path, *args: str, dying: tuple[str, str] | None = None
    ) -> tuple[int, str]:
        """Run a command line to its end; return its exit code and what it wrote."""
        return self.finish(self.command(folder, *args, dying=dying))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandServer]:
    """The process that has loaded everything."""
    made = CommandServer(tmp_path_factory.mktemp("server"), COMMANDS)
    yield made
    made.close()


def reported(folder: Path) -> Counter[tuple[str, str]]:
    """Count each piece of news over all digests of a folder."""
    digests = [json.loads(one.read_text("utf-8")) for one in sorted(folder.glob("*.json"))]
    return Counter((e["kind"], e["pmid"]) for digest in digests for e in digest["entries"])


@pytest.fixture
def review(tmp_path: Path, eutils: EutilsServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A review that has included a study which is retracted now, and new records at PubMed."""
    monkeypatch.setenv("NCBI_API_KEY", "allows more requests a second")
    with Review.create(tmp_path / "coils", protocol=PROTOCOL) as made:
        (tmp_path / "had.nbib").write_text(
            "PMID- 1\nTI  - A coil of old\nAB  - An invented abstract.\n"
        )
        made.import_files([tmp_path / "had.nbib"])
        made.label("1", "include")
    notice = '<CommentsCorrections RefType="RetractionIn"><RefSource>J 1</RefSource>'
    eutils.add(
        [
            Entry(
                pmid="1",
                title="A coil of old",
                comments=f"{notice}</CommentsCorrections>",
                entered=date(2000, 1, 1),
            ),
            *(Entry(pmid=str(n), title=f"A coil, number {n}") for n in range(10, 15)),
        ]
    )
    return tmp_path


WATCH = ("watch", "coils", "--since", "2026-01-01", "--digest", "out")
NEWS = {("retracted", "1"): 1, **{("new", str(n)): 1 for n in range(10, 15)}}


@pytest.mark.parametrize("point", POINTS, ids=lambda one: f"{one[1]} {one[0]}")
def test_killed_at_a_point_the_next_run_tells_all_once(
    review: Path, server: CommandServer, point: tuple[str, str]
) -> None:
    """Also the run after that one has nothing to add."""
    assert server.run(review, *WATCH, dying=point)[0] == -signal.SIGKILL
    assert server.run(review, *WATCH)[0] == 0
    assert reported(review / "out") == NEWS
    assert server.run(review, *WATCH) == (0, "Nothing new\n")
    assert reported(review / "out") == NEWS
    assert (review / "out" / "atom.xml").read_text().count("<entry") == len(NEWS)
    assert not list((review / "out").glob(".*"))


def test_killed_at_random_moments_again_and_again(
    review: Path, server: CommandServer, eutils: EutilsServer
) -> None:
    """Records come in meanwhile; in the end each was reported once."""
    draw = random.Random(7)
    for number in range(20, 32):
        eutils.add([Entry(pmid=str(number), title=f"A coil, number {number}")])
        process = server.command(review, *WATCH)
        time.sleep(draw.uniform(0.0, 1.5))
        os.kill(process.pid, signal.SIGKILL)
        server.finish(process)
    assert server.run(review, *WATCH)[0] == 0
    assert reported(review / "out") == NEWS | {("new", str(n)): 1 for n in range(20, 32)}


def test_of_two_at_once_one_is_sent_away(
    review: Path, server: CommandServer, eutils: EutilsServer
) -> None:
    """It leaves with exit code 1 and one line; what is new is reported once."""
    eutils.faults = [("esearch", "hang")]
    first = server.command(review, *WATCH)
    while not eutils.calls:
        time.sleep(0.02)
    code, said = server.run(review, *WATCH)
    assert code == 1
    assert said.startswith("autoscreen: error:")
    assert "being watched by another process" in said
    assert server.finish(first)[0] == 0
    assert reported(review / "out") == NEWS


def test_exit_codes_fit_a_timer(review: Path, server: CommandServer, eutils: EutilsServer) -> None:
    """Silence and 0 if nothing is new, a line and 0 if something is, 1 if it went wrong."""
    code, said = server.run(review, *WATCH, "--quiet")
    assert code == 0
    assert said.startswith("1 included study retracted, 5 new records to read: ")
    assert Path(said.partition(": ")[2].strip()).is_file()
    assert server.run(review, *WATCH, "--quiet") == (0, "")
    eutils.faults = [("esearch", "forbidden")]
    code, said = server.run(review, *WATCH, "--quiet")
    assert code == 1
    assert said.startswith("autoscreen: error:")
    assert said.count("\n") == 1
    with Review.open(review / "coils") as opened:
        assert opened.watch.runs()[-1].ok is False
