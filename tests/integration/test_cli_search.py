"""Searching PubMed from the command line, against a server on this machine."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.protocol import Concept, Element, Protocol
from autoscreen.pubmed import Eutils
from autoscreen.review import Review
from autoscreen.store import Store
from eutils_server import Entry, EutilsServer, invented

Cli = Callable[..., tuple[str, str]]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing in this process."""
    monkeypatch.setitem(Eutils.__init__.__kwdefaults__ or {}, "sleep", lambda seconds: None)


@pytest.fixture
def cli(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    eutils: EutilsServer,
    quick: None,
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


def titles() -> dict[str, str]:
    with Review.open("rms") as review:
        return {one.record.pmid or "": one.record.title for one in review.records()}


def process(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "autoscreen.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "NCBI_API_KEY": "s3cr3t"},
    )


def test_a_search_is_fetched_imported_and_logged(cli: Cli, eutils: EutilsServer) -> None:
    """One import, with its counts; the log has what PRISMA-S asks for."""
    eutils.add(invented(450))
    out, err = cli("search", "rms")
    assert "found      450 records" in out
    assert "imported   450 new, 0 merged" in out
    assert "autoscreen rank rms" in err
    assert titles().keys() == eutils.records.keys()
    with Review.open("rms") as review:
        (entry,) = review.status().imports
        query = " ".join(review.protocol.pubmed.split())
    assert (entry.path, entry.format) == ("PubMed search 1", "pubmed-xml")
    assert (entry.starts, entry.new) == (450, 450)
    (row,) = json.loads(cli("searches", "rms", "--format", "json")[0])
    assert row["query"] == query
    assert row["translation"] == f"translated: {query}"
    assert (row["database"], row["platform"]) == ("PubMed", eutils.url)
    assert (row["found"], row["fetched"], row["missing"], row["new"]) == (450, 450, 0, 450)
    assert (row["status"], row["kind"]) == ("done", "query")
    assert row["started"] < row["finished"]


def test_the_log_is_shown_as_table_csv_and_sentence(cli: Cli, eutils: EutilsServer) -> None:
    """For a spreadsheet, and for the methods of a report."""
    assert "no searches yet" in cli("searches", "rms")[1]
    assert "no searches yet" in cli("searches", "rms", "--methods")[1]
    eutils.add(invented(3))
    cli("search", "rms", "--query", "nerve pain", "--since", "2020-01-02")
    table = cli("searches", "rms")[0]
    assert "nerve pain" in table
    assert "2020-01-02" in table
    (row,) = csv.DictReader(io.StringIO(cli("searches", "rms", "--format", "csv")[0]))
    assert (row["query"], row["since"], row["found"]) == ("nerve pain", "2020-01-02", "2")
    said = cli("searches", "rms", "--methods")[0]
    assert "limited to records that entered it from 2020-01-02; it found 2 records, of" in said
    assert eutils.url in said
    assert said.endswith("  nerve pain\n")


def test_a_dry_run_stores_nothing(cli: Cli, eutils: EutilsServer) -> None:
    """It tells count, translation, what PubMed said, and years."""
    eutils.add(invented(800, since=date(2024, 6, 1)))
    eutils.said = "<ErrorList><FieldNotFound>tiabs</FieldNotFound></ErrorList>"
    before = Path("rms.autoscreen").read_bytes()
    out, err = cli("search", "rms", "--dry-run", "--query", "pain[tiabs]")
    assert "understood translated: pain[tiabs]" in out
    assert "found      800 records" in out
    assert "2025           365" in out
    assert "note: PubMed knows no search field: tiabs" in err
    assert Path("rms.autoscreen").read_bytes() == before
    preview = json.loads(cli("search", "rms", "--dry-run", "--query", "p", "--format", "json")[0])
    assert preview["count"] == sum(year["records"] for year in preview["by_year"]) == 800
    years = cli("search", "rms", "--dry-run", "--query", "p", "--format", "csv")[0]
    assert years.startswith("years,records\n")
    assert eutils.asked("efetch") == []


def test_a_search_without_hits_is_logged(cli: Cli) -> None:
    """That nothing was found is a result too."""
    out, err = cli("search", "rms")
    assert "found      0 records" in out
    assert "note: PubMed says: No items found." in err
    (row,) = json.loads(cli("searches", "rms", "--format", "json")[0])
    assert (row["found"], row["status"]) == (0, "done")
    assert titles() == {}


def test_the_same_search_again_brings_in_what_is_new(cli: Cli, eutils: EutilsServer) -> None:
    """What has changed since is merged; what has not is not stored twice."""
    eutils.add(invented(5))
    cli("search", "rms")
    eutils.add([*invented(7), Entry(pmid="1001", title="Of other words", abstract="New.")])
    out, _ = cli("search", "rms")
    assert "imported   2 new, 1 merged with others, 4 unchanged" in out
    assert len(titles()) == 7
    with Review.open("rms") as review:
        assert len(review.sources("1000")) == 1
        assert [one.record.title for one in review.sources("1001")][1] == "Of other words"
        assert review.status().merges == 1


def test_a_search_that_broke_off_goes_on(cli: Cli, eutils: EutilsServer) -> None:
    """Nothing that came is asked for twice, and what was found meanwhile is another search."""
    eutils.add(invented(500))
    original = eutils.efetch

    def once(given: dict[str, str]) -> tuple[int, str]:
        eutils.efetch = lambda given: (404, "")  # type: ignore[method-assign]
        return original(given)

    eutils.efetch = once  # type: ignore[method-assign]
    _, err = cli("search", "rms", code=1)
    assert "200 of 500 records came and are kept; the same command continues from there" in err
    assert titles() == {}
    eutils.efetch = original  # type: ignore[method-assign]
    eutils.add(invented(510))
    eutils.calls.clear()
    out, err = cli("search", "rms", "--format", "json")
    assert "resumed search 1" in err
    assert json.loads(out)["fetched"] == 500
    asked = [one for call in eutils.asked("efetch") for one in call.parameters["id"].split(",")]
    assert len(asked) == 300
    assert eutils.asked("esearch") == []
    assert len(titles()) == 500
    cli("search", "rms")
    assert len(titles()) == 510


def test_a_search_that_broke_off_can_be_given_up(cli: Cli, eutils: EutilsServer) -> None:
    """It stays in the log."""
    eutils.add(invented(5))
    eutils.faults = [("efetch", "html")] * 5
    cli("search", "rms", code=1)
    eutils.add(invented(6))
    cli("search", "rms", "--anew")
    assert len(titles()) == 6
    rows = json.loads(cli("searches", "rms", "--format", "json")[0])
    assert [row["status"] for row in rows] == ["abandoned", "done"]


def test_another_search_does_not_go_on_with_it(cli: Cli, eutils: EutilsServer) -> None:
    """Another query or other days are another search."""
    eutils.add(invented(5))
    eutils.faults = [("efetch", "html")] * 5
    cli("search", "rms", "--query", "a", code=1)
    cli("search", "rms", "--query", "a", "--until", "2020-01-02")
    assert len(titles()) == 2
    cli("search", "rms", "--query", "a")
    rows = json.loads(cli("searches", "rms", "--format", "json")[0])
    assert [row["status"] for row in rows] == ["done", "done"]
    assert len(titles()) == 5


def test_records_that_do_not_come_are_named(cli: Cli, eutils: EutilsServer) -> None:
    """The others are in; the same command asks again, and after that searches anew."""
    eutils.add(invented(10))
    eutils.withheld = {"1003", "1007"}
    out, err = cli("search", "rms", code=1)
    assert "fetched    8, 2 missing" in out
    assert (
        "2 records of 10 did not come from PubMed; PMID 1007, 1003; the others are imported" in err
    )
    assert len(titles()) == 8
    eutils.withheld = {"1003"}
    _, err = cli("search", "rms", code=1)
    assert "PMID 1003" in err
    assert "withdrawn" in err
    assert len(titles()) == 9
    (row,) = json.loads(cli("searches", "rms", "--format", "json")[0])
    assert (row["status"], row["fetched"], row["missing"]) == ("incomplete", 9, 1)
    eutils.withheld = set()
    cli("search", "rms")
    assert len(titles()) == 10


def test_what_pubmed_counts_but_does_not_name_is_told(
    cli: Cli, eutils: EutilsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody takes the records that PubMed lists at most (9,999, here 99) for all."""
    monkeypatch.setattr("autoscreen.pubmed._esearch.LIMIT", 99)
    monkeypatch.setattr("autoscreen.pubmed._client.LIMIT", 99)
    eutils.blind = True
    eutils.limit = 99
    eutils.add(invented(150))
    _, err = cli("search", "rms", code=1)
    assert "51 records of 150 did not come" in err
    assert "51 that PubMed counts but does not list" in err
    assert len(titles()) == 99


def test_more_than_is_allowed_is_refused(cli: Cli, eutils: EutilsServer) -> None:
    """A mistyped query does not fetch half of PubMed."""
    eutils.add(invented(20))
    _, err = cli("search", "rms", "--max", "10", code=1)
    assert "the query finds 20 records, more than 10" in err
    assert eutils.asked("efetch") == []


def test_records_are_fetched_by_pmid(cli: Cli, eutils: EutilsServer, tmp_path: Path) -> None:
    """From a list; unknown ones are named, and the log says what was asked for."""
    eutils.add(invented(5))
    (tmp_path / "known.txt").write_text("1001\n1003\n1001\n77777\n")
    _, err = cli("search", "rms", "--pmids", "known.txt", code=1)
    assert "1 record of 3 did not come from PubMed; PMID 77777" in err
    assert titles().keys() == {"1001", "1003"}
    (row,) = json.loads(cli("searches", "rms", "--format", "json")[0])
    assert (row["kind"], row["query"]) == (*("pmids", "3 PMIDs from known.txt: 1001,1003,77777"),)
    said = cli("searches", "rms", "--methods")[0]
    assert said.startswith("3 records were fetched by their PMIDs from PubMed")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1001\n" * 9 + "123456789\n", "is not a PMID"),
        ("title\nA study\n", "a record without a PMID"),
    ],
)
def test_what_is_no_pmid_is_named(cli: Cli, tmp_path: Path, text: str, message: str) -> None:
    """It may be the record that matters."""
    (tmp_path / "known.csv").write_text(text)
    assert message in cli("search", "rms", "--pmids", "known.csv", code=1)[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--pmids", "a.txt", "--query", "pain"), "--pmids cannot be combined"),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "2026-02-01 is after"),
        (("--since", "soon"), "'soon' is not a date such as 2024-01-31"),
        (("--max", "0"), "'--max'"),
    ],
)
def test_what_does_not_go_together_is_told(
    cli: Cli, eutils: EutilsServer, arguments: tuple[str, ...], message: str
) -> None:
    """Before anyone is asked."""
    assert message in cli("search", "rms", *arguments, code=2)[1]
    assert eutils.calls == []


def test_a_protocol_without_a_query_is_told(cli: Cli, tmp_path: Path) -> None:
    """With what to do."""
    Review.create("other", protocol=Protocol.from_title("Aspirin for headache")).close()
    for more in ((), ("--dry-run",)):
        assert "has no PubMed query" in cli("search", "other", *more, code=1)[1]


def test_a_query_is_built_from_the_concepts(cli: Cli, eutils: EutilsServer) -> None:
    """A protocol with concepts needs no query of its own."""
    knee = Concept(key="k", element=Element.POPULATION, label="K", terms=("gonalg*",))
    made = Protocol(name="other", title="Other", concepts=(knee,))
    Review.create("other", protocol=made).close()
    eutils.add(invented(3))
    assert "gonalg*[tiab]" in cli("search", "other", "--dry-run")[0]
    cli("search", "other")
    with Review.open("other") as review:
        assert review.searches.all()[0].query == "(gonalg*[tiab])"


def test_an_address_is_asked_for_and_remembered(
    cli: Cli, eutils: EutilsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NCBI itself is not asked without one; once given it is kept."""
    monkeypatch.delenv("NCBI_EMAIL")
    with monkeypatch.context() as patched:
        patched.delenv("NCBI_EUTILS_URL")
        _, err = cli("search", "rms", code=1)
    assert "no e-mail address is set" in err
    assert "autoscreen search REVIEW --dry-run --email you@example.org" in err
    _, err = cli("search", "rms", "--email", "ann@example.org")
    assert "the e-mail address is kept in" in err
    cli("search", "rms")
    assert {call.parameters["email"] for call in eutils.calls} == {"ann@example.org"}


def test_a_key_is_in_no_file_and_no_message(
    cli: Cli, eutils: EutilsServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not in the review, the state, or what is said; also if the server repeats it."""
    monkeypatch.setenv("NCBI_API_KEY", "s3cr3t")
    eutils.add(invented(3))
    said = "".join(cli("search", "rms"))
    eutils.faults = [("*", "forbidden")]
    said += "".join(cli("search", "rms", code=1))
    assert "API key invalid" in said
    assert "s3cr3t" not in said
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if b"s3cr3t" in path.read_bytes()]


def test_each_wait_is_told(cli: Cli, eutils: EutilsServer) -> None:
    """A person sees why it takes long."""
    eutils.add(invented(3))
    eutils.faults = [("esearch", "too_many"), ("efetch", "html")]
    _, err = cli("search", "rms")
    assert "HTTP 429 (API rate limit exceeded); asking again in 1 s, as PubMed requests" in err
    assert (
        "a web page ('502 Bad Gateway') instead of records; asking again in 1 s (try 2 of 5)" in err
    )


def test_books_and_revised_records_come_in(cli: Cli, eutils: EutilsServer) -> None:
    """A record that changed since shows its new words."""
    eutils.add([Entry(pmid="1", title="Old words"), Entry(pmid="2", title="A book", book=True)])
    cli("search", "rms")
    assert titles() == {"1": "Old words", "2": "A book"}
    with Review.open("rms") as review:
        assert len(review.sources("1")) == 1


def test_a_search_killed_between_its_steps_goes_on(
    cli: Cli, eutils: EutilsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All fetched and nothing imported, or all imported and not yet said: nobody is asked."""
    eutils.add(invented(5))
    for step in ("waiting", "close"):
        with monkeypatch.context() as patched:
            patched.setattr(f"autoscreen.store.search_log.Searches.{step}", _killed)
            with pytest.raises(Killed):
                cli("search", "rms", "--query", step)
        eutils.calls.clear()
        out, err = cli("search", "rms", "--query", step)
        assert "fetched    5, 0 missing" in out
        assert "resumed search" in err
        assert eutils.calls == []
        assert len(titles()) == 5
    with Review.open("rms") as review:
        assert [entry.starts for entry in review.status().imports] == [5, 5]


class Killed(BaseException):
    """The end of a process, which nothing can catch."""


def _killed(*_: object) -> None:
    raise Killed


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_search_asks_for_nothing_twice(tmp_path: Path, eutils: EutilsServer) -> None:
    """Killed at any moment, it goes on; in the end all is in, once, as one import."""
    eutils.add(invented(2_000))
    with Review.create(tmp_path / "rms", protocol="rms-pnp"):
        pass
    original, slow = eutils.efetch, threading.Event()

    def slowly(given: dict[str, str]) -> tuple[int, str]:
        time.sleep(0.05)
        slow.set()
        return original(given)

    eutils.efetch = slowly  # type: ignore[method-assign]
    for _ in range(3):
        slow.clear()
        one = process("search", "rms", folder=tmp_path)
        assert slow.wait(30)
        time.sleep(0.2)
        one.send_signal(signal.SIGKILL)
        one.communicate()
    with Store.open(tmp_path / "rms") as store:
        (search,) = store.searches.all()
        assert store.damage() == []
        assert store.pool.counts().records == 0
        assert search.status == "running"
        assert 0 < search.waiting < 2_000
        eutils.calls.clear()
    last = process("search", "rms", folder=tmp_path)
    out, err = last.communicate()
    assert last.returncode == 0, err
    assert "found      2,000 records" in out
    assert eutils.asked("esearch") == []
    asked = [one for call in eutils.asked("efetch") for one in call.parameters["id"].split(",")]
    assert len(asked) == len(set(asked)) == 2_000 - search.waiting
    with Store.open(tmp_path / "rms") as store:
        (search,) = store.searches.all()
        assert (search.status, search.imported, search.waiting) == ("done", 2_000, 0)
        assert [entry.starts for entry in store.imports.all()] == [2_000]
        assert store.pool.counts().records == 2_000


def test_two_searches_at_once_keep_the_rate_together(tmp_path: Path, eutils: EutilsServer) -> None:
    """Ten requests a second with a key, however many processes ask."""
    eutils.add(invented(1_000))
    for name in ("a", "b"):
        Review.create(tmp_path / name, protocol="rms-pnp").close()
    both = [process("search", name, folder=tmp_path) for name in ("a", "b")]
    for one in both:
        _, err = one.communicate()
        assert one.returncode == 0, err
    moments = sorted(call.at for call in eutils.calls)
    assert len(moments) == 12
    assert moments[-1] - moments[0] >= 0.8  # 1.2 s, and 0.5 s for one that asks alone


def test_what_the_watch_asked_is_in_the_log(cli: Cli, eutils: EutilsServer) -> None:
    """A report needs these searches too."""
    eutils.add(invented(3, since=date(2026, 1, 1)))
    cli("search", "rms")
    cli("watch", "rms", "--since", "2026-01-01")
    rows = json.loads(cli("searches", "rms", "--format", "json")[0])
    assert [row["search"] for row in rows] == ["1", "watch 1", "watch 1"]
    assert [row["date_type"] for row in rows] == ["edat", "edat", "mdat"]
    assert [row["found"] for row in rows] == [3, 3, 3]
    said = cli("searches", "rms", "--methods")[0]
    assert "limited to records that were changed in it from 20" in said
