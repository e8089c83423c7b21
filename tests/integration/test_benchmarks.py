"""The scripts in benchmarks/, on invented labelled reviews or without any data."""

from __future__ import annotations

import csv
import gzip
import json
import runpy
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from autoscreen.ranking import shipped_model
from autoscreen.ranking._transfer_model import save_transfer_model
from autoscreen.review.learner import MODEL, MODEL_WITH_SENTENCES
from topic_encoder import TopicEncoder

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
MADE_UP = {
    "dedup",
    "extraction",
    "formats_speed",
    "import_cost",
    "medline",
    "ranking_speed",
    "records_table",
    "web_load",
    "fuzz",
    "mutation",
}
"""Benchmarks that need no folder of data, and so take their time everywhere."""
SCRIPTS = sorted({path.stem for path in FOLDER.glob("[a-z]*.py")} - MADE_UP)


@pytest.fixture
def harness(monkeypatch):
    """Return the module of a benchmark by its name."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return import_module


@pytest.fixture
def evaluate(harness, tmp_path, monkeypatch, capsys):
    """Run benchmarks/evaluate.py and return what it wrote, or why it ended."""
    monkeypatch.chdir(tmp_path)
    script = harness("evaluate")
    monkeypatch.setattr(script, "encoder_is_installed", lambda: False)

    def call(*arguments):
        script.main(arguments)
        return capsys.readouterr()

    return call


def _rows(count=60, *, topic="magnetic stimulation for neuropathic pain"):
    rows = []
    for number in range(count):
        relevant = number % 7 == 2
        what = topic if relevant else f"care of asthma {number % 5}"
        rows.append(
            {
                "record_id": 100 + number,
                "title": f"{what} in place {number % 6}",
                "abstract": f"{number} people were there.",
                "label_included": int(relevant),
            }
        )
    return rows


def _csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def sets(tmp_path):
    """A folder of two labelled reviews with their list, and one that cannot be used."""
    folder = tmp_path / "screening"
    folder.mkdir()
    _csv(folder / "Pain.csv", _rows())
    _csv(folder / "Asthma.csv", _rows(40, topic="inhalers for a child"))
    _csv(folder / "Empty.csv", [{**row, "label_included": 0} for row in _rows(9)])
    listed = [
        {"name": "Pain", "title": "Stimulation for pain", "records": 60, "family": "pain"},
        {"name": "Asthma", "title": "Inhalers", "records": 40, "family": "lungs"},
        {"name": "Empty", "title": "", "records": 99, "family": ""},
    ]
    _csv(folder / "reviews.csv", listed)
    return str(folder)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_benchmark_without_its_data_is_skipped_with_a_reason(
    name, harness, tmp_path, monkeypatch, capsys
):
    """`make bench` goes on with the next one."""
    monkeypatch.setattr(harness("_common"), "DATA", tmp_path / "nowhere")
    for module in ("_rms", "_training", "_vectors", "train_rms_pnp"):
        sys.modules.pop(module, None)  # they hold the folder of the data
    monkeypatch.setattr(sys, "argv", [name])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
    assert not ended.value.code
    assert capsys.readouterr().out.startswith("skipped: ")


def test_the_order_of_full_texts_is_measured_on_reviews_of_two_levels(
    harness, sets, monkeypatch, capsys
):
    """Reviews of one level are left out; of the others each order and each choice is printed."""
    folder = Path(sets)
    for name in ("Pain", "Asthma"):
        rows = list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines()))
        for at, row in enumerate(rows):
            row |= {"label_abstract": int(at < 30), "label_included": int(at % 6 == 3)}
            row["keywords"] = "trial" if at % 6 == 3 else "letter"
        with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    with gzip.open(folder / "Empty.csv.gz", "wt", encoding="utf-8") as stream:
        stream.write("record_id,label_included\n1,0\n")
    monkeypatch.setattr(harness("_two_levels"), "DATA", folder.parent)
    script = harness("full_text_order")
    monkeypatch.setattr(script, "need_data", lambda: None)
    monkeypatch.setattr(script, "FEWEST", 3)
    monkeypatch.setattr(script, "family_of", lambda name: name)
    monkeypatch.setattr(script, "WEIGHTS", dict([*script.WEIGHTS.items()][4:6]))
    monkeypatch.setattr(sys, "argv", ["full_text_order.py"])
    script.main()
    printed = capsys.readouterr().out
    lines = {line.split()[0]: line.split() for line in printed.splitlines() if line}
    assert lines["Pain"][1:3] == lines["Asthma"][1:3] == ["30", "5"]
    assert float(lines["Pain"][4]) < float(lines["Pain"][3])
    assert "Empty" not in lines
    assert "chosen on the other families: loss" in printed


def test_the_family_of_a_review_is_known_by_its_name(harness):
    """Reviews of no family are left out together."""
    families = harness("_families")
    assert families.family_of("Cohen2006_ADHD") == "drug class"
    assert families.family_of("SYNERGY_Donners_2021") == families.OTHER


def test_a_family_is_measured_with_the_choice_of_the_others(harness):
    """A ranker that is best in one family only gains nothing by it."""
    summary, choosing = harness("_summary"), harness("_nested")
    losses = {"lungs": {"plain": 0.2, "tuned": 0.1}, "pain": {"plain": 0.2, "tuned": 0.4}}
    results = [
        summary.Result(
            review=f"{family} {number}",
            family=family,
            start="cold",
            seed=1,
            tool=tool,
            measures={"loss": loss},
        )
        for family, tools in losses.items()
        for tool, loss in tools.items()
        for number in (1, 2)
    ]
    outer, choices = choosing.nested(results, ["plain", "tuned"], "plain")
    assert {family: name for family, (name, _) in choices.items()} == {
        "lungs": "plain",
        "pain": "tuned",
    }
    assert choices["pain"][1] == pytest.approx(0.5)
    found = {one.family: one.measures["loss"] for one in outer}
    assert found == {"lungs": 0.2, "pain": 0.4}


def test_many_reviews_are_replayed_with_tables_and_curves(evaluate, sets, tmp_path):
    """One bad file does not end the others; the tables name each review."""
    written = evaluate(sets, "--seeds", "2", "--out", "results")
    out = tmp_path / "results"
    assert "Empty" in written.err
    assert "nothing can be ranked" in written.err
    assert "Start: cold" in written.out
    assert (out / "table.md").read_text("utf-8").strip() == written.out.strip()
    rows = list(csv.DictReader((out / "results.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 8
    assert {row["family"] for row in rows} == {"pain", "lungs"}
    assert all(float(row["loss"]) < 0.3 for row in rows)
    assert (out / "recall-cold.svg").read_text("utf-8").startswith("<svg")
    assert len(list((out / "curves").glob("*.svg"))) == 4


def test_an_interrupted_run_continues(evaluate, harness, sets, monkeypatch):
    """What was replayed is not replayed again, and the tables are the same."""
    first = evaluate(sets, "--sets", "Pain", "--out", "results")
    monkeypatch.setattr(harness("evaluate"), "run", None)
    again = evaluate(sets, "--sets", "Pain", "--out", "results")
    assert again.out == first.out
    assert "kept from before: 2" in again.err


def test_sentence_embeddings_are_computed_once_for_each_set(
    evaluate, harness, sets, monkeypatch, tmp_path
):
    """They are kept beside the replays, and the ranker is named; the option does without."""
    encoder, one = TopicEncoder(), ("--sets", "Pain", "--seeds", "2", "--out", "results")
    monkeypatch.setattr(harness("evaluate"), "encoder_is_installed", lambda: True)
    monkeypatch.setattr(harness("_replays"), "_encoder", encoder)
    assert f"ranked by {MODEL_WITH_SENTENCES}" in evaluate(sets, *one).err
    assert MODEL_WITH_SENTENCES in (tmp_path / "results" / "results.csv").read_text("utf-8")
    assert "kept from before: 4" in evaluate(sets, *one).err
    assert len(encoder.texts) == 60
    without = evaluate(sets, *one, "--no-embeddings").err
    assert f"ranked by {MODEL}\n" in without
    assert "kept from before" not in without
    assert "kept from before: 4" in evaluate(sets, *one).err


def test_sets_can_be_chosen(evaluate, sets):
    """By name and by size; a name that is not there is refused."""
    chosen = evaluate(
        *(sets, "--sets", "Asthma", "--sets", "Pain", "--max-records", "50"),
        *("--starts", "cold", "--out", "small"),
    ).out
    assert "Asthma" in chosen
    assert "Pain" not in chosen
    assert "1+1" not in chosen
    with pytest.raises(SystemExit, match="no set Gout"):
        evaluate(sets, "--sets", "Gout", "--out", "x")
    with pytest.raises(SystemExit, match="no such folder"):
        evaluate("nowhere", "--out", "x")


def test_a_peer_that_is_not_installed_is_left_out_with_a_warning(
    evaluate, harness, sets, monkeypatch
):
    """The rest goes on."""
    monkeypatch.setattr(harness("evaluate"), "is_installed", lambda: False)
    written = evaluate(sets, "--sets", "Pain", "--peer", "asreview", "--out", "results")
    assert "asreview is not installed" in written.err
    assert "| Pain | autoscreen |" in written.out


def test_a_peer_is_compared_pair_by_pair(evaluate, harness, sets, monkeypatch):
    """Means, interval and families of the differences stand below the reviews."""

    def file_order(past, known, *, seed):
        rows = np.arange(len(past.records))
        return rows[~np.isin(rows, list(known))]

    monkeypatch.setattr(harness("evaluate"), "is_installed", lambda: True)
    monkeypatch.setattr(harness("_replays"), "peer_order", file_order)
    monkeypatch.setattr(harness("_replays"), "peer_version", lambda: "peer 1")
    written = evaluate(sets, "--peer", "asreview", "--starts", "all", "--quick", "--out", "results")
    assert "autoscreen against asreview" in written.out
    assert "all reviews (2)" in written.out
    assert "| pain (1) |" in written.out
    values = json.loads(Path("results/results.json").read_text("utf-8"))
    found = {
        one["start"]: one
        for one in values["comparisons"]
        if (one["family"], one["measure"]) == ("all", "loss")
    }
    assert found["cold"]["difference"] < 0
    assert (found["cold"]["better"], found["cold"]["worse"]) == (2, 0)
    # The peer has no title to do without, and one replay serves both starts.
    assert found["cold-no-title"]["theirs"] == found["cold"]["theirs"]
    assert found["cold-no-title"]["ours"] != found["cold"]["ours"]
    assert len(list(Path("results/replays").glob("*__asreview.json"))) == 4


def test_a_review_is_ranked_by_a_prior_without_its_family(evaluate, sets, tmp_path):
    """Each family has its own prior; a replay with another prior is not taken for this one."""
    shipped = shipped_model()
    none = np.zeros_like(shipped.coefficients)
    folder = tmp_path / "left-out"
    folder.mkdir()
    one = ("--sets", "Pain", "--starts", "cold", "--out", "results")
    with pytest.raises(SystemExit, match="no model without the family"):
        evaluate(sets, *one, "--left-out", str(folder))
    save_transfer_model(replace(shipped, coefficients=none), folder / "pain.json")
    first = evaluate(sets, *one).out
    other = evaluate(sets, *one, "--left-out", str(folder))
    assert "kept from before" not in other.err
    assert other.out != first


def test_a_review_that_the_prior_was_trained_on_is_named(evaluate, harness, sets, monkeypatch):
    """Its figures are too good."""
    known = replace(shipped_model(), trained_on=("Pain",))
    monkeypatch.setattr(harness("_replays"), "shipped_model", lambda: known)
    written = evaluate(sets, "--starts", "cold", "--out", "results")
    assert "trained on 1 of these reviews" in written.err


def test_a_changed_order_is_found(harness, sets, tmp_path, monkeypatch, capsys):
    """And an unchanged one is not replayed again."""
    script = harness("orders")
    (Path(sets) / "Empty.csv").unlink()
    monkeypatch.setattr(script, "DATA", tmp_path)
    monkeypatch.setattr(harness("_common"), "DATA", tmp_path)
    kept = tmp_path / "orders.json"

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["orders.py", *map(str, arguments)])
        script.main()
        return capsys.readouterr().out

    assert len(call(kept).splitlines()) == 6
    assert list(json.loads(kept.read_text("utf-8"))["Pain"]) == ["1+1 1", "cold 1", "1+1 2"]
    assert call(kept) == ""
    other = json.loads(kept.read_text("utf-8"))
    other["Pain"]["cold 1"] = "0"
    (tmp_path / "other.json").write_text(json.dumps(other), "utf-8")
    with pytest.raises(SystemExit) as ended:
        call(kept, "--compare", tmp_path / "other.json")
    assert ended.value.code == 1
    assert capsys.readouterr().out == "Pain  cold 1: differs\n"
