"""Long tasks in a real browser: progress and result without a reload, and without the script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from autoscreen.review import Review
from browser._browsing import PHONE, fits
from eutils_server import invented

# Each task starts a process, which takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)
PATIENT = 120_000


@pytest.fixture
def page(eutils, serve, visitor):
    """The page Tools of a review with thirty decisions; PubMed is a server on this machine."""
    eutils.add(invented(30))
    served = serve()
    with Review.open(served.review) as review:
        for place, one in enumerate(review.rank(top=30)):
            review.label(one.id, "include" if place < 8 else "exclude", reviewer="AA")
    found = visitor(served)
    found.get_by_role("link", name="Tools", exact=True).click()
    return found


def test_pubmed_is_searched_from_the_page(page, eutils):
    """Count, then import; the result comes without a reload, and is kept."""
    page.get_by_role("link", name="Search PubMed").click()
    page.get_by_label("Query").fill("coil[tiab]")
    assert eutils.calls == []
    page.get_by_role("button", name="Count in PubMed").click()
    expect(page.get_by_role("heading", name="30 records in PubMed")).to_be_visible()
    expect(page.locator("#found")).to_contain_text("translated: coil[tiab]")
    page.get_by_role("button", name="Import 30 records").click()
    expect(page.locator("#job")).to_contain_text("30 new", timeout=PATIENT)
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    page.reload()
    expect(page.locator("#job")).to_contain_text("30 new")


def test_a_task_is_stopped_by_keyboard(page, eutils):
    """While PubMed asks to wait, the page says so and can be left."""
    eutils.retry_after = 60
    page.get_by_role("link", name="Search PubMed").click()
    page.get_by_label("Query").fill("coil[tiab]")
    page.get_by_role("button", name="Count in PubMed").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="30 records in PubMed")).to_be_visible()
    eutils.faults += [("esearch", "too_many")]
    page.get_by_role("button", name="Import 30 records").click()
    expect(page.locator("#job")).to_contain_text("asking again in 60 s", timeout=PATIENT)
    page.get_by_role("button", name="Stop").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#job")).to_contain_text("Stopped", timeout=PATIENT)
    expect(page.get_by_role("button", name="Continue")).to_be_visible()


def test_without_the_script_the_page_of_a_task_refreshes_itself(served, visitor):
    """Progress and result come by plain reloads."""
    page = visitor(served, java_script_enabled=False)
    page.goto(f"{served.base}/models")
    page.locator("input[type=file]").set_input_files(
        files=[{"name": "a.nbib", "mimeType": "text/plain", "buffer": b"PMID- 1\nTI  - Pain\n"}]
    )
    page.get_by_role("button", name="Score").click()
    page.wait_for_url(re.compile("/jobs/1"))
    expect(page.locator("#job")).to_contain_text("of 1 record", timeout=PATIENT)


def test_results_are_sound_to_see_and_to_hear(page, objections):
    """Axe finds nothing in results, and a phone shows them without moving aside."""
    page.get_by_role("link", name="Replay a finished review").click()
    page.get_by_label("count records without a decision as excluded").first.check()
    page.get_by_role("button", name="Replay this review").click()
    expect(page.locator("#job")).to_contain_text("need not have been read", timeout=PATIENT)
    replay = page.url
    page.get_by_role("link", name="Tools", exact=True).click()
    page.get_by_role("link", name="Second look").click()
    page.get_by_role("button", name="Check 22 excluded records").click()
    expect(page.locator("#job")).to_contain_text("20 exclusions to check, of 22", timeout=PATIENT)
    page.get_by_role("link", name="Tools", exact=True).click()
    page.get_by_role("link", name="Models").click()
    page.get_by_role("button", name="Train").click()
    expect(page.locator("#job")).to_contain_text("is saved", timeout=PATIENT)
    for address in (page.url, replay, replay.replace("/jobs/1", "/jobs/2"), "/tools", "/models"):
        page.goto(address if address.startswith("http") else re.sub("/jobs/1", address, replay))
        assert objections(page) == [], address
        page.set_viewport_size(PHONE)
        assert fits(page), address
        page.set_viewport_size({"width": 1280, "height": 800})
