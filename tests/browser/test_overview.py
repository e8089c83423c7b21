"""The overview in a real browser: files dropped into the page, and its look."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autoscreen.formats import write
from autoscreen.records import Record
from autoscreen.resources import resource
from autoscreen.review import Review
from autoscreen.sentence_encoder.encoder import is_installed
from browser._browsing import PHONE, Served, Visitor, fits

GOOD = "TY  - JOUR\nTI  - Magnetic stimulation for pain\nER  - \n"
BAD = "title,abstract,doi\nOne,Text,10.1000/1\nTwo,Text\n"
DROP = """([names, texts]) => {
  const carried = new DataTransfer();
  names.forEach((name, at) => carried.items.add(new File([texts[at]], name)));
  for (const kind of ["dragover", "drop"])
    document.querySelector("main").dispatchEvent(
      new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


TOP = "(panel) => panel.getBoundingClientRect().top"


@pytest.fixture
def empty(tmp_path: Path, serve: Callable[..., Served], visitor: Visitor) -> Page:
    """The overview of a new review."""
    Review.create(tmp_path / "new", protocol="rms-pnp").close()
    page = visitor(serve(tmp_path / "new.autoscreen"))
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", name="Import your records")).to_be_visible()
    page.wait_for_load_state("load")  # what is dropped before the script runs is not seen by it
    return page


def test_files_dropped_anywhere_on_the_page_are_brought_in(empty):
    """Two files fall onto the page; it tells what came of each, and leads to the first record."""
    empty.evaluate(DROP, [["a.ris", "b.csv"], [GOOD, BAD]])
    expect(empty.locator(".report")).to_have_count(2)
    expect(empty.locator(".report").first).to_contain_text("a.ris")
    expect(empty.locator(".report").nth(1)).to_contain_text("2 cells")
    expect(empty.locator("#spoken")).to_have_text("The files were imported.")
    empty.wait_for_timeout(700)  # the news of it must not wipe out the report
    expect(empty.locator(".report")).to_have_count(2)
    empty.get_by_role("link", name="Start screening", exact=True).click()
    expect(empty.locator("main")).to_contain_text("Magnetic stimulation for pain")


def test_files_are_chosen_by_keyboard_and_sent(empty):
    """The file input and the button do the same as dropping."""
    path = resource("data", "demo", "demo.nbib")
    empty.locator("input[type=file]").set_input_files(str(path))
    empty.get_by_role("button", name="Import").focus()
    empty.keyboard.press("Enter")
    expect(empty.locator(".report")).to_contain_text("202 new", timeout=30_000)
    expect(empty.locator("#spoken")).to_have_text("The files were imported.")
    # The report is where the reader looks, although the page has grown above it.
    assert 0 <= empty.locator("#import").evaluate(TOP) < empty.viewport_size["height"] / 2 + 50
    expect(empty.locator(".tiles")).to_contain_text("202")


def test_an_earlier_review_is_prior_knowledge_and_removed_again(empty):
    """A checkbox makes it so, before any record is there; Remove is undone by the next button."""
    table = "title,abstract,included\nMagnets,Text,1\nDiet,Text,0\n"
    empty.get_by_label("These are decisions of an earlier review").check()
    empty.evaluate(DROP, [["earlier.csv"], [table]])
    expected = "1 included record and 1 excluded of earlier.csv train the ranking"
    expect(empty.locator(".report")).to_contain_text(expected)
    expect(empty.get_by_role("heading", name="Import your records")).to_be_visible()
    empty.set_viewport_size(PHONE)
    assert fits(empty)
    empty.get_by_role("button", name="Remove earlier.csv").click()
    expect(empty.get_by_role("button", name="Restore earlier.csv")).to_be_visible()
    empty.get_by_role("button", name="Undo").click()
    expect(empty.get_by_role("button", name="Remove earlier.csv")).to_be_visible()


def test_the_page_tells_how_far_a_large_file_is(empty):
    """While records are read, their number is said beside the button."""
    many = "".join(f"TY  - JOUR\nTI  - Record number {n} of many\nER  - \n" for n in range(6000))
    empty.evaluate(
        """() => {
          window.said = [];
          new MutationObserver(() => {
            const place = document.getElementById("import-status");
            if (place) window.said.push(place.textContent);
          }).observe(document.body, { subtree: true, childList: true, characterData: true });
        }"""
    )
    empty.evaluate(DROP, [["many.ris"], [many]])
    expect(empty.locator(".report")).to_contain_text("new", timeout=60_000)
    said = empty.evaluate("window.said")
    assert "Uploading many.ris…" in said
    assert any(re.fullmatch(r"many\.ris: [\d,.]+ records read", one) for one in said), said[:9]


def test_a_file_that_is_no_export_is_refused_in_words(empty):
    """The page stays usable, and says why nothing came in."""
    empty.evaluate(DROP, [["letter.docx"], ["PK\x03\x04 something"]])
    expect(empty.locator(".report--problem")).to_contain_text("Nothing was imported.")
    empty.evaluate(DROP, [["a.ris"], [GOOD]])
    expect(empty.locator(".report")).to_contain_text("1 new")


def test_files_are_brought_in_without_the_script(tmp_path, serve, visitor):
    """The form works where scripts are forbidden."""
    Review.create(tmp_path / "new", protocol="rms-pnp").close()
    page = visitor(serve(tmp_path / "new.autoscreen"), java_script_enabled=False)
    page.get_by_role("link", name="Overview").click()
    (tmp_path / "a.ris").write_text(GOOD)
    page.locator("input[type=file]").set_input_files(str(tmp_path / "a.ris"))
    page.get_by_role("button", name="Import").click()
    expect(page.locator(".report")).to_contain_text("1 new")


def test_the_overview_is_sound_to_see_and_to_hear(served, visitor, objections):
    """Axe finds nothing in either theme, before and after reading, and on a phone all fits."""
    with Review.open(served.review) as review:
        for place, one in enumerate(review.rank(top=30)):
            review.label(one.id, "include" if place % 5 == 0 else "exclude", reviewer="AA")
    page = visitor(served)
    for path in ("/overview", "/imports/1"):
        page.goto(served.base + path)
        assert objections(page) == []
        page.set_viewport_size(PHONE)
        assert fits(page), path
        page.set_viewport_size({"width": 1280, "height": 800})


def test_an_empty_overview_is_sound(empty, objections):
    """The first page that a newcomer sees has nothing that axe objects to."""
    assert objections(empty) == []
    empty.set_viewport_size(PHONE)
    assert fits(empty)


@pytest.mark.skipif(
    not is_installed(), reason="needs the extra: pip install 'autoscreen[semantic]'"
)
def test_sentence_embeddings_are_computed_while_the_overview_is_open(tmp_path, serve, visitor):
    """By keyboard; the line on the page changes by itself, and the ranking uses them."""
    write([Record(title=f"Study {n} of statins") for n in range(40)], tmp_path / "a.ris")
    with Review.create(tmp_path / "a", title="Statins") as review:
        review.import_files([tmp_path / "a.ris"])
    page = visitor(serve(tmp_path / "a.autoscreen"))
    page.get_by_role("link", name="Overview").click()
    line = page.locator("#embeddings")
    expect(line).to_contain_text("Sentence embeddings: 0 of 40 records, less than a minute left.")
    page.get_by_role("button", name="Compute now").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Overview").first.click()
    expect(line).to_contain_text("all 40 records; the ranking has used them", timeout=90_000)
    assert fits(page)
