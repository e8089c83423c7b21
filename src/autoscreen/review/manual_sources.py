"""Completing a record by hand: what a person adds is a source of its own, merged in."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from autoscreen.dedup import match_fields
from autoscreen.records import Record
from autoscreen.store import Store


def add_source(store: Store, number: int, record: Record, *, origin: str, raw_format: str) -> None:
    """
    Add what somebody says about a record as a further source of it.

    Nothing is overwritten: the source has its own import in the log, and its merge can be undone.
    """
    started = store.time()
    incoming = store.incoming()
    try:
        incoming.add(replace(record, raw_format=raw_format), 1, match_fields(record))
        with store.writing():
            added = store.imports.next_number()
            run = store.imports.open(
                origin,
                raw_format,
                sha256=sha256(record.raw.encode("utf-8", "surrogatepass")).hexdigest(),
                started=started,
                starts=1,
            )
            store.imports.mark_addition(run)
            store.imports.take(run, incoming)
            store.merges.join([(number, added, origin)], import_id=run)
            store.imports.close(run, labels=0)
    finally:
        incoming.discard()
