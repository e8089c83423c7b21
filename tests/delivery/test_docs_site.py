"""The site of the documentation, built as `make docs` builds it, and its notebooks."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
LOADED = re.compile(
    r"<(?:script|img|iframe)[^>]*\bsrc=[\"'](?:https?:)?//"
    r"|<link(?![^>]*rel=[\"'](?:next|prev|search|index|canonical))[^>]*href=[\"'](?:https?:)?//"
    r"|url\(\s*[\"']?(?:https?:)?//|@import\b"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site; a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    options = ["-q", "-W", "--keep-going", "-d", str(folder / "cache"), "-c", "docs"]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, ".", str(folder / "html")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def runner() -> ModuleType:
    """Load what runs the notebooks."""
    spec = importlib.util.spec_from_file_location(
        "run_notebooks", ROOT / "docs" / "run_notebooks.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.timeout(600)
def test_every_page_is_in_the_site_and_can_be_searched(site: Path) -> None:
    """Each page of docs and each notebook is a page; the index of the search has it."""
    index = (site / "searchindex.js").read_text("utf-8")
    for page in [*(ROOT / "docs").rglob("*.md"), *NOTEBOOKS]:
        name = page.relative_to(ROOT).with_suffix("").as_posix()
        assert (site / f"{name}.html").is_file(), name
        assert f'"{name}"' in index, name
    assert "autoscreen.Review.import_files" in (site / "genindex.html").read_text("utf-8")
    assert "docs/index.html" in (site / "index.html").read_text("utf-8")


@pytest.mark.timeout(600)
def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    """No script, style, font or picture comes from another server."""
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(files) > len(NOTEBOOKS)
    assert [str(one) for one in files if LOADED.search(one.read_text("utf-8"))] == []


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_prints_as_stored(notebook: Path, runner: ModuleType) -> None:
    """Every code cell runs; those with a stored output print as many lines as are stored."""
    stored = json.loads(notebook.read_text("utf-8"))["cells"]
    done = runner.run(notebook)["cells"]
    assert [_lines(one) for one in done] == [_lines(one) for one in stored]
    assert any(_lines(one) for one in done)


def _lines(cell: dict[str, Any]) -> int:
    return sum(len(output["text"]) for output in cell.get("outputs", ()))
