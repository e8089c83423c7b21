"""Nothing heavy loads before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

HEAVY = {"pandas", "scipy", "sklearn", "spacy", "lxml", "Bio", "rapidfuzz", "numpy", "sqlite3"} | {
    *("starlette", "uvicorn", "jinja2", "anyio"),
}
PROBE = """
import json, sys
{code}
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
EVERY_HELP = """
import contextlib, io, json, sys
import click
from autoscreen.cli.main_command import app, run

def commands(group, *words):
    yield words
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            yield from commands(group.get_command(context, name), *words, name)

LIGHT = {"cli", "presentation", "records", "errors", "progress_callback", "resources"}
LIGHT |= {"visible_text", "extensions", "_version"}

def loaded():
    names = {name.partition(".")[0] for name in sys.modules}
    rooms = {name.split(".")[1] for name in sys.modules if name.startswith("autoscreen.")}
    return names | {f"autoscreen.{room}" for room in rooms - LIGHT}

known, found = set(), {}
for words in commands(app):
    with contextlib.redirect_stdout(io.StringIO()):
        assert run([*words, "--help"]) == 0
    found[" ".join(words)] = sorted(loaded() - known)
    known = loaded()
print(json.dumps(found))
"""


def _printed_by(code: str) -> Any:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _loaded_by(code: str) -> set[str]:
    return set(_printed_by(PROBE.format(code=code)))


def test_importing_the_package_loads_nothing_heavy() -> None:
    """`import autoscreen` is free of the scientific stack."""
    assert not _loaded_by("import autoscreen") & HEAVY


def test_no_help_loads_anything_heavy() -> None:
    """The help of the program and of each verb loads neither a big library nor a lower package."""
    found = _printed_by(EVERY_HELP)
    assert {"", "import", "protocol show", "medline score"} <= set(found)
    heavy = {
        words: names
        for words, new in found.items()
        if (names := [one for one in new if one in HEAVY or one.startswith("autoscreen.")])
    }
    assert heavy == {}


def test_the_heavy_names_load_when_they_are_asked_for() -> None:
    """`autoscreen.ScreeningClassifier` brings scikit-learn in, so the probe does see it."""
    assert "sklearn" in _loaded_by("import autoscreen; autoscreen.ScreeningClassifier")
