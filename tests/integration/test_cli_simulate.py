"""`autoscreen simulate` on invented labelled reviews."""

from __future__ import annotations

import csv
import gzip
import json

import pytest

from autoscreen.cli.main_command import run
from autoscreen.formats import write
from autoscreen.records import Label, Record, Verdict
from autoscreen.review import Review
from autoscreen.review.learner import MODEL, MODEL_WITH_SENTENCES
from topic_encoder import TopicEncoder

PLACES = ("hospital", "clinic", "school", "ward", "home", "laboratory", "office")


def _rows(count=60, *, topic="magnetic stimulation for neuropathic pain"):
    rows = []
    for number in range(count):
        relevant = number % 7 == 2
        what = topic if relevant else f"care of asthma {number % 5}"
        place = PLACES[number % len(PLACES)]
        rows.append(
            {
                "record_id": 100 + number,
                "title": "" if number == 13 else f"{what} in a {place}",
                "abstract": "" if number % 10 == 3 else f"{number} people were in a {place}.",
                "label_included": int(relevant),
                "label_abstract": int(relevant or number % 7 == 4),
            }
        )
    return rows


def _csv(path, rows):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


@pytest.fixture
def past(tmp_path):
    """A labelled review as a compressed table."""
    return _csv(tmp_path / "past.csv.gz", _rows())


@pytest.fixture
def cli(tmp_path, monkeypatch, capsys):
    """Runs a verb and gives what it wrote to stdout and to stderr; without sentence embeddings."""
    monkeypatch.setattr("autoscreen.review.simulation.is_installed", lambda: False)
    monkeypatch.chdir(tmp_path)

    def call(*arguments, code=0):
        done = run(arguments)
        written = capsys.readouterr()
        assert done == code, written.err
        return written

    return call


def _simulated(cli, *arguments):
    return json.loads(cli("simulate", *arguments, "--format", "json").out)


def test_two_label_columns_are_named(cli, past, tmp_path):
    """Which of them the labels are from is said; with one column alone there is nothing to say."""
    output = cli("simulate", past, "--cold").err
    assert (
        "those of the column label_included, and where it is empty those of label_abstract"
        in output
    )
    alone = cli("simulate", past, "--cold", "--label-column", "label_abstract").err
    assert "where it is empty" not in alone


def test_an_empty_cell_of_the_chosen_column_is_no_label(cli, tmp_path):
    """Levels are not mixed silently when one was asked for."""
    rows = _rows()
    rows[5]["label_included"] = ""
    path = _csv(tmp_path / "gap.csv", rows)
    output = cli("simulate", path, "--cold", "--label-column", "label_included", code=1).err
    assert "1 of 60 records have no label" in output
    cli("simulate", path, "--cold")


def test_an_id_may_be_written_as_spreadsheets_write_it(cli, tmp_path):
    """Programs make 102.0 of 102, in the file and on the command line."""
    rows = [{**row, "record_id": f"{row['record_id']}.0"} for row in _rows()]
    path = _csv(tmp_path / "float.csv", rows)
    order = _simulated(cli, path, "--prior", "102.0", "--prior", "100")["order"]
    assert len(order) == 58
    assert {100, 102}.isdisjoint(order)


def test_every_record_is_read_once_and_the_priors_are_not_in_the_order(cli, past, tmp_path):
    """Also those without title or abstract; ids keep their kind."""
    cli(
        *("simulate", past, "--title", "Stimulation for pain", "--seed", "1"),
        *("--prior", "102", "--prior", "100", "--out", "order.json"),
    )
    values = json.loads((tmp_path / "order.json").read_text("utf-8"))
    assert list(values) == ["order", "measures", "stops", "ranker"]
    assert sorted(values["order"]) == [101, *range(103, 160)]
    assert all(isinstance(one, int) for one in values["order"])
    assert values["measures"]["loss"] < 0.1
    assert set(values["measures"]) >= {"loss", "NDCG", "TNR@95", "recall@10%", "last relevant"}


def test_without_a_format_the_result_is_a_sentence_and_two_tables(cli, past, tmp_path):
    """A clinician reads what was saved; JSON goes to the file, or to the screen if asked for."""
    output = cli(
        "simulate", past, "--title", "Stimulation for pain", "--cold", "--out", "order.json"
    )
    first = output.out.splitlines()[0]
    assert first.startswith("All 9 relevant records were found after reading ")
    assert first.endswith(" records need not have been read.")
    assert "need not be read" in output.out
    assert "random audit" in output.out
    values = json.loads((tmp_path / "order.json").read_text("utf-8"))
    relevant = {row["record_id"] for row in _rows() if row["label_included"]}
    last = max(place for place, one in enumerate(values["order"], 1) if one in relevant)
    assert f"after reading {last} of 60 records; {60 - last} records" in first
    assert json.loads(cli("simulate", past, "--cold", "--out", "-").out)["order"]


def test_the_ranker_is_named_and_how_to_get_embeddings(cli, past, monkeypatch):
    """A simulation without them says how to get them, unless they were switched off."""
    without = cli("simulate", past, "--cold")
    assert f"Ranked by {MODEL}.\n" in without.out
    assert "pip install 'autoscreen[semantic]' improves the ranking" in without.err
    monkeypatch.setattr("autoscreen.review.simulation.is_installed", lambda: True)
    monkeypatch.setattr("autoscreen.review.simulation.load_encoder", TopicEncoder)
    assert _simulated(cli, past, "--cold")["ranker"] == MODEL_WITH_SENTENCES
    off = cli("simulate", past, "--cold", "--no-embeddings")
    assert off.out == without.out
    assert "pip install" not in off.err


def test_without_priors_one_of_each_kind_is_drawn_by_the_seed(cli, past):
    """The same seed draws the same two, another one others."""
    first = _simulated(cli, past, "--seed", "1")
    assert first == _simulated(cli, past, "--seed", "1")
    missing = set(range(100, 160)) - set(first["order"])
    relevant = {row["record_id"] for row in _rows() if row["label_included"]}
    assert len(missing) == 2
    assert len(missing & relevant) == 1
    assert set(_simulated(cli, past, "--seed", "2")["order"]) != set(first["order"])


def test_a_cold_start_reads_all(cli, past):
    """With a title, with a protocol and with neither."""
    for given in ([], ["--title", "Stimulation for pain"], ["--protocol", "rms-pnp"]):
        values = _simulated(cli, past, "--cold", *given)
        assert sorted(values["order"]) == list(range(100, 160))
    assert values["measures"]["recall@20%"] == 1.0


def test_the_order_of_the_file_is_no_hint(cli, tmp_path):
    """Without a title, relevant records at the head of the file are not found by that."""
    rows = sorted(_rows(), key=lambda row: -row["label_included"])
    head = _simulated(cli, _csv(tmp_path / "head.csv", rows), "--cold", "--exploration", "0")
    tail = _simulated(cli, _csv(tmp_path / "tail.csv", rows[::-1]), "--cold", "--exploration", "0")
    assert head["measures"]["loss"] == pytest.approx(tail["measures"]["loss"], abs=0.08)


def test_another_column_of_labels_can_be_chosen(cli, past):
    """The labels at the level of abstracts are other ones."""
    output = cli("simulate", past, "--label-column", "label_abstract", "--cold").err
    assert "17 relevant to find" in output
    assert "9 relevant to find" in cli("simulate", past, "--cold").err
    wrong = cli("simulate", past, "--label-column", "label_final", code=1).err
    assert "label_abstract" in wrong


def test_rows_are_numbered_where_there_is_no_id(cli, tmp_path):
    """From 1; an id of another name is not taken for one."""
    rows = [{**row, "key": f"k{row['record_id']}"} for row in _rows()]
    for row in rows:
        del row["record_id"]
    values = _simulated(cli, _csv(tmp_path / "past.csv", rows), "--cold")
    assert sorted(values["order"]) == list(range(1, 61))


def test_ids_that_are_not_all_numbers_stay_texts(cli, tmp_path):
    """A leading zero or a letter is part of an id."""
    rows = _rows()
    rows[5]["record_id"] = "007"
    values = _simulated(cli, _csv(tmp_path / "past.csv", rows), "--prior", "007")
    assert "007" not in values["order"]
    assert "106" in values["order"]


def test_a_tagged_file_with_labels_in_its_notes_is_replayed(cli, tmp_path):
    """RIS has no columns: its decisions stand in notes."""
    records = [
        Record(
            title=row["title"],
            abstract=row["abstract"],
            pmid=str(row["record_id"]),
            verdicts=(Verdict(label=Label.INCLUDE if row["label_included"] else Label.EXCLUDE),),
        )
        for row in _rows()
    ]
    write(records, tmp_path / "past.ris")
    values = _simulated(cli, "past.ris", "--cold")
    assert sorted(values["order"]) == list(range(1, 61))
    assert "no columns" in cli("simulate", "past.ris", "--label-column", "label", code=1).err


def test_a_workbook_is_replayed(cli, tmp_path):
    """XLSX gives the same order as CSV."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    rows = _rows()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(tmp_path / "past.xlsx")
    plain = _simulated(cli, _csv(tmp_path / "past.csv", rows), "--seed", "3")
    assert _simulated(cli, "past.xlsx", "--seed", "3") == plain


@pytest.mark.parametrize(
    ("change", "arguments", "said"),
    [
        ({"record_id": 101}, [], "come more than once: '101'"),
        ({"label_included": ""}, [], "1 of 60 records have no label"),
        ({}, ["--prior", "17"], "no record '17'"),
    ],
)
def test_what_cannot_be_replayed_is_refused_in_one_line(cli, tmp_path, change, arguments, said):
    """It says what is wrong and what to do."""
    rows = _rows()
    rows[0].update(change)
    if not rows[0]["label_included"]:
        rows[0]["label_abstract"] = ""
    output = cli("simulate", _csv(tmp_path / "past.csv", rows), *arguments, code=1).err
    assert said in output.splitlines()[-1]
    assert "Traceback" not in output


def test_unlabelled_records_count_as_irrelevant_only_if_told_so(cli, tmp_path):
    """And how many they were is said."""
    rows = _rows()
    for row in rows[:3]:
        row["label_included"] = row["label_abstract"] = ""
    path = _csv(tmp_path / "past.csv", rows)
    written = cli("simulate", path, "--cold", "--unlabelled", "irrelevant")
    assert "3 records without a label" in written.err
    assert "60 records; " in written.out


@pytest.mark.parametrize("relevant", [0, 1])
def test_a_review_with_one_kind_of_label_is_refused(cli, tmp_path, relevant):
    """There is nothing to tell apart."""
    rows = [{**row, "label_included": relevant, "label_abstract": relevant} for row in _rows()]
    output = cli("simulate", _csv(tmp_path / "past.csv", rows), code=1).err
    assert "nothing can be ranked" in output


def test_nothing_left_to_find_is_refused(cli, tmp_path):
    """The only relevant record cannot be known before."""
    rows = [{**row, "label_included": 0} for row in _rows()]
    rows[7]["label_included"] = 1
    path = _csv(tmp_path / "past.csv", rows)
    assert "nothing is left" in cli("simulate", path, code=1).err
    assert len(_simulated(cli, path, "--prior", "100")["order"]) == 59


def test_a_review_file_is_simulated_with_its_decisions_and_protocol(cli, tmp_path):
    """Its unlabelled records are refused, or count as irrelevant if asked."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as review:
        rows = [{"title": row["title"], "abstract": row["abstract"]} for row in _rows()]
        review.import_files([_csv(tmp_path / "found.csv", rows)])
    assert "screen records first" in cli("simulate", "rms.autoscreen", code=1).err
    with Review.open(tmp_path / "rms") as review:
        for at, one in enumerate(list(review.records())[:50]):
            review.label(one.id, "include" if at % 7 == 2 else "exclude")
    assert "9 of 59 records have no label" in cli("simulate", "rms.autoscreen", code=1).err
    own = ("simulate", "rms.autoscreen", "--unlabelled", "irrelevant", "--seed", "3")
    written = cli(*own)
    assert written.out.startswith("All 6 relevant records were found")
    assert "9 records without a label: counted as irrelevant" in written.err
    ranked = json.loads(cli(*own, "--format", "json").out)["order"]
    same = json.loads(cli(*own, "--protocol", "rms-pnp", "--format", "json").out)["order"]
    assert len(ranked) == 57
    assert ranked == same
    assert "a labelled export" in cli(*own, "--label-column", "label", code=2).err
