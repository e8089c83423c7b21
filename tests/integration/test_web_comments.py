"""Comments in the browser: on a record, to a colleague, and in their list."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.review import Review
from autoscreen.web.visit import PART
from integration._web import Browser, browser_of, text_of


@pytest.fixture
def browser(demo_review: Path, tmp_path: Path) -> Iterator[Browser]:
    """A person who works alone on the demo review; Ben has screened a record before."""
    path = tmp_path / "demo.autoscreen"
    shutil.copy(demo_review, path)
    with Review.open(path) as review:
        review.label("r1", "include", reviewer="Ben")
        review.comments.add("r2", "@AA please look", reviewer="Ben", people=["AA"])
    with browser_of(path) as made:
        yield made


def test_a_comment_is_written_counted_and_withdrawn(browser):
    """It stands on the record's page and on the screening page; the table counts it."""
    page = browser.post("/records/r5/comments", {"text": "Same cohort as r9?\n@Ben"})
    assert "Same cohort as r9?" in text_of(page, "//section[@id='comments']")
    assert "to Ben" in text_of(page, "//section[@id='comments']")
    assert "1 comment" in text_of(browser.get("/records?text=note:cohort"), "//tbody")
    assert "Same cohort" in text_of(browser.get("/screen/r5"), "//section[@id='comments']")
    answer = browser._client.post(
        "/records/r5/comments",
        data={"text": "@Nobody hello"},
        headers={PART: "1", "Sec-Fetch-Site": "same-origin"},
    )
    assert "nobody is called Nobody" in answer.text
    page = browser.post("/comments/2/withdraw")
    assert "withdrawn" in text_of(page, "//section[@id='comments']")
    browser.post("/comments/1/withdraw", status=400)
    browser.post("/comments/x/withdraw", status=400)
    browser.post("/records/r5/comments", {"text": "  "}, status=400)


def test_a_mention_waits_in_the_navigation_until_it_is_done(browser):
    """The list leads to the comment; done, it no longer counts, and can be opened again."""
    page = browser.get("/records")
    assert "Mentions (1)" in text_of(page, "//nav")
    page = browser.get("/mentions")
    assert page.xpath("//main//a/@href") == ["/records/r2#comment-1"]
    page = browser.post("/mentions/1", {"done": "1"})
    assert "Mentions" not in text_of(page, "//nav")
    assert "Mentions (1)" in text_of(browser.post("/mentions/1", {"done": "0"}), "//nav")
    browser.post("/mentions/9", {"done": "1"}, status=400)
