"""The first hour of somebody who has never seen a command line: alone, and with a colleague."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from autoscreen.formats import read_records
from autoscreen.records import Label
from browser._browsing import Served, Visitor, open_record, press
from browser._invented import embase_ris, rayyan_csv

TITLE = "Treadmill training for walking after stroke"
CRITERIA = """Inclusion criteria:
- Adults after stroke
- Treadmill training
- Randomised controlled trials
Exclusion criteria:
- Parkinson disease
- animal studies"""
PASSWORD = "three small words"
OTHER_PASSWORD = "four quite small words"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of reviews."""
    made = tmp_path / "reviews"
    made.mkdir()
    return made


def test_alone_from_an_empty_folder_to_zotero(
    folder: Path, serve: Callable[..., Served], visitor: Visitor, tmp_path: Path
) -> None:
    """A review of one's own question is made, imported, screened, exported and restored."""
    page = visitor(serve(folder))
    _make_by_questions(page)
    _import(page, embase_ris(tmp_path / "embase.ris"), rayyan_csv(tmp_path / "rayyan.csv"))
    expect(page.get_by_text("36 records in the file (RIS): 36 new.")).to_be_visible()
    report = page.get_by_text("14 records in the file (CSV): 13 new, 1 merged as a duplicate.")
    expect(report).to_contain_text("4 conflicts")
    expect(page.get_by_text("records have imported decisions")).to_be_visible()
    page.get_by_role("link", name="Start screening", exact=True).click()
    expect(page.locator(".why__reason")).to_contain_text(re.compile("treadmill training"))
    expect(page.locator(".why")).to_contain_text("The most likely relevant of")
    page.wait_for_load_state()

    first = open_record(page)
    page.keyboard.press("t")
    page.keyboard.type("check methods")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("check methods"))).to_be_visible()
    page.keyboard.press("Escape")
    _screen(page, 30)
    page.keyboard.press("a")
    expect(page.locator("#advice")).to_contain_text("You may stop for 95%")
    expect(page.locator("#advice")).to_contain_text("so their evidence is weak")
    expect(page.locator("#advice")).to_contain_text("not counted here")

    page.get_by_role("link", name="Records", exact=True).click()
    page.get_by_label("Search", exact=False).first.fill('tag:"check methods"')
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 record", exact=True)).to_be_visible()
    page.locator("main tbody a").first.click()
    assert page.url.split("?")[0].endswith(f"/records/{first}")

    page.get_by_role("link", name=re.compile("^Conflicts")).click()
    page.get_by_role("button", name="Agree with Anna").click()
    expect(page.get_by_text("Conflict resolved:")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Duplicates")).click()
    page.get_by_role("button", name="Different records: keep both").click()
    expect(page.get_by_text("There are no possible duplicates to check.")).to_be_visible()
    _export(page, tmp_path)
    _back_up_delete_restore(page)


def test_a_team_of_two_in_a_browser_alone(
    folder: Path, serve: Callable[..., Served], visitor: Visitor, tmp_path: Path
) -> None:
    """First account, invitation, double screening, conflict, mention and a forgotten password."""
    server = serve(folder, team=True)
    olga = visitor(server, server.address.removeprefix(server.base))
    olga.get_by_label("Name").fill("Olga")
    olga.get_by_label("Password").fill(PASSWORD)
    olga.get_by_role("button", name="Create account").click()
    _make_by_questions(olga)
    _import(olga, embase_ris(tmp_path / "embase.ris"))
    olga.get_by_role("link", name="Team", exact=True).click()
    olga.get_by_role("button", name="Invite a member").click()
    olga.get_by_role("dialog").get_by_label("Name of the person").fill("Ben Okafor")
    olga.get_by_role("button", name="Create link").click()
    ben = visitor(server, _path(server, olga.get_by_label("Invitation link").input_value()))
    _new_password(ben, PASSWORD, "Create account")
    olga.get_by_role("link", name="Team", exact=True).click()
    olga.get_by_role("radio", name=re.compile("Two, all records")).check()
    olga.get_by_role("button", name="Save", exact=True).click()
    expect(olga.get_by_text("Setting saved: two reviewers for every record.")).to_be_visible()
    expect(olga.get_by_label("Each record to")).to_have_value("2")
    olga.get_by_role("button", name="Assign", exact=True).click()
    expect(olga.get_by_text("Every unscreened record is assigned.")).to_be_visible()

    olga.get_by_role("link", name="Screen", exact=True).click()
    for page, key in ((olga, "i"), (ben, "e")):
        if page is ben:  # after Olga, whose open records nobody else is given
            ben.get_by_role("link", name="treadmill", exact=True).click()
        page.wait_for_selector("article.record")
        page.wait_for_load_state()  # keys are listened to from then on
        for _ in range(3):
            press(page, key)
        expect(page.locator("#progress")).to_contain_text("3 of 36")
    olga.reload()
    olga.get_by_role("link", name=re.compile("^Conflicts")).click()
    olga.get_by_label("New comment").fill("@Ben Okafor was the outcome measured?")
    olga.get_by_role("button", name="Add comment").click()
    expect(olga.get_by_text("to Ben Okafor")).to_be_visible()
    ben.reload()
    ben.get_by_role("link", name="Mentions (1)").click()
    expect(ben.get_by_text("was the outcome measured?").first).to_be_visible()
    olga.get_by_role("button", name="Agree with Ben Okafor").click()
    expect(olga.get_by_text("Conflict resolved:")).to_contain_text("excluded")

    ben.get_by_role("button", name="Sign out").click()
    expect(ben.get_by_text("password forgotten? Ask an owner")).to_be_visible()
    olga.get_by_role("link", name="Home").click()
    olga.get_by_role("link", name="People").click()
    row = olga.get_by_role("row").filter(has_text="Ben Okafor")
    row.get_by_role("button", name="New password").click()
    link = olga.get_by_role("textbox", name="Link for a new password").input_value()
    ben.goto(f"{server.base}{_path(server, link)}")
    _new_password(ben, OTHER_PASSWORD, "Set password")
    ben.get_by_label("Name").fill("Ben Okafor")
    _new_password(ben, OTHER_PASSWORD, "Sign in")
    expect(ben.get_by_role("link", name="treadmill", exact=True)).to_be_visible()


def test_an_explanation_that_is_prepared_appears_by_itself(page: Page) -> None:
    """The words replace the notice without a reload, and a note that was begun stays."""
    sentence = page.locator(".why__reason").inner_text()

    def unexplained(route: Route) -> None:
        html = route.fetch().text()
        html = html.replace(' data-seen="', ' data-pending="1" data-seen="', 1)
        route.fulfill(body=html.replace('class="why__reason"', 'class="why__gone"'))

    page.route("**/screen", unexplained, times=1)
    page.reload()
    page.get_by_label("Note").fill("begun")
    expect(page.locator(".why__reason")).to_have_text(sentence)
    expect(page.get_by_label("Note")).to_have_value("begun")


def _make_by_questions(page: Page) -> None:
    page.get_by_role("link", name="New review").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Short name").fill("treadmill")
    page.get_by_role("button", name="Continue", exact=True).last.click()
    page.get_by_label("Eligibility criteria").fill(CRITERIA)
    page.get_by_role("button", name="Continue", exact=True).last.click()
    expect(page.get_by_role("checkbox", name="Treadmill training", exact=True)).to_be_checked()
    page.get_by_role("button", name="Continue", exact=True).last.click()
    expect(page.get_by_label("Reason 1")).to_have_value("Wrong population")
    page.get_by_role("button", name="Create review").last.click()
    page.wait_for_url("**/r/treadmill/overview")


def _import(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files(list(files))
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("link", name="Start screening", exact=True)).to_be_visible(
        timeout=60_000
    )


def _screen(page: Page, count: int) -> None:
    """Decide by what the title says, by keys and, each third, with the mouse."""
    for at in range(count):
        title = page.locator(".record__title").inner_text().lower()
        fits = "treadmill" in title and "stroke" in title and "trial" in title
        if at % 3:
            press(page, "i" if fits else "2")
            continue
        ident = open_record(page)
        page.locator("#deck").get_by_role("button", name="Include" if fits else "Wrong pop").click()
        expect(page.locator("#record")).not_to_have_attribute("data-id", ident)
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def _export(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="Overview", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="for Zotero").click()
    download.value.save_as(folder / "included.ris")
    included = read_records(folder / "included.ris")
    assert included
    assert all(one.verdicts[0].label is Label.INCLUDE for one in included)
    with page.expect_download() as download:
        page.get_by_role("link", name="as a table (CSV)").click()
    download.value.save_as(folder / "screened.csv")
    with (folder / "screened.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["label"] == "include" for row in rows) == len(included)
    assert sum("check methods" in row["tags"] for row in rows) == 1


def _back_up_delete_restore(page: Page) -> None:
    page.get_by_role("link", name="Home").click()
    card = page.get_by_role("article").filter(has_text="treadmill")
    before = card.get_by_text(re.compile(r"\d+ of \d+ screened")).inner_text()
    page.get_by_role("link", name="Manage treadmill").click()
    page.get_by_role("button", name="Back up now").click()
    expect(page.get_by_text("was made.")).to_be_visible()
    page.get_by_label("To confirm, type the name").fill("treadmill")
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("link", name="Deleted reviews (1)").click()
    page.get_by_role("button", name="Restore treadmill").click()
    expect(page.get_by_role("article").get_by_text(before)).to_be_visible()


def _path(server: Served, link: str) -> str:
    return "/" + link.split("/", 3)[3]


def _new_password(page: Page, password: str, button: str) -> None:
    page.get_by_label("Password").or_(page.get_by_label("New password")).first.fill(password)
    page.get_by_role("button", name=button).last.click()
