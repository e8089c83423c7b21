"""The pages of data extraction."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autoscreen.review import Review
from integration._web import SAME, browser_of, text_of
from pdf_files import pdf_of

RTMS = "99000111"
"""A demonstration record with 34 participants, 10 Hz and two proposals for `n`."""


@pytest.fixture
def copy(demo_review: Path, tmp_path: Path) -> Path:
    """A review with one included study."""
    path = Path(shutil.copy(demo_review, tmp_path / "rms.autoscreen"))
    with Review.open(path) as review:
        review.label(RTMS, "include", reviewer="AA")
    return path


@pytest.fixture
def ident(copy):
    """The id of the included record."""
    with Review.open(copy) as review:
        return review.record(RTMS).id


def fields(page, key):
    return text_of(page, f"//section[@id='field-{key}']")


def test_a_form_is_filled_in_beside_the_highlighted_text(copy, ident):
    """Proposals are saved, corrected, rejected and undone; the list counts what is filled in."""
    with browser_of(copy) as browser:
        assert "0 of 13" in text_of(browser.get("/extraction"))
        page = browser.get(f"/extraction/{ident}")
        marked = page.xpath("//section[@aria-label='Texts']//mark[@title='Frequency']/text()")
        assert marked == ["10 Hz"]
        assert page.xpath("//section[@id='field-n']//input[@type='checkbox']/@value") == ["34", "2"]
        path = f"/extraction/{ident}/fields"
        page = browser.post(f"{path}/frequency", {"act": "enter", "value": "10 Hz"})
        assert "Saved: 10 Hz." in page.text_content()
        assert "“METHODS: Thirty-four adults" in fields(page, "frequency")
        page = browser.post(f"{path}/follow_up", {"act": "enter", "typed": "3 weeks; 6 weeks"})
        assert "Saved: 3 weeks; 6 weeks." in page.text_content()
        page = browser.post(f"{path}/coil", {"act": "absent"})
        assert fields(page, "coil").startswith("Coil not reported")
        page = browser.post(f"{path}/n", {"act": "reject:2"})
        assert "Rejected: 2" in fields(page, "n")
        page = browser.post(f"{path}/n", {"act": "enter", "typed": "many"})
        assert "'many' is not a possible value; enter a number such as 24" in page.text_content()
        assert "3 of 13" in text_of(browser.get("/extraction"))
        page = browser.post(f"/extraction/{ident}/undo")
        assert "Rejected" not in fields(page, "n")
        assert "10 Hz" in browser.file("/extraction/export.csv").text
        assert browser.file("/extraction/export.xlsx").content.startswith(b"PK")


def test_differences_of_two_people_are_side_by_side_and_resolved(copy, ident):
    """An owner sets double extraction, and what one of the two entered is used."""
    with browser_of(copy) as browser:
        page = browser.post("/extraction/double", {"how": "two"})
        assert "Two people extract the data of each study" in text_of(page)
        assert "0 of 2 people done" in text_of(page)
        with Review.open(copy) as review:
            keys = [field.key for field in review.extraction.fields]
            for who, frequency in (("Ann", "10 Hz"), ("Ben", "20 Hz")):
                for key in keys:
                    review.extraction.set_not_reported(ident, key, reviewer=who)
                review.extraction.enter(ident, "frequency", frequency, reviewer=who)
        assert "1 difference to resolve" in text_of(browser.get("/extraction"))
        page = browser.get(f"/extraction/{ident}")
        assert "Ann 10 Hz" in fields(page, "frequency")
        assert "Ben 20 Hz" in fields(page, "frequency")
        page = browser.post(f"/extraction/{ident}/fields/frequency", {"act": "use:Ben"})
        assert "Resolved: 20 Hz." in page.text_content()
        assert "No difference is left to resolve" in text_of(page)
        assert "Coil: the same in 1 of 1 study" in text_of(browser.get("/extraction"))
        assert "Frequency: the same in 0 of 1 study" in text_of(browser.get("/extraction"))
        page = browser.post(f"/extraction/{ident}/undo")
        assert "1 difference to resolve" in text_of(page)


def test_proposals_of_a_pdf_name_its_page(copy, ident):
    """Only the sentences that propose something are shown, and not the list of references."""
    with browser_of(copy) as browser:
        text = ["The weather was fine.", "Neuronavigation was used."], ["References", "1. 50 Hz."]
        browser.post(
            f"/full-text/{ident}/pdfs",
            files={"file": ("paper.pdf", pdf_of(*text), "application/pdf")},
        )
        page = browser.get(f"/extraction/{ident}")
        assert "paper.pdf, page 1" in fields(page, "navigation")
        assert "50 Hz" not in text_of(page)
        assert "The weather" not in text_of(page, "//section[@aria-label='Texts']")


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/extraction/r1", 200, "R1 is not an included report"),
        ("/extraction/r9999", 404, "r9999"),
        ("/extraction/export.ris", 400, "choose csv or xlsx"),
    ],
)
def test_what_there_is_not_is_named(copy, path, status, text):
    """In words, with what to do."""
    with browser_of(copy) as browser:
        assert text in browser.get(path, status=status).text_content()


def test_a_field_that_the_protocol_does_not_have_changes_nothing(copy, ident):
    """It is named on the page that the form came from."""
    with browser_of(copy) as browser:
        answer = browser._client.post(
            f"/extraction/{ident}/fields/colour", data={"act": "absent"}, headers=SAME
        )
        assert "its fields: target, coil" in answer.text
    with Review.open(copy) as review:
        assert review.extraction.log() == []


def test_the_form_of_the_protocol_keeps_the_extraction_fields(copy):
    """They are edited as TOML in a field of their own."""
    with browser_of(copy) as browser:
        page = browser.get("/protocol/edit")
        assert '[extraction."frequency"]' in page.xpath("//textarea[@id='extraction']/text()")[0]
