"""What `import autoscreen` offers."""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import autoscreen
from autoscreen._version import __version__


@pytest.mark.parametrize("name", autoscreen.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Also those that load on first use."""
    assert getattr(autoscreen, name) is not None
    assert name in dir(autoscreen)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="absent"):
        _ = autoscreen.absent


def test_records_are_read_scored_and_written(tmp_path: Path) -> None:
    """The shortest way from a file to a score."""
    path = tmp_path / "one.nbib"
    record = autoscreen.Record(title="Magnetic stimulation for phantom limb pain", pmid="1")
    assert autoscreen.write([record], path) == 1
    records = autoscreen.read(path)
    model = autoscreen.load_model("rms-pnp")
    scores = model.decision_function(records)
    probabilities = model.predict_proba(records)
    assert scores.shape == (1,)
    assert probabilities.sum(axis=1) == pytest.approx([1.0])
    assert probabilities[:, 1] == pytest.approx(model.probability(scores))


def test_the_version_is_that_of_the_package() -> None:
    """It is written down once, and the build reads it from there."""
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["version"]["path"] == "src/autoscreen/_version.py"
    assert "version" in project["project"]["dynamic"]
    assert version("autoscreen") == __version__ == autoscreen.__version__
