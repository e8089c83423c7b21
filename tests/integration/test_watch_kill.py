"""A watch that is killed at any moment loses nothing and repeats nothing."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import autoscreen
from autoscreen.monitor import watch
from autoscreen.protocol import Concept, Element, Protocol
from autoscreen.pubmed import Eutils
from autoscreen.review import Review
from eutils_server import Entry, EutilsServer

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")

PROTOCOL = Protocol(
    name="coils",
    title="Coils",
    concepts=(Concept(key="coil", element=Element.INTERVENTION, label="Coil", terms=("coil",)),),
    pubmed="coil",
)
# Names where a process kills itself: before the function does its work, or after it.
POINTS = (
    ("autoscreen.store._watches:Watches.searched", "after"),
    ("autoscreen.store._watches:Watches.note", "after"),
    ("autoscreen.store._imports:Imports.take", "after"),
    ("autoscreen.monitor._look:take_in", "before"),
    ("autoscreen.monitor._look:take_in", "after"),
    ("autoscreen.store._watches:Watches.will_write", "after"),
    ("autoscreen.monitor._publish:_write", "before"),
    ("autoscreen.monitor._publish:_write", "after"),
    ("autoscreen.monitor._watch:write_digest", "after"),
    ("autoscreen.store._watches:Watches.announce", "after"),
    ("autoscreen.store._watches:Watches.end", "after"),
)
DYING = """
import os, pkgutil, signal, sys
from autoscreen.cli._app import run

where, moment = sys.argv[1:3]
above, _, name = where.rpartition(where[max(where.rfind(":"), where.rfind("."))])
owner = pkgutil.resolve_name(above)
sound = getattr(owner, name)

def dying(*args, **kwargs):
    if moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    sound(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, name, dying)
sys.exit(run(sys.argv[3:]))
"""


def start(folder: Path, *args: str, dying: tuple[str, str] | None = None) -> subprocess.Popen[str]:
    """Run the command line in a process of its own."""
    paths = [str(Path(autoscreen.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    program = ["-m", "autoscreen.cli"] if dying is None else ["-c", DYING, *dying]
    return subprocess.Popen(
        [sys.executable, *program, *args],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out + err


def told(folder: Path) -> Counter[tuple[str, str]]:
    """Count each piece of news over all digests of a folder."""
    digests = [json.loads(one.read_text("utf-8")) for one in sorted(folder.glob("*.json"))]
    return Counter((e["kind"], e["pmid"]) for digest in digests for e in digest["entries"])


@pytest.fixture
def review(tmp_path: Path, eutils: EutilsServer) -> Path:
    """A review that has included a study which is retracted now, and new records at PubMed."""
    with Review.create(tmp_path / "coils", protocol=PROTOCOL) as made:
        (tmp_path / "had.nbib").write_text("PMID- 1\nTI  - A coil of old\nDCOM- 20200101\n")
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
    review: Path, point: tuple[str, str]
) -> None:
    """Also the run after that one has nothing to add."""
    code, said = finish(start(review, *WATCH, dying=point))
    assert code == -signal.SIGKILL, said
    for _ in range(2):
        with Review.open(review / "coils") as opened:
            last = watch(opened, client=Eutils(), folder=review / "out", since=date(2026, 1, 1))
        assert told(review / "out") == NEWS
    assert last.digest.entries == ()
    assert (review / "out" / "atom.xml").read_text().count("<entry") == len(NEWS)
    assert not list((review / "out").glob(".*"))


def test_killed_at_random_moments_again_and_again(review: Path, eutils: EutilsServer) -> None:
    """Records come in meanwhile; in the end each was told once."""
    draw = random.Random(7)
    for number in range(20, 26):
        eutils.add([Entry(pmid=str(number), title=f"A coil, number {number}")])
        process = start(review, *WATCH)
        time.sleep(draw.uniform(0.3, 2.5))
        process.kill()
        process.communicate()
    assert finish(start(review, *WATCH))[0] == 0
    assert told(review / "out") == NEWS | {("new", str(n)): 1 for n in range(20, 26)}


def test_of_two_at_once_one_is_sent_away(review: Path, eutils: EutilsServer) -> None:
    """It leaves with exit code 1 and one line; what is new is told once."""
    eutils.faults = [("esearch", "hang")]
    first = start(review, *WATCH)
    while not eutils.calls and first.poll() is None:
        time.sleep(0.02)
    code, said = finish(start(review, *WATCH))
    assert code == 1
    assert said.startswith("autoscreen: error:")
    assert "being watched by another process" in said
    assert finish(first)[0] == 0
    assert told(review / "out") == NEWS


def test_exit_codes_fit_a_timer(review: Path, eutils: EutilsServer) -> None:
    """Silence and 0 if nothing is new, a line and 0 if something is, 1 if it went wrong."""
    code, said = finish(start(review, *WATCH, "--quiet"))
    assert code == 0
    assert said.startswith("1 included study retracted, 5 new records to read: ")
    assert Path(said.partition(": ")[2].strip()).is_file()
    assert finish(start(review, *WATCH, "--quiet")) == (0, "")
    eutils.faults = [("esearch", "forbidden")]
    code, said = finish(start(review, *WATCH, "--quiet"))
    assert code == 1
    assert said.startswith("autoscreen: error:")
    assert said.count("\n") == 1
    with Review.open(review / "coils") as opened:
        assert opened.store.watches.runs()[-1].ok is False
