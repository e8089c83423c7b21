"""The table of records in a real browser: typing, ticking, keys, and its look."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from browser._browsing import PHONE, fits


@pytest.fixture
def table(page: Page) -> Page:
    """The table of a person working alone."""
    page.get_by_role("link", name="Records").click()
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    return page


def test_the_table_follows_what_is_typed(table):
    """Typing narrows the table down without a new page, and the address tells what is shown."""
    expect(table.locator(".records__count")).to_contain_text("202 records")
    table.get_by_role("searchbox").type("theta burst")
    expect(table.locator(".records__count")).not_to_contain_text("202")
    expect(table).to_have_url(re.compile(r"text=theta\+burst"))
    expect(table.get_by_role("searchbox")).to_be_focused()
    table.get_by_role("link", name="Show all records").click()
    expect(table.locator(".records__count")).to_contain_text("202 records")


def test_the_table_is_sorted_and_paged_by_keys(table):
    """Headings and pages are links; a screen reader hears the sort order."""
    year = table.get_by_role("columnheader", name="Year")
    year.get_by_role("link").focus()
    table.keyboard.press("Enter")
    expect(table.get_by_role("columnheader", name="Year")).to_have_attribute(
        "aria-sort", "descending"
    )
    table.get_by_role("link", name="Next →").focus()
    table.keyboard.press("Enter")
    expect(table.locator(".records__count")).to_contain_text("51-100 of")
    table.get_by_role("link", name="← Previous").click()
    expect(table.locator(".records__count")).to_contain_text("1-50 of")


def test_many_are_ticked_labelled_and_taken_back(table):
    """Ticking with Shift chooses a run; one press labels it, one takes it back."""
    boxes = table.locator('input[name="record"]')
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(table.locator("[data-chosen]")).to_have_text("4 selected")
    table.get_by_label("Reason (exclude or unsure)").select_option("WRONG_POP")
    table.get_by_role("button", name="Exclude").click()
    expect(table.locator("#flashes")).to_contain_text("4 records excluded.")
    expect(table.locator(".badge--exclude")).to_have_count(4)
    table.get_by_role("button", name="Undo").click()
    expect(table.locator("#flashes")).to_contain_text("Undone")
    expect(table.locator(".badge--exclude")).to_have_count(0)


def test_all_on_a_page_are_ticked_at_once_and_asked_about(table):
    """More than a few records are labelled only after a question, which No leaves unanswered."""
    table.get_by_label("Select all on this page").check()
    expect(table.locator("[data-chosen]")).to_have_text("50 selected")
    table.get_by_role("button", name="Include").click()
    expect(table.get_by_role("heading")).to_have_text("Include 50 records?")
    table.get_by_role("link", name="Cancel").click()
    expect(table.locator(".badge--include")).to_have_count(0)


def test_a_record_is_opened_decided_and_its_decision_withdrawn(table):
    """From the table to a record and back; its history grows and loses nothing."""
    table.locator(".records__title a").first.click()
    table.get_by_role("button", name="Unsure").click()
    expect(table.locator(".history li")).to_have_count(1)
    table.get_by_role("button", name="Withdraw my decision").click()
    expect(table.locator(".history li")).to_have_count(2)


def test_the_table_is_exported_as_ris(table):
    """One press gives a file that Zotero takes."""
    table.get_by_text("Export all").click()
    with table.expect_download() as saved:
        table.get_by_role("link", name="RIS, for Zotero").click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert text.count("\nER  - ") == 202
    assert saved.value.suggested_filename == "demo-records.ris"


def test_the_pages_are_sound_to_see_and_to_hear(served, visitor, objections):
    """Axe finds nothing in either theme, and on a phone nothing is cut off."""
    page = visitor(served)
    for path in ("/records?label=unlabelled&text=pain", "/records/r1", "/records/bulks", "/merges"):
        page.goto(served.base + path)
        assert objections(page) == []
        page.set_viewport_size(PHONE)
        assert fits(page), path
        page.set_viewport_size({"width": 1280, "height": 800})


def test_records_are_selected_and_tagged_by_keys(table, objections):
    """j and k move, x selects, t tags, z takes it back; ? lists the keys."""
    table.keyboard.press("j")
    expect(table.locator(".records__title > a").nth(0)).to_be_focused()
    table.keyboard.press("x")
    table.keyboard.press("j")
    table.keyboard.press("x")
    expect(table.locator("[data-chosen]")).to_have_text("2 selected")
    table.keyboard.press("t")
    expect(table.get_by_label("Tag", exact=True)).to_be_focused()
    table.keyboard.type("background")
    table.get_by_role("button", name="Add tag").click()
    expect(table.locator("#flashes")).to_contain_text("Tag “background” added to 2 records.")
    expect(table.locator(".records__tags .badge--accent")).to_have_count(2)
    assert objections(table) == []
    table.keyboard.press("z")
    expect(table.locator("#flashes")).to_contain_text("Undone")
    expect(table.locator(".records__tags .badge--accent")).to_have_count(0)
    table.keyboard.press("?")
    expect(table.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, {"width": 1024, "height": 768}])
def test_the_bulk_bar_covers_nothing_for_good(table, size):
    """With a selection the bar stays in sight, below the last record at the end of the page."""
    table.set_viewport_size(size)
    table.reload()
    table.locator('input[name="record"]').first.check()
    bar = table.locator("#many")
    expect(bar).to_be_in_viewport()
    table.locator("#many .many__links a").first.scroll_into_view_if_needed()
    table.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = table.locator(".records tbody tr").last.bounding_box()
    assert last["y"] + last["height"] <= bar.bounding_box()["y"] + 1
    assert fits(table)
