"""The way in, as people without an account, and as a team."""

from __future__ import annotations

from playwright.sync_api import expect


def test_the_printed_link_lets_its_reader_in_once(served, visitor, allowed):
    """The link opens the review without a question; a second browser needs a fresh one."""
    allowed.append("403")
    page = visitor(served)
    expect(page.locator("header")).to_contain_text("demo")
    second = visitor(served)
    expect(second.get_by_role("heading")).to_have_text("This link has been used")


def test_the_first_visitor_of_a_team_owns_it_and_the_second_signs_in(team, owner, visitor):
    """The first account comes from the printed link; everybody else meets the door."""
    expect(owner.get_by_role("button", name="Sign out")).to_be_visible()
    other = visitor(team, "/")
    expect(other.get_by_role("heading")).to_have_text("Sign in")
    other.get_by_label("Name").fill("oo")
    other.get_by_label("Password").fill("three small words")
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_text("OO", exact=True)).to_be_visible()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading")).to_have_text("Sign in")
