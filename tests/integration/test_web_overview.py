"""The overview in the browser: where the review stands, and files brought in."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autoscreen.resources import resource
from autoscreen.review import Review
from integration._web import Browser, browser_of, text_of

GOOD = b"TY  - JOUR\nTI  - Magnetic stimulation for pain\nDO  - 10.1000/1\nER  - \n"
OTHER = GOOD.replace(b"JOUR\n", b"JOUR\nJO  - A journal\n")
BAD = b"title,abstract,doi\nOne,Text,10.1000/1\nTwo,Text\n"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Browser]:
    """A person with a new review."""
    Review.create(tmp_path / "rms", protocol="rms-pnp").close()
    with browser_of(tmp_path / "rms.autoscreen") as made:
        yield made


@pytest.fixture
def browser(demo_review: Path, tmp_path: Path) -> Iterator[Browser]:
    """A person who has read forty records of the demo review, nine of them relevant."""
    path = tmp_path / "rms.autoscreen"
    shutil.copy(demo_review, path)
    with Review.open(path) as review:
        for place, one in enumerate(review.rank(top=40)):
            review.label(one.id, "include" if place % 5 == 0 else "exclude", reviewer="AA")
    with browser_of(path) as made:
        yield made


def bring_in(browser: Browser, *files: tuple[str, bytes], status: int = 200):
    uploads = [("file", (name, content)) for name, content in files]
    return browser.post("/import", {"labels": "1"}, files=uploads, status=status)


def test_an_empty_review_tells_how_to_begin(empty):
    """The first thing to be seen is the place for the first file."""
    page = empty.get("/overview")
    assert "Three steps to start screening" in text_of(page)
    assert page.xpath("//form[@enctype='multipart/form-data']//input[@type='file'][@multiple]")


def test_files_are_brought_in_under_their_own_names(empty):
    """The page tells for each file what came of it; the review keeps its name, not its folder."""
    page = bring_in(
        empty, (r"C:\Users\ann\embase.ris", GOOD), ("../../b.ris.gz", gzip.compress(OTHER))
    )
    reports = [text_of(page, f"(//div[@class='report'])[{place}]") for place in (1, 2)]
    assert reports[0] == "embase.ris 1 record in the file (RIS): 1 new. Details of this import"
    assert reports[1].startswith("b.ris.gz 1 record in the file")
    assert "merged" in reports[1]
    assert text_of(page, "//ul[@class='tiles']").startswith("1 record")
    files = [one.text_content() for one in page.xpath("//th[@scope='row'][@class='imports__file']")]
    assert files == ["b.ris.gz", "embase.ris"]


def test_a_list_of_pmids_says_what_its_records_lack(empty):
    """Numbers alone cannot be ranked, which is said with the report."""
    report = text_of(
        bring_in(empty, ("known.txt", b"99000001\n99000002\n")), "//div[@class='report']"
    )
    assert "Note: 2 new records have only a PMID, no title and no abstract." in report


def test_the_same_file_again_adds_nothing(empty):
    """Who sends the form twice has lost and doubled nothing."""
    bring_in(empty, ("a.ris", GOOD))
    assert "1 already imported" in text_of(bring_in(empty, ("a.ris", GOOD)))


def test_what_could_not_be_read_is_named_by_file_line_and_record(empty):
    """The good records come in, and a table says what was wrong where."""
    page = bring_in(empty, ("mixed.csv", BAD))
    row = page.xpath("//div[contains(@class,'report')]//tbody/tr")[0]
    assert [cell.text_content().strip() for cell in row.xpath("td")][:2] == ["3", "2"]
    page = empty.get("/imports/1")
    assert "mixed.csv" in text_of(page, "//h1")
    assert page.xpath("//tbody/tr")


def test_a_file_that_cannot_be_read_holds_up_no_other(empty):
    """A picture among the exports is refused in words; the export comes in."""
    page = bring_in(empty, ("cat.png", b"\x89PNG\r\n\x1a\n"), ("a.ris", GOOD), ("no.ris", b""))
    assert text_of(page).count("Nothing was imported.") == 2
    assert "1 new" in text_of(page)


def test_a_hostile_file_name_is_text(empty):
    """Mark-up and control signs in a file's name do no harm."""
    page = bring_in(empty, ("<script>alert(1)</script>\x07.ris", GOOD))
    assert page.xpath("//script[not(@src)]") == []
    assert "<script>alert(1)<" not in text_of(page, "//h3")  # its folder goes, as it has a slash
    assert "script>" in text_of(page, "//h3")


def test_a_form_without_a_file_is_answered_in_words(empty):
    """Nothing chosen is no fault."""
    assert (
        "no file was chosen" in text_of(empty.post("/import", {"labels": "1"}, status=400)).lower()
    )


def test_decisions_in_a_file_are_taken_over_or_not(empty):
    """The tick of the form decides, and the page tells how many came."""
    csv = b"title,abstract,included\nA,B,1\nC,D,0\n"
    assert "2 decisions imported" in text_of(bring_in(empty, ("a.csv", csv)))
    other = b"title,abstract,included\nE,F,1\n"
    page = empty.post("/import", {}, files=[("file", ("b.csv", other))])
    assert "decision" not in text_of(page, "//div[@class='report']")


def test_news_of_an_import_reaches_open_pages(empty, monkeypatch):
    """Other pages hear how far an import is, and when it is done."""
    heard = []
    monkeypatch.setattr(empty.state.hub, "publish", lambda kind, **news: heard.append((kind, news)))
    bring_in(empty, ("a.ris", GOOD))
    assert heard[0] == ("import", {"file": "a.ris", "what": "reading", "done": 1})
    assert [kind for kind, _ in heard][-2:] == ["import", "counts"]


def test_the_records_that_came_in_are_found_and_read_next(empty):
    """After an import the search finds the records, and the order begins with them."""
    bring_in(empty, ("a.ris", GOOD))
    assert "Magnetic stimulation for pain" in text_of(empty.get("/records?text=magnetic"))


def test_the_overview_draws_what_was_found_and_says_the_same_in_a_table(browser):
    """The curve has a name, a description and a table; the stopping panel says what it costs."""
    page = browser.get("/overview")
    (chart, days) = page.xpath("//figure/svg[@role='img']")
    named = chart.get("aria-labelledby").split()
    assert [text_of(page, f"//*[@id='{one}']") for one in named] == [
        "Relevant records found by number of records screened",
        "8 relevant of 40 screened. The table below gives the numbers.",
    ]
    rows = page.xpath("//figure[1]//table")[0].xpath(".//tbody/tr")
    assert [cell.text_content() for cell in rows[-1].xpath("td")] == ["40", "8"]
    assert days.xpath(".//rect[contains(@class,'chart__bar--include')]")
    assert "Not yet: about " in text_of(page) or "Too early to say: 8 relevant" in text_of(page)


def test_the_included_records_go_to_zotero_by_one_press(browser):
    """The overview offers the results as a file, without a detour over filters."""
    page = browser.get("/overview")
    (address,) = page.xpath("//a[contains(., 'for Zotero')]/@href")
    ris = browser.file(str(address)).text
    assert ris.count("TY  - ") == 8
    (address,) = page.xpath("//a[contains(., '(CSV)')]/@href")
    assert len(browser.file(str(address)).text.splitlines()) > 40


def test_everything_read_says_so(demo_review, tmp_path):
    """With nothing left to read there is no advice on stopping."""
    Review.create(tmp_path / "a", protocol="rms-pnp").close()
    with browser_of(tmp_path / "a.autoscreen") as browser:
        bring_in(browser, ("a.ris", GOOD))
        browser.post("/records/label", {"record": "r1", "label": "include", "table": ""})
        assert "All records have been screened:" in text_of(browser.get("/overview"))


def test_a_real_export_is_brought_in_whole(empty, real_data: Callable[..., Path]):
    """What a librarian exported comes in through the page as through the command line."""
    path = real_data("exports", "manifest.csv").parent
    files = sorted(one for one in path.rglob("*") if one.suffix in {".nbib", ".ris"})[:12]
    page = bring_in(empty, *((one.name, one.read_bytes()) for one in files))
    with Review.open(empty.state.executor.path) as review:
        status = review.status()
        assert status.records > 0
        for run in status.imports:
            assert run.starts == run.new + run.merged + run.already_there + run.lost
            assert len([one for one in review.problems(run.id) if one.lost]) == run.lost
    assert len(page.xpath("//div[contains(@class,'report ') or @class='report']")) == len(files)


def test_the_demo_records_come_in_through_the_page(empty):
    """The demo's file gives the records that the command line gives."""
    content = resource("data", "demo", "demo.nbib").read_bytes()
    assert "202 new" in text_of(bring_in(empty, ("demo.nbib", content)))


def test_imported_decisions_are_not_taken_for_screening(empty):
    """Decisions from a file are said; nothing has been screened here yet."""
    table = b"title,abstract,decision\nOne,Coil,include\nTwo,Sleep,exclude\nThree,Mice,\n"
    bring_in(empty, ("labels.csv", table))
    shown = text_of(empty.get("/overview"))
    assert "No records have been screened here yet; 2 records have imported decisions." in shown
