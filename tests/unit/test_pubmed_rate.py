"""The number of requests a second, kept by all processes of a user together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import autoscreen
from autoscreen.http_client.rate_limiter import RateLimiter

# Asks for turns without end, and says when it got each.
ASKER = """
import sys, time
from pathlib import Path
from autoscreen.http_client.rate_limiter import RateLimiter
turns = RateLimiter(Path(sys.argv[1]), "host", float(sys.argv[2]), say=print)
for _ in range(int(sys.argv[3])):
    turns.wait()
    print(time.time(), flush=True)
"""


class Time:
    """A clock that goes on only by waiting."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock():
    return Time()


def turns(folder, clock, *, place="host", rate=10.0, said=None):
    say = (lambda line: None) if said is None else said.append
    return RateLimiter(folder, place, rate, say=say, clock=lambda: clock.now, sleep=clock.sleep)


def asker(folder: Path, rate: float, count: int) -> subprocess.Popen[str]:
    paths = [str(Path(autoscreen.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-c", ASKER, str(folder), str(rate), str(count)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_the_first_turn_is_free_and_the_next_ones_are_apart(tmp_path, clock):
    """Ten a second are a tenth of a second apart, and a little more."""
    one = turns(tmp_path, clock)
    taken = []
    for _ in range(4):
        one.wait()
        taken.append(clock.now - 1_000_000)
    assert taken == pytest.approx([0, 0.105, 0.21, 0.315])


def test_two_that_ask_share_the_turns(tmp_path, clock):
    """Also if they are allowed different rates; another server has turns of its own."""
    slow, quick = turns(tmp_path, clock, rate=3), turns(tmp_path, clock)
    slow.wait()
    quick.wait()
    assert clock.now - 1_000_000 == pytest.approx(0.35)
    turns(tmp_path, clock, place="other").wait()
    assert clock.now - 1_000_000 == pytest.approx(0.35)


def test_a_server_that_wants_peace_gets_it_from_all(tmp_path, clock):
    """Whoever heard it tells the others."""
    turns(tmp_path, clock).hold(20)
    turns(tmp_path, clock).wait()
    assert clock.now - 1_000_000 == pytest.approx(20)


def test_a_clock_that_was_put_back_holds_up_nobody(tmp_path, clock):
    """A moment far ahead is no turn that somebody waits for."""
    turns(tmp_path, clock).wait()
    clock.now -= 86_400
    turns(tmp_path, clock).wait()
    assert clock.now == 1_000_000 - 86_400


@pytest.mark.parametrize("damage", ["file", "folder"])
def test_what_cannot_be_written_is_told_once_and_the_rate_kept(tmp_path, clock, damage):
    """Then this process keeps it alone."""
    if damage == "file":
        (tmp_path / "turns.sqlite").write_text("no database" * 100)
    else:
        (tmp_path / "state").write_text("no folder")
        tmp_path /= "state"
    said: list[str] = []
    one = turns(tmp_path, clock, said=said)
    for _ in range(3):
        one.wait()
    assert clock.now - 1_000_000 == pytest.approx(0.21)
    assert len(said) == 1
    assert "turns.sqlite cannot be used" in said[0]


def test_processes_keep_the_rate_together(tmp_path):
    """Three processes that ask at once are no quicker than one: 1.2 s, and not a third of it."""
    processes = [asker(tmp_path, 50, 20) for _ in range(3)]
    taken = sorted(float(line) for one in processes for line in one.communicate()[0].split())
    assert len(taken) == 60
    assert taken[-1] - taken[0] >= 0.9  # the first may be recorded late


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_process_that_was_killed_holds_up_nobody(tmp_path, clock):
    """Whatever it was doing."""
    for moment in (0.0, 0.01, 0.02):
        process = asker(tmp_path, 1_000, 1_000_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    began = time.monotonic()
    RateLimiter(tmp_path, "host", 1_000, say=print).wait()
    assert time.monotonic() - began < 2
