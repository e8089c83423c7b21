"""Duplicates of a few records are found through the index as by comparing them with all."""

from __future__ import annotations

import random
from dataclasses import replace

from autoscreen.dedup import match_fields
from autoscreen.records import Record

WORDS = [
    "coil",
    "nerve",
    "pain",
    "lesion",
    "spine",
    "limb",
    "trial",
    "sham",
    "pulse",
    "root",
    "graft",
    "motor",
    "zone",
    "dose",
    "week",
]


def paper(number: int) -> Record:
    dice = random.Random(number)
    title = " ".join(dice.sample(WORDS, 5)) + f" study{number % 40} arm{number}"
    return Record(title=title, year=2000 + number % 20, journal="Invented", volume=str(number % 9))


def test_only_related_records_are_read(store, take_in) -> None:
    """A record with a DOI, a similar title and an unrelated one: the last is not looked up."""
    papers = [paper(number) for number in range(60)]
    take_in(store, papers)
    new = replace(papers[7], title=papers[7].title + " revisited")
    found = store.imports.related([match_fields(new)])
    assert 8 in found.keys
    assert len(found.keys) < 20
    assert (list(found.keys).index(8), len(found.keys)) in (found.pairs or ())


def test_of_very_many_that_share_a_key_the_neighbours_are_read(store, take_in) -> None:
    """The titles of 400 trials end alike; the one that differs in a letter is compared."""
    ending = "a randomised controlled trial"
    take_in(store, [Record(title=f"q{number:04}e {ending}") for number in range(400)])
    found = store.imports.related([match_fields(Record(title=f"q0350k {ending}"))])
    assert 351 in found.keys
    assert len(found.keys) < 60


def test_records_that_resemble_very_many_are_reported(store, take_in, monkeypatch) -> None:
    """As only the most similar were compared, the import says so, and the log keeps it."""
    monkeypatch.setattr("autoscreen.store.duplicate_index.MANY", 60)
    ending = "a randomised controlled trial"
    assert not take_in(store, [Record(title=f"q{n:04}e {ending}") for n in range(60)]).problems
    take_in(store, [Record(title=f"q9999e {ending}"), Record(title="Another")])
    (problem,) = store.imports.problems(2)
    assert "others: 1; of these others" in problem.message


def test_a_word_that_became_common_counts_no_more(store, take_in) -> None:
    """Titles share three words: in 80 records these find a duplicate, in 160 they are common."""
    new = [match_fields(Record(title="Zones of coil and graft after a dose that is new"))]
    sizes = []
    for start in (0, 80):
        titles = [f"coil w{n} graft x{n} dose y{n}" for n in range(start, start + 80)]
        take_in(store, [Record(title=title) for title in titles])
        sizes.append(len(store.imports.related(new).keys))
    assert sizes == [80, 0]


def test_reports_of_a_study_are_linked(store, take_in) -> None:
    """An entry, its paper and a second paper share a number; a review of many trials does not."""
    many = " ".join(f"NCT0999999{n}" for n in range(5))
    take_in(
        store,
        [
            Record(title="Entry", accession="NCT09999991"),
            Record(title="Paper", abstract="Registered: NCT 09999991."),
            Record(title="Review", abstract=many),
            Record(title="Other"),
        ],
    )
    assert store.pool.reports_of_same_study(1) == [(2, "NCT09999991")]
    assert store.pool.reports_of_same_study(4) == []
