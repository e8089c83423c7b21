"""Origins, studies and the stop of screening on the command line."""

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

    def call(*words: str, code: int = 0) -> str:
        done = run(words)
        written = capsys.readouterr()
        assert done == code, written.err
        return written.err if code else written.out + written.err

    return call


def test_the_database_of_an_import_is_named(cli):
    """The format says PubMed until somebody says something else."""
    assert "PubMed" in cli("origin", "rms")
    cli("origin", "rms", "1", "Ovid MEDLINE")
    (row,) = json.loads(cli("origin", "rms", "--format", "json"))
    assert (row["name"], row["kind"]) == ("Ovid MEDLINE", "database")
    Path("medline.txt").write_text("exp Pain/\n", encoding="utf-8")
    cli("origin", "rms", "1", "MEDLINE", "--platform", "Ovid", "--query", "medline.txt")
    cli("origin", "rms", "1", "MEDLINE", "--searched", "2026-01-12")
    (row,) = json.loads(cli("origin", "rms", "--format", "json"))
    assert (row["platform"], row["searched"], row["query"]) == ("Ovid", "2026-01-12", "exp Pain/")
    assert "is no day" in cli("origin", "rms", "1", "MEDLINE", "--searched", "May", code=1)
    assert "name the import" in cli("origin", "rms", "--platform", "Ovid", code=2)
    assert "there is no import 7" in cli("origin", "rms", "7", "Embase", code=1)


def test_reports_of_a_study_are_linked_and_separated(cli):
    """Each act is noted, and the newest counts."""
    assert "no study has several reports" in cli("study", "list", "rms")
    assert cli("study", "link", "rms", "r1", "r2") == "reports of one study: r1, r2\n"
    rows = json.loads(cli("study", "list", "rms", "--format", "json"))
    assert [row["id"] for row in rows] == ["r1", "r2"]
    shown = cli("study", "separate", "rms", "r1", "r2")
    assert shown == "r1 and r2 are reports of different studies\n"
    cli("study", "link", "rms", "r1", "r3")
    cli("study", "link", "rms", "r2", "r3")
    assert "other links still join them" in cli("study", "separate", "rms", "r1", "r2")
    assert "reports of one study: r1, r2, r3" in cli("study", "undo", "rms", "r1", "r2")


def test_screening_is_stopped_and_resumed(cli):
    """The number of records left out is said."""
    cli("label", "rms", "r1", "include")
    assert "201 records left out" in cli("stop", "rms", "--note", "enough")
    assert "stopped already" in cli("stop", "rms", code=1)
    assert "screening goes on" in cli("stop", "rms", "--resume")
    assert "not stopped" in cli("stop", "rms", "--resume", code=1)
