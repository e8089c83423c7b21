"""The pages of the full texts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from autoscreen.review import Review
from autoscreen.web.accounts.accounts import Accounts, accounts_path
from autoscreen.web.accounts.members import Role
from autoscreen.web.app import make_app
from autoscreen.web.network.request_checks import LOOPBACK
from autoscreen.web.server import Options, open_server
from autoscreen.web.visit import ServerState
from integration._web import SAME, Browser, browser_of, text_of
from pdf_files import pdf_of


@pytest.fixture
def copy(demo_review: Path, tmp_path: Path) -> Path:
    """A review in which title and abstract included three records."""
    path = Path(shutil.copy(demo_review, tmp_path / "rms.autoscreen"))
    with Review.open(path) as review:
        for number in (1, 2, 3):
            review.label(f"r{number}", "include", reviewer="AA")
    return path


@pytest.fixture
def browser(copy: Path) -> Iterator[Browser]:
    """A person working alone."""
    with browser_of(copy) as made:
        yield made


def hidden_fields(page, name: str) -> str:
    return str(page.xpath(f"//main//input[@name='{name}']/@value")[0])


def decide(browser: Browser, ident: str, choice: str, *, status: int = 200, **more: str):
    page = browser.get(f"/full-text/{ident}")
    form = {name: hidden_fields(page, name) for name in ("key", "seen")}
    return browser.post(
        f"/full-text/{ident}/label", {**form, "choice": choice, **more}, status=status
    )


def test_each_full_text_is_assessed_and_the_next_one_shown(browser):
    """A decision is saved, counted and undone; an exclusion takes the reason of its button."""
    page = browser.get("/full-text")
    assert "3 of 3 records included by title and abstract are left to assess" in text_of(page)
    page = decide(browser, "r1", "not retrieved", note="asked the library")
    assert "Saved: r1 marked not retrieved." in page.text_content()
    assert page.xpath("//title/text()")[0].startswith("Full text of r")
    page = decide(browser, "r2", "reason:WRONG_TYPE")
    assert browser.get("/records/r2").xpath("//main//a[@href='/full-text/r2']")
    assert not browser.get("/records/r9").xpath("//main//a[@href='/full-text/r9']")
    shown = text_of(browser.get("/full-text"))
    assert "1 of 3 records" in shown
    assert "Sorted by the ranking of titles and abstracts. Once" in shown
    assert "Not retrieved 1" in shown
    page = browser.get("/full-text?show=exclude")
    assert page.xpath("//main//tbody//a/text()") == ["r2"]
    page = browser.post("/full-text/r2/withdraw")
    assert "Withdrawn; it stays in the history." in page.text_content()
    assert "2 of 3 records" in text_of(browser.get("/full-text"))
    page = decide(browser, "r3", "reason:", status=400, reason="")
    assert "needs a reason" in page.text_content()
    decide(browser, "r2", "reason:WRONG_TYPE")
    decide(browser, "r3", "include")
    assert "and by the decisions on full texts so far" in text_of(browser.get("/full-text"))


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/full-text/r9", 400, "R9 is not included by title and abstract"),
        ("/full-text?show=nothing", 400, "is not a label"),
        ("/full-text/r9999", 404, "r9999"),
    ],
)
def test_what_there_is_not_is_named(browser, path, status, text):
    """A record outside the stage has no page there."""
    assert text in browser.get(path, status=status).text_content()


PASSWORD = "three small words"


@pytest.fixture
def team(copy: Path) -> Iterator[tuple[ServerState, dict[str, Browser]]]:
    """Three people who assess in double screening, each with a browser."""
    access = Accounts(accounts_path(copy), team=True)
    people = (("Olga", Role.OWNER), ("Ben", Role.REVIEWER), ("Cleo", Role.REVIEWER))
    for name, role in people:
        access.add_account(name, PASSWORD, role)
    access.close()
    state = open_server(copy, Options(host="0.0.0.0"))
    app = make_app(state, hosts=LOOPBACK)
    browsers: dict[str, Browser] = {}
    with TestClient(app, base_url="http://127.0.0.1:1") as first:
        for name, _ in people:
            client = first if name == "Olga" else TestClient(app, base_url="http://127.0.0.1:1")
            client.cookies.set(state.cookie, state.access.begin_session(name, account=True))
            browsers[name] = Browser(client, state)
        yield state, browsers
    state.executor.close()
    state.access.close()


def test_two_assess_blinded_and_a_third_resolves(team):
    """Nobody sees what the other decided before both have; then the conflict has its page."""
    _, browsers = team
    olga, ben, cleo = (browsers[name] for name in ("Olga", "Ben", "Cleo"))
    page = olga.post("/full-text/double", {"how": "all"})
    assert "Setting saved: two reviewers" in page.text_content()
    assert (
        ben._client.post("/full-text/double", data={"how": "none"}, headers=SAME).status_code == 403
    )
    decide(ben, "r1", "reason:WRONG_TYPE", note="xylograph")
    for other in (cleo, olga):
        shown = text_of(other.get("/full-text/r1")) + text_of(other.get("/full-text"))
        assert "xylograph" not in shown
        assert not re.search(r"Exclude 1", shown)
        assert "not assessed" in shown
    decide(cleo, "r1", "include")
    assert "Full-text conflicts (1)" in olga.get("/full-text").text_content()
    page = ben.get("/full-text/conflicts")
    assert "an owner or another reviewer has to resolve" in text_of(page)
    refused = ben._client.post("/full-text/r1/resolve", data={"choice": "include"}, headers=SAME)
    assert refused.status_code == 403
    page = olga.get("/full-text/conflicts")
    assert "xylograph" in text_of(page)
    page = olga.post("/full-text/r1/resolve", {"choice": "include", "note": "it is a trial"})
    assert "Conflict resolved: r1 included." in page.text_content()
    assert (
        "There are no conflicts on full texts." in olga.get("/full-text/conflicts").text_content()
    )
    page = olga.post("/full-text/r1/resolve", {"choice": "include"})
    assert "is not in conflict" in page.text_content()
    assert "agreement 0.00" in text_of(olga.get("/full-text"))


def test_pdfs_are_uploaded_matched_shown_and_removed(copy):
    """A sure PDF is attached, another one waits for a person; pages are images or text."""
    pytest.importorskip("pypdfium2")
    with browser_of(copy) as browser:
        with Review.open(copy) as review:
            words = review.record("r1").record.title.split()
        sure = pdf_of([" ".join(words[at : at + 6]) for at in range(0, len(words), 6)], ["sham"])
        pdf = {"a.pdf": sure, "b.pdf": pdf_of(["An unknown text"]), "c.pdf": b"none"}
        files = [("file", (name, data, "application/pdf")) for name, data in pdf.items()]
        page = browser.post("/full-text/pdfs", files=files)
        shown = page.text_content()
        assert "Attached: r1." in shown
        assert "c.pdf: Is not a PDF" in shown
        assert "b.pdf" in text_of(page)
        sha256 = page.xpath("//main//form/@action")[-1].split("/")[3]
        assert "1 PDF to match" in text_of(browser.get("/full-text"))
        page = browser.post(f"/full-text/pdfs/{sha256}", {"record": "r2"})
        assert "b.pdf attached to r2." in page.text_content()
        page = browser.get("/full-text/r1")
        images = page.xpath("//main//img/@src")
        assert len(images) == 2
        answer = browser.file(images[0])
        assert answer.headers["content-type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")
        text = page.xpath("//a[text()='Text with highlights']/@href")[0]
        assert "Page 2 sham" in text_of(browser.get(text))
        (address,) = page.xpath("//main//a[text()='Download']/@href")
        assert browser.file(address).content == sure
        assert "r1" not in browser.file("/full-text/missing").text
        page = browser.post(address.replace("/file", "/remove"))
        assert "a.pdf removed from r1." in page.text_content()
        assert "a.pdf was removed by AA" in text_of(page)
        assert "ID  - r1" in browser.file("/full-text/missing").text
        page = browser.post(address.replace("/file", "/restore"))
        assert "a.pdf restored." in page.text_content()
        assert "Page 1 of 2" in page.xpath("//main//img/@alt")[0]
        page = browser.post("/full-text/r3/pdfs", files=[("file", ("d.pdf", sure))])
        assert "Attached: d.pdf." in page.text_content()
