"""Study designs where a reviewer sees them: in the order, on a record, as a filter."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from autoscreen.cli.main_command import app
from autoscreen.resources import resource


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A review of the demo records."""
    path = str(tmp_path_factory.mktemp("designs") / "rms")
    _json("init", path, "--protocol", "rms-pnp", as_json=False)
    _json("import", path, str(resource("data", "demo", "demo.nbib")), as_json=False)
    yield path


def _json(*arguments: str, as_json: bool = True) -> list[dict[str, object]]:
    done = CliRunner().invoke(app, [*arguments, *(["--format", "json"] if as_json else [])])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout) if as_json else []


def test_a_design_filters_what_is_shown_and_not_the_order(review: str) -> None:
    """Filtered records keep their ranks, and all of them are in the full order."""
    every = _json("rank", review, "--all")
    shown = _json("rank", review, "--all", "--design", "review", "--design", "protocol")
    wanted = [one for one in every if {"review", "protocol"} & set(one["design"])]  # type: ignore[call-overload]
    assert shown == wanted
    assert 0 < len(shown) < len(every)
    assert len(_json("rank", review, "--top", "2", "--design", "review")) == 2


def test_show_names_the_designs_of_a_record(review: str) -> None:
    """The card of a record says how the study was made."""
    first = _json("rank", review, "--design", "animal", "--top", "1")[0]
    (row,) = [_json("show", review, str(first["id"]))]
    assert "animal" in row["study_designs"]  # type: ignore[call-overload]
    card = CliRunner().invoke(app, ["show", review, str(first["id"])])
    assert "study designs: " in card.stdout
