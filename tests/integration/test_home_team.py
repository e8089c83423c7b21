"""One account for many reviews, with a role in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autoscreen.review import Review
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_visit import HomeState
from autoscreen.web.home.pages import HOME_ROUTES
from autoscreen.web.pages import ALL_ROUTES
from integration._home import PASSWORD, Come, team_home, two_reviews
from integration._web import SAME, page_of, text_of

DECISION = {
    "record": "r1",
    "choice": "include",
    "key": "0123456789abcdef",
    "seen": "0",
    "note": "",
}


@pytest.fixture
def team(tmp_path: Path, demo_review: Path) -> Iterator[tuple[HomeState, Come]]:
    """A server with the reviews rms and back; Ben reviews in rms and observes back."""
    with team_home(two_reviews(tmp_path / "reviews", demo_review)) as (state, come):
        rms, back = (state.folder.find(name) for name in ("rms", "back"))
        state.access.within(rms.id).join("Ben", Role.REVIEWER)
        state.access.within(back.id).join("Ben", Role.OBSERVER)
        yield state, come


def _listed(client) -> list[str]:
    page = page_of(client.get("/?sort=name").text)
    return [one.text_content() for one in page.xpath("//h2/a")]


def test_each_sees_the_reviews_in_which_they_have_a_role(team):
    """The owner of the server sees all; who has no role sees none and learns nothing of them."""
    _, come = team
    assert _listed(come("Olga")) == ["rms", "rms"]  # both files bear the name of the demo
    assert len(_listed(come("Ben"))) == 2
    dora = come("Dora")
    assert _listed(dora) == []
    there, absent = dora.get("/r/rms/screen"), dora.get("/r/absent/screen")
    assert (there.status_code, absent.status_code) == (404, 404)


def test_a_role_counts_in_its_review_alone(team):
    """Ben decides in the one and only looks at the other; he owns neither."""
    _, ben = team[0], team[1]("Ben")
    assert ben.post("/r/rms/screen/decide", data=DECISION, headers=SAME).status_code == 303
    assert ben.post("/r/back/screen/decide", data=DECISION, headers=SAME).status_code == 403
    assert ben.get("/r/back/records").status_code == 200
    assert ben.post("/r/rms/team/invite", data={"role": "owner"}, headers=SAME).status_code == 403
    assert ben.get("/r/rms/team/log").status_code == 403


def test_a_removed_member_has_left_one_review_and_not_the_server(team):
    """What was decided stays; the other review and the session as well."""
    state, come = team
    olga, ben = come("Olga"), come("Ben")
    olga.post("/r/rms/team/leave", data={"name": "Ben"}, headers=SAME)
    assert ben.get("/r/rms/records").status_code == 404
    assert ben.get("/r/back/records").status_code == 200
    olga.post("/r/rms/team/return", data={"name": "Ben"}, headers=SAME)
    assert ben.get("/r/rms/records").status_code == 200
    state.access.leave("Ben")
    assert ben.get("/r/back/records").headers["Location"].endswith("/sign-in")


def test_who_has_an_account_is_added_without_an_invitation(team):
    """The owner of a review chooses from the accounts that are not in it yet."""
    _, come = team
    olga = come("Olga")
    page = page_of(olga.get("/r/rms/team").text)
    assert [one.text for one in page.xpath("//select[@id='f-other']/option")] == ["Dora"]
    fields = {"name": "Dora", "role": "reviewer"}
    assert olga.post("/r/rms/team/add", data=fields, headers=SAME).status_code == 303
    assert come("Dora").get("/r/rms/screen").status_code == 200
    assert come("Dora").get("/r/back/screen").status_code == 404


def test_an_invitation_names_the_person_and_gives_a_role_in_one_review(team):
    """It is listed by name; the account that it makes is one for the server."""
    state, come = team
    fields = {"role": "reviewer", "person": "Eve Adams", "email": "eve@example.org"}
    page = page_of(come("Olga").post("/r/rms/team/invite", data=fields, headers=SAME).text)
    assert "Eve Adams (eve@example.org): reviewer" in text_of(page)
    (link,) = page.xpath("//input[@id='invitation-link']/@value")
    assert re.fullmatch(r"http://127\.0\.0\.1:8400/invitation/[\w-]+", link)
    path = link.removeprefix("http://127.0.0.1:8400")
    eve = come("")
    shown = page_of(eve.get(path).text)
    assert "You are invited to rms as reviewer" in text_of(shown)
    assert shown.xpath("//input[@name='name']/@value") == ["Eve Adams"]
    fields = {"name": "Eve Adams", "password": PASSWORD}
    assert eve.post(path, data=fields, headers=SAME).headers["Location"] == "/"
    assert eve.get("/r/rms/screen").status_code == 200
    assert eve.get("/r/back/screen").status_code == 404
    assert come("").get(path).status_code == 404
    assert [one.email for one in state.access.accounts() if one.name == "Eve Adams"] == [
        "eve@example.org"
    ]


def test_who_is_signed_in_accepts_an_invitation_with_that_account(team):
    """No second account is needed for another review."""
    state, come = team
    back = state.access.within(state.folder.find("back").id)
    _, token = back.links.invite(Role.OWNER, by="Olga")
    dora = come("Dora")
    assert "Accept as Dora" in dora.get(f"/invitation/{token}").text
    answer = dora.post(f"/invitation/{token}/member", headers=SAME)
    assert answer.status_code == 303
    assert dora.get("/r/back/team/log").status_code == 200
    assert dora.post(f"/invitation/{token}/member", headers=SAME).status_code == 400


def test_an_invitation_to_one_review_is_not_withdrawn_in_another(team):
    """The owner of a review decides about it alone."""
    state, come = team
    rms = state.access.within(state.folder.find("rms").id)
    made, _ = rms.links.invite(Role.REVIEWER, by="Olga")
    fields = {"invitation": str(made.id)}
    come("Olga").post("/r/back/team/withdraw", data=fields, headers=SAME)
    assert [one.id for one in rms.links.pending()] == [made.id]


def test_who_makes_a_review_owns_it(team):
    """Any account may; the others do not see it until they are added."""
    _, come = team
    dora = come("Dora")
    fields = {"name": "sleep", "title": "Melatonin for sleep"}
    assert dora.post("/new", data=fields, headers=SAME).status_code == 303
    assert dora.get("/r/sleep/team/log").status_code == 200
    assert come("Ben").get("/r/sleep/screen").status_code == 404
    assert come("Olga").get("/r/sleep/team/log").status_code == 200


def test_a_decision_bears_the_name_of_the_account(team, tmp_path):
    """The same in all reviews."""
    _, come = team
    come("Ben").post("/r/rms/screen/decide", data=DECISION, headers=SAME)
    with Review.open(tmp_path / "reviews" / "rms") as review:
        assert [one.reviewer for one in review.decisions.history("r1")] == ["Ben"]


def test_the_log_of_a_review_has_its_own_lines_only(team):
    """That of the server has all, with the review that each is about."""
    state, come = team
    olga = come("Olga")
    fields = {"name": "Ben", "role": "observer"}
    olga.post("/r/rms/team/role", data=fields, headers=SAME)
    rms, back = (state.folder.find(name).id for name in ("rms", "back"))
    assert [one.what for one in state.access.within(rms).log()] == ["changed a role"]
    assert state.access.within(back).log() == []
    assert [(one.what, one.review) for one in state.access.log()] == [("changed a role", "rms")]


def test_one_session_is_for_all_reviews_and_ends_in_all(team):
    """Signing out in a review signs out of the server."""
    _, come = team
    ben = come("Ben")
    page = page_of(ben.get("/r/rms/overview").text)
    (action,) = page.xpath("//form[contains(@action, 'sign-out')]/@action")
    assert action == "http://127.0.0.1:8400/sign-out"
    assert ben.post(action, headers=SAME).headers["Location"] == "/sign-in"
    assert ben.get("/r/back/overview").headers["Location"] == "http://127.0.0.1:8400/sign-in"


def test_each_page_of_the_home_refuses_who_may_do_less(team):
    """Nobody who is not signed in, and no member where an owner of the server is asked for."""
    _, come = team
    for route in HOME_ROUTES:
        path = re.sub(r"\{[^}]*\}", "1", route.path)
        for name, role in (("", Role.ANYONE), ("Dora", Role.OBSERVER)):
            if role >= route.role or route.path == "/events":
                continue
            client = come(name)
            answer = client.get(path) if route.method == "GET" else client.post(path, headers=SAME)
            expected = 403 if name else 303 if route.method == "GET" else 401
            assert answer.status_code == expected, (route.name, name)


def test_the_ways_in_are_at_the_server_and_not_below_a_review(team):
    """A review of many has no page to sign in of its own."""
    ways = [route.path for route in ALL_ROUTES if route.role is Role.ANYONE]
    _, come = team
    for path in ways:
        asked = re.sub(r"\{[^}]*\}", "1", path)
        assert come("Olga").get(f"/r/rms{asked}").status_code in (404, 405), path


def test_a_link_for_a_new_password_works_once_and_ends_all_sessions(team):
    """It is made by an owner of the server, expires, and is written to the log."""
    state, come = team
    token = state.access.links.make_reset("Ben", by="Olga")
    other = state.access.links.make_reset("Ben", by="Olga")
    ben, anyone = come("Ben"), come("")
    assert "New password for Ben" in anyone.get(f"/reset/{token}").text
    weak = anyone.post(f"/reset/{token}", data={"password": "short"}, headers=SAME)
    assert weak.status_code == 400
    new = {"password": "four other small words"}
    done = anyone.post(f"/reset/{token}", data=new, headers=SAME)
    assert "Your new password is saved" in anyone.get(done.headers["Location"]).text
    assert state.access.check("Ben", new["password"]) == "Ben"
    assert ben.get("/").headers["Location"] == "/sign-in"
    for used in (token, other):
        assert anyone.get(f"/reset/{used}").status_code == 404
        assert anyone.post(f"/reset/{used}", data=new, headers=SAME).status_code == 404
    assert state.access.log()[0].what == "set a new password with a link"
    late = state.access.links.make_reset("Ben", by="Olga")
    state.access.file.now = lambda: datetime.now(UTC) + timedelta(days=3)
    assert state.access.links.reset_name(late) is None
