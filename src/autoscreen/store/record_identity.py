"""Finds the record that a reviewer means by ``r17``, a PMID or a DOI."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from autoscreen.errors import InputError, UnknownRecordError
from autoscreen.formats import doi, pmid
from autoscreen.records import Record
from autoscreen.store.database import Database
from autoscreen.store.stored_values import show_id

__all__ = ["find_record", "find_records", "identifiers"]

_OWN = re.compile(r"[rR]([1-9]\d{0,17})")


def identifiers(record: Record) -> list[tuple[str, str]]:
    """Return the kinds and values by which a record can be asked for."""
    found = (("pmid", record.pmid), ("doi", record.doi))
    return [(kind, value) for kind, value in found if value]


def find_record(db: Database, ident: str) -> int:
    """Return the number of the record that `ident` names, or that it was merged into."""
    text = ident.strip()
    if match := _OWN.fullmatch(text):
        row = db.row("SELECT record_id FROM source WHERE id = ?", int(match[1]))
        found = [] if row is None else [row[0]]
    else:
        found = _by_identifier(db, text)
    if not found:
        raise UnknownRecordError(
            f"{db.path}: no record has the id {ident!r}",
            hint="give an id of this review (r17), a PMID or a DOI",
        )
    if len(found) > 1:
        names = ", ".join(show_id(number) for number in found)
        raise InputError(f"{ident} names {len(found)} records: {names}", hint="give one of these")
    return int(found[0])


def find_records(db: Database, idents: Iterable[str]) -> list[int]:
    """Return the number of each of these records; ids of this review are looked up together."""
    wanted = list(idents)
    own = [int(match[1]) for one in wanted if (match := _OWN.fullmatch(one.strip()))]
    sql = "SELECT id, record_id FROM source WHERE id IN (SELECT value FROM json_each(?))"
    known = {show_id(n): int(head) for n, head in db.rows(sql, json.dumps(own))} if own else {}
    return [known.get(one) or find_record(db, one) for one in wanted]


def _by_identifier(db: Database, text: str) -> list[int]:
    kind, value = ("doi", doi(text)) if "10." in text else ("pmid", pmid(text))
    rows = db.rows(
        "SELECT DISTINCT source.record_id FROM identifier JOIN source ON source.id = source_id"
        " WHERE kind = ? AND value = ? ORDER BY 1",
        kind,
        value,
    )
    return [row[0] for row in rows]
