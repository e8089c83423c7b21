"""PDFs attached to records, with their text."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autoscreen.errors import InputError, SchemaError
from autoscreen.store.database import Database, Row
from autoscreen.store.stored_values import show_id

_ATTACHED = (
    "SELECT attached.id, source.record_id, sha256, attached.name, bytes, pages, reviewer, at"
    " FROM attached"
    " JOIN pdf ON pdf.id = pdf_id JOIN source ON source.id = attached.record_id"
)
_TEXTS = "SELECT id, sha256, text, text_checksum FROM pdf WHERE id > :after ORDER BY id LIMIT :size"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A PDF of a record."""

    id: int  # Number of the row that attached it
    record_id: str
    sha256: str  # Of its content
    name: str  # The name of the file when it was attached
    bytes: int
    pages: int
    reviewer: str
    at: str


class Attachments:
    """Which PDFs belong to which records; rows are only ever added."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add_text(self, sha256: str, name: str, size: int, pages: Sequence[str]) -> None:
        """Keep the text of a PDF, and index its words."""
        text = json.dumps(list(pages), ensure_ascii=False).encode()
        with self._db.writing():
            if self._db.row("SELECT 1 FROM pdf WHERE sha256 = ?", sha256):
                return
            number = self._db.run(
                "INSERT INTO pdf (sha256, name, bytes, pages, text, text_checksum)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                *(sha256, name, size, len(pages), zlib.compress(text), zlib.crc32(text)),
            )
            self._db.run(
                "INSERT INTO pdf_words (rowid, text) VALUES (?, ?)", number, "\n".join(pages)
            )

    def add(self, number: int, sha256: str, name: str, reviewer: str) -> Attachment:
        """Attach a PDF whose text is known to a record; once more, and nothing changes."""
        with self._db.writing():
            for one in self.of(number):
                if one.sha256 == sha256:
                    return one
            self._db.run(
                "INSERT INTO attachment (record_id, pdf_id, name, reviewer, at)"
                " SELECT ?, id, ?, ?, ? FROM pdf WHERE sha256 = ?",
                *(number, name, reviewer, self._db.time(), sha256),
            )
        return self.of(number)[-1]

    def withdraw(self, attachment: int, reviewer: str) -> None:
        """Remove a PDF from its record."""
        with self._db.writing():
            if not self._db.row("SELECT 1 FROM attached WHERE id = ?", attachment):
                raise InputError("this PDF was removed already", hint="load the page again")
            self._db.run(
                "INSERT INTO attachment (record_id, pdf_id, name, reviewer, at, withdraws)"
                " SELECT record_id, pdf_id, name, ?, ?, id FROM attachment WHERE id = ?",
                *(reviewer, self._db.time(), attachment),
            )

    def of(self, number: int) -> list[Attachment]:
        """Return the PDFs of a record, oldest first."""
        where = "WHERE source.record_id = (SELECT record_id FROM source WHERE id = ?)"
        rows = self._db.rows(f"{_ATTACHED} {where} ORDER BY attached.id", number)
        return [_attachment(row) for row in rows]

    def removed_of(self, number: int) -> list[Attachment]:
        """Return the PDFs that a record had and has no more, newest removal first."""
        rows = self._db.rows(
            "SELECT later.id, source.record_id, sha256, later.name, bytes, pages, later.reviewer,"
            " later.at FROM attachment AS later JOIN pdf ON pdf.id = later.pdf_id"
            " JOIN source ON source.id = later.record_id WHERE later.withdraws IS NOT NULL"
            " AND source.record_id = (SELECT record_id FROM source WHERE id = ?)"
            " ORDER BY later.id DESC",
            number,
        )
        here = {one.sha256 for one in self.of(number)}
        found: dict[str, Attachment] = {}
        for one in map(_attachment, rows):
            if one.sha256 not in here:
                found.setdefault(one.sha256, one)
        return list(found.values())

    def all(self) -> list[Attachment]:
        """Return the PDFs of all records, in the order of the records."""
        rows = self._db.rows(f"{_ATTACHED} ORDER BY source.record_id, attached.id")
        return [_attachment(row) for row in rows]

    def hashes(self) -> dict[str, str]:
        """Return the content of each PDF that the folder has, with its name."""
        return dict(self._db.rows("SELECT sha256, name FROM pdf"))

    def unmatched(self) -> list[tuple[str, str, int]]:
        """Return hash, name and pages of the PDFs that nobody attached or set aside."""
        return self._db.rows(
            "SELECT sha256, name, pages FROM pdf"
            " WHERE id NOT IN (SELECT pdf_id FROM attachment) ORDER BY name, id"
        )

    def set_aside(self, sha256: str, reviewer: str) -> None:
        """Note that a PDF belongs to no record."""
        self._db.run(
            "INSERT INTO attachment (pdf_id, name, reviewer, at)"
            " SELECT id, name, ?, ? FROM pdf WHERE sha256 = ?",
            *(reviewer, self._db.time(), sha256),
        )

    def text(self, sha256: str) -> list[str]:
        """Return the text of a PDF, page by page."""
        row = self._db.row("SELECT text, text_checksum FROM pdf WHERE sha256 = ?", sha256)
        if row is None:
            raise InputError("there is no such PDF", hint="load the page again")
        text = _verified(*row)
        if text is None:
            raise SchemaError(
                f"the stored text of the PDF {sha256[:12]} is damaged",
                hint="restore a copy of the review",
            )
        return [str(page) for page in json.loads(text)]

    def damage(self) -> Iterator[str]:
        """Yield what is wrong with the stored texts."""
        for _, sha256, text, checksum in self._db.paged(_TEXTS, size=20):
            if _verified(text, checksum) is None:
                yield f"the text of the PDF {sha256[:12]} is damaged"


def _verified(packed: bytes, checksum: int) -> bytes | None:
    try:
        text = zlib.decompress(packed)
    except zlib.error:
        return None
    return text if zlib.crc32(text) == checksum else None


def _attachment(row: Row) -> Attachment:
    number, record, sha256, name, size, pages, reviewer, at = row
    return Attachment(
        id=number,
        record_id=show_id(record),
        sha256=sha256,
        name=name,
        bytes=size,
        pages=pages,
        reviewer=reviewer,
        at=at,
    )
