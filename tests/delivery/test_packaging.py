"""What is installed is complete."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def packed(wheel: Path) -> Iterator[zipfile.ZipFile]:
    """The wheel, opened."""
    with zipfile.ZipFile(wheel) as opened:
        yield opened


def test_the_wheel_holds_every_module(packed: zipfile.ZipFile) -> None:
    """All of src is in it, with the page of the digest, and nothing of the tests."""
    names = set(packed.namelist())
    modules = {str(p.relative_to(ROOT / "src")) for p in (ROOT / "src").rglob("*.py")}
    assert modules | {"autoscreen/monitor/digest.html.jinja"} <= names
    assert not [name for name in names if name.startswith("tests")]


def test_the_wheel_holds_the_data_where_the_program_looks(packed: zipfile.ZipFile) -> None:
    """Protocols and demo records lie below autoscreen/_data."""
    names = set(packed.namelist())
    shipped = {f"autoscreen/_data/{p.relative_to(ROOT / 'data')}" for p in _files(ROOT / "data")}
    assert shipped
    assert shipped <= names


def test_the_wheel_holds_what_pages_are_made_of(packed: zipfile.ZipFile) -> None:
    """Templates, styles and scripts lie beside their modules."""
    web = ROOT / "src" / "autoscreen" / "web"
    for kind in ("templates", "static"):
        shipped = {str(path.relative_to(ROOT / "src")) for path in _files(web / kind)}
        assert shipped
        assert shipped <= set(packed.namelist())


def test_the_script_and_the_spacy_components_are_registered(packed: zipfile.ZipFile) -> None:
    """Entry points name things that exist."""
    (name,) = [name for name in packed.namelist() if name.endswith("entry_points.txt")]
    text = packed.read(name).decode("utf-8")
    for line in text.splitlines():
        if "=" in line:
            module = line.partition("=")[2].partition(":")[0].strip().replace(".", "/")
            assert {f"{module}.py", f"{module}/__init__.py"} & set(packed.namelist()), line
    assert "autoscreen = autoscreen.cli:main" in text


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
