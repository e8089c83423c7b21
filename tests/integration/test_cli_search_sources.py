"""Searching Europe PMC and ClinicalTrials.gov from the command line, on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.protocol import Protocol
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.sources.search_client import SearchClient
from eutils_server import EutilsServer
from paging_server import PagingServer, article, paging_server, trial

Cli = Callable[..., tuple[str, str]]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PagingServer]:
    monkeypatch.setenv("AUTOSCREEN_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("AUTOSCREEN_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setattr("autoscreen.sources.search_client.PAGE", 2)
    monkeypatch.setitem(SearchClient.__init__.__kwdefaults__ or {}, "sleep", lambda seconds: None)
    with paging_server() as running:
        monkeypatch.setenv("EUROPE_PMC_URL", running.url)
        monkeypatch.setenv("CLINICALTRIALS_URL", running.url)
        running.articles = [article(number) for number in range(1, 5)]
        running.articles.append(article(5, source="PPR", doi="10.1101/2026.01.05"))
        running.trials = [trial(number) for number in range(1, 6)]
        yield running


@pytest.fixture
def cli(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    server: PagingServer,
) -> Cli:
    """Give a function that runs a verb beside an empty review, and returns what it wrote."""
    monkeypatch.chdir(tmp_path)
    Review.create("rms", protocol="rms-pnp").close()

    def call(*arguments: str, code: int = 0) -> tuple[str, str]:
        done = run(arguments)
        out, err = capsys.readouterr()
        assert done == code, err
        return out, err

    return call


def records() -> list[Record]:
    with Review.open("rms") as review:
        return [one.record for one in review.records()]


def log(cli: Cli) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(cli("searches", "rms", "--format", "json")[0])
    return found


def test_europe_pmc_is_searched_imported_and_logged(cli: Cli, server: PagingServer) -> None:
    """One import with preprints; the log has what PRISMA-S asks for."""
    out, _ = cli("search", "rms", "--source", "europepmc", "--since", "2026-01-01")
    assert "found      5 records" in out
    assert "imported   5 new" in out
    (row,) = log(cli)
    assert (row["database"], row["platform"]) == ("Europe PMC", server.url)
    assert (row["found"], row["fetched"], row["missing"]) == (5, 5, 0)
    assert (row["status"], row["date_type"]) == ("done", "FIRST_IDATE")
    assert 'TITLE_ABS:"repetitive magnetic"' in str(row["query"])
    preprint = next(one for one in records() if one.pmid is None)
    assert (preprint.accession, preprint.doi) == ("PPR5", "10.1101/2026.01.05")
    with Review.open("rms") as review:
        (source,) = review.sources("10.1101/2026.01.05")
    assert json.loads(source.record.raw) == server.articles[4]
    assert preprint.abstract == "METHODS: Coil 5 was used. RESULTS: It worked."
    said = cli("searches", "rms", "--methods")[0]
    assert "Europe PMC was searched through its REST API" in said


def test_registry_entries_are_linked_with_their_papers(cli: Cli, server: PagingServer) -> None:
    """By the registration number, which the paper names."""
    paper = article(77, abstractText="Registered as NCT00000003.")
    server.articles = [paper]
    cli("search", "rms", "--source", "europepmc")
    out, err = cli("search", "rms", "--source", "clinicaltrials")
    assert "imported   5 new, 0 merged" in out
    assert "cannot search these terms: magnetostimulat*" in err
    with Review.open("rms") as review:
        entry = next(one for one in review.records() if one.record.accession == "NCT00000003")
        assert entry.record.accession == "NCT00000003"
        ((other, number),) = review.reporting.reports_of_same_study(entry.id)
        assert number == "NCT00000003"
        assert review.record(other).record.pmid == "77"
        assert review.reporting.flow().databases.by_name == {
            ("database", "Europe PMC"): 1,
            ("register", "ClinicalTrials.gov"): 5,
        }


def test_the_watch_searches_other_databases_too(
    cli: Cli, server: PagingServer, eutils: EutilsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is new is in the digest once, the search in the log; a failure is a note."""
    monkeypatch.setenv("NCBI_EUTILS_URL", eutils.url)
    monkeypatch.setenv("NCBI_EMAIL", "a@example.org")
    server.articles = [article(77, abstractText="Registered as NCT00000003.")]
    sources = ("--source", "europepmc", "--source", "clinicaltrials")
    asked = ("watch", "rms", *sources, "--format", "json")
    digest = json.loads(cli(*asked, "--since", "2026-01-01")[0])
    assert digest["coverage"]["source"] == "PubMed, Europe PMC, ClinicalTrials.gov"
    assert sorted(one["pmid"] or "" for one in digest["entries"]) == [*[""] * 5, "77"]
    assert all(one["kind"] == "new" and one["link"] for one in digest["entries"])
    with Review.open("rms") as review:
        assert review.reporting.reports_of_same_study(review.record("77").id)
    server.faults, server.trials = ["*unavailable"], [*server.trials, trial(6)]
    digest = json.loads(cli(*asked)[0])
    assert digest["entries"] == []
    assert any("ClinicalTrials.gov was not searched: " in one for one in digest["notes"])
    server.faults = []
    digest = json.loads(cli(*asked)[0])
    assert [one["title"] for one in digest["entries"]] == [records()[-1].title]
    kinds = [(row["kind"], row["database"]) for row in log(cli) if row["database"] != "PubMed"]
    assert kinds[:2] == [("watch", "Europe PMC"), ("watch", "ClinicalTrials.gov")]
    assert "limited to records that entered it" in cli("searches", "rms", "--methods")[0]


def test_a_dry_run_counts_and_stores_nothing(cli: Cli) -> None:
    """With the query as it would be sent."""
    before = Path("rms.autoscreen").read_bytes()
    asked = ("search", "rms", "--source", "clinicaltrials", "--dry-run")
    out, err = cli(*asked)
    assert "found      5 records" in out
    assert "nothing was stored" in err
    row = json.loads(cli(*asked, "--query", "coil", "--format", "json")[0])
    assert (row["database"], row["query"], row["count"]) == ("ClinicalTrials.gov", "coil", 5)
    assert Path("rms.autoscreen").read_bytes() == before


@pytest.mark.parametrize("source", ["europepmc", "clinicaltrials"])
def test_an_interrupted_search_resumes(cli: Cli, server: PagingServer, source: str) -> None:
    """At the page where it broke off; nothing is asked for twice."""
    server.faults = ["forgotten", "forgotten", "*unavailable"]  # the first two are sound
    asked = ("search", "rms", "--source", source, "--query", "coil")
    _, err = cli(*asked, code=1)
    assert "2 of 5 records came and are kept" in err
    assert records() == []
    server.faults, calls = [], len(server.calls)
    out, err = cli(*asked)
    assert "resumed search 1" in err
    assert "imported   5 new" in out
    cursors = [given.get("cursorMark", given.get("pageToken")) for _, given, _ in server.calls]
    assert cursors[calls] == "at-2"
    assert log(cli)[0]["status"] == "done"


def test_the_same_search_again_brings_what_is_new(cli: Cli, server: PagingServer) -> None:
    """What is as before is not imported twice."""
    asked = ("search", "rms", "--source", "clinicaltrials", "--query", "coil")
    cli(*asked)
    server.trials.append(trial(6))
    out, _ = cli(*asked)
    assert "imported   1 new, 0 merged with others, 5 unchanged" in out


def test_records_that_do_not_come_are_missed(cli: Cli, server: PagingServer) -> None:
    """The others are imported; the same command asks once more, and then it is incomplete."""
    server.counted = 2
    asked = ("search", "rms", "--source", "europepmc", "--query", "coil")
    out, err = cli(*asked, code=1)
    assert "fetched    5, 2 missing" in out
    assert "2 records of 7 did not come from Europe PMC" in err
    assert len(records()) == 5
    assert log(cli)[0]["status"] == "partial"
    server.articles.append(article(6))
    out, _ = cli(*asked, code=1)
    (row,) = log(cli)
    assert (row["found"], row["fetched"], row["missing"]) == (8, 6, 2)
    assert row["status"] == "incomplete"
    assert len(records()) == 6


def test_a_count_that_changes_meanwhile_is_asked_again(cli: Cli, server: PagingServer) -> None:
    """A record that was added while the pages came is no loss, and the log says so."""
    server.faults = ["grows"]
    out, err = cli("search", "rms", "--source", "europepmc", "--query", "coil")
    assert "found      6 records" in out
    (row,) = log(cli)
    assert (row["found"], row["fetched"], row["status"]) == (6, 6, "done")
    assert "Europe PMC counted 5 records at first, 6 at the end, and sent 6" in err


def test_too_many_results_are_refused(cli: Cli) -> None:
    """Before anything is stored."""
    asked = ("search", "rms", "--source", "europepmc", "--query", "coil", "--max", "4")
    assert "finds 5 records, more than 4" in cli(*asked, code=1)[1]
    assert "no searches yet" in cli("searches", "rms")[1]


def test_options_for_pubmed_are_refused(cli: Cli) -> None:
    """PMIDs and the address for NCBI are of no use elsewhere."""
    asked = ("search", "rms", "--source", "europepmc")
    assert "for PubMed only" in cli(*asked, "--email", "ann@example.org", code=2)[1]
    assert "for PubMed only" in cli(*asked, "--pmids", "x.txt", code=2)[1]


def test_a_protocol_without_concepts_needs_a_query(cli: Cli, server: PagingServer) -> None:
    """Its PubMed query is in another syntax."""
    bare = Protocol(name="bare", title="T", pubmed="pain[tiab]")
    Review.create("bare", protocol=bare).close()
    _, err = cli("search", "bare", "--source", "europepmc", code=1)
    assert "has no concepts whose terms could be searched in Europe PMC" in err
    assert "--query" in err
    assert server.calls == []
