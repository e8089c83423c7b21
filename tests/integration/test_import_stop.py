"""An import that is asked to stop ends at once, and nothing of its file is in the review."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autoscreen.review import Review
from autoscreen.sqlite_file import SqliteFile

RECORD = "TY  - JOUR\nTI  - Invented title {}\nAB  - An invented abstract.\nER  - \n\n"
ENDLESS = "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def _heed_interrupts() -> None:
    """A job in the background of a script would be deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_command_that_is_stopped_says_what_was_imported(tmp_path: Path, name: str) -> None:
    """The file before it is in as a whole; the one that never ends is not."""
    Review.create(tmp_path / "rms", protocol="rms-pnp").close()
    (tmp_path / "whole.ris").write_text(RECORD.format("of the first"))
    running = subprocess.Popen(
        [sys.executable, "-m", "autoscreen.cli", "import", "rms", "whole.ris", "-"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 (no thread holds a lock here)
    )
    assert running.stdin is not None
    for number in range(2000):
        running.stdin.write(RECORD.format(number))
    running.stdin.flush()
    with Review.open(tmp_path / "rms") as review:
        while not review.imports():
            time.sleep(0.05)
    time.sleep(0.5)  # so that the second file is being read
    running.send_signal(getattr(signal, name))
    begun = time.monotonic()
    _, said = running.communicate(timeout=60)
    assert time.monotonic() - begun < 30
    assert running.returncode == 130
    assert "-: stopped; nothing of this file was imported; 1 file before it" in said
    with Review.open(tmp_path / "rms") as review:
        assert [run.path for run in review.imports()] == ["whole.ris"]
        assert review.status().records == 1
        assert review.damage() == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_long_statement_is_interrupted(tmp_path: Path) -> None:
    """SQLite writes a large import in a few statements that would each take a while."""
    path = tmp_path / "x.db"
    path.touch()
    db = SqliteFile(path, kind="file", wait=0)
    heard = signal.getsignal(signal.SIGINT)
    _heed_interrupts()
    begun = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt), db.writing():
            db.run("CREATE TABLE kept (x)")
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
            db.rows(ENDLESS)
    finally:
        signal.signal(signal.SIGINT, heard)
    # The limit on a test's time would end the statement, too.
    assert time.monotonic() - begun < 60
    assert db.rows("SELECT name FROM sqlite_master") == []
    db.close()
