"""Assignment and comments on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.records import Record
from autoscreen.review import Review


@pytest.fixture
def rms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, take_in) -> None:
    """A review of six records in the folder of the command line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOSCREEN_REVIEWER", "ann")
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as review:
        take_in(review._store, [Record(title=f"Record {n}") for n in range(6)])
        review.label("r6", "exclude", reviewer="bob")


@pytest.mark.usefixtures("rms")
def test_records_are_divided_assigned_and_released(capsys):
    """The list shows each part; what somebody has screened stays theirs."""
    assert run(["assign", "rms"]) == 0
    assert "nothing is assigned\n5 unscreened records assigned to nobody" in capsys.readouterr().err
    assert run(["assign", "rms", "--to", "ann", "r1", "r2"]) == 0
    assert "2 records assigned to ann" in capsys.readouterr().err
    shares = ["--split", "bob=2", "--split", "cid=1"]
    assert run(["assign", "rms", *shares, "--format", "json"]) == 0
    parts = [{"ann": 2}, {"bob": 2}, {"cid": 1}]
    listed = json.loads(capsys.readouterr().out)
    assert [{one["reviewer"]: one["records"]} for one in listed] == parts
    assert run(["assign", "rms", "--release", "ann", "r1"]) == 0
    assert "1 record of ann released" in capsys.readouterr().err
    assert run(["assign", "rms", "--release", "bob"]) == 0
    assert "3 unscreened records assigned to nobody" in capsys.readouterr().err


@pytest.mark.usefixtures("rms")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--to", "ann"], 2, "name records together with --to"),
        (["r1"], 2, "name records together with --to"),
        (["--to", "ann", "--release", "bob", "r1"], 2, "only one of"),
        (["--split", "ann=much"], 1, "each share must be above 0"),
        (["--split", "ann", "--each", "2"], 1, "cannot screen each record 2 times"),
        (["--to", "ann", "r99"], 1, "r99"),
    ],
)
def test_an_assignment_that_cannot_be_is_refused(capsys, words, code, said):
    """The message says what to give."""
    assert run(["assign", "rms", *words]) == code
    assert said in capsys.readouterr().err


@pytest.mark.usefixtures("rms")
def test_a_comment_is_written_listed_and_done(capsys, monkeypatch):
    """Whoever is mentioned finds it; a name that nobody has is said."""
    assert run(["comment", "rms", "r1", "@bob and @zoe: the same trial?"]) == 0
    written = capsys.readouterr()
    assert "@bob and @zoe: the same trial?" in written.out
    assert "nobody here is called zoe" in written.err
    assert run(["comment", "rms", "r2"]) == 0
    assert "no comments" in capsys.readouterr().err
    monkeypatch.setenv("AUTOSCREEN_REVIEWER", "bob")
    assert run(["comment", "rms", "--mentions", "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["record"], one["reviewer"], one["mentions"], one["done"]) == (
        *("r1", "ann", ["bob"]),
        False,
    )
    assert run(["comment", "rms", "--done", "1"]) == 0
    assert "(done)" in capsys.readouterr().out
    assert run(["comment", "rms", "--withdraw", "1"]) == 1
    assert run(["comment", "rms"]) == 2
    monkeypatch.setenv("AUTOSCREEN_REVIEWER", "ann")
    assert run(["comment", "rms", "--withdraw", "1"]) == 0
    capsys.readouterr()
    assert run(["comment", "rms", "r1"]) == 0
    assert "withdrawn" in capsys.readouterr().out
