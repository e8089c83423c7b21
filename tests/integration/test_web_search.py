"""PubMed is searched from a page: count first, import with progress, stop, continue."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.protocol import Concept, Element, Protocol
from autoscreen.review import Review
from autoscreen.store.job_log import JobState
from eutils_server import EutilsServer, invented
from integration._web import Browser, browser_of, text_of, wait_for_task

# Each task starts a process, which takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

COIL = Concept(
    key="coil", element=Element.INTERVENTION, label="Coil", terms=("coil", "nerve coil*")
)
PROTOCOL = Protocol(name="coils", title="Coils", concepts=(COIL,))
ASKED = {"query": "coil[tiab]", "since": "", "until": ""}


@pytest.fixture
def browser(tmp_path: Path, eutils: EutilsServer) -> Iterator[Browser]:
    """A person with a new review, and a PubMed on this machine that knows 30 records."""
    eutils.add(invented(30))
    Review.create(tmp_path / "coils", protocol=PROTOCOL).close()
    with browser_of(tmp_path / "coils.autoscreen") as made:
        yield made


def test_the_query_is_proposed_from_the_concepts_or_from_the_address(browser):
    """Nothing is sent for it."""
    page = browser.get("/search")
    assert page.xpath("//textarea")[0].text.strip() == '(coil[tiab] OR "nerve coil*"[tiab])'
    assert "Built from the concepts" in text_of(page)
    page = browser.get("/search?query=sham%5Btiab%5D")
    assert page.xpath("//textarea")[0].text.strip() == "sham[tiab]"


def test_a_query_is_checked_without_sending_it(browser, eutils):
    """Terms that it does not search are named; the query stays in the form."""
    page = browser.get("/search/check?query=coil%5Btiab%5D")
    assert 'only some endings are searched of "nerve coil*"' in text_of(page)
    assert page.xpath("//textarea")[0].text.strip() == "coil[tiab]"
    assert "searches all terms" in text_of(browser.get("/search/check"))
    assert eutils.calls == []


def test_without_a_query_the_check_says_so(tmp_path, eutils):
    """A protocol without concepts gives none to check."""
    Review.create(tmp_path / "a", protocol=Protocol.from_title("A")).close()
    with browser_of(tmp_path / "a.autoscreen") as browser:
        assert "There is no query to check" in text_of(browser.get("/search/check"))
    assert eutils.calls == []


def test_opening_pages_sends_nothing(browser, eutils):
    """Only a button that says so reaches PubMed."""
    for path in ("/search", "/tools", "/overview"):
        browser.get(path)
    assert eutils.calls == []


def test_the_count_and_the_interpretation_come_first(browser, eutils):
    """Nothing is imported; what was asked stays in the form."""
    page = browser.post("/search/count", ASKED)
    assert "30 records in PubMed" in text_of(page)
    assert "translated: coil[tiab]" in text_of(page)
    assert page.xpath("//form[@action='/search/run']//button")[0].text == "Import 30 records"
    assert eutils.asked("efetch") == []
    assert browser.state.jobs.running("search") is None


def test_a_search_is_imported_and_its_result_stays(browser, tmp_path):
    """Counts, a link to the import, a sentence for the report; the same after a restart."""
    page = browser.post("/search/run", ASKED)
    assert page.xpath("//h1")[0].text == "PubMed search: coil[tiab]"
    page = wait_for_task(browser, 1, "done")
    assert "30 records found, 30 fetched: 30 new" in text_of(page)
    assert page.xpath("//a[@href='/imports/1']")
    assert "PubMed was searched" in text_of(browser.get("/search"))
    assert "30 records" in text_of(browser.get("/overview"))
    assert "PubMed search: coil[tiab]" in text_of(browser.get("/tools"))
    with browser_of(tmp_path / "coils.autoscreen") as again:
        assert "30 records found" in text_of(again.get("/jobs/1"))


def test_a_failure_is_named_and_the_search_is_continued(browser, eutils):
    """What came is kept; Continue asks for the rest."""
    eutils.faults += [("efetch", "forbidden")]
    browser.post("/search/run", ASKED)
    page = wait_for_task(browser, 1, "failed")
    assert "0 of 30 records came and are kept" in text_of(page)
    assert page.xpath("//form[@action='/search/run']//button")[0].text == "Continue"
    assert "Unfinished: 0 of 30 records fetched" in text_of(browser.get("/search"))
    browser.post("/search/run", ASKED)
    page = wait_for_task(browser, 2, "done")
    assert "This continued an earlier search" in text_of(page)
    assert "30 new" in text_of(page)


def test_a_search_is_stopped(browser, eutils):
    """The process ends, and the page offers to continue."""
    eutils.faults += [("esearch", "too_many")]
    eutils.retry_after = 60
    browser.post("/search/run", ASKED)
    page = browser.post("/search/run", ASKED, status=409)
    assert "Another task of this kind is running" in text_of(page)
    browser.post("/jobs/1/stop")
    page = wait_for_task(browser, 1, "stopped")
    assert page.xpath("//form[@action='/search/run']//button")[0].text == "Continue"
    assert "already ended" in text_of(browser.post("/jobs/1/stop"), "//*[@id='flashes']")


def test_a_wait_that_pubmed_asks_for_is_shown(browser, eutils):
    """Who waits knows why."""
    eutils.faults += [("esearch", "too_many")]
    eutils.retry_after = 60
    browser.post("/search/run", ASKED)
    until = time.monotonic() + 60
    while "asking again in 60 s" not in text_of(browser.get("/jobs/1")):
        assert time.monotonic() < until
        time.sleep(0.1)


def test_the_end_of_the_server_ends_tasks_within_five_seconds(tmp_path, eutils):
    """The next start says what was interrupted."""
    eutils.add(invented(5))
    eutils.faults += [("esearch", "too_many")]
    eutils.retry_after = 60
    path = tmp_path / "coils.autoscreen"
    Review.create(path, protocol=PROTOCOL).close()
    with browser_of(path) as browser:
        browser.post("/search/run", ASKED)
        process = browser.state.jobs.running("search").process
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert process.exitcode is not None
    with browser_of(path) as browser:
        assert "Interrupted" in text_of(browser.get("/jobs/1"))


def test_tasks_of_a_server_that_was_killed_are_interrupted(tmp_path):
    """Nothing is shown as running that is not."""
    path = tmp_path / "coils.autoscreen"
    with Review.create(path, protocol="rms-pnp") as review:
        review.jobs.begin("search", "PubMed search: x", options=ASKED)
    with browser_of(path) as browser:
        assert "Interrupted" in text_of(browser.get("/jobs/1"))
        job = browser.state.executor.submit(lambda review: review.jobs.get(1)).result()
        assert job.state is JobState.INTERRUPTED


def test_what_is_wrong_with_a_query_is_said_before_anything_is_sent(browser, eutils):
    """Brackets, days and an empty query."""
    assert "never closed" in text_of(browser.post("/search/count", {"query": "(a"}, status=400))
    assert "no query" in text_of(browser.post("/search/run", {"query": " "}, status=400))
    wrong = ASKED | {"since": "2026-02-01", "until": "2026-01-01"}
    assert "after the last day" in text_of(browser.post("/search/run", wrong, status=400))
    assert "not a day" in text_of(browser.post("/search/run", ASKED | {"since": "x"}, status=400))
    assert eutils.calls == []


def test_without_an_e_mail_address_the_owner_is_asked_for_it(tmp_path, eutils, monkeypatch):
    """It is kept where the command line keeps it; a wrong one is refused."""
    monkeypatch.delenv("NCBI_EMAIL")
    monkeypatch.delenv("NCBI_EUTILS_URL")
    Review.create(tmp_path / "coils", protocol=PROTOCOL).close()
    with browser_of(tmp_path / "coils.autoscreen") as browser:
        assert browser.get("/search").xpath("//input[@name='email']")
        assert "none is set" in text_of(browser.post("/search/run", ASKED, status=400))
        browser.post("/search/email", {"email": "nobody"}, status=400)
        page = browser.post("/search/email", {"email": "ann@example.org"})
        assert "ann@example.org" in text_of(page)
        assert "NCBI in the United States" in text_of(page)
    assert "ann@example.org" in (tmp_path / "settings" / "config.toml").read_text()


def test_a_task_or_file_that_does_not_exist_is_refused(browser):
    """Unknown numbers give no server error."""
    browser.get("/jobs/99", status=400)
    browser.get("/jobs/x", status=400)
    browser.post("/search/run", ASKED)
    wait_for_task(browser, 1, "done")
    browser.get("/jobs/1/files/..%2Fcoils.autoscreen", status=404)
    browser.get("/jobs/1/files/other.csv", status=404)
