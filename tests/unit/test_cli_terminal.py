"""What a terminal can show."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from autoscreen.cli.common.terminal import colour, safe_streams
from autoscreen.review import Review


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Screen(), {}, True),
        (io.StringIO(), {}, False),
        (Screen(), {"NO_COLOR": "1"}, False),
        (Screen(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (Screen(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    stream: io.StringIO,
    environment: dict[str, str],
    expected: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """NO_COLOR always wins."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert colour(stream) is expected


def test_an_ascii_terminal_gets_the_nearest_ascii() -> None:
    """A character that the locale lacks never stops a verb."""
    code = (
        "from autoscreen.cli.common.terminal import safe_streams\nwith safe_streams(): "
        "print('caf\\u00e9 \\u2264 5 \\u2013 \\u2026 \\u2022 \\u78c1')"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=True
    )
    assert done.stdout.decode("ascii").strip() == "cafe <= 5 - ... * ?"


HOSTILE = "a\x1b[2J\x1b]0;owned\x07\x9b31m\u202eb\rc\x00\x7f\td\ne"
SHOWN = "a[2J]0;owned31mbc\td\ne"


@pytest.mark.parametrize("terminal", [True, False])
def test_no_control_character_reaches_the_terminal(
    monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    """Whatever a note, a name or a server holds; our own colours stay on a terminal."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    out, err = (Screen(), Screen()) if terminal else (io.StringIO(), io.StringIO())
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with safe_streams():
        click.echo(HOSTILE)
        click.echo(click.style("red", fg="red"), color=terminal)
        click.echo(HOSTILE, err=True)
        csv.writer(sys.stdout).writerow(["\x9bx", "y"])
    assert (sys.stdout, sys.stderr) == (out, err)
    red = "\x1b[31mred\x1b[0m" if terminal else "red"
    assert out.getvalue().splitlines()[2:] == [red, "x,y"]
    shown = SHOWN if terminal else SHOWN.replace("[2J", "")  # click removes it as well
    assert err.getvalue() == f"{shown}\n"


def test_what_reviewers_type_is_kept_without_control_characters(tmp_path: Path) -> None:
    """Notes, names and reasons are clean in the file, and so in each export."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as review:
        (tmp_path / "one.nbib").write_text("PMID- 1\nTI  - A title\n")
        review.import_files([tmp_path / "one.nbib"])
        made = review.label("r1", "include", reviewer="A\x1b[31mA", note="x\x07\x9by\r\nz")
        assert (made.reviewer, made.note) == ("A[31mA", "xy\nz")
        assert review.decisions.tag("r1", "t\x1bag", reviewer="AA") == ["tag"]
