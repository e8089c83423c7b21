"""The page of the report: the flow, origins of imports, the stop, and the folder to download."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from autoscreen.review import Review
from integration._web import Browser, browser_of, text_of, wait_for_task


@pytest.fixture
def browser(demo_review: Path, tmp_path: Path) -> Iterator[Browser]:
    """A person working alone in a review with two included records."""
    path = Path(shutil.copy(demo_review, tmp_path / "rms.autoscreen"))
    with Review.open(path) as review:
        for number in (1, 2):
            review.label(f"r{number}", "include", reviewer="AA")
            review.full_text.label(f"r{number}", "include", reviewer="AA")
    with browser_of(path) as made:
        yield made


def test_the_flow_is_shown_and_the_report_downloaded(browser):
    """The picture is in the page without styles of its own; the task packs the whole folder."""
    page = browser.get("/report")
    assert page.xpath("//nav[@aria-label='Pages']/a[@href='/report'][@aria-current]")
    (picture,) = page.xpath("//main//figure")
    assert "Records identified from*" in picture.text_content()
    assert not picture.xpath(".//style | .//*[@style]")
    assert "Reports of included studies" in text_of(page, "//main//table")
    page = browser.post("/report", {"since": "", "until": ""})
    assert "Report of the review" in text_of(page)
    page = wait_for_task(browser, 1)
    assert "2 studies in 2 reports included, of 202 records identified" in text_of(page)
    packed = ZipFile(BytesIO(browser.file("/jobs/1/files/report-1.zip").content))
    assert packed.testzip() is None
    assert {"report/index.html", "report/flow.svg", "report/report.json"} <= set(packed.namelist())
    assert "is no date" in text_of(browser.post("/report", {"since": "soon"}, status=400))


def test_what_changed_since_a_date_is_shown(browser):
    """The records that ended in another box, by both boxes; a date that is none is refused."""
    page = browser.get("/report?since=2020-01-01")
    cells = [
        cell.text_content()
        for cell in page.xpath("//section[@aria-labelledby='changes-title']//td")
    ]
    assert cells[:3] == ["not identified yet", "records not screened yet", "200"]
    assert cells[3:] == ["not identified yet", "reports of included studies", "2"]
    assert "Nothing has changed since" in text_of(browser.get("/report?since=2999-01-01"))
    browser.get("/report?since=soon", status=400)


def test_the_included_studies_are_downloaded(browser):
    """With how each tool imports them."""
    (link,) = browser.get("/report").xpath("//a[starts-with(., 'Export reports with PDFs')]/@href")
    packed = ZipFile(BytesIO(browser.file(link).content))
    assert {"handover/included.ris", "handover/README.txt"} <= set(packed.namelist())


def test_an_import_gets_its_database(browser):
    """The setting is counted at once."""
    form = {"import": "1", "kind": "register", "name": "WHO ICTRP", "query": "a\nAND b"}
    page = browser.post("/report/origin", form)
    assert page.xpath("string(//textarea[@name='query'])").strip() == "a\nAND b"
    assert "Saved: import 1 is from WHO ICTRP." in page.text_content()
    assert "Register: WHO ICTRP" in text_of(page)
    browser.post("/report/origin", {**form, "import": "x"}, status=400)
    browser.post("/report/origin", {**form, "kind": "library"}, status=400)


def test_screening_is_stopped_and_resumed(browser):
    """The records that are left are counted in their box."""
    page = browser.post("/report/stop", {"how": "automation", "note": "enough"})
    assert "Screening was stopped on" in text_of(page)
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//main//tbody/tr")]
    assert ["Identification", "Records marked as ineligible by automation tools", "200"] in rows
    assert "was stopped already" in text_of(
        browser.post("/report/stop", {"how": "other"}, status=409)
    )
    page = browser.post("/report/stop", {"how": "resume"})
    assert "Screening resumed" in page.text_content()


def test_reports_are_linked_to_a_study_on_the_page_of_a_full_text(browser):
    """Linking can be undone, and two reports of different studies be separated."""
    page = browser.post("/full-text/r1/study", {"other": "r2", "same": "yes"})
    assert "r1 and r2 are reports of one study." in page.text_content()
    assert page.xpath("//form[@action='/full-text/r1/study']//input[@value='r2']")
    assert "Studies included in review1" in "".join(
        browser.get("/report").xpath("//main//table")[0].text_content().split("\n")
    ).replace("Included", "")
    browser.post("/full-text/r1/study", {"other": "r2", "same": ""})
    assert "No other report of this study is known" in text_of(browser.get("/full-text/r1"))
    page = browser.post("/full-text/r1/study", {"other": "r2", "same": "no"})
    assert "reports of different studies" in page.text_content()
    browser.post("/full-text/r1/study", {"other": "r2", "same": "perhaps"}, status=400)
    page = browser.post("/full-text/r1/study", {"other": "r999", "same": "yes"})
    assert "no record has the id 'r999'" in page.text_content()
