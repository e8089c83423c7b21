"""The screening page on the server: by forms alone, and as its script asks."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from autoscreen.errors import BusyError
from autoscreen.protocol import Protocol
from autoscreen.pubmed import Settings
from autoscreen.records import Label, Record
from autoscreen.review import Review, priority_screening
from autoscreen.review.screening_decisions import ScreeningDecisions
from autoscreen.review.word_evidence import WordEvidence
from autoscreen.store import record_codec
from autoscreen.store.database import Database
from autoscreen.web import record_card
from autoscreen.web.account_settings import set_ncbi
from autoscreen.web.app import make_app
from autoscreen.web.pages.every_page import events
from autoscreen.web.record_card import _most_informative
from autoscreen.web.server import Options, open_server
from autoscreen.web.visit import ServerState, Visit
from eutils_server import Entry
from integration._web import page_of

SAME = {"Sec-Fetch-Site": "same-origin"}
SCRIPT = {**SAME, "X-Autoscreen-Part": "1"}
PASSWORD = "three small words"
MEDLINE = "".join(
    f"PMID- {number}\nTI  - {title}\n{abstract}\n"
    for number, title, abstract in (
        (
            11,
            "Magnetic stimulation for phantom limb pain",
            "AB  - METHODS: rTMS. RESULTS: Relief.\n",
        ),
        (12, "Repetitive magnetic stimulation in neuropathy", "AB  - Coils and nerve pain.\n"),
        (13, "Nerve pain without an abstract", ""),
        (14, "Sleep of mice", "AB  - Mice slept.\n"),
        (15, "Tax law", "AB  - Taxes.\n"),
    )
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A review with five records, the third without an abstract."""
    (tmp_path / "a.nbib").write_text(MEDLINE)
    with Review.create(tmp_path / "rms", protocol="rms-pnp") as made:
        made.import_files([tmp_path / "a.nbib"])
    return made.path


@pytest.fixture
def state(path: Path) -> Iterator[ServerState]:
    """A running server for a person working alone."""
    opened = open_server(path, Options(reviewer="AA"))
    yield opened
    opened.executor.close()
    opened.access.close()


@pytest.fixture
def browser(state: ServerState) -> TestClient:
    """The browser of that person, who has followed the link."""
    client = TestClient(make_app(state), base_url="http://localhost")
    client.get(f"/start/{state.start_token}")
    state.executor._first.result()
    return client


@pytest.fixture
def team(path: Path) -> Iterator[Callable[[str], TestClient]]:
    """A running server for a team; gives the browser of a member, who is signed in."""
    opened = open_server(path, Options(host="0.0.0.0"))

    def come(name: str) -> TestClient:
        client = TestClient(make_app(opened), base_url="http://localhost")
        client.cookies.set(opened.cookie, opened.access.begin_session(name, account=True))
        return client

    from autoscreen.web.accounts.members import Role

    for name in ("Ada", "Ben"):
        opened.access.add_account(name, PASSWORD, Role.REVIEWER)
    opened.access.add_account("Olga", PASSWORD, Role.OBSERVER)
    opened.executor._first.result()
    come.state = opened  # type: ignore[attr-defined]
    yield come
    opened.executor.close()
    opened.access.close()


def _card(text: str) -> dict[str, str]:
    found = page_of(text).xpath("//article[@id='record']")
    return {name: found[0].get(f"data-{name}") for name in ("id", "seen", "key")} if found else {}


def _hidden(text: str) -> dict[str, str]:
    fields = page_of(text).xpath("//form[@id='deck']/input[@type='hidden']")
    return {field.get("name"): field.get("value") for field in fields}


def _fields(card: dict[str, str], **more: str) -> dict[str, str]:
    return {"record": card["id"], "seen": card["seen"], "key": card["key"], **more}


def _post(client: TestClient, path: str, **fields: str) -> Any:
    return client.post(path, data=fields, headers=SAME)


def _labels(path: Path) -> dict[str, str]:
    with Review.open(path) as review:
        return {one.id: str(one.label) for one in review.records("labelled")}


def test_a_review_is_read_by_forms_alone(browser, path):
    """Without a script: decide, read on, undo from the message, and see all of it in the file."""
    page = browser.get("/screen")
    first = _hidden(page.text)
    page = _post(browser, "/screen/decide", choice="include", note="good", **first)
    assert page.url.path == "/screen"
    assert f"{first['record']} included." in page.text
    second = _hidden(page.text)
    assert second["record"] != first["record"]
    page = _post(browser, "/screen/decide", choice="reason:WRONG_POP", **second)
    assert f"{second['record']} excluded (Population)." in page.text
    assert _labels(path) == {first["record"]: "include", second["record"]: "exclude"}
    (form,) = page_of(page.text).xpath("//*[@id='flashes']//form")
    undo = {field.get("name"): field.get("value") for field in form.xpath("input")}
    page = _post(browser, form.get("action"), **undo)
    assert page.url.path == f"/screen/{second['record']}"
    assert _labels(path) == {first["record"]: "include"}
    with Review.open(path) as review:
        assert (review.record(first["record"]).note, review.record(first["record"]).reviewer) == (
            "good",
            "AA",
        )


def test_the_script_gets_what_is_saved_and_the_record_after_those_it_has(browser, path):
    """One answer brings the number on disk, how far it is, and a record that is not loaded yet."""
    first = _card(browser.get("/screen").text)
    answer = browser.get(f"/screen/next?held={first['id']}", headers=SCRIPT).json()
    second = _card(answer["card"])
    assert second["id"] != first["id"]
    fields = _fields(first, choice="exclude", held=second["id"])
    answer = browser.post("/screen/decide", data=fields, headers=SCRIPT).json()
    assert answer["saved"] == 1
    assert answer["message"] == f"{first['id']} excluded"
    assert "1</b> of 5 screened" in answer["progress"]
    assert _card(answer["card"])["id"] not in {first["id"], second["id"]}


def test_what_is_sent_twice_is_decided_once(browser, path):
    """A script that did not hear the answer sends again, and gets the answer of then."""
    fields = _fields(_card(browser.get("/screen").text), choice="include")
    answers = [browser.post("/screen/decide", data=fields, headers=SCRIPT) for _ in range(3)]
    assert [one.json()["saved"] for one in answers] == [1, 1, 1]
    with Review.open(path) as review:
        assert len(review.decisions.history(fields["record"])) == 1


def test_the_second_tab_is_asked_and_nothing_is_overwritten(browser, path):
    """A record that was already decided is named; only a confirmation decides again."""
    old = _card(browser.get("/screen").text)
    _post(browser, "/screen/decide", **_fields(old, choice="include"))
    late = _fields(old | {"key": "another"}, choice="exclude", note="late")
    answer = browser.post("/screen/decide", data=late, headers=SCRIPT)
    assert answer.status_code == 409
    assert "was not saved" in answer.json()["ask"]
    page = _post(browser, "/screen/decide", **late)
    assert page.status_code == 409
    assert _labels(path) == {old["id"]: "include"}
    (form,) = page_of(page.text).xpath("//form[@id='ask-form']")
    again = {field.get("name"): field.get("value") for field in form.xpath("input")}
    assert again["note"] == "late"
    _post(browser, "/screen/decide", choice="exclude", **again)
    assert _labels(path) == {old["id"]: "exclude"}


def test_undo_takes_back_what_this_page_did_or_else_the_newest(browser, path):
    """Undo names its decision; without a name it goes back through all, and then says so."""
    cards = []
    for _ in range(3):
        cards.append(_card(browser.get("/screen").text))
        _post(browser, "/screen/decide", **_fields(cards[-1], choice="exclude"))
    asked = {"key": "u1", "of": cards[0]["key"]}
    answer = browser.post("/screen/undo", data=asked, headers=SCRIPT).json()
    assert _card(answer["again"])["id"] == cards[0]["id"]
    assert browser.post("/screen/undo", data=asked, headers=SCRIPT).status_code == 200
    assert set(_labels(path)) == {cards[1]["id"], cards[2]["id"]}
    for key in ("u2", "u3"):
        assert _post(browser, "/screen/undo", key=key).status_code == 200
    assert _labels(path) == {}
    assert browser.post("/screen/undo", data={"key": "u4"}, headers=SCRIPT).status_code == 404
    assert "There is nothing to undo." in _post(browser, "/screen/undo", key="u5").text


def test_what_is_skipped_comes_back_when_it_is_asked_for(browser):
    """A skipped record waits until all else is read; then the page offers it."""
    first = _hidden(browser.get("/screen").text)
    page = _post(browser, "/screen/skip", record=first["record"])
    seen = set()
    while fields := _hidden(page.text):
        seen.add(fields["record"])
        page = _post(browser, "/screen/decide", choice="exclude", **fields)
    assert first["record"] not in seen
    assert "Screen the 1 record that you skipped" in page.text
    page = _post(browser, "/screen/aside", which="skipped")
    assert _hidden(page.text)["record"] == first["record"]


def test_a_skipped_record_that_is_still_on_the_screen_does_not_come_back(browser):
    """A fast reader skips before the page has the next record; loading it again shows another."""
    first = _hidden(browser.get("/screen").text)["record"]
    answer = browser.post("/screen/skip", data={"record": first, "held": first}, headers=SCRIPT)
    assert answer.status_code == 200
    assert _hidden(browser.get("/screen").text)["record"] != first


def test_unsure_comes_back_at_the_end_but_not_at_once(browser):
    """What was left as unsure in this screening waits until the reader asks for it."""
    page = browser.get("/screen")
    first = _hidden(page.text)["record"]
    page = _post(browser, "/screen/decide", choice="unsure", **_hidden(page.text))
    while fields := _hidden(page.text):
        assert fields["record"] != first
        page = _post(browser, "/screen/decide", choice="exclude", **fields)
    assert "that you marked unsure" in page.text
    page = _post(browser, "/screen/aside", which="unsure")
    assert _hidden(page.text)["record"] == first
    assert "is marked unsure" in page.text


def test_a_page_that_is_loaded_again_shows_the_same_record(browser):
    """Loading again is no skipping."""
    first = _card(browser.get("/screen").text)
    second = _card(browser.get(f"/screen/next?held={first['id']}", headers=SCRIPT).json()["card"])
    assert _card(browser.get("/screen").text)["id"] == first["id"]
    fields = _fields(first, choice="exclude", held=second["id"])
    browser.post("/screen/decide", data=fields, headers=SCRIPT)
    assert _card(browser.get("/screen").text)["id"] == second["id"]


def test_two_reviewers_are_not_given_the_same_record(team, path):
    """A record that one reviewer has on the screen, or loaded, is not given to another."""
    ada, ben = team("Ada"), team("Ben")
    first = _card(ada.get("/screen").text)["id"]
    second = _card(ada.get(f"/screen/next?held={first}", headers=SCRIPT).json()["card"])["id"]
    third = _card(ben.get("/screen").text)["id"]
    fourth = _card(ben.get(f"/screen/next?held={third}", headers=SCRIPT).json()["card"])["id"]
    assert len({first, second, third, fourth}) == 4


def test_the_page_of_one_reader_decides_nothing_for_the_next(team, path):
    """Who signs in after somebody else in the same browser does not sign their decisions."""
    old = _hidden(team("Ada").get("/screen").text)
    ben = team("Ben")
    answer = ben.post("/screen/decide", data={**old, "choice": "include"}, headers=SCRIPT)
    assert (answer.status_code, answer.json()["sign_in"]) == (401, True)
    page = _post(ben, "/screen/decide", choice="include", **old)
    assert (page.status_code, "Not saved" in page.text) == (409, True)
    assert _post(ben, "/screen/undo", **old).status_code == 409
    assert _labels(path) == {}


def test_who_was_signed_out_hears_no_news_any_more(team, run_async):
    """An open line for news ends with the next one, once its session is over."""
    ben = team("Ben")
    state = team.state

    async def listen() -> list[str]:
        heard: list[Any] = []
        scope = {"type": "http", "method": "GET", "path": "/events", "query_string": b""}
        request = Request(scope | {"headers": [(b"cookie", _cookie(ben, state))]})
        answer = await events(Visit(request, state, state.access.visitor(_token(ben, state))))
        assert isinstance(answer, StreamingResponse)
        async for line in answer.body_iterator:
            heard.append(line)
            if len(heard) == 1:
                state.hub.publish("label", record="r1")
            if len(heard) == 2:
                state.access.end_sessions_of("Ben")
                state.hub.publish("label", record="r2")
        return heard

    heard = run_async(asyncio.wait_for(listen(), 20))
    assert [line.partition("event: ")[2] for line in heard[1:]] == [
        'label\ndata: {"record": "r1"}\n\n'
    ]


def _token(client: TestClient, state: ServerState) -> str:
    return client.cookies[state.cookie]


def _cookie(client: TestClient, state: ServerState) -> bytes:
    return f"{state.cookie}={_token(client, state)}".encode()


def test_an_observer_sees_the_next_record_and_keeps_it_from_nobody(team):
    """Looking on reserves nothing and offers no button."""
    olga = team("Olga")
    page = olga.get("/screen")
    assert _card(page.text)["id"] == _card(team("Ada").get("/screen").text)["id"]
    assert 'id="deck"' not in page.text
    assert _post(olga, "/screen/decide", choice="include").status_code == 403


def test_in_double_screening_nobody_sees_what_the_other_decided(team, path):
    """The second reader gets the record, without label, history or news of the first decision."""
    with Review.open(path) as review:
        review.team.set_double_screening(1.0)
    ada, ben = team("Ada"), team("Ben")
    card = _card(ada.get("/screen").text)
    _post(ada, "/screen/decide", **_fields(card, choice="include", note="secret"))
    page = ben.get("/screen")
    assert _card(page.text)["id"] == card["id"]
    assert _card(page.text)["seen"] == "0"
    assert "secret" not in page.text
    assert "in the history" not in page.text
    _post(ben, "/screen/decide", **_fields(_card(page.text), choice="include"))
    assert _labels(path) == {card["id"]: "include"}


def test_a_record_says_why_it_is_next(browser):
    """Its place, and what speaks for and against it."""
    page = page_of(browser.get("/screen/next", headers=SCRIPT).json()["card"])
    why = page.xpath("string(//section[@class='why'])")
    assert re.search(r"The most likely relevant of \d+ unscreened records", " ".join(why.split()))
    assert page.xpath("string(//p[@class='why__reason'])").startswith("Mentions ")
    groups = page.xpath("//div[contains(@class, 'score__group')]/dd[@class='number']/text()")
    *parts, total = (float(one.replace("\N{MINUS SIGN}", "-")) for one in groups)
    assert sum(parts) == pytest.approx(total, abs=0.005 * len(parts) + 0.001)
    assert page.xpath("//mark[contains(@class, 'c--intervention')]")


def test_a_record_that_is_shown_again_says_its_place_among_the_unscreened(browser):
    """Not its rank among all; a screened one says that. A conflict is not to be screened."""
    first = _card(browser.get("/screen").text)
    assert "The most likely relevant of 5 unscreened records." in _why(browser, "/screen")
    ident = _card(browser.get("/screen/next?held=" + first["id"], headers=SCRIPT).json()["card"])[
        "id"
    ]
    assert "Number 2 in the ranking of 5 unscreened records." in _why(browser, f"/screen/{ident}")
    _post(browser, "/screen/decide", **_fields(first, choice="include"))
    assert "Rank 1 of all records." in _why(browser, f"/screen/{first['id']}")
    assert "of 4 unscreened records." in _why(browser, f"/screen/{ident}")


def _why(browser: TestClient, path: str) -> str:
    why = page_of(browser.get(path).text).xpath("string(//section[@class='why'])")
    return " ".join(why.split())


def test_only_the_words_that_moved_a_record_most_are_marked():
    """A long abstract is not marked all over, and a marked word is marked at each place."""
    words = [f"word{number}" for number in range(60)]
    record = Record(title="Pain", abstract=" ".join([*words, *words]))
    evidence, at = [], 0
    for number, word in enumerate([*words, *words]):
        value = (number % 60 + 1) * (-1) ** number
        evidence.append(WordEvidence(field="abstract", start=at, end=at + len(word), value=value))
        at += len(word) + 1
    kept = _most_informative(evidence, record)
    assert [record.abstract[one.start : one.end] for one in kept] == words[-14:] * 2


def test_sections_of_an_abstract_are_paragraphs(browser):
    """The labels of a structured abstract stand out."""
    page = page_of(browser.get("/screen/11").text)
    labels = page.xpath("//strong[@class='record__label']/text()")
    assert labels == ["Methods", "Results"]


def test_a_record_without_abstract_says_so_and_takes_one(browser, path):
    """It is marked, and what is pasted is there at once as a source of its own."""
    assert "No abstract." in browser.get("/screen/13").text
    page = _post(browser, "/screen/13/abstract", abstract="Forty people had pain of a nerve. " * 3)
    assert "The abstract was added to r3." in page.text
    assert "Forty people" in page.text
    again = _post(browser, "/screen/r3/abstract", abstract="Another text of the same length. " * 3)
    assert "has an abstract already" in again.text
    with Review.open(path) as review:
        assert [one.path for one in review.sources("r3")][1] == "abstract pasted by AA"


def test_pubmed_is_asked_for_one_record_only_when_a_reader_says_so(browser, state, path):
    """Looking at a record asks nobody; the form asks for its PMID alone."""
    asked: list[str] = []
    set_ncbi(state.access, "AA", email="aa@example.org", key=None)

    def ask(pmid: str, settings: Settings) -> Record | None:
        asked.append(pmid)
        assert settings.email == "aa@example.org"
        return Record(title="Nerve pain", pmid=pmid, abstract="Found.", mesh=("Neuralgia",))

    state.pubmed = ask
    browser.get("/screen/r3")
    assert asked == []
    page = _post(browser, "/screen/r3/pubmed")
    assert asked == ["13"]
    assert "Found." in page.text
    state.pubmed = lambda pmid, settings: None
    assert "PubMed has no record of r4" in _post(browser, "/screen/r4/pubmed").text


def test_tags_are_put_on_and_taken_off(browser):
    """A tag is on the record for everybody, as text."""
    page = _post(browser, "/screen/r1/tags", tag="<b>later</b>")
    assert "&lt;b&gt;later&lt;/b&gt;" in page.text
    part = browser.post("/screen/r1/tags", data={"tag": "<b>later</b>", "on": "0"}, headers=SCRIPT)
    assert "later" not in part.text


def test_stopping_and_progress_are_told_when_they_are_asked_for(browser):
    """Advice is a page without a script, and a part with one."""
    assert "no relevant record found" in browser.get("/screen/stopping").text
    _post(
        browser, "/screen/decide", **_fields(_card(browser.get("/screen").text), choice="include")
    )
    assert "Too early to say: 1 relevant" in browser.get("/screen/stopping").text
    part = browser.get("/screen/stopping", headers=SCRIPT).text
    assert "Too early to say" in part
    assert "<html" not in part
    assert re.search(r"1</b> of 5 screened", browser.get("/screen/progress", headers=SCRIPT).text)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"choice": "maybe"}, "is not a label"),
        ({"choice": "reason:NO"}, "not a reason of the protocol"),
        ({"seen": "x"}, "is not a number"),
        ({"record": "r99"}, "no record has the id"),
    ],
)
def test_a_form_that_makes_no_sense_is_answered_in_one_line(browser, path, wrong, message):
    """Nothing is decided by it, and the page says what is wrong."""
    fields = _fields(_card(browser.get("/screen").text), choice="include") | wrong
    answer = browser.post("/screen/decide", data=fields, headers=SCRIPT)
    assert answer.status_code in {400, 404}
    assert message in answer.json()["error"]
    assert _labels(path) == {}


def test_a_bug_is_reported_without_details(browser, state, monkeypatch, caplog):
    """The reader gets one line, the server's window the trace."""

    def fail(self: Review) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(Review, "progress", fail)
    page = browser.get("/screen")
    assert page.status_code == 500
    assert "a bug in autoscreen" in page.text
    assert "secret of the machine" not in page.text
    answer = browser.get("/screen/progress", headers=SCRIPT)
    assert answer.json()["error"].startswith("Unexpected RuntimeError")
    assert "secret of the machine" in caplog.text


def test_a_decision_takes_the_straight_way_to_the_next_record(browser, path, state, monkeypatch):
    """It needs few reads of the file, and decodes and highlights the next record once."""
    card = _card(browser.get("/screen").text)
    browser.post("/screen/decide", data=_fields(card, choice="exclude"), headers=SCRIPT)
    card = _card(browser.get("/screen").text)
    calls: Counter[str] = Counter()
    reads: list[str] = []

    def counted(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            if threading.current_thread().name.startswith("autoscreen-act"):
                calls[name] += 1
                reads.extend([str(given[1])] if name in ("rows", "named") else [])
            return work(*given, **named)

        return call

    for place, name in (
        (Database, "rows"),
        (Database, "named"),
        (record_codec, "decode"),
        (priority_screening, "highlights"),
        (record_card, "highlights"),
        (record_codec, "unpack"),
    ):
        monkeypatch.setattr(place, name, counted(name, getattr(place, name)))
    fields = _fields(card, choice="reason:WRONG_POP", held=card["id"])
    answer = browser.post("/screen/decide", data=fields, headers=SCRIPT).json()
    assert answer["card"]
    assert (calls["decode"], calls["highlights"], calls["unpack"]) == (1, 1, 0)
    assert len(reads) <= 25, "\n".join(reads)


def test_while_another_process_writes_the_page_says_to_try_again(browser, path, monkeypatch):
    """A busy file is no lost decision: the script hears 503 and sends again."""
    card = _card(browser.get("/screen").text)

    def busy(self: ScreeningDecisions, *given: object, **more: object) -> None:
        raise BusyError("another process is writing", hint="try again")

    with monkeypatch.context() as patched:
        patched.setattr(ScreeningDecisions, "submit", busy)
        fields = _fields(card, choice="include")
        answer = browser.post("/screen/decide", data=fields, headers=SCRIPT)
        assert (answer.status_code, answer.json()["error"]) == (
            503,
            "Another process is writing; try again",
        )
    assert browser.post("/screen/decide", data=fields, headers=SCRIPT).json()["saved"] == 1


def test_an_empty_review_says_what_to_do(tmp_path):
    """Nobody meets a blank page."""
    Review.create(tmp_path / "empty", protocol="rms-pnp").close()
    opened = open_server(tmp_path / "empty", Options(reviewer="AA"))
    client = TestClient(make_app(opened), base_url="http://localhost")
    client.get(f"/start/{opened.start_token}")
    opened.executor._first.result()
    assert "No records yet" in client.get("/screen").text
    opened.executor.close()
    opened.access.close()


def test_while_the_first_order_is_made_the_page_says_so(browser, state):
    """A large review opens at once, and goes on by itself."""
    from concurrent.futures import Future

    state.executor._first = Future()
    page = browser.get("/screen")
    assert "Preparing the first ranking" in page.text
    assert 'http-equiv="refresh"' in page.text


def test_a_session_outlives_the_server(path):
    """After a restart the open page goes on, without another link."""
    first = open_server(path, Options(reviewer="AA"))
    client = TestClient(make_app(first), base_url="http://localhost")
    client.get(f"/start/{first.start_token}")
    first.executor._first.result()
    card = _card(client.get("/screen").text)
    first.executor.close()
    first.access.close()
    second = open_server(path, Options(reviewer="AA"))
    again = TestClient(make_app(second), base_url="http://localhost", cookies=client.cookies)
    fields = _fields(card, choice="include")
    assert again.post("/screen/decide", data=fields, headers=SCRIPT).json()["saved"] == 1
    second.executor.close()
    second.access.close()
    assert _labels(path) == {card["id"]: str(Label.INCLUDE)}


def test_an_abstract_is_fetched_from_pubmed_after_asking(browser, path, eutils):
    """The dialog says what leaves the machine; only its button asks, for one PMID."""
    eutils.add(
        [
            Entry(
                pmid="13", title="Nerve pain without an abstract", abstract="Coils helped 12 of 20."
            )
        ]
    )
    page = page_of(browser.get("/screen/r3").text)
    (dialog,) = page.xpath("//dialog[@id='ask-pubmed']")
    assert "the PMID and the e-mail address" in dialog.text_content()
    assert eutils.calls == []
    (form,) = dialog.xpath(".//form[@method='post']")
    answer = _post(browser, form.get("action"))
    assert "Coils helped 12 of 20." in answer.text
    assert {call.parameters["id"] for call in eutils.calls} == {"13"}
    with Review.open(path) as review:
        assert review.record("r3").record.abstract == "Coils helped 12 of 20."
        assert len(review.sources("r3")) == 2


def test_without_an_e_mail_address_pubmed_is_not_asked_and_the_page_says_what_to_set(
    browser, eutils, monkeypatch
):
    """NCBI wants to know who asks; the sentence names the setting."""
    monkeypatch.delenv("NCBI_EMAIL")
    monkeypatch.setenv("NCBI_EUTILS_URL", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/")
    answer = _post(browser, "/screen/r3/pubmed")
    message = page_of(answer.text).xpath("//*[@id='flashes']")[0].text_content()
    assert "NCBI_EMAIL" in message
    assert "e-mail" in message
    assert eutils.calls == []


def test_a_pubmed_that_does_not_have_the_record_or_does_not_answer_is_told(browser, eutils):
    """The reader can go on, and paste the abstract."""
    answer = _post(browser, "/screen/r3/pubmed")
    assert "PubMed has no record of r3" in answer.text
    eutils.faults = [("*", "forbidden")]
    answer = _post(browser, "/screen/r3/pubmed")
    assert answer.status_code == 200
    assert "flash--problem" in answer.text


def test_a_review_of_a_title_alone_has_reasons_and_no_empty_legend(browser, path):
    """It offers the five usual reasons; the legend says that there are no concepts."""
    with Review.open(path) as review:
        review.protocols.set(Protocol.from_title("Magnetic stimulation for pain"))
    shown = browser.get("/screen").text
    assert "Wrong study design" in shown
    assert "The protocol has no concepts yet." in shown
    assert ">negated<" not in shown
