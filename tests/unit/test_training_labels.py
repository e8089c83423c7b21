"""Labels by identifier find their texts, and say where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from autoscreen.errors import InputError
from autoscreen.records import Label, Record
from autoscreen.training.label_files import join_labels, read_labels, title_digest


def _write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_labels_are_found_by_pmid_doi_and_title(tmp_path: Path) -> None:
    """Each way of naming a record finds it, whatever its case and punctuation."""
    digest = title_digest("Coils for neuroma.")
    path = _write(
        tmp_path / "l.csv",
        "\ufeffPMID,doi,title,title_sha256,label,reason,year",
        "12,,,,include,,2019",
        ",https://doi.org/10.1000/AB,,,excluded,ANIMAL,",
        ",,Pain - after   zoster,,maybe,,",
        f",,,{digest},1,,",
        ",,,,,,",
    )
    labels = read_labels(path)
    assert [one.label for one in labels] == [
        Label.INCLUDE,
        Label.EXCLUDE,
        Label.UNSURE,
        Label.INCLUDE,
    ]
    assert (labels[0].year, labels[1].reason) == (2019, "ANIMAL")
    records = [
        Record(title="COILS FOR NEUROMA"),
        Record(title="Pain after zoster"),
        Record(title="B", doi="10.1000/ab"),
        Record(title="A", pmid="12"),
        Record(title="Of the pool"),
    ]
    joined = join_labels(labels, records)
    assert not joined.missing
    assert [(one.record.title, one.label) for one in joined.examples] == [
        ("A", Label.INCLUDE),
        ("B", Label.EXCLUDE),
        ("Pain after zoster", Label.UNSURE),
        ("COILS FOR NEUROMA", Label.INCLUDE),
        ("Of the pool", None),
    ]


def test_of_several_copies_the_longest_is_learnt_and_none_is_background(tmp_path: Path) -> None:
    """A copy of a labelled record must not count against it."""
    labels = read_labels(_write(tmp_path / "l.csv", "pmid,title,label", "5,Coils,include"))
    records = [
        Record(title="Coils", pmid="5"),
        Record(title="Coils.", abstract="More words."),
        Record(title="Coils", pmid="6"),
    ]
    joined = join_labels(labels, records)
    assert joined.copies == 1
    assert joined.examples[0].record.abstract == "More words."
    # Another PMID is another record, even under the same title.
    assert [one.record.pmid for one in joined.examples if one.label is None] == ["6"]


def test_what_no_file_has_is_fetched_or_missing(tmp_path: Path) -> None:
    """Only labels without a text are asked for, and those that stay without one are given back."""
    labels = read_labels(
        _write(tmp_path / "l.csv", "pmid,label", "1,include", "2,exclude", "3,exclude")
    )
    asked: list[str] = []

    def fetch(pmids: Sequence[str]) -> list[Record]:
        asked.extend(pmids)
        return [Record(title="Two", pmid="2")]

    joined = join_labels(labels, [Record(title="One", pmid="1")], fetch=fetch)
    assert asked == ["2", "3"]
    assert [one.record.title for one in joined.examples] == ["One", "Two"]
    assert [str(one) for one in joined.missing] == ["PMID 3"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["pmid,reason", "1,x"], "line 1: needs a column label"),
        (["label", "include"], "needs a column label, and one of pmid"),
        (["pmid,label", "1,banana"], "line 2: 'banana' is not a label"),
        (["pmid,label", "x1,include"], "line 2: 'x1' is no PMID"),
        (["pmid,doi,label", ",,include"], "line 2: identifies no record"),
        (["pmid,label", "1,include", "1,exclude"], "line 3: exclude for a record that is include"),
        (["pmid,label"], "holds no label"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(
    tmp_path: Path, lines: list[str], message: str
) -> None:
    """What is wrong, and in which line."""
    with pytest.raises(InputError) as caught:
        read_labels(_write(tmp_path / "l.csv", *lines))
    assert message in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_an_error(tmp_path: Path) -> None:
    """Both are errors that the user can correct."""
    with pytest.raises(InputError, match="cannot be read"):
        read_labels(tmp_path / "gone.csv")
    (tmp_path / "l.csv").write_bytes(b"pmid,label\n1,\xff\n")
    with pytest.raises(InputError, match="is not UTF-8"):
        read_labels(tmp_path / "l.csv")


def test_an_empty_title_has_no_digest() -> None:
    """Records without a title are not all the same record."""
    assert title_digest(" - ") == ""
