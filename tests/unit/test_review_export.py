"""A review's records for other programs."""

from __future__ import annotations

import csv

import pytest

from autoscreen.errors import FormatError, InputError
from autoscreen.formats import read
from autoscreen.records import Label, Record, Verdict
from autoscreen.review import Review
from autoscreen.store.stored_values import Ranking


@pytest.fixture
def review(tmp_path, clock, take_in):
    """A review with three records, a label and an order."""
    records = [
        Record(title="First", abstract="Text.", pmid="11", year=2001, note="mine", tags=("kept",)),
        Record(title="Second", doi="10.1000/two", authors=("Muster, A", "Sample, B"), year=None),
        Record(
            title="Third",
            tags=("reading rank 9",),
            verdicts=(Verdict(label=Label.INCLUDE, reviewer="elsewhere"),),
        ),
    ]
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        take_in(made._store, records)
        made.label("r1", "exclude", reviewer="AA", reason="WRONG_POP", note="mice")
        made._store.rankings.save(
            Ranking(model="m", decision=1, epoch=1, records=[3, 1, 2], scores=[3.0, 2.0, 1.0])
        )
        yield made


def exported(review, path, **options) -> dict[str, Record]:
    count = review.export(path, **options)
    found = {record.title: record for record in read(path) if isinstance(record, Record)}
    assert len(found) == count
    return found


@pytest.mark.parametrize("suffix", ["ris", "nbib", "csv"])
def test_an_export_holds_what_was_decided(review, tmp_path, suffix):
    """Label, reason, note, reviewer, rank and identifiers come back from the file."""
    found = exported(review, tmp_path / f"out.{suffix}")
    first = found["First"]
    assert first.verdicts == (
        Verdict(label=Label.EXCLUDE, reason="WRONG_POP", note="mice", reviewer="AA"),
    )
    assert set(first.tags) == {"kept", "reading rank 2"}
    assert (first.pmid, first.note, first.abstract) == ("11", "mine", "Text.")
    assert (found["Second"].doi, found["Second"].verdicts) == ("10.1000/two", ())


def test_only_what_stands_in_this_review_goes_out(review, tmp_path):
    """An old rank or a decision that was not taken over is not passed on."""
    third = exported(review, tmp_path / "out.ris")["Third"]
    assert third.tags == ("reading rank 1",)
    assert third.verdicts == ()


def test_an_export_can_be_of_one_label(review, tmp_path):
    """A reviewer exports what goes to full text."""
    assert set(exported(review, tmp_path / "out.ris", label="exclude")) == {"First"}
    with pytest.raises(InputError, match="not a label"):
        review.export(tmp_path / "other.ris", label="relevant")
    assert not (tmp_path / "other.ris").exists()


def test_the_format_can_be_named(review, tmp_path):
    """The name of the file decides unless a format is given; an unknown one is refused."""
    assert set(exported(review, tmp_path / "out.txt", format="ris")) == {"First", "Second", "Third"}
    with pytest.raises(FormatError):
        review.export(tmp_path / "out.docx")


def test_a_table_has_one_row_a_record(review):
    """The frame is ready for counting: ids as index, missing numbers as missing."""
    frame = review.to_frame()
    assert list(frame.index) == ["r1", "r2", "r3"]
    assert frame.index.name == "id"
    assert frame.loc["r1", ["label", "reason", "decision_note", "reviewer"]].tolist() == [
        "exclude", "WRONG_POP", "mice", "AA",
    ]  # fmt: skip
    assert frame["rank"].tolist() == [2, 3, 1]
    assert frame["year"].isna().tolist() == [False, True, True]
    assert frame.loc["r2", "authors"] == "Muster, A; Sample, B"
    assert frame.loc["r1", "note"] == "mine"
    assert frame["label"].isna().tolist() == [False, True, True]


def test_an_empty_review_gives_an_empty_table(tmp_path):
    """Columns are there even without records or an order."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as made:
        frame = made.to_frame()
        assert len(frame) == 0
        assert {"label", "rank", "title", "pmid"} <= set(frame.columns)


def test_a_reason_is_exported_in_words_beside_its_code(review, tmp_path):
    """Whoever reads the file need not have the protocol."""
    words = next(one.text for one in review.protocol.reasons if one.code == "WRONG_POP")
    assert exported(review, tmp_path / "out.ris")["First"].verdicts[0].reason_text == words
    review.export(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["title"]: row for row in csv.DictReader(stream)}
    assert (rows["First"]["reason"], rows["First"]["reason_text"]) == ("WRONG_POP", words)
    assert rows["Second"]["reason_text"] == ""
    assert review.to_frame()["reason_text"].tolist() == [words, "", ""]


def test_a_removed_tag_of_a_file_is_not_exported(review, tmp_path):
    """A tag of a file is a tag like any other."""
    assert review.decisions.tags("r1") == ["kept"]
    review.decisions.tag("r1", "kept", on=False)
    assert exported(review, tmp_path / "out.ris")["First"].tags == ("reading rank 2",)
