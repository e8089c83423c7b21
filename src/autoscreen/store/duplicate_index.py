"""An index of match keys, so that duplicates of a few records are found without reading all."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain

from autoscreen._version import __version__
from autoscreen.dedup import MatchFields
from autoscreen.dedup.blocking import RARE_WORDS, SHARED_WORDS, block_keys, title_words
from autoscreen.store.database import Database
from autoscreen.store.match_keys import match_keys, match_keys_of

_NEIGHBOURS = 24
"""Of a key that more than twice as many sources share, so many before and behind are compared."""
MANY = 2000
"""Of a key that more sources share, the report of an import says that not all were compared."""
_RARE = 100
"""A title word that more sources share is not rare."""
_ALL_AT_ONCE = 4
"""From one new record for so many old ones on, reading all match keys is quicker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """The sources that may be duplicates of new records, with all sources merged with these."""

    keys: dict[int, MatchFields]  # Match keys by the number of the source, lowest first
    # Which of them to compare with which new record, as positions in a list of all that begins with
    # them; None if the new ones were not looked up, as they are many
    pairs: list[tuple[int, int]] | None


def block_rows(number: int, key: MatchFields) -> list[tuple[int, int, int]]:
    """Return the rows of ``match_block`` for what one source may share, except for words."""
    return [(hashed, place, number) for hashed, place in _blocks(key).items()]


def word_rows(number: int, key: MatchFields) -> list[tuple[int, int]]:
    """Return the hashes of the title words of one source, each with its number."""
    return [(word, number) for word in _words(key)]


def add_to_index(db: Database, base: int) -> None:
    """Add what is in the tables of an import to the index; `base` is added to their numbers."""
    db.run(
        "INSERT INTO match_block SELECT key, place, n + ? FROM incoming_block ORDER BY 1, 2, 3",
        base,
    )
    db.run(
        "INSERT INTO match_word SELECT key, count(*),"
        " CASE WHEN count(*) <= ?2 THEN group_concat(n + ?1) ELSE '' END"
        " FROM incoming_word WHERE true GROUP BY key"
        " ON CONFLICT DO UPDATE SET sources = sources + excluded.sources, numbers ="
        " CASE WHEN sources + excluded.sources <= ?2 THEN numbers || ',' || excluded.numbers"
        " ELSE '' END",
        *(base, _RARE),
    )


def sharing_with_many(db: Database) -> int:
    """Count the records in the tables of an import that share a key with very many sources."""
    return int(
        db.value(
            "SELECT count(DISTINCT n) FROM incoming_block WHERE key IN"
            " (SELECT key FROM (SELECT DISTINCT key FROM incoming_block) AS new WHERE"
            " (SELECT 1 FROM match_block WHERE key = new.key LIMIT 1 OFFSET ?) IS NOT NULL)",
            MANY,
        )
    )


class DuplicateIndex:
    """Looks up which sources share something rare with new records."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def related(self, new: Sequence[MatchFields]) -> Related:
        """Return what a search for duplicates of `new` has to compare them with."""
        size = int(self._db.value("SELECT coalesce(max(source_id), 0) FROM match_key"))
        if self._is_outdated():
            self._renew()
        if _ALL_AT_ONCE * len(new) >= size:
            return Related(keys=match_keys(self._db), pairs=None)
        pairs = {*self._sharing_keys(new), *self._sharing_words(new)}
        found = self._with_merged({source for source, _ in pairs})
        place = {source: position for position, source in enumerate(found)}
        return Related(
            keys=match_keys_of(self._db, json.dumps(found)),
            pairs=[(place[source], len(found) + position) for source, position in pairs],
        )

    def _is_outdated(self) -> bool:
        """Whether another version of autoscreen made some match keys."""
        return bool(
            self._db.value(
                "SELECT EXISTS (SELECT 1 FROM match_key WHERE program < ?1)"
                " OR EXISTS (SELECT 1 FROM match_key WHERE program > ?1)",
                __version__,
            )
        )

    def _renew(self) -> None:
        """Make the index again."""
        db, keys = self._db, match_keys(self._db)
        blocks = (row for number, key in keys.items() for row in block_rows(number, key))
        words: defaultdict[int, list[int]] = defaultdict(list)
        for number, key in keys.items():
            for word in _words(key):
                words[word].append(number)
        rows = (
            (word, len(numbers), ",".join(map(str, numbers)) if len(numbers) <= _RARE else "")
            for word, numbers in words.items()
        )
        with db.writing():
            db.run("DELETE FROM match_block")
            db.run("DELETE FROM match_word")
            db.run_many("INSERT INTO match_block VALUES (?, ?, ?)", blocks)
            db.run_many("INSERT INTO match_word VALUES (?, ?, ?)", rows)

    def _sharing_keys(self, new: Sequence[MatchFields]) -> Iterator[tuple[int, int]]:
        """Yield the sources that share an identifier, a title or the like, each with whom."""
        wanted: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for position, field in enumerate(new):
            for key, place in _blocks(field).items():
                wanted[key].append((place, position))
        rows = self._db.rows(
            "SELECT value, (SELECT json_group_array(source_id) FROM (SELECT source_id"
            " FROM match_block WHERE key = value LIMIT ?)) AS found FROM json_each(?)"
            " WHERE found <> '[]'",
            *(2 * _NEIGHBOURS + 1, json.dumps(list(wanted))),
        )
        for key, found in rows:
            sources = json.loads(found)
            many = len(sources) > 2 * _NEIGHBOURS
            for place, position in wanted[key]:
                near = self._neighbours(key, place) if many else sources
                yield from ((source, position) for source in near)

    def _neighbours(self, key: int, place: int) -> list[int]:
        rows = self._db.rows(
            "SELECT source_id FROM (SELECT source_id FROM match_block WHERE key = ?1"
            " AND place >= ?2 ORDER BY place, source_id LIMIT ?3)"
            " UNION SELECT source_id FROM (SELECT source_id FROM match_block WHERE key = ?1"
            " AND place <= ?2 ORDER BY place DESC, source_id DESC LIMIT ?3)",
            *(key, place, _NEIGHBOURS),
        )
        return [row[0] for row in rows]

    def _sharing_words(self, new: Sequence[MatchFields]) -> Iterator[tuple[int, int]]:
        """Yield the sources that share several of the rarest title words, each with whom."""
        words = [_words(field) for field in new]
        rare = self._rare(set().union(*words))
        rarest = [
            sorted(rare.keys() & some, key=lambda word: (rare[word][0], word))[:RARE_WORDS]
            for some in words
        ]
        wanted = {word for some in rarest if len(some) >= SHARED_WORDS for word in some}
        sources = {word: json.loads(f"[{rare[word][1]}]") for word in wanted}
        for position, some in enumerate(rarest):
            if len(some) >= SHARED_WORDS:
                shared = Counter(chain.from_iterable(sources[word] for word in some))
                for source, count in shared.items():
                    if count >= SHARED_WORDS:
                        yield source, position

    def _rare(self, words: Iterable[int]) -> dict[int, tuple[int, str]]:
        """Return which of these words are rare, in how many titles they are, and in which."""
        rows = self._db.rows(
            "SELECT key, sources, numbers FROM match_word WHERE sources <= ?"
            " AND key IN (SELECT value FROM json_each(?))",
            *(_RARE, json.dumps(list(words))),
        )
        return {key: (times, numbers) for key, times, numbers in rows}

    def _with_merged(self, sources: Iterable[int]) -> list[int]:
        rows = self._db.rows(
            "SELECT id FROM source WHERE record_id IN (SELECT record_id FROM source"
            " WHERE id IN (SELECT value FROM json_each(?))) ORDER BY id",
            json.dumps(sorted(sources)),
        )
        return [row[0] for row in rows]


@lru_cache(1 << 12)  # asked for when records are read, and when duplicates are looked up
def _blocks(key: MatchFields) -> Mapping[int, int]:
    return {_hash(text): _place(order) for text, order in block_keys(key)}


def _words(key: MatchFields) -> set[int]:
    return {_hash_of_word(word) for word in title_words(key)}


def _place(order: str) -> int:
    """Return a number that sorts as the beginning of a text does."""
    return int.from_bytes(order.encode()[:7].ljust(7, b"\0"), "big")


@lru_cache(1 << 16)
def _hash_of_word(word: str) -> int:
    return _hash(f"word {word}")


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
