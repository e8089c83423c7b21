"""PDFs that are damaged, protected, or too large in some way are refused in one line."""

from __future__ import annotations

import pytest

from autoscreen.errors import InputError
from autoscreen.pdf import reader
from autoscreen.pdf.reader import page_image, read_pdf
from pdf_files import pdf_of

pytest.importorskip("pypdfium2")
from autoscreen.pdf import worker


@pytest.fixture
def refused(tmp_path):
    """Return why the text of a PDF is not read."""

    def read(content: bytes) -> str:
        file = tmp_path / "a.pdf"
        file.write_bytes(content)
        with pytest.raises(InputError) as caught:
            read_pdf(file, "a.pdf")
        return str(caught.value)

    return read


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (pdf_of(["x"], secret=True), "is protected by a password; save a copy without it"),
        (pdf_of(["x"])[:60], "is damaged; download it again"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 40, "is damaged; download it again"),
        (pdf_of(), "is damaged; download it again"),
        (pdf_of(*[[]] * 10_000), "has more than 2,000 pages; save the pages of the article"),
        (b"<html>%PD", "is not a PDF; open it to see what it is"),
        (b"", "is not a PDF"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(refused, content, problem):
    """Without a trace, and without reading it as something else."""
    assert refused(content).startswith(f"a.pdf: {problem}")


def test_a_file_that_is_too_large_is_not_opened(refused, monkeypatch):
    """Its size is looked at first."""
    monkeypatch.setattr(reader, "MOST_BYTES", 1 << 20)
    monkeypatch.setattr(reader, "_ask", None)
    content = pdf_of(["x"]).ljust(2 << 20)
    assert refused(content) == "a.pdf: has 2 MB; at most 1 MB are read; print it to a smaller PDF"


def test_a_process_that_takes_too_long_is_ended(refused, monkeypatch):
    """The limit is of the whole process, whatever it does."""
    monkeypatch.setattr(reader, "_SECONDS", 0.0)
    assert "could not be read within the limits of time and memory" in refused(pdf_of(["x"]))


def test_more_text_than_a_book_is_refused(tmp_path, monkeypatch):
    """The limit is of the whole file, not of a page."""
    (tmp_path / "a.pdf").write_bytes(pdf_of(["123456"], ["123456"]))
    monkeypatch.setattr(worker, "MOST_CHARACTERS", 11)
    with pytest.raises(worker.Refused, match="wordy"):
        worker.texts(str(tmp_path / "a.pdf"))


def test_a_script_in_a_pdf_is_not_run(tmp_path):
    """Its text and pages are those of the same PDF without it."""
    for name, script in (("plain", ""), ("script", "while (true) app.alert('x')")):
        (tmp_path / f"{name}.pdf").write_bytes(pdf_of(["10 Hz"], script=script))
    plain, script = tmp_path / "plain.pdf", tmp_path / "script.pdf"
    assert read_pdf(script).pages == read_pdf(plain).pages == ("10 Hz",)
    assert page_image(script, 1) == page_image(plain, 1)


@pytest.mark.parametrize("page", [0, 2, -1, 10**6])
def test_a_page_that_there_is_not_has_no_image(tmp_path, page):
    """Pages are counted from 1."""
    (tmp_path / "a.pdf").write_bytes(pdf_of(["x"]))
    with pytest.raises(InputError, match="has no such page; load the page again"):
        page_image(tmp_path / "a.pdf", page)
