"""What is installed is complete."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel once."""
    pytest.importorskip("hatchling", reason="building the wheel needs hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_the_wheel_holds_every_module(wheel: zipfile.ZipFile) -> None:
    """All of src is in it, with the page of the digest, and nothing of the tests."""
    names = set(wheel.namelist())
    modules = {str(p.relative_to(ROOT / "src")) for p in (ROOT / "src").rglob("*.py")}
    assert modules | {"autoscreen/monitor/digest.html.jinja"} <= names
    assert not [name for name in names if name.startswith("tests")]


def test_the_wheel_holds_the_data_where_the_program_looks(wheel: zipfile.ZipFile) -> None:
    """Protocols and demo records lie below autoscreen/_data."""
    names = set(wheel.namelist())
    shipped = {f"autoscreen/_data/{p.relative_to(ROOT / 'data')}" for p in _files(ROOT / "data")}
    assert shipped
    assert shipped <= names


def test_the_wheel_holds_what_pages_are_made_of(wheel: zipfile.ZipFile) -> None:
    """Templates, styles and scripts lie beside their modules."""
    web = ROOT / "src" / "autoscreen" / "web"
    for kind in ("templates", "static"):
        shipped = {str(path.relative_to(ROOT / "src")) for path in _files(web / kind)}
        assert shipped
        assert shipped <= set(wheel.namelist())


def test_the_script_and_the_spacy_components_are_registered(wheel: zipfile.ZipFile) -> None:
    """Entry points name things that exist."""
    (name,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    text = wheel.read(name).decode("utf-8")
    for line in text.splitlines():
        if "=" in line:
            module = line.partition("=")[2].partition(":")[0].strip().replace(".", "/")
            assert {f"{module}.py", f"{module}/__init__.py"} & set(wheel.namelist()), line
    assert "autoscreen = autoscreen.cli:main" in text


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
