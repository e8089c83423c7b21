"""Assignment in the browser: shares, by hand, filters, queues and one's own progress."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.review import Review
from integration._web import Browser, browser_of, text_of


@pytest.fixture
def path(demo_review: Path, tmp_path: Path) -> Path:
    """The demo review, in which Ben has screened a record before."""
    path = tmp_path / "demo.autoscreen"
    shutil.copy(demo_review, path)
    with Review.open(path) as review:
        review.label("r1", "include", reviewer="Ben")
        review.rank(top=1)
    return path


@pytest.fixture
def browser(path: Path) -> Iterator[Browser]:
    """AA works on it."""
    with browser_of(path) as made:
        yield made


def test_the_records_are_divided_by_share_and_given_back(browser, path):
    """Everybody sees who has how much; what is given back is assigned to nobody."""
    fields = {"name": ["AA", "Ben"], "share": ["1", "2"], "each": "1"}
    page = browser.post("/team/assignments", fields)
    assert "Assigned: AA 67, Ben 134." in text_of(page, "//*[@id='flashes']")
    assert "Every unscreened record is assigned" in text_of(page)
    assert "67 records" in text_of(browser.get("/records?assigned=AA"), "//*[@id='records']")
    page = browser.get("/screen")
    assert "You: 0 of 67 assigned to you · team: 1 of 202 screened" in text_of(page)
    with Review.open(path) as review:
        assert review.next(reviewer="AA").ranked.id in {
            str(one) for one in browser.get("/records?assigned=AA").xpath("//@value")
        } | {str(one) for one in page.xpath("//article/@data-id")}
    page = browser.post("/team/assignments/release", {"name": "Ben"})
    assert "134 records of Ben can be screened by anybody" in text_of(page, "//*[@id='flashes']")
    assert "134 unscreened records are assigned to nobody" in text_of(page)


def test_records_are_assigned_by_hand(browser):
    """Selected records go to a person; a record's page says to whom, and they can be taken back."""
    fields = {"record": ["r2", "r3"], "assignee": "Ben", "on": "1", "table": "text=pain"}
    page = browser.post("/records/assign", fields)
    assert "2 records assigned to Ben." in text_of(page, "//*[@id='flashes']")
    assert page.xpath("//input[@name='text']/@value") == ["pain"]
    assert "Assigned to Ben." in text_of(browser.get("/records/r2"))
    assert "200 records" in text_of(browser.get("/records?unassigned=1"), "//*[@id='records']")
    page = browser.post("/records/assign", {**fields, "on": "0"})
    assert "2 records unassigned from Ben." in text_of(page, "//*[@id='flashes']")
    for left, said in (({"record": []}, "No record was"), ({"assignee": ""}, "Choose a person")):
        page = browser.post("/records/assign", {**fields, **left})
        assert said in text_of(page, "//*[@id='flashes']")
    browser.post("/records/assign", {**fields, "assignee": "Nobody"}, status=400)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ["AA"], "share": ["1"], "each": "2"}, "cannot screen each record 2 times"),
        ({"name": ["AA"], "share": ["0"], "each": "1"}, "0 people cannot"),
    ],
)
def test_a_division_that_cannot_be_is_said(browser, fields, said):
    """The page names what is missing, and nothing is assigned."""
    page = browser.post("/team/assignments", fields)
    assert said in text_of(page, "//*[@id='flashes']")
    assert "Nothing is assigned" in text_of(page)


@pytest.mark.parametrize("share", ["many", "-1", "nan", "inf"])
def test_a_share_is_a_number(browser, share):
    """Anything else is refused in one line."""
    fields = {"name": ["AA", "Ben"], "share": ["1", share], "each": "1"}
    page = browser.post("/team/assignments", fields, status=400)
    assert "is not a share for Ben" in text_of(page)


def test_who_has_nothing_left_is_told_what_others_have(path):
    """When all is assigned to somebody else, the page says so instead of calling it done."""
    with Review.open(path) as review:
        review.assignments.split({"Ben": 1.0})
    with browser_of(path) as browser:
        text = text_of(browser.get("/screen"))
    assert "201 unscreened records are assigned to other reviewers" in text
    assert "All records are screened" not in text
