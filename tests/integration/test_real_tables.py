"""The real tables come in whole: screening sets, the topic's lists, duplicates, background."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from autoscreen.formats import Problem, read
from autoscreen.records import Label, Record, Stage

pytestmark = pytest.mark.real_data


def came_in(path: Path) -> tuple[list[Record], list[Problem]]:
    results = list(read(path))
    records = [result for result in results if isinstance(result, Record)]
    return records, [result for result in results if isinstance(result, Problem)]


def beside_garbled_letters(problems: list[Problem]) -> list[Problem]:
    """Return the problems that are not about letters garbled by the source of the table."""
    return [one for one in problems if "garbled letters" not in one.message]


def test_screening_sets(real_data: Callable[..., Path]):
    """The sets have the records and includes that their source counted, and nothing is changed."""
    with real_data("screening", "reviews.csv").open(encoding="utf-8", newline="") as stream:
        listed = sorted(csv.DictReader(stream), key=lambda row: -int(row["records"]))
    # The smallest of each source: all sets of a source have the same columns and labels.
    smallest = {row["name"].partition("_")[0]: row for row in listed}
    assert len(smallest) == 13
    for row in smallest.values():
        name = row["name"]
        if int(row["records"]) > 2_100:
            continue
        records, problems = came_in(real_data("screening", f"{name}.csv.gz"))
        screened = [
            [one.label for one in record.verdicts if one.stage is Stage.TITLE_ABSTRACT]
            for record in records
        ]
        included = sum(labels[-1] is Label.INCLUDE for labels in screened)
        assert (len(records), included) == (int(row["records"]), int(row["included"])), name
        assert not beside_garbled_letters(problems), name
        with_abstract = sum(bool(record.abstract) for record in records) / len(records)
        assert with_abstract == pytest.approx(float(row["with_abstract"]), abs=0.002), name


def test_the_topic(real_data: Callable[..., Path]):
    """The citations bring label and reason; the pools bring identifiers."""
    records, problems = came_in(real_data("rms_pnp", "citations.csv"))
    assert not problems
    labels = Counter(record.verdicts[0].label for record in records)
    assert labels == {Label.EXCLUDE: 1017, Label.UNSURE: 20, Label.INCLUDE: 18}
    assert sum(bool(record.verdicts[0].reason) for record in records) == 1045
    records, problems = came_in(real_data("rms_pnp", "topic_pool_medline.csv.gz"))
    assert (len(records), beside_garbled_letters(problems)) == (1428, [])
    assert sum(record.pmid is not None for record in records) == 974
    records, problems = came_in(real_data("rms_pnp", "topic_pool_ctgov.csv.gz"))
    assert (len(records), problems) == (1115, [])


def test_duplicates(real_data: Callable[..., Path]):
    """Dates in the place of pages and wrong DOIs are named, and once that it is not UTF-8."""
    records, problems = came_in(real_data("dedup", "asysd_labelled.csv.gz"))
    assert len(records) == 1845
    assert len({record.source_key for record in records}) == 1845
    messages = [problem.message for problem in problems]
    assert sum("is a date" in message for message in messages) == 56
    assert sum("is not understood as a decision" in message for message in messages) == 2
    assert sum("Windows-1252" in message for message in messages) == 1
    assert sum("is not a DOI" in message for message in messages) == 2
    assert len(messages) == 61


def test_background(real_data: Callable[..., Path]):
    """Twenty-two thousand rows, with line ends within cells."""
    records, problems = came_in(real_data("background", "abstracts.csv.gz"))
    assert (len(records), beside_garbled_letters(problems)) == (22_000, [])
    assert len(problems) == 1
    assert sum(bool(record.title) for record in records) == 21_999  # one is called NA
