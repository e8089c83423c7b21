"""Installed packages add a reader, a ranker and a stopping rule by entry points."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

import autoscreen
from autoscreen.cli.main_command import run
from autoscreen.errors import ConfigError
from autoscreen.extensions import extension, extension_names

MODULE = """
from autoscreen.formats import Problem
from autoscreen.records import Record


class CardReader:
    name = "cards"

    def sniff(self, head):
        return head.startswith("%CARDS")

    def read(self, source):
        for line in source.lines():
            if line.text.startswith("T:"):
                source.starts += 1
                yield Record(title=line.text[2:].strip())
            elif line.text.startswith("?"):
                source.starts += 1
                yield source.problem("is no card", line=line.number, lost=True)


def nearest_centroid():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(TfidfVectorizer(), LogisticRegression(class_weight="balanced"))


def five_in_a_row(relevant, pool):
    run = 0
    for position, found in enumerate(relevant.tolist(), 1):
        run = 0 if found else run + 1
        if run == 5:
            return position
    return None


CARDS = CardReader()
"""

ENTRY_POINTS = """
[autoscreen.readers]
cards = lab_tools:CARDS
[autoscreen.rankers]
logistic = lab_tools:nearest_centroid
broken = lab_tools:absent
[autoscreen.stopping_rules]
five-in-a-row = lab_tools:five_in_a_row
"""


def _install(folder: Path, name: str, entry_points: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(entry_points)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of somebody else, as pip would install it."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "lab_tools.py").write_text(textwrap.dedent(MODULE))
    _install(folder, "lab_tools", ENTRY_POINTS)
    monkeypatch.syspath_prepend(folder)
    return folder


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    rows = ["record_id,title,abstract,label_included"]
    for number in range(40):
        eligible = number % 8 == 3
        what = "magnetic stimulation for pain" if eligible else "diet and asthma"
        rows.append(f"{number},{what} {number},,{int(eligible)}")
    path = tmp_path / "finished.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.usefixtures("installed")
def test_a_reader_reads_its_format_and_its_losses_are_reported(tmp_path: Path) -> None:
    """It is found by the content of the file, and counted like the built-in ones."""
    path = tmp_path / "a.cards"
    path.write_text("%CARDS\nT: First\n? torn\nT: Second\n", encoding="utf-8")
    with pytest.warns(autoscreen.ReadWarning, match="is no card") as caught:
        records = autoscreen.read(path)
    assert [one.title for one in records] == ["First", "Second"]
    assert [one.line for one in caught[0].message.problems] == [3]
    assert autoscreen.read(_write(tmp_path, "T: Third"), format="cards")[0].title == "Third"


@pytest.mark.usefixtures("installed")
def test_a_ranker_and_a_stopping_rule_are_replayed(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the command line and from Python alike."""
    out = tmp_path / "order.json"
    arguments = ["simulate", str(finished), "--out", str(out), "--ranker", "logistic"]
    assert run([*arguments, "--stopping-rule", "five-in-a-row"]) == 0
    capsys.readouterr()
    written = json.loads(out.read_text())
    done = autoscreen.simulate(
        finished,
        ranker=extension("autoscreen.rankers", "logistic")(),
        stopping_rules={"five-in-a-row": extension("autoscreen.stopping_rules", "five-in-a-row")},
        random_state=0,
    )
    assert list(done.order) == written["order"]
    assert (done.ranker, written["ranker"]) == ("Pipeline", "logistic")
    assert done.relevant[:4].all()
    stop = written["stops"][-1]
    assert stop["rule"] == "five-in-a-row"
    assert stop["promise"] is None
    assert (stop["position"], stop["recall"]) == (9, 1.0)


@pytest.mark.usefixtures("installed")
def test_what_is_not_installed_or_broken_is_named(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what there is, and with the place of a fault."""
    assert run(["simulate", str(finished), "--ranker", "absent"]) != 0
    assert "logistic" in capsys.readouterr().err
    with pytest.raises(ConfigError, match="lab_tools:absent"):
        extension("autoscreen.rankers", "broken")


def test_without_other_packages_there_are_no_extensions() -> None:
    """autoscreen itself offers nothing by entry points."""
    assert extension_names("autoscreen.rankers") == ()


def test_two_packages_with_one_name_are_refused(installed: Path) -> None:
    """Neither is preferred silently."""
    _install(installed, "other_tools", "[autoscreen.rankers]\nlogistic = other:make\n")
    with pytest.raises(ConfigError, match="two installed packages"):
        extension("autoscreen.rankers", "logistic")


def test_a_reader_cannot_replace_a_built_in_one(installed: Path, tmp_path: Path) -> None:
    """It needs a name of its own."""
    (installed / "thief.py").write_text("class R:\n    name = 'ris'\nREADER = R()\n")
    _install(installed, "thief", "[autoscreen.readers]\nris = thief:READER\n")
    with pytest.raises(ConfigError, match="built in"):
        autoscreen.read(_write(tmp_path, "TY  - JOUR\nTI  - A\nER  - \n"))


def _write(folder: Path, text: str) -> Path:
    path = folder / "written.txt"
    path.write_text(text, encoding="utf-8")
    return path
