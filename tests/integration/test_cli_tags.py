"""Tags, searches of the records and bulk undo on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.review import Review

RECORDS = """\
PMID- 1
TI  - Pain of nerves
FAU - Weber, Ann
DP  - 2001

PMID- 2
TI  - Pain in children
DP  - 2011

PMID- 3
TI  - Sleep
DP  - 1999
"""


@pytest.fixture
def rms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A review of three records in the folder of the command line."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOSCREEN_REVIEWER", "ann")
    (tmp_path / "a.nbib").write_text(RECORDS)
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as review:
        review.import_files([tmp_path / "a.nbib"])
    return tmp_path / "rms.autoscreen"


def test_tags_are_set_listed_renamed_and_deleted(rms, capsys):
    """Each change says how many records it concerned."""
    assert run(["tag", "rms", "to translate", "r1", "2"]) == 0
    assert run(["tag", "rms", "pilot", "r3"]) == 0
    assert run(["tag", "rms", "pilot", "r3"]) == 0
    assert run(["tags", "rms", "--rename", "pilot", "to translate"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "'to translate' added to 2 records",
        "'pilot' added to 1 record",
        "'pilot' added to 0 records",
        "'pilot' is now 'to translate' on 1 record",
    ]
    assert run(["tags", "rms", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"tag": "to translate", "records": 3}]
    assert run(["tag", "rms", "to translate", "r1", "--remove"]) == 0
    assert run(["show", "rms", "r2"]) == 0
    assert "tags: to translate" in capsys.readouterr().out
    assert run(["tags", "rms", "--delete", "to translate"]) == 0
    assert run(["tags", "rms", "--delete", "to translate"]) == 1
    said = capsys.readouterr()
    assert "removed from 2 records" in said.out
    assert "no record has the tag" in said.err


def test_records_are_searched_and_sorted(rms, capsys):
    """The search is that of the browser; what it cannot do is said on standard error."""
    run(["tag", "rms", "pilot", "r2"])
    run(["label", "rms", "r1", "exclude", "--reason", "WRONG_POP", "--note", "arm only"])
    assert "WRONG_POP" not in capsys.readouterr().out
    assert (
        run(["records", "rms", "pain", "--sort", "year", "--descending", "--format", "json"]) == 0
    )
    rows = json.loads(capsys.readouterr().out)
    assert [(row["id"], row["tags"], row["notes"]) for row in rows] == [
        ("r2", ["pilot"], []),
        ("r1", [], ["arm only"]),
    ]
    assert (rows[1]["reason"], rows[1]["author"]) == ("WRONG_POP", "Weber, Ann")
    assert rows[1]["reason_text"] != "WRONG_POP"
    assert run(["records", "rms", "--label", "exclude", "--top", "1"]) == 0
    assert "Pain of nerves" in capsys.readouterr().out
    assert run(["records", "rms", "((("]) == 0
    said = capsys.readouterr()
    assert "no words" in said.err
    assert said.out == ""


def test_a_bulk_action_is_undone_as_a_whole(rms, capsys):
    """One undo takes back what one press did; the next one takes back the decision before."""
    with Review.open(rms) as review:
        review.label("r1", "include", reviewer="ann")
        review.table.label_many(["r2", "r3"], "exclude", reviewer="ann")
    assert run(["undo", "rms"]) == 0
    assert capsys.readouterr().out == "withdrawn: exclude for 2 records\n"
    with Review.open(rms) as review:
        assert [one.label for one in review.records()] == ["include", None, None]
    assert run(["undo", "rms"]) == 0
    assert "withdrawn for r1" in capsys.readouterr().out


def test_records_can_be_chosen_and_sorted_by_all_that_the_table_knows() -> None:
    """The choices are written out in the verb."""
    from autoscreen.cli import records
    from autoscreen.review import records_table
    from autoscreen.store import record_filters

    assert records.SORTS == records_table.SORTS
    assert tuple(map(str, record_filters.LABELS)) == records.LABELS
