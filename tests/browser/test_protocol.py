"""Changing the protocol in a real browser, with its effect in view."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser._browsing import PHONE, fits


@pytest.fixture
def form(page: Page) -> Page:
    """The form of a person working alone on the demo review."""
    page.get_by_role("link", name="Protocol").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    return page


def test_a_concept_is_added_its_effect_seen_and_taken(form):
    """A newcomer adds a concept, looks at what it does, and takes it."""
    form.get_by_role("button", name="Add a concept").click()
    concept = form.locator(".edit__row").last
    concept.get_by_label("Concept", exact=True).fill("Fatigue")
    concept.get_by_label("Eligible records").select_option("required")
    concept.get_by_label("Terms").fill("fatigue*\ntired*")
    form.get_by_role("button", name="Preview the new ranking").click()
    expect(form.get_by_role("heading", name="Preview of the change")).to_be_visible()
    expect(form.get_by_role("button", name="Apply")).to_be_visible(timeout=30_000)
    expect(form.get_by_role("heading", name="Largest rises")).to_be_visible()
    form.get_by_label("Reason for the change").fill("asked for by the team")
    form.get_by_role("button", name="Apply").click()
    expect(form.locator(".versions")).to_contain_text("asked for by the team")
    expect(form.locator("main")).to_contain_text("Fatigue")
    form.get_by_role("link", name="Screen").click()
    expect(form.locator("main")).to_contain_text("Navigated cortical stimulation")


def test_a_fault_is_shown_at_its_field_and_what_was_typed_stays(form, allowed):
    """A term that cannot match is named beside the words of its concept."""
    allowed.append("400")
    form.get_by_label("Title of the review").fill("My title")
    words = form.get_by_label("Terms").first
    words.fill("neuro*path")
    form.get_by_role("button", name="Preview the new ranking").click()
    expect(form.get_by_role("alert")).to_contain_text("within a word")
    expect(form.get_by_label("Terms").first).to_have_attribute("aria-invalid", "true")
    expect(form.get_by_label("Title of the review")).to_have_value("My title")


def test_the_pages_are_sound_to_see_and_to_hear(served, visitor, objections):
    """Axe finds nothing in either theme, and on a phone nothing is cut off."""
    page = visitor(served)
    page.goto(f"{served.base}/protocol/edit")
    page.get_by_label("Terms").first.fill("coil")
    page.get_by_role("button", name="Preview the new ranking").click()
    expect(page.get_by_role("button", name="Apply")).to_be_visible(timeout=30_000)
    paths = ("/protocol/preview", "/protocol", "/protocol/edit", "/protocol/source",
             "/protocol/versions/1")  # fmt: skip
    for path in paths:
        page.goto(served.base + path)
        assert objections(page) == [], path
        page.set_viewport_size(PHONE)
        assert fits(page), path
        page.set_viewport_size({"width": 1280, "height": 800})
