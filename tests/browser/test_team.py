"""A team in the browser: the first half hour, blind reading, conflicts, people who come and go."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from autoscreen.review import Review
from browser._browsing import DROP, Served, Visitor, labels, open_record, press, saved


@pytest.fixture
def join(owner: Page, team: Served, visitor: Visitor) -> Callable[[str], Page]:
    """Invites somebody through the owner's page, and lets them in through the link."""

    def come(name: str, role: str = "reviewer") -> Page:
        owner.goto(f"{team.base}/team")
        owner.get_by_role("button", name="Invite a member").click()
        owner.get_by_role("radio", name=re.compile(f"^{role}")).check()
        owner.get_by_role("button", name="Create link").click()
        link = owner.get_by_label("Invitation link").input_value()
        page = visitor(team, link.removeprefix(team.base))
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill("three other small words")
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        return page

    return come


def two_read_all(owner: Page, team: Served) -> None:
    """Let an owner switch double screening on."""
    owner.goto(f"{team.base}/team")
    owner.get_by_role("radio", name=re.compile("Two, all records")).check()
    owner.get_by_role("button", name="Save", exact=True).click()
    expect(owner.locator("#flashes")).to_contain_text("two reviewers for every record")


def read(page: Page, team: Served) -> None:
    """Go to the page where records are read, and wait for one."""
    page.goto(f"{team.base}/screen")
    page.wait_for_selector("article.record")


def export_of(prepared: Path, folder: Path) -> str:
    """Give an export as databases write them, with a record that holds nothing."""
    with Review.open(prepared) as review:
        review.export(folder / "export.ris")
    return (folder / "export.ris").read_text() + "\nTY  - JOUR\nER  - \n"


def _decided(page: Page, said: dict[str, str]) -> str:
    """Decide as the other did, but the other way round about the first record of both."""
    ident = open_record(page)
    key = said.get(ident, "e")
    if ident in said and not said.get("differs"):
        said["differs"] = ident
        key = {"i": "e", "e": "i"}[key]
    return press(page, key)


def test_a_first_half_hour_without_a_manual(  # noqa: PLR0915  (one journey in one piece)
    serve: Callable[..., Served], visitor: Visitor, prepared: Path, tmp_path: Path
) -> None:
    """From an empty review to a file for Zotero, by somebody who has never seen a command line."""
    Review.create(tmp_path / "new", protocol="rms-pnp").close()
    team = serve(tmp_path / "new.autoscreen", team=True)
    olga = visitor(team)
    olga.get_by_label("Name").fill("Olga")
    olga.get_by_label("Password").fill("three small words")
    olga.get_by_role("button", name="Create account").click()

    # Records are imported by dropping a file; its problems are shown.
    olga.get_by_role("link", name="Import your first file").click()
    olga.evaluate(DROP, ["export.ris", export_of(prepared, tmp_path)])
    expect(olga.get_by_text("203 new")).to_be_visible(timeout=30_000)
    expect(olga.locator("main")).to_contain_text("has neither title nor abstract")

    # A colleague is invited, and both are to read everything.
    olga.get_by_role("link", name="Team").click()
    olga.get_by_role("button", name="Invite a member").click()
    olga.get_by_role("button", name="Create link").click()
    link = olga.get_by_label("Invitation link").input_value()
    two_read_all(olga, team)
    ben = visitor(team, link.removeprefix(team.base))
    ben.get_by_label("Name").fill("Ben")
    ben.get_by_label("Password").fill("three other small words")
    ben.get_by_role("button", name="Create account").click()

    # Thirty records by keys, with a slip that is taken back.
    read(olga, team)
    done = [press(olga, "i" if number < 4 else "e") for number in range(28)]
    slip = press(olga, "i")
    olga.keyboard.press("z")
    expect(olga.locator("#record")).to_have_attribute("data-id", slip)
    done += [press(olga, "1"), press(olga, "e")]
    saved(olga, done[-1], "exclude")
    assert done[-2] == slip
    assert len(set(done)) == 30

    # The colleague is given the same records first, and differs on one.
    read(ben, team)
    said = {ident: "i" if number < 4 else "e" for number, ident in enumerate(done)}
    shared = [ident for ident in (_decided(ben, said) for _ in range(6)) if ident in said]
    saved(ben, shared[-1], "")
    differ = shared[0]

    # The conflict is found and resolved.
    olga.get_by_role("link", name="Team").click()
    olga.get_by_role("link", name="Resolve the conflict").click()
    expect(olga.get_by_role("region", name=re.compile("^Ben: "))).to_be_visible()
    olga.get_by_label("Rationale (optional)").fill("The coil was over the nerve.")
    olga.get_by_role("button", name="Include").click()
    expect(olga.locator("#flashes")).to_contain_text(f"{differ} included")

    # Whether one may stop, in a sentence and a number.
    read(olga, team)
    olga.keyboard.press("a")
    included = [ident for ident, label in labels(team).items() if label == "include"]
    expect(olga.locator("#stopping")).to_contain_text(f"{len(included)} relevant record")
    expect(olga.locator("#stopping")).to_contain_text("Too early to say")

    # What Zotero reads: the included records.
    olga.get_by_role("link", name="Records").click()
    olga.get_by_text("Filters").click()
    olga.get_by_role("combobox", name="Decision").select_option("include")
    expect(olga.locator("#records")).to_contain_text(f"{len(included)} record")
    olga.locator("summary", has_text="Export").click()
    with olga.expect_download() as download:
        olga.get_by_role("link", name=re.compile("RIS")).click()
    taken = tmp_path / "taken.ris"
    download.value.save_as(taken)
    with Review.create(tmp_path / "zotero", protocol="rms-pnp") as read_again:
        read_again.import_files([taken])
        assert [str(one.label) for one in read_again.records()] == ["include"] * len(included)


def test_two_reviewers_see_nothing_of_each_other_until_both_have_decided(owner, team, join):
    """Neither page, table nor history gives away what the other has said."""
    two_read_all(owner, team)
    ben, cleo = join("Ben"), join("Cleo")
    read(ben, team)
    first = press(ben, "i")
    saved(ben, first, "include")
    read(cleo, team)
    cleo.goto(f"{team.base}/screen/{first}")
    expect(cleo.locator("#record .badge:not(.badge--plain)")).to_have_count(0)
    expect(cleo.locator("#record")).not_to_contain_text("Ben")
    cleo.goto(f"{team.base}/records/{first}")
    expect(cleo.locator("main")).not_to_contain_text("Ben")
    cleo.goto(f"{team.base}/records?reviewer=Ben")
    expect(cleo.locator("main")).not_to_contain_text("(1)")
    cleo.goto(f"{team.base}/screen/{first}")
    press(cleo, "e")
    saved(cleo, first, "exclude")
    cleo.goto(f"{team.base}/records/{first}")
    expect(cleo.locator("main")).to_contain_text("Ben")
    assert labels(team) == {}


def test_a_conflict_is_resolved_by_a_third_and_taken_back(owner, team, join):
    """The open page of the team tells of it by itself; the two cannot overrule each other."""
    two_read_all(owner, team)
    ben, cleo, dan = join("Ben"), join("Cleo"), join("Dan")
    dan.goto(f"{team.base}/team")
    read(ben, team)
    first = press(ben, "i")
    saved(ben, first, "include")
    cleo.goto(f"{team.base}/screen/{first}")
    press(cleo, "e")
    saved(cleo, first, "exclude")
    dan.get_by_role("link", name="Resolve the conflict").click()
    cleo.goto(f"{team.base}/team/conflicts")
    expect(cleo.locator("main")).to_contain_text("You made one of these decisions")
    expect(cleo.get_by_role("button", name="Include")).to_have_count(0)
    dan.get_by_label("Rationale (optional)").fill("Healthy people only.")
    dan.get_by_role("button", name="Exclude").click()
    expect(dan.locator("#flashes")).to_contain_text("excluded")
    assert labels(team) == {first: "exclude"}
    dan.get_by_role("button", name="Undo").click()
    expect(dan.get_by_role("heading", name="Conflict 1 of 1")).to_be_visible()
    assert labels(team) == {}


def test_who_leaves_takes_nothing_away(owner, team, join, allowed):
    """A removed member is out at once; their decisions stay, and the others can settle them."""
    allowed.append("401")
    two_read_all(owner, team)
    ben = join("Ben")
    read(ben, team)
    first = press(ben, "i")
    saved(ben, first, "include")
    owner.goto(f"{team.base}/team")
    owner.get_by_role("button", name="Remove Ben").click()
    expect(owner.get_by_role("row", name=re.compile("Ben"))).to_contain_text("left")
    with suppress(Error):  # his page may be on its way to the door by itself
        ben.goto(f"{team.base}/team")
    expect(ben.get_by_role("heading")).to_have_text("Sign in")
    owner.goto(f"{team.base}/screen/{first}")
    press(owner, "e")
    saved(owner, first, "exclude")
    owner.goto(f"{team.base}/team/conflicts")
    expect(owner.get_by_role("region", name="Ben: include")).to_be_visible()
    owner.get_by_label("Rationale (optional)").fill("Agreed with the protocol's authors.")
    owner.get_by_role("button", name="Include").click()
    expect(owner.get_by_role("heading", name="Team")).to_be_visible()
    assert labels(team) == {first: "include"}


def test_an_observer_sees_everything_and_changes_nothing(owner, team, join):
    """No page offers what would be refused."""
    dora = join("Dora", "observer")
    for path in ("/screen", "/records", "/overview", "/team", "/protocol"):
        dora.goto(f"{team.base}{path}")
        expect(dora.get_by_role("heading", level=1)).to_be_visible()
        for name in ("Include", "Exclude", "Invite a member", "Save", "Import"):
            expect(dora.get_by_role("button", name=name, exact=True)).to_have_count(0)


def test_a_role_is_changed_and_a_sample_set(owner, team, join):
    """The owner's page does what it says, by keys too."""
    ben = join("Ben")
    owner.goto(f"{team.base}/team")
    owner.get_by_label("Role of Ben", exact=True).select_option("observer")
    owner.get_by_role("button", name="Set the role of Ben").click()
    expect(owner.locator("#flashes")).to_contain_text("Ben is now observer")
    ben.goto(f"{team.base}/screen")
    expect(ben.get_by_role("button", name="Include", exact=True)).to_have_count(0)
    owner.get_by_role("radio", name=re.compile("a sample")).check()
    owner.get_by_label("Sample size, in percent").fill("12.5")
    owner.keyboard.press("Enter")
    expect(owner.locator("#flashes")).to_contain_text("two reviewers for 12.5% of the records")
    expect(owner.locator("main")).to_contain_text(
        "Currently: two reviewers for 12.5% of the records"
    )
