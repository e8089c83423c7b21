"""Reading and labelling in the browser: by keys, with slips, without a net, through a crash."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from autoscreen.review import Review
from browser._browsing import PHONE, fits, labels, open_record, press, saved

GONE = ["ERR_CONNECTION", "ERR_INCOMPLETE", "ERR_EMPTY", "ERR_SOCKET"]
"""What the console says while there is no server."""


def test_thirty_records_are_read_by_keys_alone(page, served):
    """Each key decides about what is shown; all thirty decisions are in the file, none twice."""
    expected = {}
    for number in range(30):
        key, label = ("i", "include") if number % 5 == 0 else ("e", "exclude")
        expected[press(page, key)] = label
    saved(page, list(expected)[-1], label)
    assert labels(served) == expected
    with Review.open(served.review) as review:
        assert sum(len(review.decisions.history(ident)) for ident in expected) == 30
    expect(page.locator("#progress")).to_contain_text(re.compile(r"30 of \d+ screened"))


def test_a_slip_is_undone_and_decided_again(page, served):
    """Undo brings the record back at once; the history keeps both decisions and the withdrawal."""
    first = press(page, "i")
    second = press(page, "i")
    saved(page, second, "include")
    page.keyboard.press("z")
    expect(page.locator("#record")).to_have_attribute("data-id", second)
    expect(page.locator("#saved")).to_contain_text("undone")
    press(page, "e")
    saved(page, second, "exclude")
    assert labels(served) == {first: "include", second: "exclude"}
    with Review.open(served.review) as review:
        entries = [entry.label for entry in review.decisions.history(second)]
    assert entries == ["include", None, "exclude"]


def test_undo_goes_back_as_far_as_one_likes(page, served):
    """Also past the moment when the page was loaded."""
    done = [press(page, "e") for _ in range(4)]
    saved(page, done[-1], "exclude")
    page.reload()
    for ident in reversed(done):
        page.keyboard.press("z")
        expect(page.locator("#record")).to_have_attribute("data-id", ident)
        expect(page.locator("#saved")).to_contain_text(f"{ident} undone")
    assert labels(served) == {}


def test_without_a_net_a_decision_is_visibly_not_saved_and_goes_out_later(page, served, allowed):
    """The page says what is not on disk, and says when it is."""
    allowed += ["ERR_INTERNET_DISCONNECTED", "Failed to fetch"]
    before = press(page, "i")
    saved(page, before, "include")
    page.context.set_offline(True)
    ident = open_record(page)
    page.keyboard.press("e")
    line = page.locator("#saved")
    expect(line).to_have_attribute("data-state", "waiting")
    expect(line).to_contain_text("not saved")
    assert labels(served) == {before: "include"}
    page.context.set_offline(False)
    expect(line).to_have_attribute("data-state", "saved", timeout=20_000)
    assert labels(served) == {before: "include", ident: "exclude"}


def test_a_server_that_is_killed_in_mid_work_loses_nothing(page, served, allowed):
    """After kill -9 what was confirmed is in the file; what was not is sent when it is back."""
    allowed += GONE
    confirmed = [press(page, "e") for _ in range(3)]
    saved(page, confirmed[-1], "exclude")
    served.kill()
    ident = open_record(page)
    page.keyboard.press("i")
    line = page.locator("#saved")
    expect(line).to_have_attribute("data-state", "waiting")
    assert labels(served) == dict.fromkeys(confirmed, "exclude")
    served.start()
    expect(line).to_have_attribute("data-state", "saved", timeout=20_000)
    assert labels(served) == {**dict.fromkeys(confirmed, "exclude"), ident: "include"}
    again = press(page, "e")
    saved(page, again, "exclude")
    assert "Traceback" not in served.said


def test_a_decision_that_was_not_saved_survives_the_closing_of_the_tab(page, served, allowed):
    """A page that is closed while the server is down sends it when it is opened again."""
    allowed += GONE
    served.kill()
    ident = open_record(page)
    page.keyboard.press("i")
    expect(page.locator("#saved")).to_have_attribute("data-state", "waiting")
    context = page.context
    page.close(run_before_unload=False)
    served.start()
    later = context.new_page()
    later.goto(f"{served.base}/screen")
    expect(later.locator("#saved")).to_have_attribute("data-state", "saved", timeout=20_000)
    assert labels(served) == {ident: "include"}


def test_two_tabs_of_one_reader_lose_nothing(page, served):
    """A record that was decided in the other tab meanwhile is asked about, not overwritten."""
    other = page.context.new_page()
    other.goto(f"{served.base}/screen")
    ident = open_record(page)
    expect(other.locator("#record")).to_have_attribute("data-id", ident)
    press(page, "i")
    saved(page, ident, "include")
    other.bring_to_front()
    if open_record(other) == ident:
        other.keyboard.press("e")
        expect(other.get_by_role("dialog")).to_contain_text("Already decided")
        other.keyboard.press("Escape")
    assert labels(served) == {ident: "include"}


def test_a_thumb_decides_on_a_phone(visitor, served):
    """The buttons are in its reach, and touching one decides."""
    page = visitor(served, viewport=PHONE, has_touch=True, is_mobile=True)
    page.wait_for_selector("article.record")
    ident = open_record(page)
    for name in ("Include", "Exclude", "Unsure"):
        box = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None
        assert box["height"] >= 40
        assert box["y"] + box["height"] <= PHONE["height"]
    page.get_by_role("button", name="Exclude", exact=True).tap()
    saved(page, ident, "exclude")
    assert fits(page)


def test_the_buttons_never_move(page):
    """However long the text is, each button stands where it stood."""
    places = set()
    for _ in range(6):
        boxes = [
            page.get_by_role("button", name=name, exact=True).bounding_box()
            for name in ("Include", "Exclude", "Unsure", "Undo")
        ]
        places.add(str(boxes))
        press(page, "e")
    assert len(places) == 1
