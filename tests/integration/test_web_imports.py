"""Imports in the browser: what came in, and the possible duplicates that were not merged."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.review import Review
from integration._web import Browser, browser_of, text_of

ENTRY = (
    "TY  - JOUR\nTI  - Invented stimulation of an invented nerve\nAU  - Doe, Roe\n"
    "JO  - Invented Journal\nPY  - {}\nER  - \n"
)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A person with three possible duplicates of one file."""
    (tmp_path / "a.ris").write_text("".join(ENTRY.format(year) for year in (2000, 2005, 2010)))
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as review:
        review.import_files([tmp_path / "a.ris"])
    with browser_of(tmp_path / "rms.autoscreen") as made:
        yield made


def test_pairs_are_decided_one_after_another(browser):
    """Both records are side by side with the differences marked; the next pair follows."""
    page = browser.get("/duplicates")
    assert "3 pairs to check" in text_of(page, "//h1")
    assert [one.text for one in page.xpath("//mark")] == ["2000", "2005"]
    keys = page.xpath("//button[@data-key]/@data-key")
    assert keys == ["y", "n"]
    page = browser.post("/duplicates/1", {"outcome": "keep"})
    assert "r1 and r2 are kept as different records." in text_of(page, "//*[@id='flashes']")
    assert "2 pairs to check" in text_of(page, "//h1")
    assert page.xpath("//button[@data-key='z']/ancestor::form/@action") == ["/duplicates/1/undo"]
    page = browser.post("/duplicates/2", {"outcome": "merge"})
    assert "were merged" in text_of(page, "//*[@id='flashes']")
    page = browser.get("/duplicates/2")
    assert "Merged by AA" in text_of(page)


def test_a_merge_says_that_the_decisions_differ(browser, tmp_path):
    """Two decisions of different people about one record are a conflict."""
    with Review.open(tmp_path / "rms") as review:
        review.label("r1", "include", reviewer="Ann")
        review.label("r2", "exclude", reviewer="Ben")
    page = browser.post("/duplicates/1", {"outcome": "merge"})
    assert "Their decisions differ" in text_of(page, "//*[@id='flashes']")
    page = browser.post("/duplicates/2", {"outcome": "keep"})
    assert "conflict" not in text_of(page, "//*[@id='flashes']")


def test_a_decision_is_undone(browser):
    """The pair waits again, and the records are two again."""
    browser.post("/duplicates/1", {"outcome": "merge"})
    page = browser.post("/duplicates/1/undo")
    assert "The decision was withdrawn." in text_of(page, "//*[@id='flashes']")
    assert "3 pairs to check" in text_of(page, "//h1")


def test_no_pair_left_and_what_does_not_exist(browser):
    """The last decision leads to the merged duplicates; wrong numbers and forms are refused."""
    for number in (1, 2, 3):
        page = browser.post(f"/duplicates/{number}", {"outcome": "keep"})
    assert "no possible duplicates to check" in text_of(page, "//*[@id='flashes']")
    assert "kept apart already" in text_of(
        browser.post("/duplicates/1", {"outcome": "keep"}, status=400)
    )
    browser.post("/duplicates/2", {"outcome": "perhaps"}, status=400)
    browser.get("/duplicates/99", status=400)
    browser.get("/duplicates/x", status=400)


def test_an_import_has_a_page_of_all_that_came_in(browser):
    """Counts, format, columns, problems and possible duplicates, with links to act on them."""
    table = b"title,abstract,included\nOne,Text,1\nTwo,Text\n"
    page = browser.post("/import", {"labels": "1"}, files=[("file", ("a.csv", table))])
    assert page.xpath("//a[@href='/imports/2']")
    page = browser.get("/imports/2")
    shown = text_of(page)
    assert "2 records in the file" in shown
    assert "1 decision" in shown
    cells = [[cell.text for cell in row.xpath("td")] for row in page.xpath("(//tbody)[1]/tr")]
    assert ["included", "decision"] in cells
    assert "possible duplicate" not in shown
    table = b"title,decision,full text decision,Ben's vote\nNine,yes,no,yes\n"
    browser.post("/import", {"labels": "1"}, files=[("file", ("b.csv", table))])
    shown = text_of(browser.get("/imports/3"))
    assert "1 full-text decision" in shown
    assert "not read, although it looks like decisions" in shown
    page = browser.get("/imports/1")
    assert page.xpath("//a[@href='/duplicates/1'][contains(., '3')]")
    assert "without problems" in text_of(page)


def test_an_earlier_review_trains_the_ranking_only(browser):
    """It is imported by a checkbox, listed with counts, removed, restored, and never counted."""
    before = text_of(browser.get("/overview"), "//ul[contains(@class, 'tiles')]")
    table = b"title,abstract,included\nCoil,a,1\nDiet,b,0\nSleep,c,\nMood,d,perchance\n"
    fields = {"labels": "1", "prior": "1"}
    page = browser.post("/import", fields, files=[("file", ("old.csv", table))])
    said = text_of(page, "//*[@id='import']")
    assert "1 included record and 1 excluded of old.csv train the ranking" in said
    assert "2 records without a clear decision were not used" in said
    assert "perchance" in said
    assert not page.xpath("//a[contains(@href, '/imports/2')]")
    page = browser.get("/overview")
    assert text_of(page, "//ul[contains(@class, 'tiles')]") == before
    assert "they are not counted here" in text_of(page, "//section[h2[@id='prior-title']]")
    assert "perchance" in text_of(browser.get("/prior/1"))
    page = browser.post("/prior/1/remove")
    assert "does not train the ranking" in text_of(page, "//section[h2[@id='prior-title']]")
    assert page.xpath("//*[@id='flashes']//form/@action") == ["/prior/1/restore"]
    assert "It was removed" in text_of(browser.get("/prior/1"))
    page = browser.post("/prior/1/restore")
    assert "train the ranking; they" in text_of(page, "//section[h2[@id='prior-title']]")
    page = browser.post("/import", fields, files=[("file", ("old.csv", table))])
    assert "Nothing was imported" in text_of(page, "//*[@id='import']")
    for wrong in ("9", "x"):
        browser.get(f"/prior/{wrong}", status=400)
        browser.post(f"/prior/{wrong}/remove", status=400)


def test_an_import_that_has_to_wait_says_so(browser, monkeypatch):
    """Three long imports are running; the fourth names its file and that it waits."""
    heard = []
    monkeypatch.setattr(
        browser.state.hub, "publish", lambda kind, **values: heard.append((kind, values))
    )
    release = threading.Event()

    def busy() -> threading.Thread:
        work = browser.state.executor.run_long(lambda _: release.wait(60))
        thread = threading.Thread(target=lambda: asyncio.run(work))
        thread.start()
        return thread

    running = [busy() for _ in range(3)]
    while not browser.state.executor.long_must_wait:
        time.sleep(0.01)
    threading.Timer(0.5, release.set).start()
    browser.post("/import", files=[("file", ("d.ris", ENTRY.format(1990).encode()))])
    for thread in running:
        thread.join()
    assert heard[0] == ("import", {"file": "d.ris", "what": "waiting", "done": 0})
    heard.clear()
    while browser.state.executor.long_must_wait:
        time.sleep(0.01)
    browser.post("/import", files=[("file", ("e.ris", ENTRY.format(1980).encode()))])
    assert "waiting" not in [values.get("what") for _, values in heard]


def test_a_record_that_an_earlier_review_has_too_is_shown_with_its_decision(browser, tmp_path):
    """On its page, on the screening page and on the page of the file, which can be exported."""
    words = "magnets and coils for the pain of nerves were tried in forty people " * 4
    old = f"title,abstract,included\nA study of magnets,{words},1\n".encode()
    new = f"title,abstract\nA study of magnets,{words}\n".encode()
    browser.post("/import", {"prior": "1"}, files=[("file", ("old.csv", old))])
    browser.post("/import", {"labels": "1"}, files=[("file", ("new.csv", new))])
    page = browser.get("/prior/1")
    assert "1 record of this review is also in this file" in text_of(page)
    (address,) = page.xpath("//td/a/@href")
    assert "Earlier review: include in old.csv" in text_of(browser.get(str(address)))
    screen = browser.get(str(address).replace("/records/", "/screen/"))
    assert "Earlier review: include in old.csv" in text_of(screen)
    for link in page.xpath("//a[contains(@href, '/export')]/@href"):
        assert b"agnets" in browser.file(str(link)).content or "xlsx" in link
    browser.get("/prior/1/export?format=docx", status=400)
