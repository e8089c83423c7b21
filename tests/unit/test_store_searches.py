"""Searches in the review file: what was asked, what came, and what has yet to come."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autoscreen.errors import StoreError
from autoscreen.records import Record
from autoscreen.store.search_log import NewSearch

SEARCH = NewSearch(
    kind="query",
    database="PubMed",
    platform="http://127.0.0.1/",
    query="pain",
    translation="pain[All Fields]",
    warnings=("PubMed ignored: of",),
    date_type="edat",
    since="2026-01-01",
    until="",
    found=3,
    slices=1,
    started="2026-01-02T00:00:00.000Z",
)


def test_a_search_is_logged_as_it_was_made(store):
    """All that a report needs comes back."""
    number = store.searches.open(SEARCH, ["7", "5", "6"])
    run = store.searches.run(number)
    for name in NewSearch.__slots__:
        assert getattr(run, name) == getattr(SEARCH, name)
    assert (run.id, run.status, run.finished) == (1, "running", "")
    assert (run.named, run.fetched, run.missing, run.new) == (3, 0, 3, 0)
    assert store.searches.all() == [run]


def test_what_came_is_kept_in_the_order_of_the_search(store):
    """Whatever the order in which it came; the rest is still to do."""
    number = store.searches.open(SEARCH, ["7", "5", "6"])
    store.searches.keep(number, {"6": "<six/>"})
    store.searches.keep(number, {"7": "<seven/>", "99": "<not asked for/>"})
    assert list(store.searches.waiting(number)) == ["<seven/>", "<six/>"]
    assert store.searches.todo(number) == ["5"]
    assert store.searches.run(number).waiting == 2


def test_what_is_imported_no_longer_waits(store, take_in):
    """Its PMIDs stay, with the import that brought it in; it does not come in again."""
    number = store.searches.open(SEARCH, ["7", "5", "6"])
    store.searches.keep(number, {"7": "<seven/>", "6": "<six/>"})
    run = take_in(store, [Record(title="A"), Record(title="B")])
    store.searches.imported(number, run.id)
    store.searches.keep(number, {"7": "<seven again/>"})
    assert list(store.searches.waiting(number)) == []
    found = store.searches.run(number)
    assert (found.imported, found.waiting, found.new, found.missing) == (2, 0, 2, 1)


def test_only_the_newest_search_for_the_same_is_gone_on_with(store):
    """And only while some of its records have yet to come."""
    find = store.searches.unfinished
    asked = ("query", "pain", "2026-01-01", "")
    assert find(*asked) is None
    first = store.searches.open(SEARCH, ["7"])
    assert find(*asked) == first
    store.searches.close(first, "partial")
    assert find(*asked) == first
    for other in (
        ("pmids", *asked[1:]),
        ("query", "pains", *asked[2:]),
        (*asked[:3], "2026-02-01"),
    ):
        assert find(*other) is None
    second = store.searches.open(replace(SEARCH, found=0), [])
    store.searches.close(second, "done")
    assert find(*asked) is None
    assert store.searches.run(second).finished


def test_an_abandoned_search_keeps_its_pmids_only(store):
    """What it had fetched is let go."""
    number = store.searches.open(SEARCH, ["7", "5"])
    store.searches.keep(number, {"7": "<seven/>"})
    store.searches.close(number, "abandoned")
    assert list(store.searches.waiting(number)) == []
    assert store.searches.run(number).named == 2


def test_a_search_that_comes_page_by_page_is_kept_with_its_place(store):
    """Each record once; a new number of records is noted with its reason."""
    number = store.searches.open(replace(SEARCH, database="Europe PMC", found=4), [])
    store.searches.add(number, {"MED:7": "seven", "PPR:1": "one"}, "second")
    assert store.searches.cursor(number) == "second"
    store.searches.add(number, {"PPR:1": "again", "MED:9": "nine"}, "")
    assert list(store.searches.waiting(number)) == ["seven", "one", "nine"]
    assert store.searches.cursor(number) == ""
    assert (store.searches.run(number).named, store.searches.run(number).missing) == (3, 1)
    store.searches.recount(number, 3, "counted again")
    run = store.searches.run(number)
    assert (run.found, run.missing) == (3, 0)
    assert run.warnings == (*SEARCH.warnings, "counted again")


def test_a_search_of_another_database_is_another_search(store):
    """The same words asked of PubMed are not gone on with."""
    number = store.searches.open(replace(SEARCH, database="Europe PMC"), [])
    asked = ("query", "pain", "2026-01-01", "")
    assert store.searches.unfinished(*asked) is None
    assert store.searches.unfinished(*asked, database="Europe PMC") == number


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE search SET query = 'other'",
        "UPDATE search SET found = 9",
        "UPDATE search SET warnings = '[]'",
        "DELETE FROM search",
        "UPDATE search_hit SET identifier = '9'",
        "DELETE FROM search_hit",
    ],
)
def test_the_log_cannot_be_rewritten(store, sql):
    """Not even with another program."""
    store.searches.close(store.searches.open(SEARCH, ["7"]), "done")
    with pytest.raises(StoreError, match=r"as they were made|what a search found stays"):
        store._db.run(sql)
