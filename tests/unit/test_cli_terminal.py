"""What a terminal can show."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from autoscreen.cli.common.terminal import colour


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
        "from autoscreen.cli.common.terminal import safe_streams; safe_streams(); "
        "print('caf\\u00e9 \\u2264 5 \\u2013 \\u2026 \\u2022 \\u78c1')"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=True
    )
    assert done.stdout.decode("ascii").strip() == "cafe <= 5 - ... * ?"
