"""Nothing heavy loads before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"pandas", "scipy", "sklearn", "spacy", "lxml", "Bio", "rapidfuzz", "numpy"} | {
    *("starlette", "uvicorn", "jinja2", "anyio"),
}
PROBE = """
import contextlib, io, json, sys
{code}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
HELP = """
from autoscreen.cli.main_command import run
with contextlib.redirect_stdout(io.StringIO()):
    assert run({arguments!r}) == 0
"""


def _loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(code=code)], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def test_importing_the_package_loads_nothing_heavy() -> None:
    """`import autoscreen` is free of the scientific stack."""
    assert not _loaded_by("import autoscreen") & HEAVY


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["import", "--help"],
        ["protocol", "show", "--help"],
        ["screen", "--help"],
    ],
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Asking for help answers at once."""
    assert not _loaded_by(HELP.format(arguments=arguments)) & HEAVY


def test_the_heavy_names_load_when_they_are_asked_for() -> None:
    """`autoscreen.ScreeningClassifier` brings scikit-learn in, so the probe does see it."""
    assert "sklearn" in _loaded_by("import autoscreen; autoscreen.ScreeningClassifier")
