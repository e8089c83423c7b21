"""The PDFs of a review: attached, matched, removed, read; and which are missing."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autoscreen.errors import InputError
from autoscreen.formats import write
from autoscreen.pdf.reader import PdfText, page_image, read_pdf
from autoscreen.protocol import Protocol
from autoscreen.records import Label, Record
from autoscreen.review.open_review import OpenReview
from autoscreen.review.pdf_matching import PdfMatch, match_pdf
from autoscreen.review.user_input import clean_input
from autoscreen.store import show_id
from autoscreen.store.attachments import Attachment
from autoscreen.store.pdf_folder import PdfFolder
from autoscreen.text.highlights import Highlight, highlights

_LONGEST_NAME = 200
_RENDERING = threading.BoundedSemaphore(2)
"""Pages that are drawn at the same time, over all reviews of a server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullTextPage:
    """The text of one page, with the mentions of the protocol's concepts."""

    number: int
    text: str
    highlights: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedPdf:
    """A PDF that belongs to no record yet, with the records that it may belong to."""

    sha256: str
    name: str
    pages: int
    match: PdfMatch


class FullTextFiles:
    """PDFs of records, in a folder beside the review."""

    def __init__(self, opened: OpenReview) -> None:
        self._opened = opened
        self._store = opened.store
        self._folder = PdfFolder(opened.store.path)

    @property
    def folder(self) -> Path:
        """The folder of the PDFs, whether it exists or not."""
        return self._folder.path

    def attach(
        self, ident: str, path: str | Path, *, name: str = "", reviewer: str = ""
    ) -> Attachment:
        """Attach a copy of a PDF to a record, shown with the name given or that of the file.

        Raises MissingExtraError if pypdfium2 is not installed.
        """
        number = self._store.pool.find(ident)
        file, shown_name = Path(path), _clean_name(name or Path(path).name)
        text = read_pdf(file, shown_name if name else str(path))
        return self._add(number, file, shown_name, text, reviewer)

    def attach_if_sure(
        self, path: str | Path, *, name: str = "", reviewer: str = ""
    ) -> tuple[Attachment | None, PdfMatch]:
        """Attach a PDF to the record it surely belongs to; else return None and the question."""
        file, shown_name = Path(path), _clean_name(name or Path(path).name)
        text = read_pdf(file, shown_name if name else str(path))
        match = self._matcher()(shown_name, text.pages)
        if not match.record:
            return None, match
        number = self._store.pool.find(match.record)
        return self._add(number, file, shown_name, text, reviewer), match

    def receive(self, path: str | Path, *, name: str, reviewer: str = "") -> Attachment | None:
        """Attach a PDF to the record it surely belongs to, or keep it among the unmatched ones."""
        file, shown_name = Path(path), _clean_name(name)
        text = read_pdf(file, shown_name)
        match = self._matcher()(shown_name, text.pages)
        if match.record:
            number = self._store.pool.find(match.record)
            return self._add(number, file, shown_name, text, reviewer)
        sha256 = self._folder.add(file)
        self._store.attachments.add_text(sha256, shown_name, file.stat().st_size, text.pages)
        return None

    def unmatched(self) -> list[UnmatchedPdf]:
        """Return the PDFs that wait for a person to say which record they belong to."""
        waiting = self._store.attachments.unmatched()
        match = self._matcher() if waiting else None
        return [
            UnmatchedPdf(
                sha256=sha256,
                name=name,
                pages=pages,
                match=match(name, self._store.attachments.text(sha256)),
            )
            for sha256, name, pages in waiting
            if match is not None
        ]

    def count_unmatched(self) -> int:
        """Count the PDFs that wait for a person; quicker than `unmatched`."""
        return len(self._store.attachments.unmatched())

    def assign(self, ident: str, sha256: str, *, reviewer: str = "") -> Attachment:
        """Attach an unmatched PDF to a record."""
        number = self._store.pool.find(ident)
        name = self._store.attachments.hashes().get(sha256)
        if name is None:
            raise InputError("there is no such PDF", hint="load the page again")
        return self._store.attachments.add(number, sha256, name, clean_input(reviewer))

    def set_aside(self, sha256: str, *, reviewer: str = "") -> None:
        """Note that an unmatched PDF belongs to no record of the review; the file is kept."""
        self._store.attachments.set_aside(sha256, clean_input(reviewer))

    def _matcher(self) -> Callable[[str, Sequence[str]], PdfMatch]:
        eligible = [show_id(one.number) for one in self._store.pool.full_texts()]
        records = {show_id(number): record for number, record in self._store.pool.contents()}
        return lambda name, pages: match_pdf(name, pages, records, eligible)

    def remove(self, attachment: int, *, reviewer: str = "") -> None:
        """Remove a PDF from its record; the file is kept, and `restore` undoes it."""
        self._store.attachments.withdraw(attachment, clean_input(reviewer))

    def restore(self, ident: str, sha256: str, *, reviewer: str = "") -> Attachment:
        """Attach a PDF again that was removed from a record."""
        number = self._store.pool.find(ident)
        for one in self._store.attachments.removed_of(number):
            if one.sha256 == sha256:
                return self._store.attachments.add(number, sha256, one.name, clean_input(reviewer))
        raise InputError("no such PDF was removed from this record", hint="load the page again")

    def of(self, ident: str) -> list[Attachment]:
        """Return the PDFs of a record, oldest first."""
        return self._store.attachments.of(self._store.pool.find(ident))

    def removed_of(self, ident: str) -> list[Attachment]:
        """Return the PDFs that were removed from a record."""
        return self._store.attachments.removed_of(self._store.pool.find(ident))

    def all(self) -> list[Attachment]:
        """Return the PDFs of all records."""
        return self._store.attachments.all()

    def get(self, ident: str, sha256: str) -> tuple[Attachment, Path]:
        """Return a PDF of a record with its file, whose content was checked."""
        return self.one(ident, sha256), self._folder.file(sha256)

    def one(self, ident: str, sha256: str) -> Attachment:
        """Return a PDF of a record."""
        for one in self.of(ident):
            if one.sha256 == sha256:
                return one
        raise InputError("this record has no such PDF", hint="load the page again")

    def image(self, ident: str, sha256: str, page: int) -> bytes:
        """Return a page of a PDF of a record as PNG; raises what `get` raises."""
        attachment, file = self.get(ident, sha256)
        with _RENDERING:
            return page_image(file, page, attachment.name)

    def pages(self, ident: str, sha256: str) -> list[FullTextPage]:
        """Return the text of a PDF of a record, page by page; raises what `one` raises."""
        attachment = self.one(ident, sha256)
        return [
            FullTextPage(number=number, text=text, highlights=_marks(text, self._opened.protocol))
            for number, text in enumerate(self._store.attachments.text(attachment.sha256), 1)
        ]

    def text(self, ident: str) -> list[str]:
        """Return the text of all PDFs of a record, page by page."""
        return [page for one in self.of(ident) for page in self._store.attachments.text(one.sha256)]

    def missing(self) -> list[Record]:
        """Return the records without a PDF, each with what was decided about it as a note."""
        have = {one.record_id for one in self.all()}
        return [
            replace(
                one.record,
                note=_why(show_id(one.number), one.decision.label if one.decision else None),
                source_key=show_id(one.number),
                verdicts=(),
            )
            for one in self._store.pool.full_texts()
            if show_id(one.number) not in have
        ]

    def export_missing(self, path: str | Path, *, format: str | None = None) -> int:
        """Write the records without a PDF, to hand to the library; return how many there are."""
        return write(iter(self.missing()), path, format=format)

    def damage(self) -> Iterator[str]:
        """Yield what is wrong with the PDFs."""
        return self._folder.damage(self._store.attachments.hashes())

    def _add(self, number: int, file: Path, name: str, text: PdfText, reviewer: str) -> Attachment:
        sha256 = self._folder.add(file)
        with self._store.writing():
            self._store.attachments.add_text(sha256, name, file.stat().st_size, text.pages)
            return self._store.attachments.add(number, sha256, name, clean_input(reviewer))


def pdfs_in(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Yield the PDFs among files and, by their names, in folders and the folders below."""
    for one in map(Path, paths):
        if one.is_dir():
            yield from sorted(
                file for file in one.rglob("*") if file.suffix.lower() == ".pdf" and file.is_file()
            )
        else:
            yield one


def _why(ident: str, label: Label | None) -> str:
    said = "full text not assessed" if label is None else f"full text: {label}"
    return f"{ident}; no PDF; {said}"


def _clean_name(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    return " ".join(clean_input(last).split())[-_LONGEST_NAME:] or "unnamed.pdf"


def _marks(text: str, protocol: Protocol) -> tuple[Highlight, ...]:
    return highlights(Record(abstract=text), protocol)
