"""What people install: the wheel, the folder without Python, and the recipes for a server."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from autoscreen.cli.main_command import app
from pdf_files import pdf_of

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"


@contextmanager
def served(program: list[str], folder: Path) -> Iterator[str]:
    """Run ``autoscreen app`` on a folder and yield its address."""
    with subprocess.Popen(
        [*program, "app", str(folder), "--no-browser"],
        cwd=folder,
        env=_clean_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        seen = ""
        try:
            for line in process.stdout:
                seen += line
                if found := re.search(r"http://[\w.:]+/\S*", line):
                    yield found[0]
                    break
            else:
                pytest.fail(f"the server did not start: {seen}")
        finally:
            process.terminate()
            assert process.wait(20) == 0


def _clean_environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"}


def _run(program: list[str], *words: str, folder: Path) -> str:
    done = subprocess.run(
        [*program, *words],
        cwd=folder,
        env=_clean_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _works(program: list[str], folder: Path) -> None:
    """Check the installation, rank the demo review and open the home page."""
    checks = json.loads(_run(program, "doctor", "--format", "json", folder=folder))
    assert not [one for one in checks if one["state"] == "broken"]
    assert "202 labels" in _run(program, "demo", folder=folder)
    with served(program, folder) as address:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        page = opener.open(address, timeout=30).read().decode()
    assert "New review" in page


@pytest.mark.timeout(300)
def test_the_wheel_works_in_an_environment_of_its_own(tmp_path: Path, wheel: Path) -> None:
    """Installed as pipx does, away from the source: its script, data, models and pages work."""
    venv.create(tmp_path / "tool", with_pip=False)
    bin_folder = tmp_path / "tool" / ("Scripts" if os.name == "nt" else "bin")
    python = bin_folder / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    subprocess.run([*pip, "install", "-q", "--no-index", "--no-deps", str(wheel)], check=True)
    site = _run(
        [str(python)],
        "-c",
        "import sysconfig; print(sysconfig.get_path('purelib'))",
        folder=tmp_path,
    )
    # The dependencies are those of this environment; autoscreen itself must be the wheel's.
    Path(site.strip(), "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    program = [str(bin_folder / "autoscreen")]
    place = _run(
        [str(python)], "-c", "import autoscreen; print(autoscreen.__file__)", folder=tmp_path
    )
    assert place.startswith(str(tmp_path))
    _works(program, tmp_path)


@pytest.mark.timeout(900)
def test_a_folder_without_python_is_built_and_works(tmp_path: Path) -> None:
    """PyInstaller's folder runs in an empty environment."""
    pytest.importorskip("PyInstaller", reason="building the folder needs PyInstaller")
    places = ["--distpath", str(tmp_path), "--workpath", str(tmp_path / "work")]
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", *places, str(DEPLOY / "autoscreen.spec")],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    program = [str(tmp_path / "autoscreen" / "autoscreen")]
    _works(program, tmp_path)
    _reads_and_writes_pdf(program, tmp_path)


def _reads_and_writes_pdf(program: list[str], folder: Path) -> None:
    """A PDF is matched by the text of its pages, and the flow diagram is written as one."""
    title = "Magnetic stimulation for pain after herpes zoster"
    (folder / "one.ris").write_text(f"TY  - JOUR\nTI  - {title}\nPY  - 2020\nER  - \n", "utf-8")
    (folder / "paper.pdf").write_bytes(pdf_of([title, "Seoul"]))
    _run(program, "init", "pain", "--title", "Stimulation for pain", folder=folder)
    _run(program, "import", "pain", "one.ris", folder=folder)
    assert "paper.pdf" in _run(program, "attach", "pain", "r1", "paper.pdf", folder=folder)
    assert "Magnetic" in _run(program, "show", "pain", "r1", folder=folder)
    _run(program, "report", "pain", folder=folder)
    assert (folder / "pain-report" / "flow.pdf").read_bytes().startswith(b"%PDF")


def _commands() -> Iterator[tuple[str, list[str]]]:
    container = (DEPLOY / "Containerfile").read_text("utf-8")
    entry = json.loads(container.partition("ENTRYPOINT ")[2].splitlines()[0])
    yield "Containerfile", entry
    compose = (DEPLOY / "compose.yaml").read_text("utf-8")
    yield "compose.yaml", entry + json.loads(compose.partition("command: ")[2].splitlines()[0])
    unit = (DEPLOY / "autoscreen.service").read_text("utf-8")
    yield "autoscreen.service", shlex.split(unit.partition("ExecStart=")[2].splitlines()[0])


@pytest.mark.parametrize(("file", "words"), list(_commands()))
def test_the_recipes_for_servers_use_options_that_exist(file: str, words: list[str]) -> None:
    """The command of each recipe is one that this version accepts."""
    assert Path(words[0]).name == "autoscreen", file
    verb = app.get_command(click.Context(app), words[1])
    assert verb is not None, file
    given, rest, _ = verb.make_parser(click.Context(verb)).parse_args(words[2:])
    assert {"folder", "host", "port"} <= given.keys(), file
    assert not rest
