"""Works that cite the included studies, or are cited by them, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.formats import write
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.sources.openalex_client import OpenAlex
from paging_server import PagingServer, paging_server, work

Cli = Callable[..., tuple[str, str]]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PagingServer]:
    monkeypatch.setenv("AUTOSCREEN_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("AUTOSCREEN_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setattr("autoscreen.sources.openalex_client.BATCH", 2)
    monkeypatch.setitem(OpenAlex.__init__.__kwdefaults__ or {}, "sleep", lambda seconds: None)
    with paging_server() as running:
        monkeypatch.setenv("OPENALEX_URL", running.url)
        running.works = [
            work(1, cites=(10, 11)),
            work(10),
            work(11),
            work(20, cites=(1,)),
            work(21, cites=(1, 10)),
        ]
        yield running


@pytest.fixture
def cli(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    server: PagingServer,
) -> Cli:
    """Return a function that runs a command next to a review with one of two records included."""
    monkeypatch.chdir(tmp_path)
    records = [
        Record(title="Work 1 on coils", pmid="1"),
        Record(title="Work 10 on coils", pmid="10"),
    ]
    write(records, "known.nbib")
    with Review.create("rms", protocol="rms-pnp") as review:
        review.import_files(["known.nbib"])
        review.label("1", "include", reviewer="ann")

    def call(*arguments: str, code: int = 0) -> tuple[str, str]:
        done = run(arguments)
        out, err = capsys.readouterr()
        assert done == code, err
        return out, err

    return call


def pmids() -> set[str | None]:
    with Review.open("rms") as review:
        return {one.record.pmid for one in review.records()}


def test_citations_are_imported_and_logged(cli: Cli, server: PagingServer) -> None:
    """Both directions in one import; what the review had is merged."""
    out, _ = cli("citations", "rms")
    assert "found      4 records" in out
    assert "imported   3 new, 1 merged" in out
    assert pmids() == {"1", "10", "11", "20", "21"}
    (row,) = json.loads(cli("searches", "rms", "--format", "json")[0])
    assert (row["database"], row["kind"], row["status"]) == ("OpenAlex", "citations", "done")
    assert row["query"] == "works that cite or are cited by: PMID 1"
    assert (row["found"], row["fetched"], row["missing"]) == (4, 4, 0)
    said = cli("searches", "rms", "--methods")[0]
    assert "for the works that cite or are cited by the studies given in full; it listed 4" in said
    with Review.open("rms") as review:
        flow = review.reporting.flow()
        assert flow.other.by_name == {("citation searching", "OpenAlex"): 4}
        assert review.record("20").record.abstract == "Coils are work20"


def test_one_direction_only(cli: Cli) -> None:
    """As asked for."""
    assert "found      2 records" in cli("citations", "rms", "--direction", "citing")[0]
    assert pmids() == {"1", "10", "20", "21"}


def test_a_dry_run_stores_nothing(cli: Cli) -> None:
    """It shows the numbers."""
    before = Path("rms.autoscreen").read_bytes()
    out, err = cli("citations", "rms", "--dry-run")
    assert "included   1 study, 1 in OpenAlex" in out
    assert "together   4 works" in out
    assert "nothing was stored" in err
    assert Path("rms.autoscreen").read_bytes() == before


def test_an_interrupted_import_resumes(cli: Cli, server: PagingServer) -> None:
    """Works that came are not asked for again."""
    server.faults = ["forgotten"] * 3 + ["*unavailable"]  # looked up, listed, two works
    _, err = cli("citations", "rms", code=1)
    assert "2 of 4 records came and are kept" in err
    server.faults, before = [], len(server.calls)
    out, err = cli("citations", "rms")
    assert "resumed search 1" in err
    assert "imported   3 new, 1 merged" in out
    (again,) = server.calls[before:]
    assert again[1]["filter"] == "openalex:W10|W11"


def test_a_work_that_does_not_come_is_named(cli: Cli, server: PagingServer) -> None:
    """The others are imported."""
    server.withheld = {"W11"}
    out, err = cli("citations", "rms", code=1)
    assert "fetched    3, 1 missing" in out
    assert "1 record of 4 did not come from OpenAlex; W11" in err


def test_without_included_studies_there_is_nothing_to_ask(cli: Cli, server: PagingServer) -> None:
    """And nothing is sent."""
    Review.create("empty", protocol="rms-pnp").close()
    assert "no included study with a PMID or DOI" in cli("citations", "empty", code=1)[1]
    assert "no study is included yet" in cli("citations", "empty", "--dry-run", code=1)[1]
    assert server.calls == []
