"""A random audit from its price to its end, in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect

from autoscreen.review import Review
from browser._browsing import DESK, PHONE, fits, open_record, press


def _confirm_audit(page, served, objections):
    page.goto(f"{served.base}/audit/new?variant=0.8+0.8")
    expect(page.locator("main")).to_contain_text("Everybody's queue changes")
    page.set_viewport_size(PHONE)
    assert fits(page)
    page.set_viewport_size(DESK)
    assert objections(page) == []
    page.get_by_role("button", name="Begin the audit").click()


def test_an_audit_is_begun_read_and_ended(served, visitor, objections):
    """Begun on the overview, its draws show nothing of the ranking, and its end asks for a reason.

    While somebody fills in its form, news of other people's labels change nothing on the page.
    """
    with Review.open(served.review) as review:
        for place, one in enumerate(review.rank(top=30)):
            review.label(one.id, "include" if place % 5 == 0 else "exclude", reviewer="AA")
        watches = review.watch
        run = watches.begin(source="PubMed", query="q", since="2026-01-01", until="2026-01-07")
        watches.end(run.id, ok=False, whole=False, detail="PubMed did not answer")
    page = visitor(served)
    page.goto(f"{served.base}/overview")
    expect(page.locator("#audit")).to_contain_text("A random audit is not offered yet")
    page.locator("summary", has_text="Target: 95%").click()
    page.get_by_label("New target").select_option(label="80%")
    page.get_by_label("Why").fill("a scoping review")
    page.get_by_role("heading", name="Overview").click()
    other = page.context.new_page()
    other.goto(f"{served.base}/screen")
    press(other, "e")
    page.wait_for_timeout(6000)
    expect(page.get_by_label("New target")).to_have_value("0.8")
    assert objections(page) == []
    page.get_by_role("button", name="Set target").click()
    expect(page.locator("#flashes")).to_contain_text("The target is now 80%")
    _confirm_audit(page, served, objections)
    expect(page.locator("#audit")).to_contain_text("target: 80% recall with 80% confidence")
    assert objections(page) == []

    page.goto(f"{served.base}/screen")
    expect(page.locator("#record")).to_contain_text("Random audit, record 1")
    first = open_record(page)
    assert page.locator(".score, .why__reason, #record .e").count() == 0
    assert objections(page) == []
    press(page, "e")
    expect(page.locator("#record")).to_contain_text("Random audit, record 2")
    press(page, "z")
    expect(page.locator("#record")).to_contain_text("Random audit, record 1")
    assert open_record(page) == first
    press(page, "e")
    page.set_viewport_size(PHONE)
    assert fits(page)

    page.goto(f"{served.base}/overview")
    page.locator("summary", has_text="End this audit").click()
    assert fits(page)
    page.set_viewport_size(DESK)
    page.get_by_label("Reason", exact=True).fill("begun too early")
    page.get_by_role("button", name="End early").click()
    expect(page.locator("#audit")).to_contain_text("begun too early")
    with Review.open(served.review) as review:
        (audit,) = review.audits.all()
    assert (audit.drawn, audit.end.note) == (1, "begun too early")
