"""The page that is written from a finished evaluation."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from autoscreen.evaluation import measure_all

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def written():
    """Load the writer of the page."""
    spec = importlib.util.spec_from_file_location("evaluation", ROOT / "docs" / "evaluation.py")
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _keep(folder, name, tool, at, *, start="1+1", family="drug class"):
    relevant = np.zeros(40, dtype=bool)
    relevant[[one - 1 for one in at]] = True
    values = {
        "name": name,
        "family": family,
        "start": start,
        "seed": 1,
        "tool": tool,
        "made_by": f"{tool} 1 prior abc exploration 0.005" if tool == "autoscreen" else f"{tool} 1",
        "records": 40,
        "relevant_at": at,
        "measures": measure_all(relevant),
    }
    path = folder / "replays" / f"{name}__{start}__1__{tool}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(values), encoding="utf-8")


def test_the_page_shows_wins_and_losses_of_what_both_tools_have_replayed(written, tmp_path):
    """A review that only one tool has is left out; the largest gain comes first."""
    _keep(tmp_path, "worse", "autoscreen", [9, 20])
    _keep(tmp_path, "worse", "asreview", [1, 2])
    _keep(tmp_path, "better", "autoscreen", [1, 2])
    _keep(tmp_path, "better", "asreview", [30, 40])
    _keep(tmp_path, "alone", "autoscreen", [1])
    values = written.read(tmp_path)
    text = written.page(values)
    assert "alone" not in text
    assert text.index("| better |") < text.index("| worse |")
    assert "mean of 2" in text
    assert "0.005 of the records read at random" in text
    row = next(line for line in text.splitlines() if line.startswith("| worse |"))
    assert row.split("|")[4].strip().startswith("-")


def test_each_picture_that_the_page_names_is_drawn(written, tmp_path):
    """For all reviews and for each family, at each start that was run."""
    for start in ("1+1", "cold"):
        for tool, at in (("autoscreen", [1, 3]), ("asreview", [4, 9])):
            _keep(tmp_path, "one", tool, at, start=start)
            _keep(tmp_path, "two", tool, at, start=start, family="other")
    values = written.read(tmp_path)
    drawn = written.pictures(values)
    assert len(drawn) == 6
    text = written.page(values)
    assert all(f"measured/{name}" in text for name in drawn)
    assert all(picture.startswith("<svg") for picture in drawn.values())
