"""Sentence embeddings that the server computes by itself, and what the overview says of them."""

from __future__ import annotations

import os
import time

import pytest

from autoscreen.formats import write
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.sentence_encoder.encoder import is_installed
from autoscreen.store.job_log import JobState
from autoscreen.web.background_embeddings import compute_missing
from integration._web import browser_of, text_of, wait_for_task

pytestmark = [
    pytest.mark.skipif(
        not is_installed(), reason="needs the extra: pip install 'autoscreen[semantic]'"
    ),
    pytest.mark.timeout(300),
]
LINE = "//*[@id='embeddings']"


@pytest.fixture
def browser(tmp_path):
    """A person with a review of many records."""
    write(
        [Record(title=f"Study {n} of statins", pmid=str(n)) for n in range(1, 121)],
        tmp_path / "a.nbib",
    )
    with Review.create(tmp_path / "a", title="Statins") as made:
        made.import_files([tmp_path / "a.nbib"])
    with browser_of(tmp_path / "a.autoscreen") as made:
        yield made


def look(browser, *states):
    return browser._client.portal.call(compute_missing, states or [browser.state])


def embedded(browser):
    return browser.state.executor.submit(
        lambda review: review.embeddings.coverage().embedded
    ).result()


def test_the_server_computes_them_when_the_records_have_settled(browser):
    """At the lowest priority; stopped, all that was computed is kept, and it is not begun again."""
    assert "0 of 120 records, less than a minute left. Compute now" in text_of(
        browser.get("/overview"), LINE
    )
    assert not look(browser)
    assert look(browser)
    assert not look(browser)
    assert not browser.state.working
    process = browser.state.jobs.running("embed").process
    until = time.monotonic() + 200
    while not embedded(browser):
        assert time.monotonic() < until
        time.sleep(0.1)
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == 19
    assert "Computing now" in text_of(browser.get("/overview"), LINE)
    begun = time.monotonic()
    browser.post("/jobs/1/stop")
    process.join(5)
    assert time.monotonic() - begun < 5
    page = wait_for_task(browser, 1, "stopped")
    assert "The embeddings computed so far are kept. Compute the rest" in text_of(page)
    kept = embedded(browser)
    assert 0 < kept < 120
    assert not look(browser)
    browser.post("/embeddings")
    page = wait_for_task(browser, 2)
    assert f"{120 - kept} sentence embeddings computed" in text_of(page)
    assert "all 120 records" in text_of(browser.get("/overview"), LINE)
    assert not look(browser)


def test_a_killed_process_loses_nothing_and_its_failure_is_shown(browser):
    """The next attempt computes only the rest; the server does not repeat a failure by itself."""
    look(browser)
    look(browser)
    until = time.monotonic() + 200
    while not embedded(browser):
        assert time.monotonic() < until
        time.sleep(0.1)
    browser.state.jobs.running("embed").process.kill()
    wait_for_task(browser, 1, "failed")
    assert "The last attempt failed: its process ended unexpectedly" in text_of(
        browser.get("/overview"), LINE
    )
    kept = embedded(browser)
    assert kept % 16 == 0
    assert not any(look(browser) for _ in range(3))
    with Review.open(browser.state.executor.path) as review:
        assert review.damage() == []
        assert review.embeddings.compute() == 120 - kept
        assert review.jobs.get(1).state is JobState.FAILED


def test_without_the_extra_the_owner_reads_how_to_install_it(browser, monkeypatch):
    """And nothing is started."""
    monkeypatch.setattr("autoscreen.sentence_encoder.encoder.is_installed", lambda: False)
    page = browser.get("/overview")
    assert text_of(page, LINE) == (
        "Sentence embeddings: not installed:"
        " pip install 'autoscreen[semantic]' improves the ranking."
    )
    assert not look(browser)
    assert not look(browser)
