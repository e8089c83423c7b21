"""A new review by questions, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autoscreen.review import Review
from browser._browsing import Served, Visitor, fits

TITLE = "Melatonin for delirium in older adults"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of reviews."""
    made = tmp_path / "reviews"
    made.mkdir()
    return made


def test_a_newcomer_makes_a_review_with_a_dozen_clicks(
    folder: Path, serve: Callable[..., Served], visitor: Visitor
) -> None:
    """Title, pasted criteria, proposed concepts, reasons; then records can be imported."""
    page = visitor(serve(folder))
    page.get_by_role("link", name="New review").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Short name").fill("delirium")
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    page.get_by_role("link", name="Reviews").click()  # what was typed is not lost
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label("Short name").press("Enter")
    page.get_by_label("Eligibility criteria").fill("Include: trials\nExclude: children")
    page.get_by_role("button", name="Continue", exact=True).last.click()
    expect(page.get_by_role("checkbox", name="Melatonin", exact=True)).to_be_checked()
    page.get_by_role("checkbox", name="Older adults", exact=True).uncheck()
    page.get_by_role("checkbox", name="melatonin agonist*").uncheck()
    page.get_by_label("Add terms to Melatonin").fill("sleep hormone*")
    page.get_by_role("button", name="Continue", exact=True).last.click()
    expect(page.get_by_label("Reason 1")).to_have_value("Wrong population")
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("checkbox", name="melatonin agonist*")).not_to_be_checked()
    page.get_by_role("button", name="4. Exclusion reasons").click()
    page.get_by_role("button", name="Create review").last.click()
    page.wait_for_url("**/r/delirium/overview")
    page.get_by_role("link", name="search PubMed").click()
    expect(page.locator("#query")).to_have_value(re.compile("Melatonin.*mh"))
    with Review.open(folder / "delirium.autoscreen") as made:
        terms = made.protocol.concept("melatonin").terms
    assert "sleep hormone*" in terms
    assert "melatonin agonist*" not in terms


def test_every_step_is_sound_to_see_and_to_hear(
    folder: Path,
    serve: Callable[..., Served],
    visitor: Visitor,
    objections: Callable[[Page], list[str]],
) -> None:
    """Axe finds nothing in either theme, and on a phone nothing is cut off."""
    page = visitor(serve(folder))
    page.get_by_role("link", name="New review").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Short name").fill("delirium")
    steps = ("Title and question", "Criteria", "Concepts", "Exclusion reasons", "Earlier review")
    for heading in steps:
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        assert objections(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert fits(page), heading
        page.set_viewport_size({"width": 1280, "height": 800})
        assert fits(page), heading
        if heading != steps[-1]:
            page.get_by_role("button", name="Continue", exact=True).last.click()
