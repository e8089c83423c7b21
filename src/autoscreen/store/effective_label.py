"""Which decision about a record is in force: the rule, for one reviewer and for two.

Without double screening it is the newest decision. With it two reviewers decide independently,
and what they agree on is in force.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import groupby

from autoscreen.store.database import Database

__all__ = [
    "PendingState",
    "ReviewerVote",
    "Setting",
    "held_voices",
    "in_sample",
    "refresh",
    "settings",
    "settle",
]

_BATCH = 500


class PendingState(StrEnum):
    """Why a record that somebody has decided about has no label yet."""

    PENDING = "pending"
    """One of two reviewers has decided."""
    CONFLICT = "conflict"
    """Two reviewers differ, and nobody has resolved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How much of a review two reviewers read, from some moment on."""

    share: float  # Share of the records that two read, 0 to 1; 0 is off
    seed: int  # Seed of the sample. With the same seed a larger share holds all of a smaller one.
    reviewer: str
    at: str  # When, ISO 8601 in UTC
    decision: int  # The newest decision before it: records that were first decided later follow it


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerVote:
    """A decision that was not withdrawn, as the rule sees it."""

    id: int
    reviewer: str
    label: str
    imported: bool = False
    resolves: bool = False


def in_sample(setting: Setting, sources: Iterable[int]) -> bool:
    """Whether two reviewers read a record: whether one of its sources falls into the sample."""
    return any(_place(setting.seed, number) < setting.share for number in sources)


def governing(
    voices: Sequence[ReviewerVote], sources: Iterable[int], known: Sequence[Setting]
) -> Setting | None:
    """
    Return the setting by which two have to read a record; None if one is enough.

    That is the one in force when it was first decided. Prior knowledge is not read twice.
    """
    if not voices or voices[0].imported:
        return None
    earlier = [setting for setting in known if setting.decision < voices[0].id]
    return earlier[-1] if earlier and in_sample(earlier[-1], sources) else None


def settle(
    voices: Sequence[ReviewerVote], sources: Sequence[int], known: Sequence[Setting]
) -> tuple[int | None, PendingState | None]:
    """Return the decision in force for a record, or why there is none."""
    if not voices:
        return None, None
    newest = voices[-1].id
    if governing(voices, sources, known) is None:
        return newest, None
    counted, resolved = _since_resolution(voices)
    said = {voice.reviewer: voice for voice in counted}
    if len({voice.label for voice in said.values()}) > 1:
        return None, PendingState.CONFLICT
    # Where double screening has ended meanwhile, nobody waits for a second reader any more.
    if len(said) == 1 and not resolved and in_sample(known[-1], sources):
        return None, PendingState.PENDING
    return newest, None


def settings(db: Database) -> list[Setting]:
    """Return all settings of double screening, oldest first; none if there never was any."""
    rows = db.rows("SELECT share, seed, reviewer, at, decision FROM double_screening ORDER BY id")
    return [
        Setting(share=share, seed=seed, reviewer=reviewer, at=at, decision=decision)
        for share, seed, reviewer, at, decision in rows
    ]


def refresh(db: Database, numbers: Iterable[int]) -> None:
    """Update the decision in force of these records, from all their sources."""
    wanted = list(numbers)
    if known := settings(db):
        for first in range(0, len(wanted), _BATCH):
            _settle_some(db, wanted[first : first + _BATCH], known)
        return
    db.run(
        "UPDATE record SET decision_id = (SELECT max(standing.id) FROM source"
        " JOIN standing ON standing.record_id = source.id WHERE source.record_id = record.id)"
        " WHERE id IN (SELECT value FROM json_each(?))",
        json.dumps(wanted),
    )


def held_voices(db: Database, numbers: Sequence[int]) -> dict[int, list[ReviewerVote]]:
    """Return the decisions of some records that were not withdrawn, oldest first."""
    rows = db.rows(
        "SELECT held_by, id, reviewer, label, imported, resolves FROM voice"
        " WHERE held_by IN (SELECT value FROM json_each(?)) ORDER BY held_by, id",
        json.dumps(list(numbers)),
    )
    return {
        number: [
            ReviewerVote(
                id=row[1], reviewer=row[2], label=row[3], imported=bool(row[4]),
                resolves=bool(row[5]),
            )
            for row in some
        ]
        for number, some in groupby(rows, key=lambda row: row[0])
    }  # fmt: skip


def held_sources(db: Database, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Return the sources that some records were merged from."""
    rows = db.rows(
        "SELECT record_id, id FROM source WHERE record_id IN (SELECT value FROM json_each(?))"
        " ORDER BY 1, 2",
        json.dumps(list(numbers)),
    )
    return {
        number: [row[1] for row in some] for number, some in groupby(rows, key=lambda row: row[0])
    }


def _settle_some(db: Database, numbers: list[int], known: list[Setting]) -> None:
    voices, sources = held_voices(db, numbers), held_sources(db, numbers)
    db.run_many(
        "UPDATE record SET decision_id = ?, open = ? WHERE id = ?",
        [
            (*settle(voices.get(number, []), sources.get(number, []), known), number)
            for number in numbers
        ],
    )


def _since_resolution(voices: Sequence[ReviewerVote]) -> tuple[Sequence[ReviewerVote], bool]:
    """Return decisions that count: from the newest resolution on if there is one."""
    for at in range(len(voices) - 1, -1, -1):
        if voices[at].resolves:
            return voices[at:], True
    return voices, False


def _place(seed: int, number: int) -> float:
    """Draw a number from 0 to 1 for a source; the same on each machine, and for ever."""
    digest = blake2b(f"{seed}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
