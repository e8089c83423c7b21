"""People, settings and mail of a server with many reviews."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.web.account_settings import ncbi_settings
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_visit import HomeState
from integration._home import BASE, PASSWORD, Come, team_home, two_reviews
from integration._web import SAME, page_of, text_of
from mail_box import MailBox

KEY = "0123456789abcdef0123456789abcdef0123"


@pytest.fixture
def team(tmp_path: Path, demo_review: Path) -> Iterator[tuple[HomeState, Come]]:
    """A server with the reviews rms and back; Olga owns it."""
    with team_home(two_reviews(tmp_path / "reviews", demo_review)) as made:
        yield made


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailBox]:
    """A mail server on this machine; the environment names none."""
    monkeypatch.delenv("AUTOSCREEN_SMTP_HOST", raising=False)
    made = MailBox()
    yield made
    made.close()


def _set_mail(olga, box: MailBox) -> None:
    fields = {"host": "127.0.0.1", "port": str(box.port), "tls": "off", "from": "a@example.org"}
    assert olga.post("/settings/mail", data=fields, headers=SAME).headers["Location"] == "/settings"


def _link(answer) -> str:
    (link,) = page_of(answer.text).xpath("//input[@id='invitation-link']/@value")
    return str(link).removeprefix(BASE)


def test_the_owner_sees_all_people_with_their_roles(team):
    """Others do not see the page, nor a link to it."""
    state, come = team
    rms = state.folder.find("rms")
    state.access.within(rms.id).join("Ben", Role.REVIEWER)
    shown = text_of(page_of(come("Olga").get("/people").text))
    assert "Ben rms (reviewer)" in shown
    assert "Olga (you) all, as owner of the server" in shown
    assert come("Ben").get("/people").status_code == 403
    assert not page_of(come("Ben").get("/").text).xpath("//nav/a[@href='/people']")


def test_an_invitation_is_mailed_to_the_person(team, box):
    """With who invites to what; the link in it makes the account."""
    state, come = team
    olga = come("Olga")
    _set_mail(olga, box)
    number = str(state.folder.find("back").id)
    fields = {"person": "Eve", "email": "eve@example.org", "review": number, "role": "observer"}
    answer = olga.post("/people/invite", data=fields, headers=SAME)
    assert "The link was mailed to eve@example.org" in text_of(page_of(answer.text))
    ((recipients, message),) = box.messages
    assert recipients == ["eve@example.org"]
    text = message.get_content()
    assert "Olga invites you to back as observer" in " ".join(text.split())
    link = re.search(rf"{re.escape(BASE)}(\S+)", text)[1]
    assert link == _link(answer)
    fields = {"name": "Eve", "password": PASSWORD}
    assert come("").post(link, data=fields, headers=SAME).status_code == 303
    assert state.access.roles("Eve") == {0: Role.OBSERVER, int(number): Role.OBSERVER}


def test_a_mail_that_fails_is_said_beside_the_link(team, box):
    """The link is there all the same."""
    _, come = team
    olga = come("Olga")
    _set_mail(olga, box)
    box.refuse = "mail"
    fields = {"person": "Eve", "email": "eve@example.org", "review": "", "role": "owner"}
    answer = olga.post("/people/invite", data=fields, headers=SAME)
    assert "It was not mailed: The mail server 127.0.0.1" in text_of(page_of(answer.text))
    assert "invited as owner of this server" in come("").get(_link(answer)).text


def test_the_pending_invitations_of_all_reviews_are_listed_by_name(team):
    """The owner of the server withdraws any of them."""
    state, come = team
    rms = state.access.within(state.folder.find("rms").id)
    made, token = rms.links.invite(Role.REVIEWER, by="Ben", person="Zoe")
    olga = come("Olga")
    assert "Zoe: to rms as reviewer, by Ben" in text_of(page_of(olga.get("/people").text))
    olga.post("/people/withdraw", data={"invitation": str(made.id)}, headers=SAME)
    assert come("").get(f"/invitation/{token}").status_code == 404


def test_a_link_for_a_new_password_is_mailed_to_the_account(team, box):
    """The owner makes it; it is in the log without the link."""
    state, come = team
    state.access.set_email("Ben", "ben@example.org")
    olga = come("Olga")
    _set_mail(olga, box)
    answer = olga.post("/people/reset", data={"name": "Ben"}, headers=SAME)
    assert [one[0] for one in box.messages] == [["ben@example.org"]]
    new = {"password": "four other small words"}
    assert come("").post(_link(answer), data=new, headers=SAME).status_code == 303
    assert state.access.check("Ben", new["password"]) == "Ben"
    said = [(one.who, one.what, one.about) for one in state.access.log()]
    assert ("Olga", "made a link for a new password", "Ben") in said
    assert _link(answer).rpartition("/")[2] not in str(said)


def test_who_owns_a_review_alone_makes_no_link_for_a_password(team):
    """It would be a way into the account of somebody else, also of the server's owner."""
    state, come = team
    state.access.within(state.folder.find("rms").id).join("Ben", Role.OWNER)
    ben = come("Ben")
    for path in ("/people/reset", "/r/rms/team/reset"):
        assert ben.post(path, data={"name": "Olga"}, headers=SAME).status_code == 403


def test_the_last_activity_of_a_member_stays_when_they_have_signed_out(team):
    """Also when it was in a review."""
    state, come = team
    state.access.within(state.folder.find("rms").id).join("Ben", Role.REVIEWER)
    before = {one.name: one.seen for one in state.access.accounts()}
    ben = come("Ben")
    assert ben.get("/r/rms/records").status_code == 200
    ben.post("/sign-out", headers=SAME)
    after = {one.name: one.seen for one in state.access.accounts()}
    assert (before["Ben"], bool(after["Ben"])) == ("", True)


def test_a_removed_account_is_out_of_all_reviews_and_can_be_restored(team):
    """The last owner cannot be removed."""
    state, come = team
    state.access.within(state.folder.find("rms").id).join("Ben", Role.REVIEWER)
    olga, ben = come("Olga"), come("Ben")
    olga.post("/people/remove", data={"name": "Ben"}, headers=SAME)
    assert ben.get("/r/rms/records").headers["Location"].endswith("/sign-in")
    assert "no account" not in olga.get("/r/rms/team").text
    olga.post("/people/return", data={"name": "Ben"}, headers=SAME)
    assert come("Ben").get("/r/rms/records").status_code == 200
    olga.post("/people/remove", data={"name": "Olga"}, headers=SAME)
    assert "at least one owner" in olga.get("/people").text
    olga.post("/people/role", data={"name": "Dora", "owner": "1"}, headers=SAME)
    assert come("Dora").get("/people").status_code == 200


def test_a_key_for_ncbi_is_kept_and_never_shown_again(team):
    """It is each person's own; the file is readable by its owner alone."""
    state, come = team
    ben = come("Ben")
    fields = {"email": "ben@example.org", "key": KEY}
    assert ben.post("/settings/ncbi", data=fields, headers=SAME).status_code == 303
    shown = ben.get("/settings").text
    assert KEY not in shown
    assert f"A key that ends in {KEY[-4:]} is saved" in shown
    assert ncbi_settings(state.access, "Ben").key == KEY
    assert ncbi_settings(state.access, "Dora").key != KEY
    ben.post("/settings/ncbi", data={"email": "ben@example.com", "key": ""}, headers=SAME)
    asked = ncbi_settings(state.access, "Ben")
    assert (asked.email, asked.key) == ("ben@example.com", KEY)
    fields = {"email": "ben@example.com", "key": "", "remove_key": "1"}
    ben.post("/settings/ncbi", data=fields, headers=SAME)
    assert state.access.setting("Ben", "ncbi_key") == ""
    assert stat.S_IMODE(state.access.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"email": "nobody", "key": ""}, "is not a mail address"),
        ({"email": "ben@example.org", "key": "a b"}, "is not an API key"),
    ],
)
def test_wrong_settings_for_ncbi_are_said(team, fields, problem):
    """And nothing is kept."""
    state, come = team
    ben = come("Ben")
    ben.post("/settings/ncbi", data=fields, headers=SAME)
    assert problem in ben.get("/settings").text
    assert state.access.setting("Ben", "ncbi_key") == ""


def test_the_mail_server_is_set_by_the_owner_and_tried(team, box):
    """Its password is not shown; what cannot be right is said in the words of the page."""
    _, come = team
    olga = come("Olga")
    fields = {"host": "mail.example.org", "tls": "off", "from": "a@example.org", "port": ""}
    olga.post("/settings/mail", data=fields, headers=SAME)
    assert "Encryption is &#39;off&#39;" in olga.get("/settings").text
    _set_mail(olga, box)
    olga.post("/settings/mail/test", data={"address": "me@example.org"}, headers=SAME)
    assert "accepted a message to me@example.org" in olga.get("/settings").text
    assert [one[0] for one in box.messages] == [["me@example.org"]]
    fields = {"host": "mail.example.org", "user": "u", "password": "secret words", "port": "587"}
    fields |= {"from": "a@example.org", "tls": "starttls"}
    olga.post("/settings/mail", data=fields, headers=SAME)
    shown = olga.get("/settings").text
    assert "A password is saved" in shown
    assert "secret words" not in shown
    assert come("Ben").post("/settings/mail", data=fields, headers=SAME).status_code == 403
    assert "Mail server" not in come("Ben").get("/settings").text


def test_display_settings_are_for_the_server_and_all_its_reviews(team):
    """The cookie is that of the server, so that a theme holds in each review."""
    _, come = team
    olga = come("Olga")
    fields = {"theme": "dark", "keys": "off", "back": "/settings"}
    answer = olga.post("/settings", data=fields, headers=SAME)
    assert answer.headers["Location"] == "/settings"
    assert "Path=/;" in answer.headers["Set-Cookie"]
    page = page_of(olga.get("/r/rms/overview").text)
    assert (page.get("data-theme"), page.get("data-keys")) == ("dark", "off")
    answer = olga.post("/r/rms/settings", data={"theme": "light", "back": "/team"}, headers=SAME)
    assert answer.headers["Location"] == "/r/rms/team"
    assert "Path=/;" in answer.headers["Set-Cookie"]


def test_a_password_is_changed_at_the_server(team):
    """It is one for all reviews, on the settings page and on each Team page."""
    state, come = team
    new = "four other small words"
    fields = {"old": PASSWORD, "new": new}
    assert come("Ben").post("/settings/password", data=fields, headers=SAME).status_code == 303
    assert state.access.check("Ben", new) == "Ben"
    fields = {"old": PASSWORD, "new": new}
    answer = come("Olga").post("/r/rms/team/password", data=fields, headers=SAME)
    assert answer.headers["Location"] == f"{BASE}/sign-in?after=password"
    assert state.access.check("Olga", new) == "Olga"
