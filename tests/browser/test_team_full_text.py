"""A team of two from import to the report, each in their own window."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autoscreen.review import Review
from browser._browsing import DROP, Served, Visitor, open_record, press
from pdf_files import pdf_of

pytest.importorskip("pypdfium2")
NERVES = ("median", "ulnar", "radial", "sural", "tibial", "facial")
TITLE = "Repetitive magnetic stimulation for pain after injury of the {} nerve"
FILE = "".join(
    f"TY  - JOUR\nTI  - {TITLE.format(nerve)}\nAB  - A randomised trial.\nDO  - 10.9999/{nerve}\n"
    "ER  - \n\n"
    for nerve in (*NERVES, NERVES[0])
)
"""An export with six records and a duplicate of one."""
INTERVENTION = "Intervention: no repetitive magnetic stimulation"
FLOW = """
WITH first AS (SELECT record.id, label FROM record JOIN decision ON decision.id = decision_id),
  later AS (SELECT label, reason FROM record JOIN decision ON decision.id = full_text_id)
SELECT 'Databases', sum(starts) FROM import_run
UNION SELECT 'Embase', sum(starts) FROM import_run WHERE path LIKE '%embase%'
UNION SELECT 'Registers', 0
UNION SELECT 'Duplicate records removed',
  (SELECT sum(starts) FROM import_run) - (SELECT count(*) FROM record)
UNION SELECT 'Records marked as ineligible by automation tools', count(*) FROM screening_stop
UNION SELECT 'Records removed for other reasons', count(*) FROM screening_stop
UNION SELECT 'Records screened', count(*) FROM first
UNION SELECT 'Records excluded**', count(*) FROM first WHERE label = 'exclude'
UNION SELECT 'Reports sought for retrieval', count(*) FROM first WHERE label = 'include'
UNION SELECT 'Reports not retrieved', count(*) FROM later WHERE label = 'not retrieved'
UNION SELECT 'Reports assessed for eligibility', count(*) FROM later WHERE label <> 'not retrieved'
UNION SELECT reason, count(*) FROM later WHERE label = 'exclude' GROUP BY reason
UNION SELECT 'Studies included in review', count(*) FROM later WHERE label = 'include'
UNION SELECT 'Reports of included studies', count(*) FROM later WHERE label = 'include'
"""


def sign_up(page: Page, name: str) -> None:
    """Create an account."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(f"three small words of {name}")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def screen_all(page: Page, base: str, key_of: Callable[[str, int], str]) -> list[str]:
    """Decide about each record by a key; return their ids in order."""
    page.goto(f"{base}/screen")
    page.wait_for_selector("article.record")
    order = []
    for at in range(len(NERVES)):
        ident = open_record(page)
        order.append(ident)
        if at < len(NERVES) - 1:
            press(page, key_of(ident, at))
        else:
            page.keyboard.press(key_of(ident, at))
            expect(page.get_by_role("heading", name="No more records for you")).to_be_visible()
    return order


def assess(page: Page, base: str, ident: str, key: str) -> None:
    """Decide about a full text, of which nothing that others decided is shown."""
    page.goto(f"{base}/full-text/{ident}")
    expect(page.get_by_role("heading", name=f"{ident}: not assessed")).to_be_visible()
    expect(page.get_by_text("No decision yet.")).to_be_visible()
    page.keyboard.press(key)
    expect(page.locator("#flashes")).to_contain_text(f"Saved: {ident}")


def test_two_reviewers_go_from_import_to_the_report(  # noqa: PLR0915  (one journey in one piece)
    serve: Callable[..., Served], visitor: Visitor, tmp_path: Path
) -> None:
    """Each number of the flow diagram in the downloaded report is what SQL counts."""
    Review.create(tmp_path / "new", protocol="rms-pnp").close()
    team = serve(tmp_path / "new.autoscreen", team=True)
    olga = visitor(team)
    sign_up(olga, "Olga")
    olga.get_by_role("link", name="Import your first file").click()
    olga.wait_for_url("**/overview*")
    olga.wait_for_load_state()
    olga.evaluate(DROP, ["embase.ris", FILE])
    expect(olga.get_by_text("6 new")).to_be_visible()

    # Two read everything at both stages.
    olga.goto(f"{team.base}/team")
    olga.get_by_role("radio", name=re.compile("Two, all records")).check()
    olga.get_by_role("button", name="Save", exact=True).click()
    olga.goto(f"{team.base}/full-text")
    olga.get_by_role("button", name="Change to two reviewers").click()
    expect(olga.get_by_text("Two reviewers assess each full text")).to_be_visible()

    # Titles and abstracts: the two differ on one record, and agree that another is irrelevant.
    order = screen_all(olga, team.base, lambda _, at: "i" if at < 5 else "e")
    olga.goto(f"{team.base}/team")
    olga.get_by_role("button", name="Invite a member").click()
    olga.get_by_role("button", name="Create link").click()
    link = olga.get_by_label("Invitation link").input_value()
    ben = visitor(team, link.removeprefix(team.base))
    sign_up(ben, "Ben")
    screen_all(ben, team.base, lambda ident, _: "e" if ident in order[4:] else "i")
    olga.goto(f"{team.base}/team/conflicts/{order[4]}")
    expect(olga.get_by_role("heading", name="Conflict 1 of 1")).to_be_visible()
    olga.get_by_role("button", name="Include").click()
    expect(olga.locator("#flashes")).to_contain_text(f"{order[4]} included")

    # A PDF is matched by its title.
    with Review.open(team.review) as review:
        title = review.record(order[0]).record.title
    olga.goto(f"{team.base}/full-text")
    olga.locator("input[type=file]").set_input_files(
        {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": pdf_of([title])}
    )
    olga.get_by_role("button", name="Upload").click()
    expect(olga.get_by_text(f"Attached: {order[0]}.")).to_be_visible()

    # Full texts: neither sees the other's decision, and different reasons are a conflict.
    olga.goto(f"{team.base}/full-text/{order[0]}")
    expect(olga.get_by_role("region", name="Pages of paper.pdf")).to_be_visible()
    for ident, keys in zip(order[:5], ("ii", "12", "rr", "33", "ii"), strict=True):
        assess(olga, team.base, ident, keys[0])
        assess(ben, team.base, ident, keys[1])
    olga.goto(f"{team.base}/full-text")
    olga.get_by_role("link", name="1 conflict").click()
    expect(olga.get_by_text("All exclude it, but for different reasons")).to_be_visible()
    olga.keyboard.press("2")
    expect(olga.locator("#flashes")).to_contain_text(f"Conflict resolved: {order[1]} excluded")

    # The report.
    olga.goto(f"{team.base}/report")
    expect(olga.get_by_role("region", name="Flow diagram")).to_be_visible()
    olga.get_by_role("button", name="Create the report").click()
    with olga.expect_download() as download:
        olga.get_by_role("link", name="Download the report (ZIP)").click()
    download.value.save_as(tmp_path / "report.zip")
    with closing(sqlite3.connect(team.review)) as connection:
        counted = dict(connection.execute(FLOW).fetchall())
    reasons = {"WRONG_INT": INTERVENTION, "WRONG_TYPE": "Type: review, guideline, editorial"}
    assert flow_of(tmp_path / "report.zip") == {reasons.get(k, k): n for k, n in counted.items()}


def flow_of(report: Path) -> dict[str, int]:
    """Return the numbers of the flow diagram in a downloaded report, by their line."""
    with zipfile.ZipFile(report) as folder:
        (name,) = (one for one in folder.namelist() if one.endswith("flow.csv"))
        rows = csv.DictReader(io.TextIOWrapper(folder.open(name), "utf-8"))
        return {row["line"]: int(row["n"]) for row in rows}
