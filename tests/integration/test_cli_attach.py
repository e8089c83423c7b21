"""PDFs of full texts on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autoscreen.cli.main_command import run
from autoscreen.review import Review
from autoscreen.review.records_table import TableQuery
from autoscreen.store.record_filters import Filters
from pdf_files import pdf_of

pytest.importorskip("pypdfium2")
Cli = Callable[..., str]


@pytest.fixture
def cli(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    demo_review: Path,
) -> Cli:
    """Give a function that runs a verb beside a demo review with three included records."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOSCREEN_REVIEWER", "AA")
    (tmp_path / "rms.autoscreen").write_bytes(demo_review.read_bytes())
    with Review.open("rms") as review:
        for number in (1, 2, 3):
            review.label(f"r{number}", "include", reviewer="AA")

    def call(line: str, code: int = 0) -> str:
        done = run(line.split())
        written = capsys.readouterr()
        assert done == code, written.err
        return written.out + written.err

    return call


def title_lines(title: str) -> list[str]:
    words = title.split()
    return [" ".join(words[at : at + 6]) for at in range(0, len(words), 6)]


def test_a_folder_is_matched_asked_about_and_listed(cli, tmp_path):
    """Sure matches are attached; possible ones are a question that --match answers."""
    with Review.open("rms") as review:
        one, two = (review.record(ident).record for ident in ("r1", "r2"))
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(pdf_of([*title_lines(one.title), "J. Smith"], ["xylograph"]))
    (folder / "b.pdf").write_bytes(
        pdf_of(["Comment on", *title_lines(two.title), "doi:10.9999/other"])
    )
    (folder / "c.pdf").write_bytes(pdf_of(["An invoice"]))
    (folder / "d.PDF").write_bytes(b"<html>")
    shown = cli("attach rms papers", code=1)
    assert "a.pdf: attached to r1 (title on the first page)" in shown
    assert "d.PDF: is not a PDF" in shown
    assert "c.pdf: no record matches" in shown
    if two.doi:
        assert "b.pdf: which record is it?" in shown
        assert "--match b.pdf=r2" in shown
        assert "1 attached, 1 to answer, 1 not matched, 1 could not be read" in shown
    shown = cli("attach rms papers/b.pdf --match b.pdf=r2")
    assert "b.pdf: attached to r2" in shown
    shown = cli("attach rms")
    assert "a.pdf" in shown
    assert "1 records included by title and abstract have no PDF" in shown
    assert cli("export rms --missing-full-texts missing.ris").startswith("1 records written")
    written = (tmp_path / "missing.ris").read_text()
    assert "r3; no PDF; full text not assessed" in written
    assert "1 checked: 0 broken" in cli("doctor rms")


def test_pdfs_are_removed_damaged_and_copied(cli, tmp_path):
    """A removal is a row that can be undone; a changed file is reported; a backup has its PDFs."""
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(pdf_of(["Some text"], ["More text"]))
    assert "attached to r1" in cli("attach rms r1 paper.pdf")
    assert "attached to r1" in cli("attach rms r1 paper.pdf")
    with Review.open("rms") as review:
        (attached,) = review.full_text.files.of("r1")
        assert (attached.pages, attached.reviewer) == (2, "AA")
        backup = review.backups.make()
        for text, found in (
            ("fulltext:more", ["r1"]),
            ("fulltext:mor*", ["r1"]),
            ("title:more", []),
        ):
            assert review.table.select(TableQuery(filters=Filters(text=text))) == found
        assert "r1" in review.table.select(TableQuery(filters=Filters(text='"more text"')))
        assert review.full_text.files.text("r1") == ["Some text", "More text"]
    assert "r1 has no PDF 'x.pdf'" in cli("attach rms r1 --remove x.pdf", code=1)
    assert "removed from r1" in cli("attach rms r1 --remove paper.pdf")
    with Review.open("rms") as review:
        assert review.full_text.files.of("r1") == []
        assert review.table.select(TableQuery(filters=Filters(text="fulltext:more"))) == []
        review.full_text.files.restore("r1", attached.sha256)
        file = review.full_text.files.get("r1", attached.sha256)[1]
    file.write_bytes(file.read_bytes() + b"%")
    assert "paper.pdf" in cli("doctor rms", code=1)
    with Review.open(backup.path) as copy:
        assert copy.full_text.files.get("r1", attached.sha256)[1] != file
        assert copy.damage() == []


def test_what_is_no_pdf_is_named(cli, tmp_path):
    """Each refusal is one line that says what to do."""
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert "bad.pdf: is damaged; download it again" in cli("attach rms r1 bad.pdf", code=1)
    assert "r1: cannot be read" in cli("attach rms r1", code=1)
    (tmp_path / "empty").mkdir()
    assert "no PDF was found" in cli("attach rms empty", code=1)
    assert "expected PDF=RECORD" in cli("attach rms --match x", code=2)
