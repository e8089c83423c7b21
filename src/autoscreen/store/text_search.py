"""Searches the words of records: what a person types, and the index that answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep

from autoscreen.store.database import Database

COLUMNS = ("title", "abstract", "author", "journal")
"""What a word can be bound to, as in ``title:pain``."""

_STEP, _GENTLE_STEP = 2000, 100
_PART = re.compile(
    rf'(-?)(?:({"|".join(COLUMNS)}):)?(?:"([^"]*)"?|([^\s"]+))', re.IGNORECASE | re.UNICODE
)
_INDEX = """
INSERT INTO source_words (rowid, title, abstract, author, journal, other)
SELECT source_id, json_extract(content, '$.title'), json_extract(content, '$.abstract'),
  json_extract(content, '$.authors'), json_extract(content, '$.journal'),
  coalesce(json_extract(content, '$.mesh'), '') || ' '
  || coalesce(json_extract(content, '$.keywords'), '') || ' '
  || coalesce(json_extract(content, '$.publication_types'), '') || ' '
  || coalesce(json_extract(content, '$.pmid'), '') || ' '
  || coalesce(json_extract(content, '$.doi'), '') || ' '
  || coalesce(json_extract(content, '$.accession'), '')
FROM source_text WHERE source_id > ?1 AND source_id <= ?2 ORDER BY source_id
"""


@dataclass(frozen=True, slots=True)
class ParsedSearch:
    """One condition of a search."""

    match: str
    negative: bool = False


def parse_search(text: str) -> tuple[ParsedSearch, ...]:
    """
    Parse what a person typed into the search box; any text is a valid search.

    All words must occur, in any order; ``"a phrase"`` as it is; ``stimul*`` with any ending;
    ``-word`` or ``NOT word`` unwanted; ``a OR b`` one of them; ``title:``, ``abstract:``,
    ``author:`` and ``journal:`` bind a word or phrase to that part. Case and accents are free.
    """
    found: list[ParsedSearch] = []
    negative = joined = False
    for operator, condition in _parts(text):
        if condition is None:
            negative |= operator == "NOT"
            joined |= operator == "OR"
            continue
        wanted = ParsedSearch(condition.match, condition.negative or negative)
        if joined and found and not wanted.negative and not found[-1].negative:
            found[-1] = ParsedSearch(f"{found[-1].match} OR {wanted.match}")
        else:
            found.append(wanted)
        negative = joined = False
    return tuple(found)


def _parts(text: str) -> Iterator[tuple[str, ParsedSearch | None]]:
    """Yield operators and conditions as they come."""
    for minus, column, phrase, word in _PART.findall(_storable(text)):
        if not (minus or column) and word in ("AND", "OR", "NOT"):
            yield word, None
            continue
        said = phrase or word
        # What has no letter or digit cannot be found, nor asked for.
        if any(char.isalnum() for char in said):
            ending = "*" if said.endswith("*") else ""
            bound = f"{column.lower()} : " if column else ""
            clean = said.replace('"', " ").strip("* ")
            yield "", ParsedSearch(f'{bound}"{clean}"{ending}', bool(minus))


def _storable(text: str) -> str:
    """Replace what the index would stumble over: no Unicode, and the sign that ends its texts."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def catch_up(db: Database, *, enough: Callable[[], bool] | None = None) -> None:
    """Index the sources that are not yet."""
    step = _GENTLE_STEP if enough else _STEP
    newest = db.value("SELECT coalesce(max(source_id), 0) FROM source_text")
    while _indexed(db) < newest and not (enough and enough()):
        begun = monotonic()
        with db.writing():
            after = _indexed(db)  # another process may have been faster
            last = db.value(
                "SELECT max(source_id) FROM (SELECT source_id FROM source_text WHERE source_id > ?"
                " ORDER BY source_id LIMIT ?)",
                *(after, step),
            )
            if last is not None:
                db.run(_INDEX, after, last)
                db.run("UPDATE meta SET value = ? WHERE key = 'indexed'", str(last))
        if enough:
            sleep(2 * (monotonic() - begun))


def _indexed(db: Database) -> int:
    return int(db.value("SELECT value FROM meta WHERE key = 'indexed'"))
