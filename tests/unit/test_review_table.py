"""The pool as a table: pages, bulk labels and their undoing, exports."""

from __future__ import annotations

import csv

import pytest

from autoscreen.errors import InputError, UnknownRecordError
from autoscreen.formats import read
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.records_table import MOST_AT_ONCE, TableQuery
from autoscreen.store.record_filters import Filters


@pytest.fixture
def review(tmp_path, clock, take_in):
    """Twelve records; those with a higher number speak less of the question."""
    with Review.create(tmp_path / "rms", protocol="rms-pnp", now=clock) as made:
        records = [
            Record(title=f"Record {n}", year=2000 + n, abstract="Magnetic stimulation. " * (12 - n))
            for n in range(12)
        ]
        take_in(made._store, records)
        yield made


def ids(page) -> list[str]:
    return [row.shown.id for row in page.rows]


def test_pages_join_up_in_both_directions(review):
    """Going on and back again passes each record once, whatever the order."""
    for sort in ("rank", "year", "title", "decided", "came"):
        query = TableQuery(sort=sort, descending=True)
        seen, page = [], review.table.page(query, size=5)
        while True:
            seen += ids(page)
            if not page.after:
                break
            page = review.table.page(query, after=page.after, size=5)
        assert seen == review.table.select(query)
        assert len(set(seen)) == page.total == 12
        assert (page.first, page.after) == (11, "")
        back = review.table.page(query, before=page.before, size=5)
        assert (ids(back), back.first) == (seen[5:10], 6)
        assert review.table.page(query, before=back.before, size=5).before == ""


def test_a_page_goes_on_after_a_record_that_has_left_the_table(review):
    """Labelling the last record of a page of unlabelled ones loses no place."""
    query = TableQuery(filters=Filters(label="unlabelled"), sort="came")
    page = review.table.page(query, size=5)
    review.label("r5", "include")
    following = review.table.page(query, after=page.after, size=5)
    assert (ids(following), following.first) == (["r6", "r7", "r8", "r9", "r10"], 5)


def test_rows_show_rank_and_score_once_there_is_an_order(review):
    """The table is in the order of reading; before any order it is that of the import."""
    before = review.table.page(TableQuery())
    assert ids(before) == [f"r{n}" for n in range(1, 13)]
    assert before.rows[0].rank is None
    ranked = [one.id for one in review.rank()]
    page = review.table.page(TableQuery(), size=12)
    assert ids(page) == ranked
    assert [row.rank for row in page.rows] == list(range(1, 13))
    assert ids(review.table.page(TableQuery(descending=True), size=12)) == ranked[::-1]
    with Review.open(review.path) as other:  # which has no order of its own
        assert ids(other.table.page(TableQuery(), size=12)) == ranked
        assert (
            ids(other.table.page(TableQuery(), size=12, places=review.ranking.places())) == ranked
        )


def test_records_that_came_after_the_order_stand_last(review, take_in):
    """A record without a rank is shown, after the ranked ones, whichever way round."""
    review.rank()
    take_in(review._store, [Record(title="New")], path="b")
    assert ids(review.table.page(TableQuery(), size=20))[-1] == "r13"
    last = review.table.page(TableQuery(descending=True), size=20).rows[-1]
    assert (last.shown.id, last.rank) == ("r13", None)


def test_an_unknown_order_or_record_is_refused(review):
    """What does not exist is named."""
    with pytest.raises(InputError, match="not a sort order"):
        review.table.page(TableQuery(sort="beauty"))
    with pytest.raises(UnknownRecordError):
        review.table.page(TableQuery(), after="r99")


def test_many_are_labelled_at_once_and_undone_as_one(review):
    """A bulk keeps rank and reason of each record; undoing it brings back what stood before."""
    review.rank()
    review.label("r1", "include", reviewer="bob")
    bulk = review.table.label_many(
        ["r1", "r2", "r3", "r2"], "exclude", reviewer="ann", reason="WRONG_POP", note="batch"
    )
    assert (bulk.records, bulk.standing, bulk.label) == (3, 3, "exclude")
    decision = review.decisions.history("r2")[-1]
    assert (decision.reason, decision.note, decision.reviewer) == ("WRONG_POP", "batch", "ann")
    assert decision.rank is not None
    undone = review.table.undo_many(bulk.id, reviewer="bob")
    assert undone.standing == 0
    assert review.record("r1").label == "include"
    assert review.record("r2").label is None
    assert [entry.label for entry in review.decisions.history("r2")] == ["exclude", None]
    assert review.decisions.history("r2")[-1].reviewer == "bob"
    with pytest.raises(InputError, match="already"):
        review.table.undo_many(bulk.id)
    with pytest.raises(InputError, match="no bulk 9"):
        review.table.undo_many(9)


def test_undoing_many_leaves_what_was_decided_since(review):
    """A later decision about one of the records stands."""
    bulk = review.table.label_many(["r1", "r2"], "exclude", reviewer="ann")
    review.label("r1", "include", reviewer="bob")
    review.table.undo_many(bulk.id)
    assert (review.record("r1").label, review.record("r2").label) == ("include", None)
    assert [one.standing for one in review.table.bulks()] == [0]


def test_a_bulk_is_done_as_a_whole_or_not_at_all(review):
    """An unknown record, label or reason, no record, or too many, labels nothing."""
    with pytest.raises(UnknownRecordError):
        review.table.label_many(["r1", "r99"], "exclude")
    with pytest.raises(InputError, match="not a reason"):
        review.table.label_many(["r1"], "exclude", reason="BORING")
    with pytest.raises(InputError, match="0 records"):
        review.table.label_many([], "exclude")
    find_all = review._store.pool.find_all
    review._store.pool.find_all = lambda idents: [int(one) for one in idents]
    try:
        with pytest.raises(InputError, match=f"1 to {MOST_AT_ONCE}"):
            review.table.label_many(map(str, range(MOST_AT_ONCE + 1)), "exclude")
    finally:
        review._store.pool.find_all = find_all
    assert review._store.decisions.newest() == 0
    assert review.table.bulks() == []


def test_what_is_shown_is_exported_in_its_order(review, tmp_path):
    """The file holds the chosen records, as they stand in the table, with their labels."""
    review.label("r3", "include", reviewer="ann")
    review.label("r4", "exclude", reviewer="bob", reason="WRONG_POP")
    query = TableQuery(filters=Filters(label="labelled"), sort="year", descending=True)
    assert review.table.export(query, tmp_path / "out.ris") == 2
    assert [record.title for record in read(tmp_path / "out.ris")] == ["Record 3", "Record 2"]
    assert review.table.export(query, tmp_path / "out.csv") == 2
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8-sig") as stream:
        assert [row["title"] for row in csv.DictReader(stream)] == ["Record 3", "Record 2"]


def test_a_formula_in_a_title_stays_text_in_a_spreadsheet(review, take_in, tmp_path):
    """A title that begins like a formula is not run by the program that opens the export."""
    take_in(review._store, [Record(title='=HYPERLINK("http://evil","x")')], path="b")
    query = TableQuery(filters=Filters(text="hyperlink"))
    assert review.table.export(query, tmp_path / "out.csv") == 1
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8-sig") as stream:
        assert next(csv.DictReader(stream))["title"].startswith("'=")


def test_labels_are_counted_by_day(review, monkeypatch):
    """Each decision made here counts on the day it was made, also if it was changed later."""
    review.label("r1", "include")
    review.label("r1", "exclude")
    review.label("r2", "exclude")
    (counts,) = review.table.labels_per_day().values()
    assert counts == {"include": 1, "exclude": 2}


def test_a_page_undoes_a_bulk_as_a_whole(review):
    """The undo key takes back all that one press did, once, and later the decision before."""
    review.label("r1", "include", reviewer="ann")
    bulk = review.table.label_many(["r2", "r3"], "exclude", reviewer="ann")
    made = review.decisions.withdraw(key="undo 1", reviewer="ann")
    assert review.table.bulk_of(made.withdraws).id == bulk.id
    assert review.decisions.withdraw(key="undo 1", reviewer="ann") == made
    assert [review.record(one).label for one in ("r1", "r2", "r3")] == ["include", None, None]
    made = review.decisions.withdraw(key="undo 2", reviewer="ann")
    assert (made.record_id, review.table.bulk_of(made.withdraws)) == ("r1", None)
    assert review.table.newest_bulk("ann") is None
