"""Pairs that are alike, but not enough for a merge, wait for a person."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from autoscreen.dedup import clusters, find_duplicates, match_fields, possible_duplicates
from autoscreen.errors import ConflictError, InputError
from autoscreen.formats import open_source
from autoscreen.records import Record
from autoscreen.review import Review

PAPER = Record(
    title="Invented stimulation of an invented nerve in invented patients",
    authors=("Doe, Roe", "Poe, Moe"),
    year=2010,
    journal="Journal of Invention",
    volume="12",
    pages="100-109",
)
OTHER = replace(PAPER, title="Another paper on something else", volume="1", pages="4")


def possible(*records: Record) -> list[tuple[int, int]]:
    fields = [match_fields(record) for record in records]
    matches = find_duplicates(fields, possible=True)
    found = possible_duplicates(matches, clusters(len(fields), matches, fields), fields)
    return [(match.first, match.second) for match in found]


def slip(record: Record) -> Record:
    """The same record with another year, which is too far away for a merge."""
    return replace(record, year=2013, volume="", pages="")


def test_a_pair_that_differs_in_the_year_is_possible_not_merged() -> None:
    """All agrees but the year, or the DOI: a person decides."""
    assert possible(PAPER, slip(PAPER), OTHER) == [(0, 1)]
    changed = (replace(PAPER, doi=doi, pages="") for doi in ("10.1000/1", "10.1000/2"))
    assert possible(*changed) == [(0, 1)]


def test_records_with_nothing_but_a_title_are_possible() -> None:
    """A telling title is enough to ask a person, not to merge; a usual one is not."""
    bare = Record(title=PAPER.title)
    assert sorted(possible(PAPER, bare, bare)) == [(0, 1), (1, 2)]
    assert possible(replace(PAPER, title="Editorial"), *[Record(title="Editorial")] * 2) == []


@pytest.mark.parametrize(
    "other",
    [
        PAPER,
        OTHER,
        replace(slip(PAPER), title="Editorial"),
        replace(slip(PAPER), title=PAPER.title + ": reply", authors=("Coe, Zoe",)),
    ],
)
def test_merged_and_different_records_are_not_possible(other: Record) -> None:
    """What is merged, what has another title and what answers a paper is not asked about."""
    assert possible(PAPER, other) == []


def test_different_identifiers_are_different_records() -> None:
    """Two PMIDs, or two versions of one preprint, are no duplicates."""
    assert possible(replace(PAPER, pmid="1"), replace(slip(PAPER), pmid="2")) == []
    assert possible(replace(PAPER, doi="10.1/a.v1"), replace(PAPER, doi="10.1/a.v2")) == []
    # The copy of the first must not be asked about either.
    assert possible(replace(PAPER, pmid="1"), PAPER, replace(slip(PAPER), pmid="2")) == []


RIS = (
    "TY  - JOUR\nTI  - {title}\nAU  - Doe, Roe\nAU  - Poe, Moe\nPY  - {year}\n"
    "JO  - Journal of Invention\nER  - \n"
)


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """A review with one possible duplicate."""
    path = tmp_path / "a.ris"
    path.write_text("".join(RIS.format(title=PAPER.title, year=year) for year in (2010, 2013)))
    opened = Review.create(tmp_path / "r", protocol="rms-pnp")
    opened.import_files([path])
    return opened


def test_duplicates_are_merged_and_the_merge_undone(review: Review) -> None:
    """A merge by a person carries the name, is undone with its reviewer, and can be done again."""
    (pair,) = review.duplicates.pending()
    assert (pair.first, pair.second, pair.state) == ("r1", "r2", "pending")
    done = review.duplicates.merge(pair.id, reviewer="AA")
    assert (done.state, done.decided_by, done.first, done.second) == ("merged", "AA", "r1", "r1")
    assert review.merges.all()[0].evidence.endswith("confirmed by AA")
    assert review.duplicates.pending() == []
    with pytest.raises(InputError, match="merged already"):
        review.duplicates.keep_apart(pair.id)
    again = review.duplicates.undo(pair.id, reviewer="BB")
    assert (again.state, again.decided_by) == ("pending", "")
    assert review.status().records == 2
    with pytest.raises(InputError, match="nobody has decided"):
        review.duplicates.undo(pair.id)
    assert review.duplicates.merge(pair.id, reviewer="BB").state == "merged"


def test_different_records_stay_apart(review: Review, tmp_path: Path) -> None:
    """What a person keeps apart is not asked about again, until that is undone."""
    (pair,) = review.duplicates.pending()
    kept = review.duplicates.keep_apart(pair.id, reviewer="AA")
    assert (kept.state, kept.decided_by) == ("kept apart", "AA")
    copy = tmp_path / "b.ris"
    copy.write_text(RIS.format(title=PAPER.title, year=2010) + "\n")
    review.import_files([copy])
    assert review.duplicates.pending() == []
    assert review.duplicates.undo(pair.id).state == "pending"


def test_a_third_record_does_not_merge_what_is_kept_apart(tmp_path: Path) -> None:
    """r1 and r2 are different; so r3 can be the same as one of them only."""
    path = tmp_path / "a.ris"
    years = (2010, 2013, 2016)
    path.write_text("".join(RIS.format(title=PAPER.title, year=year) for year in years))
    with Review.create(tmp_path / "r", protocol="rms-pnp") as review:
        review.import_files([path])
        pairs = {(one.first, one.second): one.id for one in review.duplicates.pending()}
        review.duplicates.keep_apart(pairs["r1", "r2"], reviewer="AA")
        review.duplicates.merge(pairs["r1", "r3"])
        with pytest.raises(ConflictError, match=r"one record of r1 and r2, which a person has"):
            review.duplicates.merge(pairs["r2", "r3"])
        assert review.duplicates.count_pending() == len(review.duplicates.pending()) == 1
        assert [merge.absorbed for merge in review.merges.all()] == ["r3"]
        review.duplicates.undo(pairs["r1", "r2"])
        assert review.duplicates.merge(pairs["r2", "r3"]).state == "merged"
        assert review.status().records == 1


def test_an_undone_merge_is_not_pending(review: Review) -> None:
    """Whoever undoes the merge itself has decided that the two are different."""
    (pair,) = review.duplicates.pending()
    review.duplicates.merge(pair.id)
    review.merges.undo(1)
    assert review.duplicates.get(pair.id).state == "kept apart"
    assert review.duplicates.undo(pair.id).state == "pending"
    with pytest.raises(InputError, match="no possible duplicate 7"):
        review.duplicates.get(7)


def test_possible_duplicates_belong_to_the_import_that_found_them(review: Review) -> None:
    """A pair across two files is of the second."""
    text = RIS.format(title=OTHER.title, year=2010).encode()
    review.import_files([open_source(BytesIO(text), name="c.ris")])
    assert [one.id for one in review.duplicates.all(1)] == [1]
    assert review.duplicates.all(2) == []


def test_five_points_are_asked_about() -> None:
    """Six for the title and two for the journal, less three for a year two apart; not six more."""
    bare = Record(title=PAPER.title, journal=PAPER.journal, year=2010)
    assert possible(bare, replace(bare, year=2012)) == [(0, 1)]
    assert possible(bare, replace(bare, year=2013)) == []
