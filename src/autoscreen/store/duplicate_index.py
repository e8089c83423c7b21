"""An index of match keys, so that duplicates of a few records are found without reading all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from autoscreen._version import __version__
from autoscreen.dedup import RARE_WORDS, SHARED_WORDS, MatchFields, block_keys, title_words
from autoscreen.store.database import Database
from autoscreen.store.match_keys import match_keys, match_keys_of

_MOST = 2000
"""A key that more sources share says too little to look them all up."""
_RARE = 300
"""A title word that more sources share is not rare."""
_ALL_AT_ONCE = 4
"""From one new record for so many old ones on, reading all match keys is quicker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """The sources that may be duplicates of new records, with all sources merged with these."""

    keys: dict[int, MatchFields]  # Match keys by the number of the source, lowest first
    # In how many sources of the review each title word of theirs and of the new ones is; None if
    # `keys` holds all sources
    words: Counter[str] | None


def index_rows(number: int, key: MatchFields) -> list[tuple[int, int]]:
    """Return the rows of the index for one source."""
    return [(hashed, number) for hashed in sorted({*map(_hash, block_keys(key)), *_words(key)})]


class DuplicateIndex:
    """Looks up which sources share something rare with new records."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def related(self, new: Sequence[MatchFields]) -> Related:
        """Return what a search for duplicates of `new` has to compare them with."""
        size = int(self._db.value("SELECT count(*) FROM match_key"))
        if self._db.row("SELECT 1 FROM match_key WHERE program <> ? LIMIT 1", __version__):
            self._renew()
        if _ALL_AT_ONCE * len(new) >= size:
            return Related(keys=match_keys(self._db), words=None)
        counts: Counter[str] = Counter()
        sources = self._with_merged(self._sharing(new, counts))
        keys = match_keys_of(self._db, json.dumps(sources))
        self._count({word for key in keys.values() for word in title_words(key)}, counts)
        for key in new:
            counts.update(title_words(key))
        return Related(keys=keys, words=counts)

    def _renew(self) -> None:
        """Make the index again, as another version of autoscreen made its match keys."""
        keys = match_keys(self._db)
        rows = (row for number, key in keys.items() for row in index_rows(number, key))
        with self._db.writing():
            self._db.run("DELETE FROM match_block")
            self._db.run_many("INSERT INTO match_block VALUES (?, ?)", rows)

    def _sharing(self, new: Sequence[MatchFields], counts: Counter[str]) -> set[int]:
        found: set[int] = set()
        for key in {_hash(text) for field in new for text in block_keys(field)}:
            found.update(self._sources(key))
        self._count({word for field in new for word in title_words(field)}, counts)
        for field in new:
            rarest = sorted(
                {word for word in title_words(field) if 0 < counts[word] <= _RARE},
                key=lambda word: (counts[word], word),
            )[:RARE_WORDS]
            shared = Counter(
                source for word in rarest for source in self._sources(_hash(_word(word)))
            )
            found.update(source for source, times in shared.items() if times >= SHARED_WORDS)
        return found

    def _count(self, words: Iterable[str], counts: Counter[str]) -> None:
        for word in words:
            if word not in counts:
                counts[word] = int(
                    self._db.value(
                        "SELECT count(*) FROM (SELECT 1 FROM match_block WHERE key = ? LIMIT ?)",
                        _hash(_word(word)),
                        _MOST + 1,
                    )
                )

    def _sources(self, key: int) -> list[int]:
        rows = self._db.rows("SELECT source_id FROM match_block WHERE key = ? LIMIT ?", key, _MOST)
        return [row[0] for row in rows]

    def _with_merged(self, sources: Iterable[int]) -> list[int]:
        rows = self._db.rows(
            "SELECT id FROM source WHERE record_id IN (SELECT record_id FROM source"
            " WHERE id IN (SELECT value FROM json_each(?))) ORDER BY id",
            json.dumps(sorted(sources)),
        )
        return [row[0] for row in rows]


def _words(key: MatchFields) -> set[int]:
    return {_hash(_word(word)) for word in title_words(key)}


def _word(word: str) -> str:
    return f"word {word}"


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
