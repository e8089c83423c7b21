"""Match keys of sources, kept because making them takes longer than reading them."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from autoscreen._version import __version__
from autoscreen.dedup import MatchFields, match_fields
from autoscreen.store.database import Database
from autoscreen.store.record_codec import checksum_of, damaged, dumps, verified

_NAMES = tuple(field.name for field in fields(MatchFields))
_LISTS = tuple(field.name for field in fields(MatchFields) if isinstance(field.default, tuple))


def match_keys(db: Database) -> dict[int, MatchFields]:
    """
    Return the match key of each source, by its number, in the order in which they came.

    Keys made by another version of autoscreen are computed again.
    """
    keys: dict[int, MatchFields] = {}
    outdated: list[int] = []
    sql = "SELECT * FROM match_key WHERE source_id > :after ORDER BY 1 LIMIT :size"
    for number, program, key, checksum in db.paged(sql):
        current = program == __version__
        keys[number] = _verified(number, key, checksum) if current else MatchFields()
        if program != __version__:
            outdated.append(number)
    if outdated:
        _renew(db, keys, outdated)
    return keys


def match_keys_of(db: Database, sources: str) -> dict[int, MatchFields]:
    """Return the match keys of some sources, whose numbers are given as a list in JSON."""
    rows = db.rows(
        "SELECT source_id, key, checksum FROM match_key"
        " WHERE source_id IN (SELECT value FROM json_each(?)) ORDER BY 1",
        sources,
    )
    return {row[0]: _verified(*row) for row in rows}


def _renew(db: Database, keys: dict[int, MatchFields], outdated: list[int]) -> None:
    for number in outdated:
        content, checksum = db.rows(
            "SELECT content, checksum FROM source_text WHERE source_id = ?", number
        )[0]
        keys[number] = match_fields(verified(content, checksum, number))
    written = {number: encode_key(keys[number]) for number in outdated}
    with db.writing():
        db.run_many(
            "UPDATE match_key SET program = ?, key = ?, checksum = ? WHERE source_id = ?",
            ((__version__, key, checksum_of(key), number) for number, key in written.items()),
        )


def encode_key(key: MatchFields) -> str:
    """Write a match key as JSON."""
    content: dict[str, Any] = {name: value for name in _NAMES if (value := getattr(key, name))}
    if key.abstract:
        content["abstract"] = key.abstract.hex()
    return dumps(content)


def _verified(number: int, text: str, checksum: int) -> MatchFields:
    if checksum_of(text) != checksum:
        raise damaged(number, "the checksum of its match key differs")
    return _decode(text)


def _decode(text: str) -> MatchFields:
    content = json.loads(text)
    for name in _LISTS:
        content[name] = tuple(content.get(name, ()))
    content["abstract"] = bytes.fromhex(content.get("abstract", ""))
    return MatchFields(**content)
