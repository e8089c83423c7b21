"""Scoring files by a saved model, and training one, through the real command line."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from autoscreen.cli.main_command import run
from autoscreen.formats import read_records
from autoscreen.pubmed import Eutils
from autoscreen.resources import resource
from eutils_server import EutilsServer, invented

Cli = Callable[..., tuple[str, str]]

RIS = """TY  - JOUR
TI  - =HYPERLINK("http://example.org") rTMS for trigeminal neuralgia
AB  - Twenty patients with pain had repetitive transcranial magnetic stimulation.
PY  - 2024
ER  -

TY  - JOUR
TI  - Statins after stroke
ER  -
"""


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Give a function that runs a verb in an empty folder; it returns stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, code: int = 0) -> tuple[str, str]:
        done = run(arguments)
        written = capsys.readouterr()
        assert done == code, written.err
        return written.out, written.err

    return call


@pytest.fixture
def demo() -> str:
    """Give the path of the demo's records."""
    return str(resource("data", "demo", "demo.nbib"))


@pytest.fixture
def labels() -> str:
    """Give the path of the demo's labels."""
    return str(resource("data", "demo", "labels.csv"))


def test_every_record_is_scored_and_the_best_come_first(cli: Cli, demo: str) -> None:
    """JSON holds each record of the file, those without an abstract too, by falling score."""
    out, err = cli("score", "rms-pnp", demo, "--format", "json")
    rows = json.loads(out)
    assert len(rows) == 202
    assert [row["rank"] for row in rows] == list(range(1, 203))
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert sum(not row["has_abstract"] for row in rows) == 6
    assert [bool(row["why"]) for row in rows] == [row["alert"] for row in rows]
    alerted = sum(row["alert"] for row in rows)
    assert f"202 records scored, {alerted} alerted" in err
    only = json.loads(cli("score", "rms-pnp", demo, "--format", "json", "--alerts")[0])
    assert only == rows[:alerted]


def test_reasons_of_every_row_are_given_when_asked_for(cli: Cli, tmp_path: Path) -> None:
    """JSON explains what is alerted, or all rows; the table explains each of its rows."""
    (tmp_path / "new.ris").write_text(RIS, "utf-8")
    usual = json.loads(cli("score", "rms-pnp", "new.ris", "--format", "json")[0])
    assert [bool(row["why"]) for row in usual] == [True, False]
    every = json.loads(cli("score", "rms-pnp", "new.ris", "--format", "json", "--explain-all")[0])
    assert [bool(row["why"]) for row in every] == [True, True]
    assert [{**row, "why": []} for row in every] == [{**row, "why": []} for row in usual]
    shown = cli("score", "rms-pnp", "new.ris")[0].splitlines()
    reasons = [line[shown[0].index("why") :] for line in shown[1:]]
    assert all(any(char.isalpha() for char in text) for text in reasons)


def test_csv_cannot_run_as_a_formula(cli: Cli, tmp_path: Path) -> None:
    """A title that begins like a formula is written as text."""
    (tmp_path / "new.ris").write_text(RIS, "utf-8")
    out, _ = cli("score", "rms-pnp", "new.ris", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows[0]["title"].startswith("'=HYPERLINK")
    assert (rows[0]["alert"], rows[1]["alert"]) == ("True", "False")


def test_the_threshold_and_the_prevalence_can_be_chosen(cli: Cli, tmp_path: Path) -> None:
    """A lower threshold alerts more, and rarer relevant records are less likely."""
    (tmp_path / "new.ris").write_text(RIS, "utf-8")
    usual = json.loads(cli("score", "rms-pnp", "new.ris", "--format", "json")[0])
    every = json.loads(
        cli("score", "rms-pnp", "new.ris", "--format", "json", "--threshold", "-99")[0]
    )
    assert [row["alert"] for row in every] == [True, True]
    rare = json.loads(
        cli("score", "rms-pnp", "new.ris", "--format", "json", "--prevalence", "1e-6")[0]
    )
    assert rare[0]["probability"] < usual[0]["probability"]


def test_standard_input_scores_as_the_file_does(demo: str) -> None:
    """'-' reads any format from a pipe."""
    done = subprocess.run(
        [sys.executable, "-m", "autoscreen.cli", "score", "rms-pnp", "-", "--format", "json"],
        input=Path(demo).read_bytes(),
        capture_output=True,
        check=True,
    )
    assert len(json.loads(done.stdout)) == 202


def test_what_cannot_be_read_is_named(cli: Cli, tmp_path: Path) -> None:
    """Good files are scored beside one that is not there, which leaves exit code 1."""
    (tmp_path / "new.ris").write_text(RIS, "utf-8")
    out, err = cli("score", "rms-pnp", "gone.nbib", "new.ris", "--format", "json", code=1)
    assert len(json.loads(out)) == 2
    assert "error: gone.nbib: cannot be read" in err
    assert cli("score", "rms-pnp", "gone.nbib", code=1)[0] == ""


def test_an_unknown_model_is_one_line(cli: Cli, demo: str) -> None:
    """The message names the models that there are."""
    _, err = cli("score", "nothing", demo, code=1)
    assert err.count("\n") == 1
    assert "there is no model 'nothing'; shipped with autoscreen: " in err


def test_a_model_of_ones_own_is_trained_and_scores(cli: Cli, demo: str, labels: str) -> None:
    """Labels by identifier and an export give a model, its card, and what alerts promise."""
    output, _ = cli(
        "train", "--protocol", "rms-pnp", "--labels", labels, "--records", demo, "--out", "m/mine"
    )
    assert "Clopper-Pearson" in output
    card = Path("m/mine.md").read_text("utf-8")
    assert "- included: 18" in card
    assert "- unsure: 6" in card
    rows = json.loads(cli("score", "m/mine", demo, "--format", "json")[0])
    with Path(labels).open(encoding="utf-8", newline="") as stream:
        included = {one["pmid"] for one in csv.DictReader(stream) if one["label"] == "include"}
    assert sum(row["pmid"] in included for row in rows if row["alert"]) >= 17
    _, err = cli("train", "--protocol", "rms-pnp", "--labels", labels, "--records", demo,
                 "--out", "m/mine", code=1)  # fmt: skip
    assert "m/mine.json: already exists" in err


def test_the_same_labels_give_the_same_model(cli: Cli, demo: str, labels: str) -> None:
    """Training is deterministic."""
    for name in ("a", "b"):
        cli("train", "--protocol", "rms-pnp", "--labels", labels, "--records", demo, "--out",
            f"{name}/mine")  # fmt: skip
    for end in ("json", "npz"):
        assert Path(f"a/mine.{end}").read_bytes() == Path(f"b/mine.{end}").read_bytes()


def test_labels_without_a_text_are_named(cli: Cli, demo: str, labels: str) -> None:
    """A label that nothing can be learnt from gives a warning, included ones first."""
    text = Path(labels).read_text("utf-8")
    Path("more.csv").write_text(f"{text}12345,exclude,ANIMAL\n54321,include,\n", "utf-8")
    _, err = cli(
        "train", "--protocol", "rms-pnp", "--labels", "more.csv", "--records", demo, "--out", "m"
    )
    assert "2 of 204 labels have no text (1 include, 1 exclude); --fetch gets" in err
    assert "without text: PMID 54321, PMID 12345" in err


def test_too_few_labels_are_one_line(cli: Cli, demo: str) -> None:
    """Nothing is written where there is too little to learn from."""
    Path("few.csv").write_text("pmid,label\n99000196,include\n99000202,exclude\n", "utf-8")
    _, err = cli(
        "train", "--protocol", "rms-pnp", "--labels", "few.csv", "--records", demo, "--out", "m",
        code=1,
    )  # fmt: skip
    assert "too few labels to train on: 1 included" in err
    assert not Path("m.json").exists()


def test_a_model_of_a_review_file(cli: Cli, demo_review: Path, labels: str) -> None:
    """The decisions of a review train a model with the review's own protocol."""
    Path("rms.autoscreen").write_bytes(demo_review.read_bytes())
    with Path(labels).open(encoding="utf-8", newline="") as stream:
        for row in list(csv.DictReader(stream))[:120]:
            cli("label", "rms", row["pmid"], row["label"], "--reviewer", "AA")
    output, _ = cli("train", "rms", "--out", "mine", "--sensitivity", "0.8")
    assert "chosen for a sensitivity of 80%" in output
    assert "unlabelled records of the pool: 82" in Path("mine.md").read_text("utf-8")


def test_mixed_up_arguments_are_wrong_usage(cli: Cli, labels: str) -> None:
    """A review and a file of labels exclude each other, and one of them is needed."""
    assert "give a REVIEW, or" in cli("train", "--out", "m", code=2)[1]
    assert "give a REVIEW, or" in cli("train", "rms", "--labels", labels, "--out", "m", code=2)[1]
    assert "needs --protocol" in cli("train", "--labels", labels, "--out", "m", code=2)[1]


def test_labels_without_a_text_are_fetched(
    cli: Cli, demo: str, labels: str, eutils: EutilsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --fetch PubMed is asked for these PMIDs, and what it gives is learnt from."""
    monkeypatch.setitem(Eutils.__init__.__kwdefaults__ or {}, "sleep", lambda seconds: None)
    eutils.add(invented(3, first=70_000))
    given = Path(labels).read_text("utf-8") + "70000,exclude,ANIMAL\n70002,exclude,ANIMAL\n"
    Path("more.csv").write_text(given + "70009,exclude,ANIMAL\n", "utf-8")
    _, err = cli(
        "train", "--protocol", "rms-pnp", "--labels", "more.csv", "--records", demo, "--fetch",
        "--out", "m",
    )  # fmt: skip
    assert "fetching 3 records from PubMed" in err
    assert "1 of 205 labels have no text (1 exclude)" in err
    assert "without text: PMID 70009" in err
    assert "- excluded: 180" in Path("m.md").read_text("utf-8")
    asked = {pmid for call in eutils.asked("efetch") for pmid in call.parameters["id"].split(",")}
    assert asked == {"70000", "70002", "70009"}


def test_the_python_of_the_how_to_runs() -> None:
    """The page on models does what it says."""
    page = resource("data").parent / "docs" / "how-to" / "train-a-model.md"
    (block,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    known: dict[str, Any] = {}
    exec(compile(block, page.name, "exec"), known)
    assert known["alerted"]
    assert known["expected"].alerts == len(known["alerted"])


def test_the_table_is_the_beginning_of_all_rows(cli: Cli, demo: str) -> None:
    """What goes early changes nothing: the rows shown are the first of all, with their scores."""
    rows = json.loads(cli("score", "rms-pnp", demo, "--format", "json")[0])
    table, err = cli("score", "rms-pnp", demo, "--top", "30")
    lines = table.splitlines()[1:]
    assert [line.split()[1] for line in lines] == [f"{row['score']:.3f}" for row in rows[:30]]
    assert "202 records scored" in err
    assert "172 not shown" in err
    alerts = json.loads(
        cli("score", "rms-pnp", demo, "--alerts", "--threshold", "-8", "--format", "json")[0]
    )
    assert [one["pmid"] for one in alerts] == [row["pmid"] for row in rows if row["score"] >= -8]


def test_pubmed_xml_is_scored_as_nbib_is(cli: Cli, demo: str) -> None:
    """Of PubMed XML only what the model reads is read, and the same is alerted."""
    records = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{at}</PMID><Article><ArticleTitle>"
        f"{escape(one.title)}</ArticleTitle><Abstract><AbstractText>{escape(one.abstract)}"
        "</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>\n"
        for at, one in enumerate(read_records(demo), 1)
    )
    Path("demo.xml").write_text(f"<PubmedArticleSet>{records}</PubmedArticleSet>", "utf-8")
    every = json.loads(cli("score", "rms-pnp", "demo.xml", "--format", "json")[0])
    fast, err = cli("score", "rms-pnp", "demo.xml", "--format", "json", "--alerts")
    assert json.loads(fast) == [row for row in every if row["alert"]]
    assert "202 records scored" in err
    assert json.loads(fast)[0]["why"]


def test_what_is_not_english_is_named_and_not_scored(cli: Cli, tmp_path: Path) -> None:
    """It has no score, comes last, and is counted apart."""
    foreign = "TY  - JOUR\nTI  - Schmerz und Nerv\nLA  - ger\nER  -\n\n"
    (tmp_path / "new.ris").write_text(foreign + RIS, "utf-8")
    out, err = cli("score", "rms-pnp", "new.ris", "--format", "json")
    rows = json.loads(out)
    assert [row["rank"] for row in rows] == [1, 2, None]
    assert rows[2]["title"] == "Schmerz und Nerv"
    assert (rows[2]["score"], rows[2]["alert"]) == (None, False)
    assert rows[2]["why"] == ["not English: not scored"]
    for how in ((), ("--format", "json")):
        _, err = cli("score", "rms-pnp", "new.ris", *how)
        assert "2 records scored" in err
        assert "1 record not English: not scored" in err
