"""Full texts and data extraction: a folder of PDFs is dropped, read, and a form filled in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from autoscreen.review import Review
from browser._browsing import PHONE, Served, fits
from pdf_files import pdf_of

pytest.importorskip("pypdfium2")
WIDTHS = (390, 1024, 1440)
RTMS = "99000111"
"""A demonstration record, of which 10 Hz is proposed as the frequency."""


@pytest.fixture
def served(serve) -> Served:
    """A server on a review in which one record is included, and whose form is empty."""
    server: Served = serve()
    with Review.open(server.review) as review:
        review.label(RTMS, "include")
    return server


def drop(page: Page, folder: str) -> None:
    """Drop a folder of the disk on a page, as a person does with the mouse."""
    speaker = page.context.new_cdp_session(page)
    data = {"items": [], "files": [folder], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        speaker.send("Input.dispatchDragEvent", {"type": kind, "x": 200, "y": 200, "data": data})


def test_a_folder_of_pdfs_is_dropped_and_the_unmatched_are_asked_about(
    visitor, served, objections, tmp_path
):
    """The PDFs below it are uploaded, other files are not; then every page of them is sound."""
    with Review.open(served.review) as review:
        record = review.record(RTMS)
    words = record.record.title.split()
    folder = tmp_path / "papers"
    (folder / "below").mkdir(parents=True)
    lines = [" ".join(words[at : at + 6]) for at in range(0, len(words), 6)]
    (folder / "below" / "a.pdf").write_bytes(
        pdf_of(lines, ["A figure-of-eight coil was used."], script="app.alert(1)")
    )
    (folder / "b.pdf").write_bytes(pdf_of(["An unknown text"]))
    (folder / "notes.txt").write_text("no PDF")
    page: Page = visitor(served)
    page.wait_for_selector("article.record")
    page.goto(f"{served.base}/full-text")
    expect(page.get_by_text("Drop PDFs or a folder")).to_be_visible()
    drop(page, str(folder))
    page.wait_for_url("**/full-text/pdfs")
    expect(page.get_by_text(f"Attached: {record.id}.")).to_be_visible()
    expect(page.get_by_role("heading", name="b.pdf")).to_be_visible()
    expect(page.get_by_text("notes.txt")).to_have_count(0)
    sound(page, objections)
    page.goto(f"{served.base}/full-text/{record.id}")
    image = page.locator(".full-text__pages img").first
    image.scroll_into_view_if_needed()
    page.wait_for_function(
        "one => one.complete && one.naturalWidth > 100", arg=image.element_handle()
    )
    sound(page, objections)
    page.get_by_role("link", name="Text with highlights").click()
    expect(page.get_by_text("A figure-of-eight coil was used.")).to_be_visible()
    sound(page, objections)
    page.goto(f"{served.base}/extraction/{record.id}")
    expect(page.locator("#field-coil")).to_contain_text("a.pdf, page 2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_is_filled_in_by_keys(visitor, served, objections, scheme):
    """The focus goes on to the next field, and what was saved can be undone."""
    page: Page = visitor(served, color_scheme=scheme)
    page.wait_for_selector("article.record")
    page.goto(f"{served.base}/extraction")
    sound(page, objections)
    page.keyboard.press("j")
    page.wait_for_url("**/extraction/r*")
    for _ in range(4):
        page.keyboard.press("j")
    expect(page.locator("#field-frequency")).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_text("Saved: 10 Hz.")).to_be_visible()
    expect(page.locator("#field-intensity")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#field-intensity h2")).to_have_text("Intensity not reported")
    expect(page.locator("#field-pulses")).to_be_focused()
    sound(page, objections)
    page.keyboard.press("z")
    expect(page.locator("#field-intensity h2")).to_have_text("Intensity not filled in")


def test_the_text_stays_beside_the_fields_on_a_phone(visitor, served, objections):
    """It opens on request, stays in view at the last field, and stays open after a save."""
    page: Page = visitor(served, viewport=PHONE)
    page.wait_for_selector("article.record")
    page.goto(f"{served.base}/extraction")
    page.get_by_role("link", name="Fill in the next form").click()
    text = page.get_by_role("region", name="Texts")
    expect(text).to_be_hidden()
    page.get_by_text("Text of the study").click()
    last = page.locator("[data-field]").last
    last.get_by_role("button", name="is not reported").click()
    expect(page.get_by_text("Saved: not reported.")).to_be_visible()
    expect(last).to_be_focused()
    expect(text).to_be_in_viewport()
    expect(last.get_by_role("heading")).to_be_in_viewport()
    box, heading = text.bounding_box(), last.get_by_role("heading").bounding_box()
    assert box and heading
    assert box["y"] + box["height"] <= heading["y"]
    sound(page, objections)


def sound(page: Page, objections) -> None:
    """Fail if axe objects to a page, or it is wider than a window."""
    assert objections(page) == [], page.url
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page), (page.url, width)
