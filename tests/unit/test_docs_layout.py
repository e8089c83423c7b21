"""The picture of the source code in the pages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _pictured(page: str) -> list[set[str]]:
    block = re.search(r"```text\nsrc/autoscreen/.*\n((?:  .*\n)+)```", (ROOT / page).read_text())
    assert block is not None
    lines = (re.split(r"\s{2,}", line.strip())[0] for line in block[1].splitlines())
    return [set(line.split(", ")) for line in lines]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_picture_of_the_source_code_shows_the_layers(page: str) -> None:
    """It has the lines of pyproject.toml in their order."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    expected = [{name for name in re.split(r" [:|] ", layer) if name[0] != "_"} for layer in layers]
    assert _pictured(page) == expected, f"draw the layers of pyproject.toml in {page}"


def test_the_picture_of_the_source_code_shows_every_package() -> None:
    """Every package and public module of autoscreen is in it."""
    found = (path for path in (ROOT / "src" / "autoscreen").iterdir() if path.name[0] != "_")
    names = {path.stem for path in found if path.suffix == ".py" or path.is_dir()}
    assert set().union(*_pictured("README.md")) == names
