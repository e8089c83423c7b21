"""The sentence embeddings of the records, and from which decision on the ranking used them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

from autoscreen.errors import ConflictError, SchemaError
from autoscreen.records import Record
from autoscreen.store.database import Database
from autoscreen.store.pool import changed
from autoscreen.store.record_codec import verified
from autoscreen.store.stored_values import show_id

_MISSING = (
    "SELECT id, content, checksum FROM screened WHERE id > :after"
    " AND NOT EXISTS (SELECT 1 FROM embedding WHERE record_id = screened.id)"
    " ORDER BY id LIMIT :size"
)
_VECTORS = (
    "SELECT record_id, vector, checksum FROM embedding WHERE record_id > :after"
    " ORDER BY record_id LIMIT :size"
)


class EmbeddingCounts(NamedTuple):
    """How many records there are, and how many of them have an embedding."""

    records: int
    embedded: int

    @property
    def complete(self) -> bool:
        """Whether there are records, and all of them have one."""
        return 0 < self.records == self.embedded


class Unembedded(NamedTuple):
    """A record without an embedding."""

    number: int
    record: Record
    checksum: int  # Of its content, by which a change is noticed


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingUse:
    """From when on the ranking used which embeddings."""

    encoder: str  # Name of the encoder; empty if the ranking went on without
    decision: int  # The newest decision then
    embedded: int  # How many of the records had an embedding then
    records: int
    at: str  # When, ISO 8601 in UTC


class Embeddings:
    """Vectors of the records, as bytes: little-endian float16."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def encoder(self) -> str:
        """Return the name of the encoder that made them; empty if there are none."""
        return str(self._db.value("SELECT value FROM meta WHERE key = 'encoder'"))

    def begin(self, encoder: str) -> None:
        """Delete the embeddings of any other encoder, which cannot be compared with new ones."""
        with self._db.writing():
            if self.encoder() not in ("", encoder):
                self.clear()
            self._db.run("UPDATE meta SET value = ? WHERE key = 'encoder'", encoder)

    def clear(self) -> None:
        """Delete all embeddings."""
        with self._db.writing():
            self._db.run("DELETE FROM embedding")
            self._db.run("UPDATE meta SET value = '' WHERE key = 'encoder'")
            changed(self._db)

    def counts(self) -> EmbeddingCounts:
        """Count the records and their embeddings."""
        sql = "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM embedding)"
        return EmbeddingCounts(*self._db.rows(sql)[0])

    def missing(self, *, size: int) -> Iterator[Unembedded]:
        """Yield the records without an embedding, in the order in which they came."""
        for number, content, checksum in self._db.paged(_MISSING, size=size):
            yield Unembedded(number, verified(content, checksum, number), checksum)

    def save(self, encoder: str, rows: Iterable[tuple[Unembedded, bytes]]) -> None:
        """Keep the embeddings of records, except of those whose text has changed since.

        Raises ConflictError if another process computes them with another encoder.
        """
        with self._db.writing():
            self._require(encoder)
            self._db.run_many(
                "INSERT INTO embedding SELECT id, ?, ? FROM screened"
                " WHERE id = ? AND checksum = ? ON CONFLICT DO NOTHING",
                [(vector, crc32(vector), one.number, one.checksum) for one, vector in rows],
            )
            self._note_complete()

    def load(self) -> Iterator[tuple[int, bytes]]:
        """Yield number and vector of each record that has one, in the order of saving.

        Raises SchemaError if one is damaged.
        """
        for number, vector, checksum in self._db.paged(_VECTORS):
            if crc32(vector) != checksum:
                raise SchemaError(
                    f"{self._db.path}: the sentence embedding of {show_id(number)} is damaged",
                    hint="autoscreen embed REVIEW --again computes all of them again",
                )
            yield number, vector

    def _require(self, encoder: str) -> None:
        if self.encoder() != encoder:
            raise ConflictError(
                "another process deleted the sentence embeddings, or computes them with another"
                " version of autoscreen",
                hint="use one version, and run it again",
            )

    def _note_complete(self) -> None:
        """Let the ranking begin to use the embeddings, in the step that makes them complete."""
        if self.counts().complete:
            changed(self._db)

    def use(self, encoder: str, *, embedded: int, records: int, decision: int) -> None:
        """Note what the ranking uses from a decision on; an empty name is none."""
        last = self.uses()[-1:]
        before = [(one.encoder, one.embedded, one.records) for one in last]
        if (encoder or (last and last[0].encoder)) and before != [(encoder, embedded, records)]:
            self._db.run(
                "INSERT INTO embedding_use (encoder, embedded, records, decision, at)"
                " VALUES (?, ?, ?, ?, ?)",
                *(encoder, embedded, records, decision, self._db.time()),
            )

    def uses(self) -> list[EmbeddingUse]:
        """Return from when on the ranking used which embeddings, oldest first."""
        rows = self._db.rows(
            "SELECT encoder, decision, embedded, records, at FROM embedding_use ORDER BY id"
        )
        return [
            EmbeddingUse(encoder=encoder, decision=decision, embedded=some, records=all_, at=at)
            for encoder, decision, some, all_, at in rows
        ]

    def damage(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        for number, vector, checksum in self._db.paged(_VECTORS):
            if crc32(vector) != checksum:
                yield (
                    f"the sentence embedding of {show_id(number)} is damaged"
                    " (autoscreen embed REVIEW --again computes it again)"
                )
