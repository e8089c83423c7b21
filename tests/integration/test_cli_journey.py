"""The whole way of a review through the real command line, on the demo's records."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autoscreen.cli.common.health_checks import OK, Check
from autoscreen.cli.main_command import run
from autoscreen.resources import resource
from autoscreen.review import Review
from autoscreen.web.account_settings import set_ncbi
from autoscreen.web.accounts.accounts import Accounts
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.review_folder import folder_accounts_path

Cli = Callable[..., str]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Give a function that runs a verb in an empty folder and returns what it wrote to stdout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOSCREEN_REVIEWER", "AA")

    def call(*arguments: str, code: int = 0) -> str:
        done = run(arguments)
        written = capsys.readouterr()
        assert done == code, written.err
        return written.err if code else written.out

    return call


@pytest.fixture
def demo() -> str:
    """Give the path of the demo's records."""
    return str(resource("data", "demo", "demo.nbib"))


@pytest.fixture
def review(cli: Cli, demo_review: Path, tmp_path: Path) -> str:
    """Give a review with the demo's records."""
    (tmp_path / "rms.autoscreen").write_bytes(demo_review.read_bytes())
    return "rms"


def _process(
    *arguments: str, folder: Path, stdin: str = "", encoding: str = "utf-8"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "autoscreen.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding=encoding,
        cwd=folder,
        env={**os.environ, "AUTOSCREEN_REVIEWER": "AA", "PYTHONIOENCODING": encoding},
        timeout=120,
        check=False,
    )


def _truth() -> dict[str, str]:
    with resource("data", "demo", "labels.csv").open(encoding="utf-8", newline="") as file:
        return {row["pmid"]: row["label"] for row in csv.DictReader(file)}


def test_the_whole_way_in_processes_of_their_own(tmp_path: Path, demo: str) -> None:
    """Each verb finds what the one before left in the file."""

    def call(*arguments: str, stdin: str = "") -> str:
        done = _process(*arguments, folder=tmp_path, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "rms.autoscreen" in call("init", "rms", "--protocol", "rms-pnp")
    assert "nbib" in call("import", "rms", "-", stdin=Path(demo).read_text("utf-8"))
    first = json.loads(call("next", "rms", "--format", "json"))
    assert "include (" not in call("screen-terminal", "rms", stdin="i\nn\nlooks good\nu\nq\n")
    shown = json.loads(call("show", "rms", first["id"], "--format", "json"))
    assert [one["label"] for one in shown["history"]] == ["include"]
    call("export", "rms", "out.ris", "--label", "labelled")
    assert (tmp_path / "out.ris").read_text("utf-8").count("TY  - ") == 2


def test_the_protocol_alone_puts_relevant_records_at_the_top(cli: Cli, review: str) -> None:
    """Before any label 8 of the first 18 are relevant; of all 202, 18 are."""
    truth = _truth()
    rows = json.loads(cli("rank", review, "--top", "18", "--format", "json"))
    assert [row["rank"] for row in rows] == list(range(1, 19))
    assert sum(truth[row["pmid"]] == "include" for row in rows) >= 8


def test_a_pmid_or_doi_names_a_record(cli: Cli, review: str) -> None:
    """`show` finds the same record by id, PMID and DOI."""
    row = json.loads(cli("rank", review, "--top", "1", "--format", "json"))[0]
    by_id = cli("show", review, row["id"])
    assert cli("show", review, row["pmid"]) == by_id
    if row["doi"]:
        assert cli("show", review, row["doi"]) == by_id


def test_label_and_undo_are_told_and_kept(cli: Cli, review: str) -> None:
    """A withdrawn decision stays in the history."""
    output = cli("label", review, "r3", "exclude", "--reason", "ANIMAL", "--note", "rats")
    assert output.startswith("r3 exclude (Animals) by AA: ")
    assert "withdrawn for r3" in cli("undo", review)
    history = json.loads(cli("show", review, "r3", "--format", "json"))["history"]
    assert [(one["label"], one["reason"], one["note"]) for one in history] == [
        ("exclude", "ANIMAL", "rats"),
        (None, "", ""),
    ]
    assert "AA has no decision to withdraw" in cli("undo", review, code=1)


def test_an_explanation_adds_up_to_the_score(cli: Cli, review: str) -> None:
    """The parts of `explain` sum to the score of `rank`."""
    row = json.loads(cli("rank", review, "--top", "1", "--format", "json"))[0]
    explained = json.loads(cli("explain", review, row["id"], "--format", "json"))
    assert sum(part["value"] for part in explained["parts"]) == pytest.approx(
        row["score"], abs=1e-3
    )
    assert explained["sentence"].startswith("Mentions repetitive magnetic stimulation")
    for parts in ((), ("--parts",)):
        *_, last = (
            line
            for line in cli("explain", review, row["id"], *parts).splitlines()
            if line.startswith("Score, the sum")
        )
        assert float(last.split()[-1]) == pytest.approx(row["score"], abs=1e-3)


def test_the_status_counts_what_was_done(cli: Cli, review: str) -> None:
    """Counts, labels and imports stand in JSON and in the text."""
    cli("label", review, "r1", "include")
    cli("label", review, "r2", "exclude")
    status = json.loads(cli("status", review, "--format", "json"))
    assert status["records"] == len(_truth())
    assert (status["include"], status["exclude"], status["unsure"]) == (1, 1, 0)
    assert len(status["imports"]) == 1
    assert "1 include, 1 exclude" in cli("status", review)


def test_what_is_exported_comes_back_with_its_labels(cli: Cli, review: str) -> None:
    """A second review takes records and decisions over from an export."""
    cli("label", review, "r1", "include", "--note", "well done")
    cli("label", review, "r2", "exclude", "--reason", "ANIMAL")
    cli("export", review, "all.csv")
    cli("init", "second", "--protocol", "rms-pnp")
    report = json.loads(cli("import", "second", "all.csv", "--format", "json"))[0]
    assert (report["new"], report["labels"], report["lost"]) == (len(_truth()), 2, 0)
    status = json.loads(cli("status", "second", "--format", "json"))
    assert (status["include"], status["exclude"]) == (1, 1)


def test_export_to_standard_output_is_only_data(cli: Cli, review: str) -> None:
    """`-` can be piped on."""
    rows = list(csv.DictReader(io.StringIO(cli("export", review, "-", "--as", "csv"))))
    assert len(rows) == len(_truth())


def test_the_same_file_again_changes_nothing(cli: Cli, review: str, demo: str) -> None:
    """All its records are there already."""
    report = json.loads(cli("import", review, demo, "--format", "json"))[0]
    assert (report["new"], report["already_there"]) == (0, report["records"])


def test_a_merge_is_listed_and_undone(cli: Cli, review: str, tmp_path: Path) -> None:
    """The same record from another database is merged; unmerge parts the two."""
    row = json.loads(cli("show", review, "r1", "--format", "json"))
    other = tmp_path / "other.ris"
    other.write_text(
        f"TY  - JOUR\nTI  - {row['title']}\nAN  - {row['pmid']}\nDO  - {row['doi'] or ''}\n"
        f"PY  - {row['year']}\nAU  - {row['authors'][0]}\nT2  - {row['journal']}\nER  - \n",
        encoding="utf-8",
    )
    report = json.loads(cli("import", review, str(other), "--format", "json"))[0]
    assert (report["new"], report["merged"]) == (0, 1)
    merge = json.loads(cli("merges", review, "--format", "json"))[0]
    assert merge["kept"] == "r1"
    assert merge["evidence"]
    lines = cli("merges", review).splitlines()
    assert " ".join(lines).count(merge["evidence"][:40]) == 1
    assert "".join(merge["kept_title"].split()) in "".join("".join(lines).split())
    assert not any("…" in line for line in lines)
    assert f"{merge['absorbed']} is separate again" in cli("unmerge", review, str(merge["id"]))
    assert json.loads(cli("merges", review, "--format", "json"))[0]["undone_at"]
    assert json.loads(cli("show", review, merge["absorbed"], "--format", "json"))["id"] != "r1"


def test_a_damaged_file_gives_its_good_records_and_names_the_bad(
    cli: Cli, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Problems go to stderr with file and line; --strict refuses."""
    file = tmp_path / "damaged.ris"
    file.write_text(
        "TY  - JOUR\nTI  - One that is whole\nER  - \n\nTY  - JOUR\nER  - \n", encoding="utf-8"
    )
    cli("init", "rms", "--protocol", "rms-pnp")
    assert run(["import", "rms", str(file), "--format", "json"]) == 0
    written = capsys.readouterr()
    report = json.loads(written.out)[0]
    assert report["new"] + report["merged"] + report["lost"] == report["records"] == 2
    assert report["problems"]
    assert "damaged.ris, line 5" in written.err
    assert "damaged.ris" in cli("import", "rms", str(file), "--strict", code=1)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["rank", "absent"], "absent.autoscreen: there is no such review"),
        (["import", "rms", "absent.ris"], "absent.ris"),
        (["label", "rms", "r999999", "include"], "r999999"),
        (["show", "rms", "10.1000/none"], "10.1000/none"),
        (["label", "rms", "r1", "exclude", "--reason", "NOPE"], "NOPE"),
        (["init", "rms", "--title", "T"], "already"),
        (["init", "new", "--protocol", "rms-pmp"], "rms-pnp"),
        (["init", "new", "--protocol", "bad.toml"], "bad.toml"),
        (["rank", "plain.autoscreen"], "is not a review file"),
        (["export", "rms", "out.unknown"], "out.unknown"),
        (["unmerge", "rms", "77"], "77"),
    ],
)
def test_a_mistake_gets_one_line_that_names_it(
    cli: Cli, review: str, tmp_path: Path, arguments: list[str], expected: str
) -> None:
    """Every mistake ends with code 1 and says where to look."""
    (tmp_path / "bad.toml").write_text("format = 1\ntitel = 'x'\n", encoding="utf-8")
    (tmp_path / "plain.autoscreen").write_text("no database" * 50, encoding="utf-8")
    message = cli(*arguments, code=1)
    assert message.startswith("autoscreen: error: ")
    assert message.count("\n") == 1
    assert expected in message


def test_the_demo_tells_its_story_in_a_narrow_encoding(tmp_path: Path) -> None:
    """It runs without a terminal, finds all relevant records, and leaves nothing behind."""
    done = _process("demo", folder=tmp_path, encoding="latin-1")
    assert done.returncode == 0, done.stderr
    for part in (
        "1. Import",
        "2. The first ranking",
        "in random order after about",
        "* this order",
    ):
        assert part in done.stdout
    assert not list(tmp_path.iterdir())


def test_the_demo_can_be_kept(cli: Cli) -> None:
    """With --keep the review stays and can be looked at."""
    cli("demo", "--keep", "tour")
    status = json.loads(cli("status", "tour", "--format", "json"))
    assert status["unlabelled"] == 0


def test_the_doctor_finds_this_installation_well(cli: Cli) -> None:
    """Nothing is broken."""
    checked = json.loads(cli("doctor", "--format", "json"))
    assert {one["state"] for one in checked} <= {"ok", "look"}
    (models,) = [one for one in checked if one["name"] == "models"]
    assert models["detail"].startswith("rms-pnp")


def test_the_doctor_names_what_is_broken_and_what_to_do(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing package, missing data and a read-only folder are listed; broken ends with 1."""
    monkeypatch.setattr(
        "autoscreen.cli.common.health_checks._requirements",
        lambda: ["no-such-package>=1", "click>=99"],
    )
    monkeypatch.setattr("autoscreen.resources._PACKAGE", tmp_path / "src" / "autoscreen")
    monkeypatch.setattr("os.access", lambda *_: False)
    assert run(["doctor"]) == 1
    shown = capsys.readouterr().out
    assert "broken  package no-such-package: missing\n" in shown
    assert "what to do: pip install 'no-such-package>=1'" in shown
    assert "needs >=99" in shown
    assert "broken  demo records: data/demo/demo.nbib is missing from this installation" in shown
    assert f"look    writing here: {tmp_path} cannot be written to" in shown


def test_the_doctor_checks_the_folder_of_a_server(
    cli: Cli, review: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each review, and how each account asks PubMed; nothing is made that is not there."""
    monkeypatch.delenv("NCBI_EMAIL", raising=False)
    plain = Check("PubMed", OK, "as the environment says")
    monkeypatch.setattr("autoscreen.cli.common.health_checks._pubmed", lambda: plain)
    named = [one["name"] for one in json.loads(cli("doctor", ".", "--format", "json"))]
    assert named == ["review file", plain.name]
    assert not folder_accounts_path(tmp_path).exists()
    access = Accounts(folder_accounts_path(tmp_path), team=True)
    access.add_account("Ann", "three small words", Role.OWNER)
    set_ncbi(access, "Ann", email="ann@example.org", key=None)
    access.close()
    shown = cli("doctor", ".")
    assert f"{review}.autoscreen: every page, reference and text is intact" in shown
    assert "PubMed, asked by Ann: " in shown
    assert "as ann@example.org" in shown


def test_a_reader_that_closes_the_pipe_is_no_error(review: str, tmp_path: Path) -> None:
    """`autoscreen rank | head -1` ends quietly."""
    with subprocess.Popen(
        [sys.executable, "-m", "autoscreen.cli", "rank", review, "--all", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_the_fields_of_json_are_those_that_are_documented(cli: Cli, review: str, demo: str) -> None:
    """Scripts can rely on the page of formats."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "formats.md").read_text("utf-8")
    cli("import", review, demo)
    calls = {
        "rank": ["rank", review],
        "next": ["next", review],
        "show": ["show", review, "r1"],
        "explain": ["explain", review, "r1"],
        "import": ["import", review, demo],
        "status": ["status", review],
        "protocol list": ["protocol", "list"],
        "protocol show": ["protocol", "show", "rms-pnp"],
        "doctor": ["doctor"],
    }
    for verb, call in calls.items():
        table = page.partition(f"### autoscreen {verb}\n")[2].partition("\n##")[0]
        rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
        documented = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
        written = json.loads(cli(*call, "--format", "json"))
        fields = written[0] if isinstance(written, list) else written
        assert sorted(fields) == sorted(documented), verb


def _fill_in(path: Path) -> None:
    """Replace the title and a term of the example."""
    text = path.read_text(encoding="utf-8")
    text = text.replace("Aspirin for tension-type headache: a", "Ice for headache: a")
    path.write_text(text.replace('"stress headache*",', '"brow ache*",'), encoding="utf-8")


def test_a_protocol_is_written_checked_shown_and_put_in_force(
    cli: Cli, review: str, tmp_path: Path
) -> None:
    """The template is filled in and used, and the earlier protocol is not lost."""
    assert "wrote My Review.toml" in cli("protocol", "new", "My Review.toml")
    assert "already exists" in cli("protocol", "new", "My Review.toml", code=1)
    assert cli("protocol", "new", "-").startswith("# A protocol for autoscreen")
    _fill_in(tmp_path / "My Review.toml")
    assert "My Review.toml: good; " in cli("protocol", "check", "My Review.toml")
    assert "now uses the protocol my-review" in cli("protocol", "use", review, "My Review.toml")
    shown = json.loads(cli("protocol", "show", "rms.autoscreen", "--format", "json"))
    assert shown["name"] == "my-review"
    for part in ("Include if all apply", "Concepts", "Reasons to exclude", "PubMed query"):
        assert part in cli("protocol", "show", "rms-pnp")
    source = cli("protocol", "show", "rms-pnp", "--source")
    (tmp_path / "again.toml").write_text(source, encoding="utf-8")
    assert cli("protocol", "show", "again.toml") == cli("protocol", "show", "rms-pnp")


def test_a_protocol_comes_from_standard_input(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is standard input, and a fault is named with its line."""
    text = cli("protocol", "show", "rms-pnp", "--source")
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert "-: good; " in cli("protocol", "check", "-")
    monkeypatch.setattr(sys, "stdin", io.StringIO("format = 1\nname = 'x y'\n"))
    assert "line 2" in cli("protocol", "check", "-", code=1)


def test_when_all_is_read_next_says_so(
    cli: Cli, review: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is on stdout for people, and null is for programs."""
    with Review.open("rms") as opened:
        for one in list(opened.records()):
            opened.label(one.id, "exclude")
    assert run(["next", review]) == 0
    assert capsys.readouterr() == ("", "nothing left to read\n")
    assert json.loads(cli("next", review, "--format", "json")) is None
    assert cli("rank", review, "--unread") == ""


def test_a_record_is_shown_as_it_stood_in_its_file(cli: Cli, review: str, demo: str) -> None:
    """`show --raw` gives the text of each source."""
    raw = cli("show", review, "r1", "--raw")
    head, _, text = raw.partition("\n")
    assert head.endswith("demo.nbib, record 1, nbib")
    assert text.strip() in Path(demo).read_text("utf-8").replace("\r\n", "\n")


def test_an_export_replaces_a_file_only_when_told(cli: Cli, review: str) -> None:
    """A file that is there stays, unless --overwrite is given."""
    cli("export", review, "all.csv")
    assert "choose another name or --overwrite" in cli("export", review, "all.csv", code=1)
    cli("export", review, "all.csv", "--label", "include", "--overwrite")
    assert len(Path("all.csv").read_text("utf-8").splitlines()) == 1


def test_show_names_the_other_reports_of_a_study_and_notices(cli: Cli) -> None:
    """A paper and the registry entry of its trial are separate records that name each other."""
    entry = "TY  - JOUR\nTI  - Invented trial entry\nAN  - NCT09999991\nER  - \n"
    title = "RETRACTED: Invented paper"
    paper = f"TY  - JOUR\nTI  - {title}\nAB  - Registered: NCT09999991.\nER  - \n"
    Path("trial.ris").write_text(entry + paper)
    cli("init", "rms", "--protocol", "rms-pnp")
    cli("import", "rms", "trial.ris")
    assert "reports of the same study: r2 (NCT09999991)" in cli("show", "rms", "r1")
    shown = json.loads(cli("show", "rms", "r2", "--format", "json"))
    assert shown["same_study"] == [{"id": "r1", "registration": "NCT09999991"}]
    assert shown["notices"] == [{"kind": "retracted", "reference": ""}]


def test_an_import_is_shown_in_full(cli: Cli) -> None:
    """Counts, columns and every problem, as text and as JSON."""
    Path("a.csv").write_text("title,abstract,included,doi\nOne,Text,1,10.1000/1\nTwo,Text\n")
    cli("init", "rms", "--protocol", "rms-pnp")
    cli("import", "rms", "a.csv")
    assert json.loads(cli("imports", "rms", "--format", "json"))[0]["records"] == 2
    shown = json.loads(cli("imports", "rms", "1", "--format", "json"))
    assert shown["columns"]["included"] == "decision"
    assert shown["problems"][0]["line"] == 3
    assert shown["possible_duplicates"] == []
    assert "column     doi: doi" in cli("imports", "rms", "1")
    Path("b.csv").write_text("title,decision,full text decision,Ben's vote\nNine,yes,no,yes\n")
    cli("import", "rms", "b.csv")
    output = cli("imports", "rms", "2")
    assert "full texts 1 full-text decision" in output
    assert "not read   Ben's vote: looks like decisions" in output
    rows = json.loads(cli("imports", "rms", "--format", "json"))
    assert (rows[1]["label_column"], rows[1]["full_text_decisions"]) == ("decision", 1)
    assert rows[1]["unused_label_columns"] == ["Ben's vote"]
    assert "there is no import 3" in cli("imports", "rms", "3", code=1)


def test_possible_duplicates_are_listed_and_decided(
    cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pair that differs in the year waits for a person, whose decision can be undone."""
    entry = (
        "TY  - JOUR\nTI  - Invented stimulation of an invented nerve\nAU  - Doe, Roe\n"
        "JO  - Invented Journal\nPY  - {}\n"
    )
    Path("a.ris").write_text("".join(f"{entry.format(year)}ER  - \n" for year in (2010, 2013)))
    cli("init", "rms", "--protocol", "rms-pnp")
    assert run(["import", "rms", "a.ris"]) == 0
    assert "1 possible duplicate to check: autoscreen duplicates rms" in capsys.readouterr().err

    def rows(*options: str) -> Any:
        return json.loads(cli("duplicates", "rms", *options, "--format", "json"))

    assert [(one["first"], one["second"]) for one in rows()] == [("r1", "r2")]
    output = cli("duplicates", "rms")
    assert "Invented stimulation of an invented nerve" in output
    assert "the same title" in output
    assert "(pending)" in output
    assert rows("--keep", "1")[0]["state"] == "kept apart"
    assert rows() == []
    assert rows("--all")[0]["decided_by"] == "AA"
    assert rows("--undo", "1")[0]["state"] == "pending"
    assert rows("--merge", "1")[0]["state"] == "merged"
    assert json.loads(cli("status", "rms", "--format", "json"))["records"] == 1
    assert "only one" in cli("duplicates", "rms", "--merge", "1", "--keep", "1", code=2)


def test_one_unreadable_file_does_not_keep_the_others_out(
    cli: Cli, demo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The good file is in, the bad one is named, the exit code is 1, and the next step is shown."""
    Path("image.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    cli("init", "rms", "--protocol", "rms-pnp")
    assert run(["import", "rms", "image.png", demo]) == 1
    written = capsys.readouterr()
    assert "demo.nbib" in written.out
    assert "image.png" in written.err
    assert "next: autoscreen rank rms" in written.err
    assert written.err.splitlines()[-1].endswith("1 of 2 files imported")
    assert run(["import", "rms", "image.png"]) == 1
    assert "next:" not in capsys.readouterr().err
    assert json.loads(cli("status", "rms", "--format", "json"))["records"] == len(_truth())


def test_a_list_of_pmids_says_what_its_records_lack(
    cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    """Numbers alone cannot be ranked; how to get the records is said, but only of new ones."""
    Path("known ones.txt").write_text("99000001\n99000002\n")
    cli("init", "rms", "--protocol", "rms-pnp")
    assert run(["import", "rms", "known ones.txt"]) == 0
    message = capsys.readouterr().err
    assert "2 new records have only a PMID, no title and no abstract" in message
    assert "get them: autoscreen search rms --pmids 'known ones.txt'" in message
    assert run(["import", "rms", "known ones.txt"]) == 0
    assert "only a PMID" not in capsys.readouterr().err


def test_a_review_can_start_from_a_title_alone(cli: Cli, demo: str) -> None:
    """The words of the title give the first order until there is a protocol."""
    title = "Repetitive magnetic stimulation for peripheral neuropathic pain"
    assert title in cli("init", "bare", "--title", title)
    cli("import", "bare", demo)
    assert json.loads(cli("rank", "bare", "--top", "3", "--format", "json"))[2]["rank"] == 3
    assert "not both" in cli("init", "x", "--title", title, "--protocol", "rms-pnp", code=2)


def test_init_without_a_topic_says_how_to_give_one(cli: Cli) -> None:
    """It names the file of that name if there is one, and its commands can be copied."""
    said = cli("init", "my gout", code=2)
    assert "autoscreen init 'my gout' --title 'Title of the review'" in said
    Path("my gout.toml").write_text("")
    assert "autoscreen init 'my gout' --protocol 'my gout.toml'" in cli("init", "my gout", code=2)
    assert not Path("my gout.autoscreen").exists()


def test_the_untouched_example_is_no_protocol(cli: Cli) -> None:
    """Neither check nor init takes the example of protocol new for somebody's review."""
    cli("protocol", "new", "sleep.toml")
    line = 'name = "sleep"                   # a-z, 0-9 and hyphens'
    assert line in Path("sleep.toml").read_text()
    assert "this is still the example" in cli("protocol", "check", "sleep.toml", code=1)
    assert "this is still the example" in cli("init", "x", "--protocol", "sleep.toml", code=1)


def test_protocol_check_lists_all_errors(cli: Cli) -> None:
    """Each has its line; a missing file is said to be missing."""
    Path("bad.toml").write_text(
        'format = 1\nname = "A b"\ntitle = "T"\n[concepts.c]\nelment = "population"\n'
        'terms = ["ic*", "pain"]\n[[reasons]]\ncode = "A"\nkey = "12"\ntext = "x"\n'
    )
    said = cli("protocol", "check", "bad.toml", code=1)
    assert "line 2: name" in said
    assert "line 5: concepts.c.elment is not known" in said
    assert "concepts.c.element is missing" in said
    assert 'line 6: concepts.c.terms: "ic*"' in said
    assert 'line 9: key "12" is not a single key' in said
    assert "nofile.toml: file not found" in cli("protocol", "check", "nofile.toml", code=1)


def test_protocol_show_finds_a_review_by_its_name(cli: Cli) -> None:
    """As every other command does."""
    cli("init", "gout", "--title", "Diet for gout")
    assert "Diet for gout" in cli("protocol", "show", "gout")


def test_a_reason_is_given_by_key_or_beginning(cli: Cli, demo: str) -> None:
    """In any case; what fits several is refused with the choice."""
    cli("init", "rms", "--title", "Magnetic stimulation")
    cli("import", "rms", demo)
    assert "Wrong population" in cli("label", "rms", "r1", "exclude", "--reason", "wrong_p")
    assert "Wrong intervention" in cli("label", "rms", "r2", "exclude", "--reason", "2")
    said = cli("label", "rms", "r3", "exclude", "--reason", "wrong", code=1)
    assert "'wrong' is the beginning of several reasons; choose: 1 WRONG_POP, 2" in said
