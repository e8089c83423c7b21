"""The stage of full texts on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run

Cli = Callable[..., str]


@pytest.fixture
def cli(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    demo_review: Path,
) -> Cli:
    """Give a function that runs a verb beside a demo review and returns what it wrote."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOSCREEN_REVIEWER", "AA")
    (tmp_path / "rms.autoscreen").write_bytes(demo_review.read_bytes())

    def call(line: str, code: int = 0) -> str:
        done = run(line.split())
        written = capsys.readouterr()
        assert done == code, written.err
        return written.err if code else written.out + written.err

    return call


def test_the_full_texts_of_what_was_included_are_assessed(cli, tmp_path):
    """Next, label, undo, status and export work on the stage that is named."""
    assert "no record is included by title and abstract yet" in cli("next rms --stage full-text")
    cli("label rms r1 include")
    cli("label rms r2 include")
    shown = cli("next rms --stage full-text")
    assert "2 of 2 left" in shown
    assert "--stage full-text include|exclude|not-retrieved" in shown
    assert "needs a reason" in cli("label rms r1 exclude --stage full-text", code=1)
    cli("label rms r1 exclude --stage full-text --reason WRONG_TYPE")
    assert "r2 not retrieved" in cli("label rms r2 not-retrieved --stage full-text")
    assert "nothing left to assess: 0 of 2 left" in cli("next rms --stage full-text")
    assert "withdrawn for r2" in cli("undo rms --stage full-text")
    assert cli("status rms --stage full-text") == "1 of 2 left; 1 exclude\n"
    assert "full texts 1 of 2 left" in cli("status rms")
    row = json.loads(cli("status rms --format json"))["full_text"]
    assert (row["records"], row["exclude"], row["not_retrieved"], row["left"]) == (2, 1, 0, 1)
    cli("export rms out.ris --stage full-text --label exclude")
    assert "stage: full-text" in (tmp_path / "out.ris").read_text()
    assert "r3 is not included" in cli("label rms r3 include --stage full-text", code=1)


def test_a_team_assesses_full_texts(cli):
    """Double screening, conflicts and agreement belong to the stage."""
    cli("label rms r1 include")
    shown = cli("team double rms --share 100 --stage full-text")
    assert (
        shown == "two reviewers read 100% of the full texts; 0 wait for a second one, 0 conflicts\n"
    )
    cli("label rms r1 include --stage full-text --reviewer B")
    assert "1 waits for a second reviewer" in cli("status rms --stage full-text")
    cli("label rms r1 exclude --stage full-text --reviewer C --reason WRONG_TYPE")
    assert "WRONG_TYPE" in cli("team conflicts rms --stage full-text")
    assert "no record is in conflict" in cli("team conflicts rms")
    assert "0 conflicts left" in cli("team resolve rms r1 include --stage full-text")
    (pair,) = json.loads(cli("team agreement rms --stage full-text --format json"))
    assert (pair["n"], pair["agreement"]) == (1, 0.0)
