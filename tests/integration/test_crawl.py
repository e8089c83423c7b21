"""Every link is followed and every form is sent, as each role: nothing shown leads to an error."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from autoscreen.review import Review
from autoscreen.store.job_log import JobState
from autoscreen.web.accounts.accounts import Accounts, accounts_path
from autoscreen.web.accounts.members import Role
from autoscreen.web.app import make_app
from autoscreen.web.jobs.job_runner import JobRunner
from autoscreen.web.network.request_checks import LOOPBACK
from autoscreen.web.pages import ALL_ROUTES
from autoscreen.web.server import Options, open_server
from autoscreen.web.visit import ServerState
from integration._web import page_of

PASSWORD = "three small words"
BASE = "http://127.0.0.1:1"
RECORDS = [
    ("Magnetic stimulation of nerves", "2019", "Pain fell after pulses. " * 8),
    ("Peripheral magnetic stimulation for pain", "2020", "A randomised trial of coils. " * 8),
    ("Sleep in children", "2001", "Nothing on nerves. " * 8),
    ("Nerve injury and pain", "2011", "Patients with neuropathic pain. " * 8),
    ("A title alone", "2012", ""),
    ("Coils and currents", "2013", "Physics of magnetic fields. " * 8),
    ("Theta burst of the median nerve", "2014", "Twenty patients. " * 8),
    ("Letter to the editor", "2015", "No data. " * 8),
]
RIS = "".join(
    f"TY  - JOUR\nTI  - {title}\nPY  - {year}\nAU  - Weber, Ann\nJO  - Pain Reports\n"
    f"AB  - {abstract}\nER  - \n"
    for title, year, abstract in RECORDS
)
NOT_SENT = {
    "/sign-out": "it would end the walk",
    "/search/count": "it asks PubMed",
    "/search/other/count": "it asks another database",
    "/team/password": "it would end the session",
}
"""Actions of forms that the walk leaves out, and why."""
WORDS = {
    "tag": "background",
    "text": "Invented words of a comment",
    "new": "renamed",
    "abstract": "An invented abstract that is long enough to be one, of more than forty letters.",
    "email": "someone@example.org",
}
_PATTERNS = [
    (re.compile(re.sub(r"\{[^}]*\}", "[^/]+", route.path) + r"\Z"), route.path)
    for route in sorted(ALL_ROUTES, key=lambda route: route.path.count("{"))
]


@pytest.fixture
def review(tmp_path: Path) -> Path:
    """Give a small review in mid-work, with one of everything that a page can show."""
    path = tmp_path / "small.autoscreen"
    (tmp_path / "some.ris").write_text(RIS)
    (tmp_path / "again.ris").write_text(RIS[: RIS.index("ER  - ") + 7])
    with Review.create(path, protocol="rms-pnp") as made:
        made.import_files([tmp_path / "some.ris", tmp_path / "again.ris"])
        (tmp_path / "old.csv").write_text(
            "title,included\nAn earlier study,1\nAnother,0\nThird,x\n"
        )
        made.prior_knowledge.import_file(tmp_path / "old.csv")
        made.team.set_double_screening(1.0, reviewer="Olga")
        for ident, one, other in (
            ("r1", "include", "include"),
            ("r2", "include", "exclude"),
            ("r3", "exclude", "exclude"),
        ):
            made.label(ident, one, reviewer="Ben", note="See the methods.")
            made.label(ident, other, reviewer="Cleo")
        made.label("r4", "unsure", reviewer="Ben")
        made.decisions.tag("r1", "key", reviewer="Ben")
        made.comments.add("r1", "@Olga @Ben @Dora look", reviewer="Cleo", people=["Olga", "Dora"])
        made.assignments.assign(["r6"], "Ben", by="Olga")
        made.table.label_many(["r7", "r8"], "exclude", reviewer="Olga")
        made.rank(top=1)
    access = Accounts(accounts_path(path), team=True)
    for name, role in (("Olga", Role.OWNER), ("Ben", Role.REVIEWER), ("Dora", Role.OBSERVER)):
        access.add_account(name, PASSWORD, role)
    access.close()
    return path


@pytest.fixture
def state(review: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerState]:
    """Serve it to a team; long tasks end before they begin, and PubMed knows nothing."""

    def spawn(self: JobRunner, number: int, *rest: Any) -> None:
        self._executor.submit(
            lambda review: review.jobs.end(
                number, JobState.FAILED, result=None, problem="not in this test"
            )
        ).result()

    monkeypatch.setattr(JobRunner, "_spawn", spawn)
    made = open_server(review, Options(host="0.0.0.0"))
    made.pubmed = lambda pmid, settings: None
    yield made
    made.executor.close()
    made.access.close()


@dataclass
class Walk:
    """Follows links and sends forms, each kind once, and notes what went wrong."""

    client: TestClient
    waiting: deque[str] = field(default_factory=lambda: deque(["/", "/records?text=%22pain"]))
    seen: set[Any] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def go(self) -> None:
        """Walk until nothing is left."""
        while self.waiting:
            address = self.waiting.popleft()
            answer = self.client.get(address)
            self._check("GET", address, answer)
            if answer.headers.get("content-type", "").startswith("text/html"):
                self._read(str(answer.url), answer.text)

    def _check(
        self, method: str, address: str, answer: Any, *, allowed: tuple[int, ...] = ()
    ) -> None:
        for one in (*answer.history, answer):
            self.reached.add(f"{one.request.method} {_pattern(str(one.url))}")
        if answer.status_code != 200 and answer.status_code not in allowed:
            said = " ".join(page_of(answer.text or "<p>").text_content().split())[:200]
            self.wrong.append(f"{method} {address}: {answer.status_code} {said}")

    def _read(self, address: str, text: str) -> None:
        page = page_of(text)
        for name in ("href", "src", "data-src", "data-load"):
            for target in page.xpath(f"//@{name}"):
                if not str(target).startswith("#"):
                    self._add(urljoin(address, str(target)))
        for at in range(len(page.xpath("//form"))):
            self._send_all(address, page, at)

    def _add(self, target: str) -> None:
        parts = urlsplit(target)
        if not target.startswith(BASE) or parts.path == "/events":
            return
        # Each value of a query once: all their combinations would be hundreds of the same page.
        kinds = {
            (
                *("GET", _pattern(target)),
                one if one.startswith(("format=", "sort=", "label=")) else one.partition("=")[0],
            )
            for one in parts.query.split("&")
        }
        if not kinds <= self.seen:
            self.seen |= kinds
            self.waiting.append(target)

    def _send_all(self, address: str, page: Any, at: int) -> None:
        """Send a form by each of its buttons, from a fresh page if the page can be had again."""
        form = page.xpath("//form")[at]
        ident = form.get("id")
        more = page.xpath(f"//button[@form={ident!r}]") if ident else []
        buttons = [b for b in (*form.xpath(".//button"), *more) if b.get("type") != "button"]
        for button in (b for b in buttons if b.get("disabled") is None):
            action = urljoin(address, button.get("formaction") or form.get("action") or address)
            method = (button.get("formmethod") or form.get("method") or "get").upper()
            pattern = _pattern(action)
            # Forms that grow are the same form, whatever the number of their fields.
            names = tuple(sorted({re.sub(r"\d+", "", str(one)) for one in form.xpath(".//@name")}))
            kind = (method, pattern, button.get("name"), _choice(button), names)
            if method == "DIALOG" or kind in self.seen or pattern in NOT_SENT:
                continue
            self.seen.add(kind)
            fresh = self.client.get(address).text if _is_page(address) else ""
            again = page_of(fresh).xpath("//form") if fresh else []
            form = next((f for f in again if _same(f, form)), form)
            for fields in _filled(form, button):
                self._send(method, action, fields, form)

    def _send(self, method: str, action: str, fields: list[tuple[str, str]], form: Any) -> None:
        headers = {"Sec-Fetch-Site": "same-origin"}
        if method == "GET":
            path = action.partition("?")[0]
            answer = self.client.get(f"{path}?{urlencode(fields)}")
        elif form.get("enctype"):
            files = [("file", ("more.ris", RIS.replace("pain", "ache").encode()))]
            answer = self.client.post(action, data=dict(fields), files=files, headers=headers)
        else:
            answer = self.client.post(
                action,
                content=urlencode(fields),
                headers={**headers, "Content-Type": "application/x-www-form-urlencoded"},
            )
        self._check(method, f"{action} {fields}"[:300], answer)
        if answer.headers.get("content-type", "").startswith("text/html"):
            self._read(str(answer.url), answer.text)


def _pattern(address: str) -> str:
    path = urlsplit(address).path
    return next((name for pattern, name in _PATTERNS if pattern.match(path)), path)


def _is_page(address: str) -> bool:
    path = urlsplit(address).path
    return any(
        route.method == "GET" and re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", route.path), path)
        for route in ALL_ROUTES
    )


def _choice(button: Any) -> str | None:
    """Return the value of a button; reasons and records differ by review, not by kind."""
    return re.sub(r"\d+", "", (button.get("value") or "").partition(":")[0])


def _same(one: Any, other: Any) -> bool:
    return (one.get("action"), one.xpath(".//@name")) == (
        other.get("action"),
        other.xpath(".//@name"),
    )


def _filled(form: Any, button: Any) -> Iterator[list[tuple[str, str]]]:
    """Yield what a person would send: a form with a format is sent once for each format."""
    fields: list[tuple[str, str]] = []
    ticked: set[str] = set()
    for one in form.xpath(".//input[@name] | .//textarea[@name]"):
        name, kind = one.get("name"), one.get("type", "text")
        if kind == "file" or one.get("disabled") is not None:
            continue
        if kind in ("checkbox", "radio"):
            if one.get("checked") is not None or (name == "record" and name not in ticked):
                fields.append((name, one.get("value", "on")))
                ticked.add(name)
            continue
        value = one.get("value") or (one.text or "" if one.tag == "textarea" else "")
        if kind == "password":
            value = "four words of sense"
        fields.append((name, value if value and kind != "search" else WORDS.get(name, value)))
    formats: list[str] = []
    for one in form.xpath(".//select[@name]"):
        options = [o.get("value", o.text_content()) for o in one.xpath(".//option")]
        marked = one.xpath(".//option[@selected]")
        if one.get("name") == "format":
            formats = options
        elif options:
            fields.append(
                (
                    one.get("name"),
                    marked[0].get("value", marked[0].text_content()) if marked else options[0],
                )
            )
    if button.get("name"):
        fields.append((button.get("name"), button.get("value", "")))
    for each in formats or [""]:
        yield [*fields, *([("format", each)] if each else [])]


@pytest.mark.timeout(300)  # it takes seconds; a busy machine is slow, not wrong
@pytest.mark.parametrize("who", ["Olga", "Ben", "Dora"])
def test_nothing_that_is_shown_leads_to_an_error(state: ServerState, who: str):
    """An owner, a reviewer and an observer meet no dead link, no refusal and no failure."""
    with TestClient(make_app(state, hosts=LOOPBACK), base_url=BASE) as client:
        client.cookies.set(state.cookie, state.access.begin_session(who, account=True))
        walk = Walk(client)
        walk.go()
    assert walk.wrong == []
    formats = {str(one) for kind in walk.seen if kind[1] == "/records/export" for one in kind[2:]}
    for name in ("ris", "nbib", "bibtex", "csv", "xlsx"):
        assert f"format={name}" in str(formats)
    assert walk.reached >= READ
    if who != "Dora":
        assert walk.reached >= SENT


READ = {"GET /screen", "GET /records", "GET /records/{ident}", "GET /overview", "GET /team"}
SENT = {
    "POST /import",
    "POST /records/label",
    "POST /records/tags",
    "POST /records/{ident}/comments",
    "POST /records/{ident}/label",
    "POST /screen/decide",
    "POST /screen/{ident}/tags",
}
"""Addresses that the walk has to come to, so that it cannot end early without notice."""
