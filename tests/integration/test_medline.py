"""All of PubMed is scored file by file: nothing lost, nothing twice, whatever is killed."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from autoscreen.errors import ConfigError, SourceError
from autoscreen.formats import read_records
from autoscreen.medline.file_task import ScoredFile
from autoscreen.medline.run import MedlineRun, MedlineSummary, score_files
from autoscreen.pubmed import files_of_pubmed
from autoscreen.ranking import load_model, save_model
from autoscreen.records import Record
from autoscreen.resources import resource

pytest.importorskip("pyarrow", reason="the extra [cluster] is not installed")
MODEL = "rms-pnp"
BELOW = 3.0


def article(record: Record) -> str:
    """Write a record as PubMed does."""
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{record.pmid}</PMID><Article><ArticleTitle>"
        f"{escape(record.title)}</ArticleTitle><Abstract><AbstractText>{escape(record.abstract)}"
        "</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>\n"
    )


def write_file(path: Path, records: list[Record], after: str = "") -> None:
    """Write a file of the baseline."""
    text = "".join(map(article, records))
    path.write_bytes(
        gzip.compress(f"<PubmedArticleSet>{text}{after}</PubmedArticleSet>".encode(), mtime=0)
    )


@pytest.fixture(scope="module")
def demo() -> list[Record]:
    """The demo's records, as far as `article` writes them."""
    return [
        Record(pmid=one.pmid, title=one.title, abstract=one.abstract)
        for one in read_records(resource("data", "demo", "demo.nbib"))
    ]


@pytest.fixture
def baseline(tmp_path: Path, demo: list[Record]) -> Path:
    """Give a folder of six files."""
    folder = tmp_path / "baseline"
    folder.mkdir()
    for number in range(6):
        write_file(folder / f"pubmed26n{number + 1:04}.xml.gz", demo[number * 30 :][:30])
    return folder


def run(files: Path, out: Path, *, jobs: int = 1, scheduler: str = "") -> MedlineSummary:
    """Score all files of a folder."""
    return score_files(plan(files, out, jobs=jobs, scheduler=scheduler))


def plan(files: Path, out: Path, *, jobs: int = 1, scheduler: str = "") -> MedlineRun:
    """Return the run over all files of a folder."""
    return MedlineRun(
        files=files_of_pubmed(files),
        models=[MODEL],
        folder=out,
        below=BELOW,
        jobs=jobs,
        scheduler=scheduler,
    )


def content(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_is_kept_has_the_scores_of_full_scoring(
    baseline: Path, tmp_path: Path, demo: list[Record]
) -> None:
    """The rows are the records from the floor on, and the alerts import as they were."""
    from pyarrow import parquet

    summary = run(baseline, tmp_path / "out")
    model = load_model(MODEL)
    scores = model.decision_function(demo[:180]).tolist()
    expected = {
        one.pmid: score
        for one, score in zip(demo, scores, strict=False)
        if score >= model.threshold - BELOW
    }
    rows = parquet.read_table(tmp_path / "out" / "results").to_pylist()
    assert {row["pmid"]: row["score"] for row in rows} == expected
    assert len(rows) == len(expected)
    alerted = [one.pmid for one, score in zip(demo, scores, strict=False) if score >= -3.11]
    found = read_records(tmp_path / "out" / f"alerts-{MODEL}.nbib")
    assert {one.pmid for one in found} == set(alerted)
    assert len(found) == len(alerted)
    assert (summary.files, summary.records, summary.lost) == (6, 180, 0)
    assert summary.alerts == {MODEL: len(alerted)}


def test_one_or_two_processes_write_the_same_bytes(baseline: Path, tmp_path: Path) -> None:
    """The outputs do not depend on who scored which file when."""
    run(baseline, tmp_path / "one")
    run(baseline, tmp_path / "two", jobs=2)
    assert content(tmp_path / "one") == content(tmp_path / "two")


def test_a_run_that_is_killed_goes_on(baseline: Path, tmp_path: Path) -> None:
    """After a kill at any time the same command scores what is left, and the result is the same."""
    out = tmp_path / "out"
    command = [sys.executable, "-m", "autoscreen.cli", "medline", "score", MODEL]
    command += ["--files", str(baseline), "--out", str(out), "--below", str(BELOW)]
    with subprocess.Popen(command) as process:
        while not list(out.glob("manifest/*.json")):
            assert process.poll() is None
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    done = len(list(out.glob("manifest/*.json")))
    (out / "results" / ".pubmed26n0009.xml.gz.parquet.1.part").write_bytes(b"half")
    summary = run(baseline, out)
    assert summary.known == done >= 1
    run(baseline, tmp_path / "whole")
    assert content(out) == content(tmp_path / "whole")


def test_a_damaged_file_is_named_and_scored_once_it_is_sound(
    baseline: Path, tmp_path: Path
) -> None:
    """Cut off, or not what its checksum says: nothing of it is taken, and the others are scored."""
    first, second = baseline / "pubmed26n0001.xml.gz", baseline / "pubmed26n0002.xml.gz"
    sound = first.read_bytes(), second.read_bytes()
    first.write_bytes(sound[0][: len(sound[0]) // 2])
    digest = hashlib.md5(sound[1], usedforsecurity=False).hexdigest()
    Path(f"{second}.md5").write_text(f"MD5({second.name})= {digest}\n", "utf-8")
    second.write_bytes(gzip.compress(gzip.decompress(sound[1]), 1))
    summary = run(baseline, tmp_path / "out")
    assert summary.files == 4
    assert summary.faults == [
        "pubmed26n0001.xml.gz: the compressed file is cut off; download it again",
        "pubmed26n0002.xml.gz: is not what its checksum says: damaged, or not whole; "
        "download it again",
    ]
    assert not list((tmp_path / "out").rglob("*n0001*"))
    first.write_bytes(sound[0])
    second.write_bytes(sound[1])
    summary = run(baseline, tmp_path / "out")
    assert (summary.files, summary.known, summary.faults) == (6, 4, [])


def test_a_full_disk_is_named_and_leaves_nothing_half(
    baseline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be written is scored by the next run."""
    calls: list[int] = []

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    summary = run(baseline, tmp_path / "out")
    assert len(summary.faults) == 1
    assert "cannot be written: No space left on device" in summary.faults[0]
    assert summary.files == 5
    assert not list((tmp_path / "out").rglob("*.part"))
    assert run(baseline, tmp_path / "out").files == 6
    run(baseline, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_what_was_changed_is_scored_again(baseline: Path, tmp_path: Path) -> None:
    """A changed output, input or model does not count as done."""
    out = tmp_path / "out"
    model = load_model(MODEL)
    save_model(model, tmp_path / "mine")
    job = MedlineRun(files=files_of_pubmed(baseline), models=[str(tmp_path / "mine")], folder=out)
    assert score_files(job).known == 0
    assert score_files(job).known == 6
    (out / "results" / "pubmed26n0003.xml.gz.parquet").write_bytes(b"")
    assert score_files(job).known == 5
    source = baseline / "pubmed26n0004.xml.gz"
    source.write_bytes(gzip.compress(gzip.decompress(source.read_bytes()), 1))
    assert score_files(job).known == 5
    save_model(load_model(MODEL), tmp_path / "mine")
    text = json.loads((tmp_path / "mine.json").read_text("utf-8"))
    assert score_files(job).known == 6
    (tmp_path / "mine.json").write_text(json.dumps(text), "utf-8")
    assert score_files(job).known == 0


def test_a_record_is_alerted_once_as_it_was_last(tmp_path: Path, demo: list[Record]) -> None:
    """A later file revises or deletes records of an earlier one."""
    folder = tmp_path / "files"
    folder.mkdir()
    model = load_model(MODEL)
    hits = [one for one in demo if model.decision_function([one])[0] >= model.threshold][:3]
    revised = Record(
        pmid=hits[0].pmid, title=f"{hits[0].title} Revised.", abstract=hits[0].abstract
    )
    deleted = f"<DeleteCitation><PMID>{hits[1].pmid}</PMID></DeleteCitation>"
    write_file(folder / "pubmed26n0001.xml.gz", hits)
    write_file(folder / "pubmed26n0002.xml.gz", [revised], deleted)
    summary = run(folder, tmp_path / "out")
    alerts = read_records(tmp_path / "out" / f"alerts-{MODEL}.nbib")
    assert [one.pmid for one in alerts] == [hits[2].pmid, hits[0].pmid]
    assert alerts[1].title.endswith("Revised.")
    assert summary.alerts == {MODEL: 2}


def test_what_is_not_english_is_named(tmp_path: Path, demo: list[Record]) -> None:
    """The manifest has the PMIDs of what could not be scored."""
    from pyarrow import parquet

    (tmp_path / "files").mkdir()
    foreign = Record(pmid="77", title="神经痛的磁刺激")
    write_file(tmp_path / "files" / "pubmed26n0001.xml.gz", [*demo[:3], foreign])
    summary = run(tmp_path / "files", tmp_path / "out")
    assert (summary.records, summary.unread) == (4, 1)
    entry = tmp_path / "out" / "manifest" / "pubmed26n0001.xml.gz.json"
    assert json.loads(entry.read_text("utf-8"))["not English"] == ["77"]
    table = parquet.read_table(tmp_path / "out" / "results")
    assert [
        (row["pmid"], row["title"], row["model"], row["score"], row["alert"])
        for row in table.to_pylist()
        if row["note"] == "not English: not scored"
    ] == [("77", foreign.title, None, None, False)]


def test_mistakes_are_one_line(
    baseline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One model named twice, and a scheduler that is not there."""
    twice = MedlineRun(files=files_of_pubmed(baseline), models=[MODEL] * 2, folder=tmp_path / "o")
    with pytest.raises(ConfigError, match="two models have the same name"):
        score_files(twice)
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    monkeypatch.setattr("autoscreen.medline.workers._ANSWERS_IN", 1)
    with pytest.raises(SourceError, match="no Dask scheduler answers at tcp://"):
        run(baseline, tmp_path / "out", scheduler="tcp://127.0.0.1:1")


def children(process: int) -> list[int]:
    """Return the processes that a process started, and those that they started."""
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *children(child)]
    return found


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")


@linux
def test_a_worker_that_is_killed_loses_nothing(baseline: Path, tmp_path: Path) -> None:
    """The process that dies costs time alone: all files are scored in the same run."""
    killed: list[int] = []

    def kill(one: ScoredFile) -> None:
        if not killed:
            killed.extend(
                child
                for child in children(os.getpid())
                if b"LokyProcess" in Path(f"/proc/{child}/cmdline").read_bytes()
            )
            os.kill(killed[0], signal.SIGKILL)

    summary = score_files(plan(baseline, tmp_path / "out", jobs=2), kill)
    assert killed
    assert (summary.files, summary.faults) == (6, [])
    run(baseline, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[int]]]:
    """Start a real scheduler with two workers; give its address, and the workers' processes."""
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started.scheduler_address, [one.pid for one in started.workers.values()]


@linux
@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("default")
def test_a_cluster_writes_the_same_bytes_though_a_worker_is_killed(
    baseline: Path, tmp_path: Path, cluster: tuple[str, list[int]]
) -> None:
    """Dask gives the task of a dead worker to another one."""
    address, workers = cluster
    killed: list[int] = []

    def kill(one: ScoredFile) -> None:
        if not killed:
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    summary = score_files(plan(baseline, tmp_path / "out", scheduler=address), kill)
    assert killed
    assert (summary.files, summary.faults) == (6, [])
    run(baseline, tmp_path / "whole")
    assert content(tmp_path / "out") == content(tmp_path / "whole")
