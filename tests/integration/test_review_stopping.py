"""Stopping advice and second looks, on a review that is half read."""

from __future__ import annotations

import json
import sqlite3

import pytest

from autoscreen.cli.main_command import run
from autoscreen.errors import InputError
from autoscreen.formats import write
from autoscreen.records import Record
from autoscreen.review import Review


@pytest.fixture
def half_read(tmp_path, monkeypatch):
    """Sixty records, a third about stimulation; the forty first have been read, one wrongly."""
    monkeypatch.chdir(tmp_path)
    records = [
        Record(
            title=f"{'rTMS for phantom limb pain' if at % 3 == 0 else 'Diet for gout'} {at}",
            abstract=f"{'Magnetic stimulation of amputees' if at % 3 == 0 else 'Meals'} {at}.",
            pmid=str(90_000_000 + at),
        )
        for at in range(60)
    ]
    write(records, tmp_path / "pool.nbib")
    with Review.create("trial", protocol="rms-pnp") as review:
        review.import_files(["pool.nbib"])
        for at in range(40):
            good = at % 3 == 0 and at != 21
            review.label(f"r{at + 1}", "include" if good else "exclude")
    return "trial"


def _run(capsys, *words):
    assert run(words) == 0
    return capsys.readouterr().out


def test_the_wrong_exclusion_is_offered_first(half_read, capsys):
    """An excluded record that is like all included ones heads the second look."""
    with Review.open(half_read) as review:
        found = review.ranking.second_look(top=3)
        assert [one.rank for one in found] == [1, 2, 3]
        assert found[0].id == "r22"
        assert all(one.label == "exclude" for one in found)
    assert "r22" in _run(capsys, "second-look", half_read, "--top", "1")


def test_a_doubtful_inclusion_is_offered_too(half_read, capsys):
    """Included records that are unlike the other included ones come first."""
    with Review.open(half_read) as review:
        review.label("r2", "include")
        found = review.ranking.second_look(top=3, label="include")
        assert found[0].id == "r2"
        assert all(one.label == "include" for one in found)
        assert [one.score for one in found] == sorted(one.score for one in found)
        with pytest.raises(InputError, match="no second look"):
            review.ranking.second_look(label="unsure")
    assert "r2" in _run(capsys, "second-look", half_read, "--included", "--top", "1")


def test_nothing_excluded_gives_no_second_look(tmp_path):
    """A review without exclusions has nothing to look at again."""
    with Review.create(tmp_path / "new", protocol="rms-pnp") as review:
        assert review.ranking.second_look() == []


def test_status_tells_both_promises_for_each_target(half_read, capsys):
    """For 95, 90 and 80% a proof and what past reviews say; with so many found late, go on."""
    stopping = json.loads(_run(capsys, "status", half_read, "--format", "json"))["stopping"]
    assert {(one["target"], one["promise"]) for one in stopping} == {
        (target, promise) for target in (0.95, 0.9, 0.8) for promise in ("exact", "calibrated")
    }
    assert not any(one["stop"] for one in stopping)
    assert {one["found"] for one in stopping} == {13}
    shown = _run(capsys, "status", half_read)
    assert "stopping   Not yet: about" in shown
    assert "“Random audit”" not in shown
    assert "“Random audit”" in _run(capsys, "status", half_read, "--targets")
    assert shown.count("may stop") == 0
    assert any("a single missed one" in one["reason"] for one in stopping)


def test_status_prices_every_certainty(half_read, capsys):
    """The surer a proof is to be and the higher its target, the more records it takes."""
    costs = json.loads(_run(capsys, "status", half_read, "--format", "json"))["costs"]
    assert {one["confidence"] for one in costs} == {0.8, 0.9, 0.95, 0.99}
    assert all(one["records"] + one["saved"] == 20 for one in costs)
    rows = {(one["target"], one["confidence"]): one["records"] for one in costs}
    assert rows[0.8, 0.8] <= rows[0.8, 0.99] <= rows[0.95, 0.99]


def test_status_says_when_nothing_can_be_said(tmp_path, monkeypatch, capsys):
    """Before anything relevant is found there is neither an estimate nor a price."""
    monkeypatch.chdir(tmp_path)
    write([Record(title=f"Gout {at}", pmid=str(92_000_000 + at)) for at in range(5)], "a.nbib")
    with Review.create("fresh", protocol="rms-pnp") as review:
        review.import_files(["a.nbib"])
        review.label("r1", "exclude")
    shown = _run(capsys, "status", "fresh")
    assert "Too early to say: no relevant record found so far." in shown
    assert "proof" not in shown


def test_the_target_is_chosen_with_a_reason_and_kept(half_read, capsys):
    """The advice is for the target of the review; every choice stays in the file."""
    assert run(["target", half_read]) == 0
    assert "never set; the target is 95%" in capsys.readouterr().err
    _run(capsys, "target", half_read, "0.7", "--reason", "a scoping review", "--reviewer", "AA")
    _run(capsys, "target", half_read, "0.9", "--reviewer", "AA")
    rows = json.loads(_run(capsys, "target", half_read, "--format", "json"))
    assert [(one["recall"], one["reason"]) for one in rows] == [
        (0.7, "a scoping review"),
        (0.9, ""),
    ]
    assert json.loads(_run(capsys, "status", half_read, "--format", "json"))[
        "stopping_target"
    ] == pytest.approx(0.9)
    assert run(["target", half_read, "0.42"]) == 1
    assert "choose one of: 50%, 60%" in capsys.readouterr().err
    with sqlite3.connect(f"{half_read}.autoscreen") as other:
        for sql in ("UPDATE stopping_target SET target = 0.5", "DELETE FROM stopping_target"):
            with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
                other.execute(sql)


def test_an_empty_review_says_what_to_do(tmp_path, monkeypatch, capsys):
    """It is not treated as one that is finished."""
    monkeypatch.chdir(tmp_path)
    Review.create("new one", protocol="rms-pnp").close()
    hint = "autoscreen import 'new one' FILE..."
    assert run(["next", "new one"]) == 0
    assert f"no records yet; import some with: {hint}" in capsys.readouterr().err
    for words in (["audit", "new one"], ["audit", "new one", "--begin", "--yes"]):
        assert run(words) == 1
        assert hint in capsys.readouterr().err
    assert run(["export", "new one", "out.ris"]) == 1
    assert hint in capsys.readouterr().err
    assert not (tmp_path / "out.ris").exists()


def test_labels_of_a_file_are_prior_knowledge(tmp_path):
    """What was labelled elsewhere counts neither as read nor as found."""
    write(
        [Record(title=f"Gout {at}", pmid=str(91_000_000 + at)) for at in range(9)],
        tmp_path / "a.nbib",
    )
    with Review.create(tmp_path / "first", protocol="rms-pnp") as review:
        review.import_files([tmp_path / "a.nbib"])
        review.label("r1", "include")
        review.export(tmp_path / "out.ris")
    with Review.create(tmp_path / "second", protocol="rms-pnp") as review:
        review.import_files([tmp_path / "out.ris"])
        assert review.status().include == 1
        assert {one.estimate.found for one in review.audits.advice()} == {0}


def test_a_review_without_records_has_no_advice(tmp_path, monkeypatch, capsys):
    """An empty review does not say that everything has been read."""
    monkeypatch.chdir(tmp_path)
    Review.create("empty", protocol="rms-pnp").close()
    assert "stopping" not in _run(capsys, "status", "empty")


def test_unread_records_get_a_probability_once_enough_was_read(half_read, capsys):
    """It falls along the order, labelled records have none, and `next` says it too."""
    with Review.open(half_read) as review:
        ranked = review.rank()
        unread = [one.probability or -1.0 for one in ranked if one.label is None]
        assert -1.0 not in unread
        assert unread == sorted(unread, reverse=True)
        assert {one.probability for one in ranked if one.label is not None} == {None}
        suggested = review.next(wait=True)
        assert suggested.ranked.probability == unread[0]
    assert "in 100 such records were relevant in past reviews" in _run(capsys, "next", half_read)
    rows = json.loads(_run(capsys, "rank", half_read, "--unread", "--format", "json"))
    assert rows[0]["probability"] == pytest.approx(unread[0], abs=1e-4)


def test_before_twenty_are_read_no_probability_is_given(tmp_path):
    """A number that nothing stands behind is not shown."""
    write(
        [Record(title=f"Gout {at}", pmid=str(93_000_000 + at)) for at in range(30)],
        tmp_path / "a.nbib",
    )
    with Review.create(tmp_path / "early", protocol="rms-pnp") as review:
        review.import_files([tmp_path / "a.nbib"])
        for at in range(19):
            review.label(f"r{at + 1}", "include" if at % 3 else "exclude")
        assert {one.probability for one in review.rank()} == {None}
        review.label("r20", "exclude")
        assert None not in {one.probability for one in review.rank(unread=True)}
