"""Prior knowledge on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.review import Review

OLD = "title,abstract,included\nCoil,for pain,1\nDiet,for gout,0\nSleep,in children,\n"


@pytest.fixture
def rms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A review of two records, and a file of an earlier one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOSCREEN_REVIEWER", "ann")
    Path("new.csv").write_text("title,abstract\nMagnets,coil for pain\nFood,diet for gout\n")
    Path("old.csv").write_text(OLD)
    with Review.create("rms", protocol="rms-pnp") as review:
        review.import_files(["new.csv"])
    return tmp_path / "rms.autoscreen"


@pytest.mark.usefixtures("rms")
def test_an_earlier_review_is_imported_listed_and_removed(capsys):
    """The report says what is used and what is not; the status names it as long as it is in use."""
    assert run(["import", "rms", "old.csv", "--prior", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["included"], row["excluded"], row["not_used"], row["records"]) == (1, 1, 1, 3)
    assert (row["state"], row["reviewer"]) == ("in use", "ann")
    assert run(["status", "rms"]) == 0
    shown = capsys.readouterr().out
    assert "1 included record and 1 excluded of old.csv train the ranking" in shown
    assert "records    2," in shown
    assert "0 labelled" in shown
    assert run(["prior", "rms", "--remove", "1", "--reviewer", "ben"]) == 0
    assert "removed" in capsys.readouterr().out
    assert run(["status", "rms"]) == 0
    assert "train the ranking" not in capsys.readouterr().out
    assert run(["prior", "rms", "--restore", "1", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == "in use"


@pytest.mark.usefixtures("rms")
def test_what_is_not_used_and_cannot_be_read_is_said(capsys):
    """Problems are named by line; a file that fails does not stop the others."""
    Path("bad.csv").write_text("title,included\nOne,1\nTwo,perchance\n")
    Path("none.csv").write_text("title\nOne\n")
    assert run(["import", "rms", "none.csv", "bad.csv", "old.csv", "--prior"]) == 1
    said = capsys.readouterr().err
    assert "none.csv: no record was included or excluded" in said
    assert "bad.csv" in said
    assert "perchance" in said
    assert "old.csv: 1 record without a clear decision not used" in said
    assert "2 of 3 files imported" in said
    assert run(["import", "rms", "old.csv", "--prior"]) == 1
    assert "is prior knowledge 2 already" in capsys.readouterr().err


@pytest.mark.usefixtures("rms")
def test_options_that_exclude_each_other_are_refused(capsys):
    """The message says which."""
    assert run(["import", "rms", "old.csv", "--prior", "--no-labels"]) == 2
    assert "--no-labels" in capsys.readouterr().err
    assert run(["prior", "rms", "--remove", "1", "--restore", "1"]) == 2
    assert run(["prior", "rms"]) == 0
    assert "there is no prior knowledge" in capsys.readouterr().err
    assert run(["prior", "rms", "--remove", "7"]) == 1
    assert "no prior knowledge with the number 7" in capsys.readouterr().err


@pytest.mark.usefixtures("rms")
def test_copies_are_listed_and_the_earlier_decisions_exported(capsys):
    """A record of both reviews is named with both decisions; training says that it ignores them."""
    words = "magnets and coils for the pain of nerves were tried in forty people " * 4
    Path("both.csv").write_text(f"title,abstract,included\nA study of magnets,{words},1\n")
    Path("again.csv").write_text(f"title,abstract\nA study of magnets,{words}\n")
    assert run(["import", "rms", "both.csv", "--prior"]) == 0
    assert run(["import", "rms", "again.csv"]) == 0
    capsys.readouterr()
    assert run(["prior", "rms", "--copies", "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["id"], one["earlier"], one["label"], one["file"]) == (
        *("r3", "include", None),
        "both.csv",
    )
    assert run(["export", "rms", "earlier.csv", "--prior"]) == 0
    assert "1 records written" in capsys.readouterr().out
    assert "A study of magnets" in Path("earlier.csv").read_text()
    assert run(["export", "rms", "x.csv", "--prior", "--label", "include"]) == 2
    assert run(["prior", "rms", "--copies", "--remove", "1"]) == 2
    capsys.readouterr()
    run(["train", "rms", "--out", "m"])
    assert "1 record of prior knowledge not used" in capsys.readouterr().err
