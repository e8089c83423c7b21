"""The web interface keeps out who has no business in it: every route, every role."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from autoscreen.review import Review
from autoscreen.web.accounts.accounts import Accounts, accounts_path
from autoscreen.web.accounts.members import Role
from autoscreen.web.app import make_app
from autoscreen.web.network.request_checks import LOOPBACK
from autoscreen.web.pages import ALL_ROUTES
from autoscreen.web.routes import Route
from autoscreen.web.server import Options, open_server
from autoscreen.web.visit import ServerState, Visit
from integration._web import page_of

PASSWORD = "three small words"
SAME = {"Sec-Fetch-Site": "same-origin"}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'>{{7*7}}"
MEDLINE = f"""
PMID- 1
TI  - {HOSTILE} nerve pain
AB  - METHODS: {HOSTILE} magnetic stimulation.
AU  - {HOSTILE}
JT  - {HOSTILE}

PMID- 2
TI  - A second record
"""
NAMES = {Role.OBSERVER: "Dora", Role.REVIEWER: "Ben", Role.OWNER: "Olga"}
EVERYBODY = (Role.ANYONE, Role.OBSERVER, Role.REVIEWER, Role.OWNER)

Come = Callable[[Role], TestClient]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one review with a hostile record, on which two differ, and its team."""
    folder = tmp_path_factory.mktemp("team")
    (folder / "bad.nbib").write_text(MEDLINE)
    with Review.create(folder / "rms", protocol="rms-pnp") as made:
        made.import_files([folder / "bad.nbib"])
        made.team.set_double_screening(1.0)
        made.label("r1", "include", reviewer=HOSTILE, note=HOSTILE)
        made.label("r1", "exclude", reviewer="Ben", reason="WRONG_POP")
        made.rank(top=1)
    access = Accounts(accounts_path(made.path), team=True)
    for role, name in NAMES.items():
        access.add_account(name, PASSWORD, role)
    access.close()
    return folder


@pytest.fixture
def review(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    for one in prepared.iterdir():
        shutil.copy(one, tmp_path)
    return tmp_path / "rms.autoscreen"


@pytest.fixture
def state(review: Path) -> Iterator[ServerState]:
    """A running team's server: an owner, a reviewer, an observer."""
    opened = open_server(review, Options(host="0.0.0.0"))
    yield opened
    opened.executor.close()
    opened.access.close()


@pytest.fixture
def come(state: ServerState) -> Iterator[Come]:
    """Gives a browser, signed in as a member of this role."""
    app = make_app(state, hosts=LOOPBACK)
    with TestClient(app, base_url="http://127.0.0.1:8400", follow_redirects=False) as first:
        state.executor._first.result()

        def visitor(role: Role) -> TestClient:
            client = TestClient(app, base_url="http://127.0.0.1:8400", follow_redirects=False)
            client.portal = first.portal
            if role is not Role.ANYONE:
                client.cookies.set(
                    state.cookie, state.access.begin_session(NAMES[role], account=True)
                )
            return client

        yield visitor


def _path(route: Route[Visit]) -> str:
    return re.sub(r"\{[^}]*\}", "r1", route.path)


def _ask(client: TestClient, route: Route[Visit], **headers: str):
    if route.method == "GET":
        return client.get(_path(route), headers=headers)
    return client.post(_path(route), headers={**SAME, **headers})


# A line of news never ends, so nobody waits for it here.
ANSWERED = [route for route in ALL_ROUTES if route.path != "/events"]
POSTS = [route for route in ANSWERED if route.method == "POST"]
PAGES = [route for route in ANSWERED if route.method == "GET"]


def test_who_has_less_than_its_role_is_refused_by_every_route(come, state):
    """No route forgets who may come in; nothing is done before that is asked."""
    members = [(one.name, one.role, one.left_at) for one in state.access.accounts()]
    for role in EVERYBODY:
        for route in ALL_ROUTES:
            if role < route.role:
                answer = _ask(come(role), route)
                if role is not Role.ANYONE:
                    assert answer.status_code == 403, (role, route.name)
                elif route.method == "GET":
                    assert answer.status_code == 303, route.name
                    assert answer.headers["Location"] == "/sign-in"
                else:
                    assert answer.status_code == 401, route.name
    assert (state.access.log(), state.access.links.invitations()) == ([], [])
    assert [(one.name, one.role, one.left_at) for one in state.access.accounts()] == members


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_has_its_role_is_let_in_by_every_route(come, role):
    """A form without its fields is refused in one line, and nothing breaks."""
    for route in ANSWERED:
        if role >= route.role:
            answer = _ask(come(role), route)
            assert answer.status_code < 500, (route.name, answer.text[:500])
            if route.role is not Role.ANYONE:
                assert answer.status_code not in (401, 403), (route.name, answer.text[:500])


def test_every_route_that_changes_something_is_a_post(come):
    """A link, a picture or a prefetch changes nothing: GET routes take no POST, nor the reverse."""
    owner = come(Role.OWNER)
    both = {route.path for route in POSTS} & {route.path for route in PAGES}
    for route in ANSWERED:
        if route.path not in both and "{" not in route.path:
            other = owner.post if route.method == "GET" else owner.get
            answer = other(_path(route), headers=SAME)
            assert answer.status_code in (404, 405), route.name


ELSEWHERE: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "null"},
    {},
)


def test_a_change_that_another_site_asks_for_is_refused(come):
    """The browser of an owner who visits a bad page is not made to act."""
    owner = come(Role.OWNER)
    for route, headers in product(POSTS, ELSEWHERE):
        answer = owner.post(_path(route), headers=headers)
        assert answer.status_code == 403, route.name
        assert "did not come from a page of this server" in answer.text


def test_a_change_by_an_older_browser_is_taken_by_its_origin(come, state):
    """Browsers that do not say Sec-Fetch-Site say Origin."""
    fields = {"role": "reviewer"}
    headers = {"Origin": "http://127.0.0.1:8400"}
    assert come(Role.OWNER).post("/team/invite", data=fields, headers=headers).status_code == 200
    assert len(state.access.links.invitations()) == 1


def test_a_name_that_is_not_this_servers_is_refused(come):
    """A page elsewhere cannot point its own name at this machine."""
    owner = come(Role.OWNER)
    hosts = ("evil.example", "127.0.0.1.evil.example", "", "evil.example:80")
    for route, host in product(ANSWERED, hosts):
        answer = _ask(owner, route, Host=host)
        assert answer.status_code == 421, route.name


def test_each_answer_tells_the_browser_to_run_and_load_nothing_else(come):
    """Pages, refusals, redirects, unknown addresses and files carry the same policy."""
    owner = come(Role.OWNER)
    answers = [_ask(come(role), route) for role in (Role.ANYONE, Role.OWNER) for route in ANSWERED]
    answers += [owner.get("/nowhere"), owner.get("/static/none/app.js"), owner.get("/team")]
    page = page_of(answers[-1].text)
    files = [str(one) for one in page.xpath("//script/@src | //link/@href")]
    assert files
    answers += [owner.get(path) for path in files]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "*" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in policy
    assert all(answer.status_code == 200 for answer in answers[-len(files) :])


def test_no_page_holds_inline_script_or_style_or_loads_from_elsewhere(come, state):
    """Each page is mark-up only; hostile titles, names and notes are text."""
    owner = come(Role.OWNER)
    seen = 0
    for path in [*(_path(route) for route in PAGES), "/team/conflicts/r1", "/nowhere"]:
        answer = owner.get(path)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        seen += 1
        page = page_of(answer.text)
        assert page.xpath("//style | //script[not(@src)] | //@style | //iframe | //object") == []
        assert [name for one in page.iter() for name in one.attrib if name.startswith("on")] == []
        loads = page.xpath("//script/@src | //link/@href | //img/@src | //form/@action")
        assert all(str(one).startswith("/") and not str(one).startswith("//") for one in loads)
        links = [str(one) for one in page.xpath("//a/@href")]
        assert not any(one.lower().startswith(("javascript:", "data:")) for one in links)
        assert "<script>alert" not in answer.text
        assert page.xpath("//img[@onerror]") == []
    assert seen > 5
    assert "alert(1)" in page_of(owner.get("/team/conflicts/r1").text).text_content()


def test_a_session_begins_anew_with_each_sign_in(come, state):
    """A token that somebody planted in the browser before is worth nothing after."""
    visitor = come(Role.ANYONE)
    visitor.cookies.set(state.cookie, "planted")
    fields = {"name": "Ben", "password": PASSWORD}
    answer = visitor.post("/sign-in", data=fields, headers=SAME)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert "planted" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    other = come(Role.ANYONE)
    other.cookies.set(state.cookie, "planted")
    assert other.get("/team").headers["Location"] == "/sign-in"
    again = come(Role.ANYONE).post("/sign-in", data=fields, headers=SAME).headers["Set-Cookie"]
    assert again.split(";")[0] != cookie.split(";")[0]


def test_who_signs_out_is_out_also_with_a_copy_of_the_cookie(come, state):
    """The session ends on the server, not only in the browser."""
    ben = come(Role.REVIEWER)
    copy = come(Role.ANYONE)
    copy.cookies.set(state.cookie, next(iter(ben.cookies.values())))
    assert copy.get("/team").status_code == 200
    assert ben.post("/sign-out", headers=SAME).status_code == 303
    assert copy.get("/team").headers["Location"] == "/sign-in"


def test_who_is_removed_is_out_at_once_and_another_role_holds_at_once(come, state):
    """A session is no ticket: each request asks what its member may do now."""
    ben, dora, olga = come(Role.REVIEWER), come(Role.OBSERVER), come(Role.OWNER)
    assert dora.post("/team/conflicts/r1", headers=SAME).status_code == 403
    olga.post("/team/role", data={"name": "Dora", "role": "reviewer"}, headers=SAME)
    assert dora.post("/team/conflicts/r1", headers=SAME).status_code != 403
    assert ben.get("/team").status_code == 200
    olga.post("/team/leave", data={"name": "Ben"}, headers=SAME)
    assert ben.get("/team").headers["Location"] == "/sign-in"
    fields = {"name": "Ben", "password": PASSWORD}
    assert come(Role.ANYONE).post("/sign-in", data=fields, headers=SAME).status_code == 403


def test_the_last_owner_stays(come, state):
    """Nobody can lock a team out of its own review."""
    olga = come(Role.OWNER)
    for path, fields in (
        ("/team/leave", {"name": "Olga"}),
        ("/team/role", {"name": "Olga", "role": "observer"}),
    ):
        olga.post(path, data=fields, headers=SAME)
        assert "needs at least one owner" in olga.get("/team").text
    assert [one.role for one in state.access.accounts() if one.name == "Olga"] == [Role.OWNER]


def _invited(client: TestClient) -> str:
    answer = client.post("/team/invite", data={"role": "reviewer"}, headers=SAME)
    (link,) = page_of(answer.text).xpath("//input[@id='invitation-link']/@value")
    return str(link).removeprefix("http://127.0.0.1:8400")


def test_an_invitation_is_used_up_by_its_account(come, state):
    """The second who opens the link gets nothing, whatever they hand in."""
    path = _invited(come(Role.OWNER))
    fields = {"name": "Eve", "password": PASSWORD}
    assert come(Role.ANYONE).get(path).status_code == 200
    assert come(Role.ANYONE).post(path, data=fields, headers=SAME).status_code == 303
    again = {"name": "Mallory", "password": PASSWORD}
    assert come(Role.ANYONE).get(path).status_code == 404
    assert come(Role.ANYONE).post(path, data=again, headers=SAME).status_code == 404
    assert {one.name for one in state.access.accounts()} == {"Ben", "Dora", "Eve", "Olga"}
    roles = {one.name: one.role for one in state.access.accounts()}
    assert roles["Eve"] is Role.REVIEWER


def test_an_invitation_that_failed_can_still_be_used(come, state):
    """A name that is taken, or too short a password, does not burn the link."""
    path = _invited(come(Role.OWNER))
    for name, password in (("ben", PASSWORD), ("Eve", "short"), ("", PASSWORD)):
        fields = {"name": name, "password": password}
        assert come(Role.ANYONE).post(path, data=fields, headers=SAME).status_code == 400
    fields = {"name": "Eve", "password": PASSWORD}
    assert come(Role.ANYONE).post(path, data=fields, headers=SAME).status_code == 303


def test_a_withdrawn_or_old_invitation_lets_nobody_in(come, state, review):
    """Owners can take a link back, and each ends by itself."""
    olga = come(Role.OWNER)
    path = _invited(olga)
    olga.post("/team/withdraw", data={"invitation": "1"}, headers=SAME)
    assert come(Role.ANYONE).get(path).status_code == 404
    token = _invited(olga).rpartition("/")[2]
    later = Accounts(
        accounts_path(review), team=True, now=lambda: datetime.now(UTC) + timedelta(days=15)
    )
    assert later.links.invited(token) is None
    later.close()


def test_guessing_passwords_has_to_wait(come):
    """After some failures even the right password waits; other members do not."""
    wrong = {"name": "Ben", "password": "four wrong words"}
    codes = [
        come(Role.ANYONE).post("/sign-in", data=wrong, headers=SAME).status_code for _ in range(6)
    ]
    assert codes == [403] * 5 + [429]
    right = {"name": " BEN ", "password": PASSWORD}
    answer = come(Role.ANYONE).post("/sign-in", data=right, headers=SAME)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


def test_guesses_made_at_once_are_counted(come, state, monkeypatch):
    """Forty connections have no more guesses than one: five, whatever they send."""
    checked = []

    def check(*attempt: str) -> None:
        time.sleep(0.05)
        checked.append(attempt)

    monkeypatch.setattr(state.access, "check", check)

    def guess(number: int) -> int:
        fields = {"name": "Ben", "password": f"wrong words {number}"}
        return int(come(Role.ANYONE).post("/sign-in", data=fields, headers=SAME).status_code)

    with ThreadPoolExecutor(40) as pool:
        codes = Counter(pool.map(guess, range(40)))
    assert codes == {403: 5, 429: 35}
    assert len(checked) == 5
    fields = {"old": PASSWORD, "new": "four other small words"}
    assert come(Role.REVIEWER).post("/team/password", data=fields, headers=SAME).status_code == 429


@pytest.mark.parametrize("link", ["first", "invitation"])
def test_a_link_that_works_once_makes_one_account_for_eight_at_once(come, state, link):
    """Who else hands in the same link at the same moment is refused."""
    state.start_token = "once"
    path = "/first" if link == "first" else _invited(come(Role.OWNER))
    before = len(state.access.accounts())

    def hand_in(number: int) -> int:
        fields = {"token": "once", "name": f"Eve {number}", "password": PASSWORD}
        return int(come(Role.ANYONE).post(path, data=fields, headers=SAME).status_code)

    with ThreadPoolExecutor(8) as pool:
        codes = Counter(pool.map(hand_in, range(8)))
    assert codes[303] == 1
    assert len(state.access.accounts()) == before + 1


def test_the_first_link_can_be_used_after_a_slip(come, state):
    """A name that is taken or a weak password does not use it up."""
    state.start_token = "once"
    for name, password in (("ben", PASSWORD), ("Eve", "password123")):
        fields = {"token": "once", "name": name, "password": password}
        assert come(Role.ANYONE).post("/first", data=fields, headers=SAME).status_code == 400
    fields = {"token": "once", "name": "Eve", "password": PASSWORD}
    assert come(Role.ANYONE).post("/first", data=fields, headers=SAME).status_code == 303
    assert come(Role.ANYONE).post("/first", data=fields, headers=SAME).status_code == 403


def test_a_member_changes_their_own_password_and_is_out_everywhere(come, state):
    """The present one is asked for; afterwards only the new one lets them in."""
    ben, elsewhere = come(Role.REVIEWER), come(Role.REVIEWER)
    new = "four other small words"
    ben.post("/team/password", data={"old": "wrong", "new": new}, headers=SAME)
    assert "The current password is wrong" in ben.get("/team").text
    ben.post("/team/password", data={"old": PASSWORD, "new": "short"}, headers=SAME)
    assert "has 5 characters" in ben.get("/team").text
    answer = ben.post("/team/password", data={"old": PASSWORD, "new": new}, headers=SAME)
    assert answer.headers["Location"] == "/sign-in?after=password"
    assert "Your new password is saved" in ben.get(answer.headers["Location"]).text
    for client in (ben, elsewhere):
        assert client.get("/team").headers["Location"] == "/sign-in"
    assert (state.access.check("Ben", PASSWORD), state.access.check("Ben", new)) == (None, "Ben")
    assert state.access.log()[0].what == "changed their password"


def test_more_than_a_page_takes_is_refused(come):
    """Nobody fills the memory of the server through a small form, signed in or not."""
    kind = {**SAME, "Content-Type": "application/x-www-form-urlencoded"}
    paths = {"/sign-in": Role.ANYONE, "/first": Role.ANYONE, "/team/invite": Role.OWNER}
    routes = {route.path: route for route in POSTS}
    for path, role in paths.items():
        body = b"name=" + b"a" * (routes[path].max_body + 1)
        assert come(role).post(path, content=body, headers=kind).status_code == 413


def test_nothing_that_lets_somebody_in_is_kept_in_readable_form(come, state, review):
    """The review holds no account at all, and the access file neither password nor token."""
    path = _invited(come(Role.OWNER))
    ben = come(Role.REVIEWER)
    token = next(iter(ben.cookies.values()))
    beside = accounts_path(review)
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    kept = beside.read_bytes()
    for secret in (token, path.rpartition("/")[2], PASSWORD):
        assert secret.encode() not in kept
    copied = review.with_name("copy")
    shutil.copy(review, copied)
    assert b"Olga" not in copied.read_bytes()


def test_a_conflict_is_resolved_by_none_of_those_who_differ_unless_they_own_the_review(come, state):
    """A reviewer cannot overrule the other; a third one and the owner can."""
    fields = {"label": "include", "note": "mine"}
    assert (
        come(Role.REVIEWER).post("/team/conflicts/r1", data=fields, headers=SAME).status_code == 403
    )
    state.access.add_account("Cleo", PASSWORD, Role.REVIEWER)
    cleo = come(Role.ANYONE)
    cleo.cookies.set(state.cookie, state.access.begin_session("Cleo", account=True))
    assert cleo.post("/team/conflicts/r1", data=fields, headers=SAME).status_code == 303
    assert "included" in cleo.get("/team").text
    assert cleo.post("/team/conflicts/r1/undo", headers=SAME).status_code == 303
    assert come(Role.OWNER).post("/team/conflicts/r1", data=fields, headers=SAME).status_code == 303


def test_what_is_done_in_the_team_is_in_the_log(come, state):
    """Who did what, to whom, from where; nothing can be taken out again."""
    olga = come(Role.OWNER)
    _invited(olga)
    olga.post("/team/role", data={"name": "Dora", "role": "reviewer"}, headers=SAME)
    olga.post("/team/leave", data={"name": "Ben"}, headers=SAME)
    olga.post("/team/screening", data={"how": "sample", "percent": "12,5"}, headers=SAME)
    said = [(entry.who, entry.what, entry.about) for entry in state.access.log()]
    assert said == [
        ("Olga", "set double screening", "12.5%, seed 0"),
        ("Olga", "removed a member", "Ben"),
        ("Olga", "changed a role", "Dora: reviewer"),
        ("Olga", "invited", "reviewer, invitation 1"),
    ]
    assert "set double screening" in olga.get("/team/log").text
    with (
        closing(sqlite3.connect(state.access.path)) as other,
        pytest.raises(sqlite3.IntegrityError, match="only ever added to"),
    ):
        other.execute("DELETE FROM log")
