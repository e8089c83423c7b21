"""What lies beside the decision: reasons, notes, tags, skipping, marks, settings, abstracts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from autoscreen.presentation.reason_words import PAST
from autoscreen.review import Review
from browser._browsing import labels, open_record, press, saved


def test_a_number_decides_with_its_reason(page, served):
    """One stroke excludes with a reason, and a reason for unsure leaves the record as unsure."""
    first = press(page, "4")
    second = press(page, "7")
    saved(page, second, "unsure")
    with Review.open(served.review) as review:
        found = [review.record(ident) for ident in (first, second)]
    assert [(str(one.label), one.reason) for one in found] == [
        ("exclude", "ANIMAL"),
        ("unsure", "BORDERLINE_POP"),
    ]


def test_a_note_is_not_lost_before_it_is_saved(page, served):
    """Keys are letters while one writes; a draft outlives the page and goes with the decision."""
    ident = open_record(page)
    page.keyboard.press("n")
    page.keyboard.type("see the full text (u)")
    page.reload()
    expect(page.get_by_label("Note")).to_have_value("see the full text (u)")
    assert open_record(page) == ident
    page.get_by_label("Note").press("Escape")
    press(page, "u")
    saved(page, ident, "unsure")
    with Review.open(served.review) as review:
        assert review.record(ident).note == "see the full text (u)"
    expect(page.get_by_label("Note")).to_have_value("")


def test_tags_stay_with_their_record(page, served):
    """A tag is put on by keys, and taken off by its button."""
    ident = open_record(page)
    page.keyboard.press("t")
    page.keyboard.type("phantom limb")
    page.keyboard.press("Enter")
    expect(page.locator("#tags")).to_contain_text("phantom limb")
    with Review.open(served.review) as review:
        assert review.decisions.tags(ident) == ["phantom limb"]
    page.get_by_role("button", name="Remove tag phantom limb").click()
    expect(page.locator("#tags")).not_to_contain_text("phantom limb")


def test_a_skipped_record_does_not_come_back_by_itself(page, served):
    """Skipping decides nothing, also after loading again."""
    skipped = press(page, "s")
    saved(page, skipped, "skipped for now")
    page.reload()
    assert open_record(page) != skipped
    assert labels(served) == {}


def test_marks_are_switched_and_stay_switched(page):
    """Each layer has a key; what was chosen holds for the next record and the next visit."""
    open_record(page)
    root = page.locator("html")
    expect(root).to_have_attribute("data-concepts", "on")
    page.keyboard.press("c")
    page.keyboard.press("m")
    expect(root).to_have_attribute("data-concepts", "off")
    press(page, "e")
    page.reload()
    expect(root).to_have_attribute("data-concepts", "off")
    expect(root).to_have_attribute("data-evidence", "on")
    expect(page.get_by_role("button", name="Protocol concepts")).to_have_attribute(
        "aria-pressed", "false"
    )


def test_light_and_letters_are_chosen_and_remembered(page):
    """The choice holds at once and on every page."""
    open_record(page)
    page.get_by_label("Display settings").click()
    page.get_by_text("dark", exact=True).click()
    page.get_by_text("serif", exact=True).click()
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="Records").click()
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-face", "serif")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"


def test_help_opens_and_closes_by_keys_and_decides_nothing(page, served):
    """While the keys are shown, a letter is no decision."""
    ident = open_record(page)
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_).to_be_visible()
    page.keyboard.press("i")
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    assert open_record(page) == ident
    assert labels(served) == {}


def test_an_abstract_is_pasted_where_there_is_none(page, served, objections):
    """The record says that it has none; after pasting it has one, and nothing was overwritten."""
    with Review.open(served.review) as review:
        bare = next(one.id for one in review.records() if not one.record.abstract)
    page.goto(f"{served.base}/screen/{bare}")
    expect(page.get_by_text("No abstract.")).to_be_visible()
    page.get_by_role("button", name="Paste the abstract").click()
    assert objections(page) == []
    page.get_by_role("textbox", name="Abstract").fill("AIM: To see whether it helps. " * 4)
    page.get_by_role("button", name="Add to the record").click()
    expect(page.locator(".record__abstract")).to_contain_text("To see whether it helps.")
    with Review.open(served.review) as review:
        assert len(review.sources(bare)) == 2


def test_advice_on_stopping_is_there_when_wanted_and_stays_open(page):
    """The panel opens by a key, keeps up with the labels, and is open again at the next visit."""
    open_record(page)
    page.keyboard.press("a")
    expect(page.locator("#advice")).to_contain_text("no relevant record found")
    press(page, "i")
    expect(page.locator("#advice")).to_contain_text("found", timeout=10_000)
    page.reload()
    expect(page.locator("#stopping")).to_contain_text("Too early to say")


@pytest.mark.parametrize("button", ["Include", "Exclude", "Unsure"])
def test_reading_works_without_a_script(visitor, served, button):
    """Forms alone decide, say so, and take back."""
    page = visitor(served, java_script_enabled=False)
    ident = open_record(page)
    page.get_by_role("button", name=button, exact=True).click()
    flash = page.locator("#flashes")
    expect(flash).to_contain_text(re.compile(f"Saved: {ident} {PAST[button.lower()]}"))
    assert labels(served) == {ident: button.lower()}
    flash.get_by_role("button", name="Undo").click()
    expect(flash).to_contain_text(f"{ident} undone")
    assert labels(served) == {}


def test_what_is_printed_is_the_record_in_the_light(page):
    """Paper shows neither buttons nor the dark."""
    open_record(page)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("#deck")).to_be_hidden()
    expect(page.locator(".head")).to_be_hidden()
    expect(page.locator(".record__title")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
