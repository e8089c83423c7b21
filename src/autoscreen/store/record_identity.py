"""Finds the record that a reviewer means by ``r17``, a PMID or a DOI."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from autoscreen.errors import InputError, UnknownRecordError
from autoscreen.formats import doi, pmid
from autoscreen.formats.trial_registries import entry_numbers, registry_numbers
from autoscreen.records import NoticeKind, Record
from autoscreen.store.database import Database
from autoscreen.store.stored_values import show_id

_MOST_STUDIES = 3
_NOTICE_TYPES = {"Published Erratum", "Retraction of Publication", "Expression of Concern"}
_OWN = re.compile(r"[rR]([1-9]\d{0,17})")


def identifiers(record: Record) -> list[tuple[str, str]]:
    """Return the kinds and values by which a record can be asked for."""
    found = [("pmid", record.pmid), ("doi", record.doi)]
    numbers = (*study_numbers(record), *_notice_numbers(record))
    return [(kind, value) for kind, value in found if value] + [("study", n) for n in numbers]


def study_numbers(record: Record) -> tuple[str, ...]:
    """
    Return the registration numbers of the study that a record reports.

    A record that names more than three is about several studies, such as a review, and reports
    none of them.
    """
    own = entry_numbers(record)
    if own:
        return own
    named = registry_numbers(f"{record.title}\n{record.abstract}\n{record.accession}")
    return named if len(named) <= _MOST_STUDIES else ()


def _notice_numbers(record: Record) -> list[str]:
    """Return what a correction, retraction or expression of concern shares with its paper."""
    found = [one.pmid for one in record.notices if one.kind is not NoticeKind.UPDATED]
    if _NOTICE_TYPES & set(record.publication_types):
        found.append(record.pmid)
    return [f"notice PMID {pmid}" for pmid in dict.fromkeys(found) if pmid]


def reports_of_same_study(db: Database, number: int) -> list[tuple[int, str]]:
    """Return other records that share a registration number or notice with a record, with that."""
    rows = db.rows(
        "SELECT theirs.record_id, min(other.value) FROM identifier AS mine"
        " JOIN source ON source.id = mine.source_id"
        " JOIN identifier AS other ON other.kind = 'study' AND other.value = mine.value"
        " JOIN source AS theirs ON theirs.id = other.source_id"
        " WHERE mine.kind = 'study' AND source.record_id = ?1 AND theirs.record_id <> ?1"
        " GROUP BY 1 ORDER BY 1",
        number,
    )
    return [(record, value) for record, value in rows]


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
            hint="give an id of this review (r17), a PMID, a DOI or a trial registration number",
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
    if studies := registry_numbers(text):
        kind, value = "study", studies[0]
    rows = db.rows(
        "SELECT DISTINCT source.record_id FROM identifier JOIN source ON source.id = source_id"
        " WHERE kind = ? AND value = ? ORDER BY 1",
        kind,
        value,
    )
    return [row[0] for row in rows]
