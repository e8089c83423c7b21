"""The home page in a browser: a person alone, a team, and what is done with whole reviews."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autoscreen.protocol import Protocol
from autoscreen.review import Review
from browser._browsing import PHONE, Served, Visitor, fits, press

PASSWORD = "three small words"
PAGES = ("/", "/new", "/settings", "/manage/1", "/deleted")


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reviews"
    folder.mkdir()
    title = "Aspirin for tension-type headache in adults"
    Review.create(folder / "headache", protocol=Protocol.from_title(title)).close()
    return folder


@pytest.fixture
def alone(serve: Callable[..., Served], tmp_path: Path) -> Served:
    """``autoscreen app`` on a folder with one review without records."""
    return serve(_folder(tmp_path))


@pytest.fixture
def team(serve: Callable[..., Served], tmp_path: Path) -> Served:
    """``autoscreen serve`` on such a folder."""
    return serve(_folder(tmp_path), team=True)


def _create_account(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Reviews")).to_be_visible()


def _review(page: Page, name: str):
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=name))


def test_from_home_to_the_example_and_back(visitor: Visitor, alone: Served):
    """The example opens ready to screen; what was decided is counted at home."""
    page = visitor(alone)
    expect(_review(page, "headache")).to_contain_text("No records yet")
    page.get_by_role("button", name="Open the example").click()
    page.wait_for_selector("article.record", timeout=60_000)
    press(page, "i")
    page.get_by_role("link", name="Home").click()
    expect(_review(page, "Example")).to_contain_text("1 of 202 screened")
    expect(_review(page, "Example")).to_contain_text("1 included")
    page.get_by_label("Search").fill("neuropathic")
    expect(_review(page, "headache")).to_have_count(0)
    page.get_by_role("link", name="Example", exact=True).click()
    page.wait_for_selector("article.record")
    assert "/r/example/" in page.url


def test_a_review_is_archived_deleted_and_undone(visitor: Visitor, alone: Served):
    """Each step offers its way back, and nothing is lost."""
    page = visitor(alone)
    page.get_by_role("link", name="Manage headache").click()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(_review(page, "headache")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(_review(page, "headache")).to_be_visible()
    page.get_by_role("link", name="Manage headache").click()
    page.get_by_role("button", name="Back up now").click()
    expect(page.get_by_text("was made.")).to_be_visible()
    page.get_by_label("To confirm, type the name").fill("headache")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(_review(page, "headache")).to_have_count(0)
    page.get_by_role("link", name="Deleted reviews (1)").click()
    page.get_by_role("button", name="Restore headache").click()
    expect(_review(page, "headache")).to_be_visible()


def test_two_people_have_different_roles_in_two_reviews(visitor: Visitor, team: Served):
    """One account each; an invitation to one review, a role in the other by its Team page."""
    olga = visitor(team)
    _create_account(olga, "Olga")
    olga.get_by_role("button", name="Open the example").click()
    olga.wait_for_selector("article.record", timeout=60_000)
    olga.get_by_role("link", name="Team").click()
    olga.get_by_role("button", name="Invite a member").click()
    dialog = olga.get_by_role("dialog")
    dialog.get_by_label("Name of the person").fill("Ben Okafor")
    dialog.get_by_role("button", name="Create link").click()
    link = olga.get_by_label("Invitation link").input_value()
    ben = visitor(team, link.removeprefix(team.base))
    expect(
        ben.get_by_role("heading", name="You are invited to example as reviewer")
    ).to_be_visible()
    expect(ben.get_by_label("Name")).to_have_value("Ben Okafor")
    _create_account(ben, "Ben Okafor")
    expect(_review(ben, "Example")).to_be_visible()
    expect(_review(ben, "headache")).to_have_count(0)
    ben.get_by_role("link", name="Example", exact=True).click()
    ben.wait_for_selector("article.record")
    press(ben, "e")

    olga.goto(f"{team.base}/r/headache/team")
    olga.get_by_label("Add someone who has an account").select_option("Ben Okafor")
    olga.locator("#f-other-role").select_option("observer")
    olga.get_by_role("button", name="Add", exact=True).click()
    expect(olga.get_by_text("Ben Okafor is now observer of this review.")).to_be_visible()
    ben.get_by_role("link", name="Home").click()
    expect(_review(ben, "headache")).to_be_visible()
    ben.get_by_role("link", name="headache").click()
    ben.get_by_role("link", name="Overview").click()
    expect(ben.get_by_role("button", name="Import", exact=True)).to_have_count(0)
    ben.get_by_role("button", name="Sign out").click()
    expect(ben.get_by_role("heading", name="Sign in")).to_be_visible()


def test_axe_finds_nothing_on_the_pages_of_the_home(visitor: Visitor, team: Served, objections):
    """In both themes and on a phone, on which nothing has to be moved aside."""
    page = visitor(team)
    _create_account(page, "Olga")
    page.goto(f"{team.base}/people")
    page.get_by_label("Name of the person").fill("Ben")
    page.get_by_role("button", name="Create link").click()
    expect(page.get_by_label("Invitation link")).to_be_visible()
    assert objections(page) == []
    state = page.context.storage_state()
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    for options, dark in (({}, True), (phone, False)):
        looked = visitor(team, "/", storage_state=state, **options)
        for path in (*PAGES, "/people", "/people/log", "/r/headache/team"):
            looked.goto(f"{team.base}{path}")
            assert objections(looked, dark=dark) == [], path
            assert fits(looked), path


def test_each_page_of_the_home_works_without_its_script(visitor: Visitor, alone: Served):
    """Forms and links do the same."""
    page = visitor(alone, java_script_enabled=False)
    for path in PAGES:
        page.goto(f"{alone.base}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(f"{alone.base}/settings")
    page.get_by_text("dark", exact=True).last.click()
    page.locator("main").get_by_role("button", name="Save").first.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_shortcuts_of_one_letter_can_be_turned_off(visitor: Visitor, alone: Served):
    """As people need it who speak to their computer."""
    page = visitor(alone)
    page.get_by_role("button", name="Open the example").click()
    page.wait_for_selector("article.record", timeout=60_000)
    page.goto(f"{alone.base}/settings")
    page.get_by_role("group", name=re.compile("shortcuts")).get_by_label("off").check()
    page.goto(f"{alone.base}/r/example/screen")
    shown = page.locator("#record").get_attribute("data-id")
    page.keyboard.press("i")
    page.get_by_role("button", name="Include").click()
    expect(page.locator("#record")).not_to_have_attribute("data-id", shown or "")
    page.get_by_role("link", name="Home").click()
    expect(_review(page, "Example")).to_contain_text("1 of 202 screened")
