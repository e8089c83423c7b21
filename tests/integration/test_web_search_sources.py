"""Europe PMC and ClinicalTrials.gov are searched from a page, like PubMed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from autoscreen.protocol import Concept, Element, Protocol
from autoscreen.review import Review
from integration._web import Browser, browser_of, text_of, wait_for_task
from paging_server import PagingServer, article, paging_server, trial, work

# Each task starts a process, which takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

COIL = Concept(key="coil", element=Element.INTERVENTION, label="Coil", terms=("coil", "zzyx*"))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PagingServer]:
    monkeypatch.setenv("AUTOSCREEN_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("AUTOSCREEN_CONFIG", str(tmp_path / "config.toml"))
    with paging_server() as running:
        monkeypatch.setenv("EUROPE_PMC_URL", running.url)
        monkeypatch.setenv("CLINICALTRIALS_URL", running.url)
        running.articles = [article(number) for number in range(1, 4)]
        running.trials = [trial(number) for number in range(1, 6)]
        yield running


@pytest.fixture
def browser(tmp_path: Path, server: PagingServer) -> Iterator[Browser]:
    protocol = Protocol(name="coils", title="Coils", concepts=(COIL,))
    Review.create(tmp_path / "coils", protocol=protocol).close()
    with browser_of(tmp_path / "coils.autoscreen") as made:
        yield made


def test_the_query_is_built_for_each_database(browser, server):
    """With what it cannot search; nothing is sent for it."""
    page = browser.get("/search/other")
    assert page.xpath("//textarea")[0].text.strip() == '(TITLE_ABS:"coil" OR TITLE_ABS:zzyx*)'
    page = browser.get("/search/other?source=clinicaltrials")
    assert page.xpath("//textarea")[0].text.strip() == '("coil")'
    assert "cannot search these terms: zzyx*" in text_of(page)
    browser.get("/search/other?source=scopus", status=404)
    assert server.calls == []


def test_the_count_comes_first_and_the_import_is_a_task(browser, server):
    """Its result names the database, and the sentence for the report is there."""
    asked = {"source": "clinicaltrials", "query": '("coil")', "since": "", "until": ""}
    page = browser.post("/search/other/count", asked)
    assert "5 records in ClinicalTrials.gov" in text_of(page)
    assert page.xpath("//form[@action='/search/other/run']//button")[0].text == "Import 5 records"
    page = browser.post("/search/other/run", asked)
    assert page.xpath("//h1")[0].text == 'ClinicalTrials.gov search: ("coil")'
    page = wait_for_task(browser, 1, "done")
    assert "5 records found, 5 fetched: 5 new" in text_of(page)
    page = browser.get("/search/other?source=clinicaltrials")
    assert "ClinicalTrials.gov was searched through version 2 of its API" in text_of(page)


def test_a_failure_is_continued_in_its_database(browser, server):
    """Not in PubMed; a query that the database refuses is named."""
    asked = {"source": "europepmc", "query": "coil", "since": "", "until": ""}
    server.faults = ["bad_query"]
    assert "Europe PMC refuses" in text_of(browser.post("/search/other/count", asked))
    server.faults = ["forgotten", "bad_query"]
    browser.post("/search/other/run", asked)
    page = wait_for_task(browser, 1, "failed")
    assert "0 of 3 records came and are kept" in text_of(page)
    assert page.xpath("//form[@action='/search/other/run']//button")[0].text == "Continue"
    assert "Unfinished" not in text_of(browser.get("/search"))
    assert "Unfinished: 0 of 3 records" in text_of(browser.get("/search/other"))
    browser.post("/search/other/run", asked)
    assert "3 new" in text_of(wait_for_task(browser, 2, "done"))


def test_citations_of_the_included_studies_are_imported(browser, server, tmp_path, monkeypatch):
    """First it says that nothing is included; then the count, the import, and the log."""
    monkeypatch.setenv("OPENALEX_URL", server.url)
    server.works = [work(1, cites=(10, 11)), work(10), work(11), work(20, cites=(1,))]
    assert "No study with a PMID or DOI is included yet" in text_of(
        browser.get("/search/citations")
    )
    (tmp_path / "known.nbib").write_text("PMID- 1\nTI  - Work 1 on coils\n")
    with Review.open(tmp_path / "coils") as review:
        review.import_files([tmp_path / "known.nbib"])
        review.label("1", "include", reviewer="ann")
    page = browser.get("/search/citations")
    assert "asks OpenAlex over the internet" in text_of(page)
    assert server.calls == []
    page = browser.post("/search/citations/count", {"direction": "both"})
    assert "3 works in OpenAlex" in text_of(page)
    assert "1 work cites the included studies, 2 works are cited by them" in text_of(page)
    browser.post("/search/citations/run", {"direction": "x"}, status=400)
    browser.post("/search/citations/run", {"direction": "cited"})
    assert "2 records found, 2 fetched: 2 new" in text_of(wait_for_task(browser, 1, "done"))
    assert "works that are cited by" in text_of(browser.get("/search/citations"))
