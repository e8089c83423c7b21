"""A random audit in the browser: its price, its draws, its end; searches and the watch beside."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from autoscreen.review import Review
from autoscreen.store.watch_values import Announced
from autoscreen.web.accounts.members import Role
from autoscreen.web.app import make_app
from autoscreen.web.server import Options, open_server
from integration._web import Browser, browser_of, text_of

PASSWORD = "three small words"


@pytest.fixture
def path(demo_review: Path, tmp_path: Path) -> Path:
    """The demo review with forty records read, every fifth of them relevant."""
    path = tmp_path / "rms.autoscreen"
    shutil.copy(demo_review, path)
    with Review.open(path) as review:
        for place, one in enumerate(review.rank(top=40)):
            review.label(one.id, "include" if place % 5 == 0 else "exclude", reviewer="AA")
    return path


@pytest.fixture
def browser(path: Path) -> Iterator[Browser]:
    """A person working alone on it."""
    with browser_of(path) as made:
        made.state.executor._first.result()
        yield made


def begin(browser: Browser, target: str = "0.8", sure: str = "0.8"):
    fields = {"target": target, "confidence": sure, "confirmed": "1"}
    return browser.post("/audit/begin", fields)


def decide(browser: Browser, choice: str = "exclude"):
    fields = browser.get("/screen").xpath("//form[@id='deck']/input[@type='hidden']")
    values = {str(one.get("name")): str(one.get("value")) for one in fields}
    return browser.post("/screen/decide", {**values, "choice": choice})


def shown(page) -> str:
    return str(page.xpath("//article[@id='record']/@data-id")[0])


def test_the_price_is_shown_before_an_audit_begins(browser, path):
    """It is not offered too early; its terms are confirmed on a page, which begins nothing."""
    assert "A random audit is not offered yet" in text_of(browser.get("/overview"))
    page = browser.get("/audit/new?variant=0.8+0.9")
    text = text_of(page)
    with Review.open(path) as review:
        cost = review.audits.cost(target=0.8, confidence=0.9)
        assert review.audits.all() == ()
    assert "with 90% confidence, whether at least 80% of the relevant records" in text
    assert f"Price: {cost.records} of the" in text
    assert "Everybody's queue changes" in text
    assert "Each further audit lowers the confidence" in text
    assert page.xpath("//form[@action='/audit/begin']//button")
    browser.post("/audit/begin", {"target": "0.8", "confidence": "0.8"}, status=400)
    browser.get("/audit/new?variant=nonsense", status=400)


def test_the_cheapest_audits_are_offered_first_once_they_are_worth_while(browser, path):
    """One radio button for each that saves work; the chosen one leads to its terms."""
    with Review.open(path) as review:
        for at, one in enumerate(review.rank(unread=True)[:110]):
            review.label(one.id, "include" if at < 30 else "exclude", reviewer="AA")
    page = browser.get("/overview")
    prices = [text_of(page, f"(//input[@name='variant'])[{at}]/..") for at in (1, 2)]
    numbers = [int(one.split()[1]) for one in prices]
    assert numbers == sorted(numbers)
    assert page.xpath("//form[@action='/audit/new']//input[@name='variant'][@checked]/@value")


def test_the_target_of_the_review_is_set_by_an_owner_with_its_reason(browser, path):
    """The advice follows it, and the page shows who set it and why."""
    page = browser.post("/stopping/target", {"target": "0.9", "reason": "a scoping review"})
    assert "The target is now 90%" in text_of(page, "//*[@id='flashes']")
    assert "90%, set" in text_of(page, "//*[@id='target']")
    assert "by AA: a scoping review" in text_of(page, "//*[@id='target']")
    with Review.open(path) as review:
        assert review.audits.target == 0.9
    browser.post("/stopping/target", {"target": "0.42", "reason": ""}, status=400)


def test_a_draw_says_so_and_shows_nothing_of_the_model(browser, path):
    """Neither rank nor evidence is shown, also when the page is loaded again or undone."""
    before = shown(browser.get("/screen"))
    page = begin(browser)
    assert "Audit 1 has started" in text_of(page, "//*[@id='flashes']")
    assert "0 of" in text_of(page, "//*[@id='audit']")
    with Review.open(path) as review:
        draw = review.next()
        assert draw.draw == 1
    for _ in range(2):
        page = browser.get("/screen")
        assert shown(page) == draw.ranked.id
        assert "Random audit, record 1" in text_of(page)
        assert page.xpath("//*[@class='score' or @class='why__reason']") == []
        assert page.xpath("//article//span[starts-with(@class,'e e--')]") == []
        assert "rank " not in text_of(page, "//section[@class='why']")
        assert "such records were relevant" not in text_of(page)
    page = decide(browser)
    assert "Random audit, record 2" in text_of(page)
    page = browser.post("/screen/undo", {"key": "undoing it all", "of": ""})
    assert shown(page) == draw.ranked.id
    assert "Random audit, record 1" in text_of(page)
    assert page.xpath("//*[@class='score' or @class='why__reason']") == []
    page = browser.get(f"/screen/{before}")
    assert "Random audit, record" not in text_of(page)


def test_an_audit_is_followed_and_ended(browser, path):
    """Overview and stopping panel tell how far it is; its end is recorded with a note."""
    begin(browser)
    decide(browser)
    decide(browser, "unsure")
    for page in (browser.get("/overview"), browser.get("/screen/stopping")):
        text = text_of(page)
        assert "Audit 1 running target: 80% recall with 80% confidence" in text
        assert "1 of" in text
        assert (
            "1 sampled record marked unsure: the audit cannot be completed until it is decided"
            in text
        )
    assert browser.get("/overview").xpath("//form[@action='/audit/begin']") == []
    page = browser.post("/audit/end", {"note": "too early"})
    assert "Screening returns to the most likely records" in text_of(page, "//*[@id='flashes']")
    assert "ended early" in text_of(page, "//*[@id='audit']")
    assert "too early" in text_of(page, "//*[@id='audit']")
    with Review.open(path) as review:
        (audit,) = review.audits.all()
        assert (audit.reviewer, audit.end.note, audit.proved) == ("AA", "too early", False)
    assert "Random audit, record" not in text_of(browser.get("/screen"))


def test_a_proof_is_told_when_it_is_complete(browser, path):
    """Once enough was drawn, the audit stands as proved and the panel says that one may stop."""
    begin(browser)
    with Review.open(path) as review:
        while (found := review.next()) and found.draw:
            review.label(found.ranked.id, "exclude", reviewer="AA")
    text = text_of(browser.get("/overview"), "//*[@id='audit']")
    assert "Audit 1 complete" in text
    assert "at least 80% recall is confirmed" in text
    assert "Its result remains valid" in text


@pytest.mark.parametrize(
    ("target", "words"), [("nonsense", "is not a valid target"), ("7", "above 0 and below 1")]
)
def test_what_is_no_audit_is_answered_in_words(browser, target, words):
    """A target that makes no sense begins nothing."""
    status = 400 if target == "nonsense" else 200
    page = browser.post(
        "/audit/begin", {"target": target, "confidence": "0.9", "confirmed": "1"}, status=status
    )
    assert words in text_of(page, "//body")
    assert "One audit" not in text_of(browser.get("/overview"), "//*[@id='audit']")


def test_a_second_audit_is_refused_while_one_goes_on(browser):
    """Two windows begin one audit, and the second sees a message."""
    begin(browser)
    assert begin(browser, "0.9", "0.9").xpath("//*[contains(@class,'flash--problem')]")


@pytest.fixture
def come(path: Path) -> Iterator[Callable[[str], Browser]]:
    """A server for a team that reads each record twice; gives the browser of a member."""
    with Review.open(path) as review:
        review.team.set_double_screening(1.0, reviewer="Olga")
        review.audits.begin(target=0.8, confidence=0.8, reviewer="Olga")
    state = open_server(path, Options(host="0.0.0.0"))
    app = make_app(state)

    def enter(name: str) -> Browser:
        client = TestClient(app, base_url="http://localhost")
        client.cookies.set(state.cookie, state.access.begin_session(name, account=True))
        return Browser(client, state)

    state.access.add_account("Olga", PASSWORD, Role.OWNER)
    for name in ("Ada", "Ben"):
        state.access.add_account(name, PASSWORD, Role.REVIEWER)
    state.executor._first.result()
    yield enter
    state.executor.close()
    state.access.close()


def test_two_members_are_each_given_all_draws(come, path):
    """Who has decided about a draw gets the next one; the other is given it too, and as blindly."""
    ada, ben = come("Ada"), come("Ben")
    first = shown(ada.get("/screen"))
    assert "Random audit, record 2" in text_of(decide(ada))
    page = ben.get("/screen")
    assert shown(page) == first
    assert "Random audit, record 1" in text_of(page)
    assert page.xpath("//*[@class='score' or @class='why__reason']") == []
    with Review.open(path) as review:
        assert review.audits.all()[0].drawn == 0
    decide(ben)
    with Review.open(path) as review:
        assert review.audits.all()[0].drawn == 1


def test_only_an_owner_begins_and_ends_an_audit(come):
    """A reviewer sees how far it is, without the forms, and is refused if they are handed in."""
    page = come("Ada").get("/overview")
    assert "Audit 1 running" in text_of(page, "//*[@id='audit']")
    assert page.xpath("//form[starts-with(@action,'/audit')]") == []
    come("Ada").post("/audit/end", {"note": ""}, status=403)
    come("Olga").post("/audit/end", {"note": ""})
    page = come("Ada").get("/overview")
    assert page.xpath("//form[@action='/stopping/target']") == []
    come("Ada").post("/stopping/target", {"target": "0.8", "reason": ""}, status=403)
    come("Ada").post("/audit/begin", {"target": "0.8", "confidence": "0.8"}, status=403)


def test_probability_and_designs_stand_on_the_card(browser, path):
    """The reader sees how often such records were relevant, and how the study was made."""
    page = browser.get("/screen")
    with Review.open(path) as review:
        assert review.next().ranked.probability is not None
    assert "in 100 such records were relevant in past reviews" in text_of(page)
    with Review.open(path) as review:
        ident = next(one.id for one in review.records() if "randomised" in one.record.title.lower())
    for page in (browser.get(f"/screen/{ident}"), browser.get(f"/records/{ident}")):
        badges = [one.text_content() for one in page.xpath("//*[@class='badge badge--plain']")]
        badges += [one.text_content() for one in page.xpath("//a[@class='badge']")]
        assert "randomised" in badges


def test_without_searches_and_watch_the_overview_says_how_to_begin(browser):
    """One quiet line each, with a link."""
    text = text_of(browser.get("/overview"))
    assert "Search PubMed imports what a query finds" in text
    assert "PubMed alerts report what is new" in text


def test_searches_and_the_watch_are_logged_on_the_overview(browser, path):
    """Each search with its query, its reading by the database and counts; each run as it went."""
    from autoscreen.store.search_log import NewSearch

    with Review.open(path) as review:
        number = review._store.searches.open(
            NewSearch(
                kind="query",
                database="PubMed",
                platform="http://localhost",
                query="coil <b> pain",
                translation='"coil"[All Fields]',
                warnings=("one word was not found",),
                date_type="edat",
                since="2020-01-01",
                until="",
                found=3,
                slices=1,
                started=review.watch.time(),
            ),
            ["1", "2", "3"],
        )
        review._store.searches.close(number, "partial")
        watches = review.watch
        runs = [
            watches.begin(source="PubMed", query="q", since="2026-01-01", until="2026-01-07")
            for _ in range(4)
        ]
        watches.note(runs[0].id, [("new", "1", "", "")])
        watches.announce(runs[0].id, [Announced(1, True, None, None)])
        watches.end(runs[0].id, ok=True, whole=True, detail="digest")
        watches.end(runs[1].id, ok=True, whole=False, detail="digest")
        watches.end(runs[2].id, ok=False, whole=False, detail="PubMed does not answer")
    page = browser.get("/overview")
    row = text_of(page, "//section[@aria-labelledby='searches-title']//tbody/tr")
    for words in ("coil <b> pain", '"coil"[All Fields]', "one word", "from 2020-01-01", "partial"):
        assert words in row
    rows = [
        " ".join(one.text_content().split())
        for one in page.xpath("//section[@aria-labelledby='watch-title']//tbody/tr")
    ]
    assert ["running or interrupted" in rows[0], "PubMed does not answer" in rows[1]] == [
        True,
        True,
    ]
    assert "incomplete" in rows[2]
    assert rows[3].endswith("2026-01-01 to 2026-01-07 1 complete")
