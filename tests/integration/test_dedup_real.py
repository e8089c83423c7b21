"""Deduplication of real records."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from autoscreen.dedup import clusters, find_duplicates, match_fields
from autoscreen.formats import Problem, read

pytestmark = pytest.mark.real_data


def test_labelled_set_reaches_the_goal(real_data: Callable[..., Path]) -> None:
    """On the labelled diabetes set sensitivity is at least .98 and specificity at least .999."""
    path = real_data("dedup", "asysd_labelled.csv.gz")
    records = [found for found in read(path) if not isinstance(found, Problem)]
    with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="") as stream:
        duplicate = [row["source"] == "duplicate" for row in csv.DictReader(stream)]
    assert len(records) == len(duplicate)
    keys = [match_fields(record) for record in records]
    removed = lost = 0
    for group in clusters(len(keys), find_duplicates(keys), keys):
        extra = sum(duplicate[i] for i in group.members)
        kept = len(group.members) - extra
        removed += extra if kept else extra - 1
        lost += max(0, kept - 1)
    assert removed / sum(duplicate) >= 0.98
    assert lost / (len(duplicate) - sum(duplicate)) <= 0.001


def test_two_exports_of_one_library_are_one(real_data: Callable[..., Path]) -> None:
    """A library of 1,000 records exported as RIS and as BibTeX finds its way together."""
    folder = real_data("exports", "ASySD")
    found = [
        [
            match_fields(record)
            for record in read(folder / f"tests__testthat__zotero_export.{suffix}")
            if not isinstance(record, Problem)
        ]
        for suffix in ("ris", "bib")
    ]
    first, second = found
    assert len(first) == len(second) == 1000
    keys = first + second
    groups = clusters(len(keys), find_duplicates(keys, new_from=len(first)), keys)
    met = {i for group in groups for i in group.members if i >= len(first)}
    assert len(met) >= 995
