"""Second look, replay, models, alerts and backups in the browser, without a terminal."""

from __future__ import annotations

import csv
import io
import shutil
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from autoscreen.monitor.watch_run import WatchOptions, watch_updates
from autoscreen.protocol import Concept, Element, Protocol
from autoscreen.review import Review
from autoscreen.review.learner import MODEL_WITH_SENTENCES
from eutils_server import Entry, EutilsServer, invented
from integration._web import Browser, browser_of, text_of, wait_for_task
from topic_encoder import TopicEncoder

# Each task starts a process, which takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

COIL = Concept(
    key="coil", element=Element.INTERVENTION, label="Coil", terms=("coil",), required=True
)
PROTOCOL = Protocol(name="coils", title="Coils", concepts=(COIL,), pubmed="coil[tiab]")
FILE = b"PMID- 1\nTI  - Magnetic stimulation for neuropathic pain\n\nPMID- 2\nTI  - Of bees\n"


@pytest.fixture
def path(demo_review: Path, tmp_path: Path) -> Path:
    """The demo review with forty decisions, nine of them includes; one exclusion is wrong."""
    path = tmp_path / "rms.autoscreen"
    shutil.copy(demo_review, path)
    with Review.open(path) as review:
        for place, one in enumerate(review.rank(top=40)):
            review.label(one.id, "include" if 1 <= place < 10 else "exclude", reviewer="AA")
    return path


@pytest.fixture
def browser(path: Path) -> Iterator[Browser]:
    """A person working alone on it."""
    with browser_of(path) as made:
        yield made


def test_the_tools_are_one_press_away(browser):
    """The head links to the list, and each link of the list leads to a page."""
    page = browser.get("/overview")
    assert page.xpath("//nav[@aria-label='Pages']/a[@href='/tools']")
    links = browser.get("/tools").xpath("//ul[@class='tools']/li/a/@href")
    assert len(links) == 8
    for link in links:
        browser.get(str(link))


def test_a_second_look_gives_a_reading_list(browser, path):
    """The exclusion that looks like the included records comes first; its new label is shown."""
    browser.post("/second-look", {"run": "1"})
    page = wait_for_task(browser, 1)
    assert "20 exclusions to check, of 31" in text_of(page)
    assert "inclusions to check" in text_of(page)
    first = page.xpath("//tbody/tr[1]//a/@href")[0]
    with Review.open(path) as review:
        assert first == f"/records/{review.ranking.second_look(top=1)[0].id}"
        review.label(first.rsplit("/", 1)[1], "include", reviewer="AA")
    assert "include" in text_of(browser.get("/jobs/1"), "//tbody/tr[1]")


def test_this_review_is_replayed_with_its_result_in_a_sentence(browser, path):
    """First a sentence, then the curve, the stopping rules and the measures; by its embeddings."""
    page = browser.post("/simulate", {"of": "this", "start": "cold"})
    page = wait_for_task(browser, 1, "failed")
    assert "162 of 202 records have no label" in text_of(page)
    fields = {"of": "this", "start": "cold", "unlabelled": "irrelevant", "embeddings": "use"}
    with Review.open(path) as review:
        review.embeddings.compute(encoder=TopicEncoder())
    browser.post("/simulate", fields)
    page = wait_for_task(browser, 2)
    assert f"Ranked by {MODEL_WITH_SENTENCES}." in text_of(page)
    lead = text_of(page, "//p[@class='tools__lead']")
    assert lead.startswith("All 9 relevant records were found after reading ")
    assert " of 202 records; " in lead
    assert lead.endswith("need not have been read.")
    assert page.xpath("//figure//polyline[@class='chart__line']")
    assert "random audit" in text_of(page)
    assert "162 records without a decision count as excluded" in text_of(page)


def test_a_file_is_replayed(browser):
    """Its own labels, title and column; without labels it fails in words."""
    table = "title,abstract,mine\n" + "".join(
        f"{'nerve coil' if n % 5 == 0 else 'bees'} {n},Text {n},{int(n % 5 == 0)}\n"
        for n in range(40)
    )
    fields = {"of": "file", "column": "mine", "title": "Nerve coils", "start": "two"}
    browser.post("/simulate", fields, files=[("file", ("past.csv", table.encode()))])
    page = wait_for_task(browser, 1)
    assert page.xpath("//h1")[0].text == "Replay of past.csv"
    assert "All 7 relevant records were found after reading" in text_of(page)
    browser.post("/simulate", fields | {"column": ""}, files=[("file", ("a.ris", b"x"))])
    assert "This failed" in text_of(wait_for_task(browser, 2, "failed"))
    browser.post("/simulate", fields, status=400)
    browser.post("/simulate", {"of": "another"}, status=400)


def test_a_model_is_trained_downloaded_and_scores_a_file(browser, path):
    """From decisions to a model with its card, to scored records with reasons and a CSV file."""
    page = browser.get("/models")
    assert page.xpath("//input[@name='name']/@value") == ["rms"]
    browser.post("/models/train", {"name": "mine", "sensitivity": "0.95"})
    page = wait_for_task(browser, 1)
    assert "The model mine is saved" in text_of(page)
    assert "Of the relevant records held out" in text_of(page)
    archive = zipfile.ZipFile(io.BytesIO(browser.file("/models/mine/download").content))
    assert sorted(archive.namelist()) == ["mine.json", "mine.md", "mine.npz"]
    assert "# Model mine" in text_of(browser.get("/models"))
    assert "already" in text_of(
        browser.post("/models/train", {"name": "mine", "sensitivity": "0.95"}, status=400)
    )
    files = [("file", ("new.nbib", FILE))]
    browser.post("/models/score", {"model": "mine"}, files=files)
    page = wait_for_task(browser, 2)
    assert "of 2 records" in text_of(page, "//p[@class='tools__lead']")
    assert "Magnetic stimulation" in text_of(page, "//tbody/tr[1]")
    assert "Raises the score: " in text_of(page, "//tbody/tr[1]")
    rows = list(csv.DictReader(io.StringIO(browser.file("/jobs/2/files/scored-2.csv").text)))
    assert [row["pmid"] for row in rows] == ["1", "2"]
    shutil.rmtree(path.with_name("rms-files"))
    page = browser.get("/jobs/2/files/scored-2.csv", status=400)
    assert "no longer in the folder rms-files" in text_of(page)


def test_what_is_no_model_or_name_is_refused(browser):
    """Names are names of files; models are those of the list."""
    for name in ("../x", "", "a b", ".hidden"):
        browser.post("/models/train", {"name": name, "sensitivity": "0.95"}, status=400)
    browser.post("/models/train", {"name": "a", "sensitivity": "x"}, status=400)
    browser.get("/models/none/download", status=404)
    browser.post("/models/score", {"model": "../rms"}, status=404)
    browser.post("/models/score", {"model": "rms-pnp"}, status=400)


def test_the_model_that_comes_with_autoscreen_scores_a_file(browser):
    """Nothing has to be trained for it."""
    assert "comes with autoscreen" in text_of(browser.get("/models"))
    browser.post("/models/score", {"model": "rms-pnp"}, files=[("file", ("new.nbib", FILE))])
    page = wait_for_task(browser, 1)
    assert "of 2 records" in text_of(page)
    assert "not English" not in text_of(page)


def test_what_is_not_english_is_on_the_page_and_in_the_csv(browser):
    """It has no score, and comes last."""
    ris = "TY  - JOUR\nTI  - Schmerz und Nerv\nLA  - ger\nER  -\n\n"
    ris += "TY  - JOUR\nTI  - Of bees\nER  -\n"
    browser.post("/models/score", {"model": "rms-pnp"}, files=[("file", ("new.ris", ris))])
    page = wait_for_task(browser, 1)
    assert "1 record not English: not scored" in text_of(page)
    rows = list(csv.DictReader(io.StringIO(browser.file("/jobs/1/files/scored-1.csv").text)))
    assert [(row["title"], row["score"] != "", row["note"]) for row in rows] == [
        ("Of bees", True, ""),
        ("Schmerz und Nerv", False, "not English: not scored"),
    ]


def test_a_decision_does_not_wait_for_a_long_task(browser):
    """While a model is trained, the next record comes as fast as before."""
    browser.post("/models/train", {"name": "mine", "sensitivity": "0.95"})
    slowest = 0.0
    for _ in range(5):
        began = time.monotonic()
        browser.get("/overview")
        slowest = max(slowest, time.monotonic() - began)
    assert browser.state.jobs.running("train") is not None
    assert slowest < 10
    browser.post("/jobs/1/stop")
    assert "Stopped" in text_of(wait_for_task(browser, 1, "stopped"))


def test_a_backup_is_a_review_of_its_own(browser, path, tmp_path):
    """It is listed with its size, can be downloaded, and opens with all decisions."""
    assert "no backup yet" in text_of(browser.get("/backups"))
    page = browser.post("/backups", {"make": "1"})
    (address,) = page.xpath("//a[contains(@href, '/backups/')]/@href")
    (tmp_path / "copy.autoscreen").write_bytes(browser.file(str(address)).content)
    with Review.open(tmp_path / "copy.autoscreen") as copy, Review.open(path) as review:
        assert copy.damage() == []
        assert copy.progress() == review.progress()
    browser.get("/backups/rms.autoscreen", status=400)
    browser.post("/backups", {}, status=400)


@pytest.fixture
def watched(tmp_path: Path, eutils: EutilsServer) -> Iterator[Browser]:
    """A person with a review that was never searched, and a PubMed on this machine."""
    eutils.add(replace(one, title=f"Coil {one.title}") for one in invented(4))
    Review.create(tmp_path / "coils", protocol=PROTOCOL).close()
    with browser_of(tmp_path / "coils.autoscreen") as made:
        yield made


def test_alerts_are_run_and_read_in_the_browser(watched, eutils):
    """The first day is asked for; the digest is a page; a second run has nothing new."""
    page = watched.get("/watch")
    assert page.xpath("//input[@name='since'][@required]")
    assert eutils.calls == []
    watched.post("/watch/run", {"since": "2020-01-01"})
    page = wait_for_task(watched, 1)
    assert "4 new records to read" in text_of(page)
    (address,) = page.xpath("//a[contains(@href, '/watch/digests/')]/@href")
    digest = watched.file(str(address))
    assert "sandbox" in digest.headers["Content-Security-Policy"]
    assert "4 new records to read" in digest.text
    page = watched.get("/watch")
    assert page.xpath("//ul[@class='tools__digests']//a")
    assert not page.xpath("//input[@name='since'][@required]")
    assert "4 new records without a decision" in text_of(page)
    watched.post("/watch/run", {"since": ""})
    assert "Nothing new" in text_of(wait_for_task(watched, 2))


def test_what_the_query_has_missed_is_on_the_page(tmp_path, eutils, watched):
    """With a button that checks the wider query; the databases to search are chosen there."""
    files = tmp_path / "files"
    files.mkdir()
    (files / "pubmed26n0001.xml").write_text(
        f"<PubmedArticleSet>{Entry(pmid='9', title='A magnet and pain').xml()}</PubmedArticleSet>"
    )
    with Review.open(tmp_path / "coils") as review:
        concept = replace(COIL, terms=("coil", "magnet"))
        pubmed = "coil[tiab] AND pain[tiab]"
        review.protocols.set(replace(PROTOCOL, pubmed=pubmed, concepts=(concept,)))
    with Review.open(tmp_path / "coils") as review:
        watch_updates([(review, WatchOptions(folder=tmp_path / "out"))], updates=files)
    page = watched.get("/watch")
    assert "would not have found 1 of 1 new record" in text_of(page)
    assert "Add magnet[tiab] to coil[tiab]" in text_of(page)
    (query,) = page.xpath("//form[@action='/search/check']/input/@value")
    assert query == "(coil[tiab] OR magnet[tiab]) AND pain[tiab]"
    watched.get(f"/search/check?query={quote(query)}")
    assert page.xpath("//input[@type='checkbox']/@name")[:2] == ["europepmc", "clinicaltrials"]


def test_a_run_of_the_watch_that_fails_says_why(watched, eutils):
    """Without a first day, with a wrong one, and with a server that refuses."""
    assert "not a day" in text_of(watched.post("/watch/run", {"since": "x"}, status=400))
    watched.post("/watch/run", {"since": ""})
    page = wait_for_task(watched, 1, "failed")
    assert "the first day is unknown" in text_of(page)
    watched.get("/watch/digests/digest-2026-01-01.html", status=404)
    watched.get("/watch/digests/..%2Fcoils.autoscreen", status=404)


def test_without_a_query_the_watch_says_what_to_do(tmp_path, eutils):
    """The page links to the protocol, and a form from elsewhere is refused."""
    Review.create(tmp_path / "a", protocol=Protocol.from_title("A")).close()
    with browser_of(tmp_path / "a.autoscreen") as browser:
        assert "The protocol has no PubMed query" in text_of(browser.get("/watch"))
        browser.post("/watch/run", {"since": "2026-01-01"}, status=400)
