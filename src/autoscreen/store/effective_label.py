"""Which decision about a record is in force: the rule, for one reviewer and for two.

Without double screening it is the newest decision made here: a file never overrides a person.
Files that differ are in conflict, and so are decisions about records that were merged only later.
With double screening two reviewers decide independently, and what they agree on is in force.
Each stage has its own decisions and settings. The rule is the same at both, except that two who
exclude a full text have to agree on the reason too, because PRISMA counts one reason of each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import chain, groupby

from autoscreen.records import Stage
from autoscreen.store.database import Database

NOBODY = "import: "
"""Before the name of a file: the reviewer of a decision in it that no one signed."""
_BATCH = 500
SET_LABEL = {
    Stage.TITLE_ABSTRACT: "UPDATE record SET decision_id = ?, open = ? WHERE id = ?",
    Stage.FULL_TEXT: "UPDATE record SET full_text_id = ?, full_text_open = ? WHERE id = ?",
}
_SET_NEWEST = {
    Stage.TITLE_ABSTRACT: "UPDATE record SET open = NULL, decision_id = (SELECT max(standing.id)"
    " FROM source JOIN standing ON standing.record_id = source.id AND stage = 'title-abstract'"
    " WHERE source.record_id = record.id) WHERE id IN (SELECT value FROM json_each(?))",
    Stage.FULL_TEXT: "UPDATE record SET full_text_open = NULL, full_text_id ="
    " (SELECT max(standing.id) FROM source JOIN standing ON standing.record_id = source.id"
    " AND stage = 'full-text' WHERE source.record_id = record.id)"
    " WHERE id IN (SELECT value FROM json_each(?))",
}


class PendingState(StrEnum):
    """Why a record that somebody has decided about has no label yet."""

    PENDING = "pending"
    """One of two reviewers has decided."""
    CONFLICT = "conflict"
    """Decisions of two reviewers, two files, or a file and a reviewer differ; it is unresolved."""


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
    """A decision that was not withdrawn, as the rule sees it; its import if it came in a file."""

    id: int
    reviewer: str
    label: str
    reason: str = ""  # Of an exclusion of a full text
    import_id: int | None = None
    resolves: bool = False
    # Earlier votes about records that were merged with the one of this vote only later: it was made
    # without knowing them, and does not supersede them
    unaware_of: frozenset[int] = frozenset()


def in_sample(setting: Setting, sources: Iterable[int]) -> bool:
    """Whether two reviewers read a record: whether one of its sources falls into the sample."""
    return any(_place(setting.seed, number) < setting.share for number in sources)


def governing(
    voices: Sequence[ReviewerVote], sources: Iterable[int], known: Sequence[Setting]
) -> Setting | None:
    """Return the setting by which two reviewers must read a record; None if one is enough.

    That is the one in force when it was first decided. Prior knowledge is not read twice.
    """
    if not voices or voices[0].import_id is not None:
        return None
    earlier = [setting for setting in known if setting.decision < voices[0].id]
    return earlier[-1] if earlier and in_sample(earlier[-1], sources) else None


def settle(
    voices: Sequence[ReviewerVote], sources: Sequence[int], known: Sequence[Setting]
) -> tuple[int | None, PendingState | None]:
    """Return the decision in force for a record, or why there is none."""
    if not voices:
        return None, None
    counted = counted_votes(voices, sources, known)
    if len({vote.label for vote in counted}) > 1:
        return None, PendingState.CONFLICT
    double = governing(voices, sources, known) is not None
    if double and len({vote.reason for vote in counted if vote.import_id is None}) > 1:
        return None, PendingState.CONFLICT
    if not double:
        # Where a file agrees with a person, the person's reason and note are in force.
        return max(counted, key=lambda vote: (vote.import_id is None, vote.id)).id, None
    resolved = any(vote.resolves and vote.import_id is None for vote in voices)
    # Where double screening has ended meanwhile, nobody waits for a second reader any more.
    one_reader = len({vote.reviewer for vote in counted}) == 1
    if one_reader and not resolved and in_sample(known[-1], sources):
        return None, PendingState.PENDING
    return voices[-1].id, None


def counted_votes(
    voices: Sequence[ReviewerVote], sources: Sequence[int], known: Sequence[Setting]
) -> list[ReviewerVote]:
    """
    Return the votes that decide, oldest first: they differ if the record is in conflict.

    Where one reviewer is enough, the newest decision made here supersedes all before it.
    """
    alone = governing(voices, sources, known) is None
    final = [v for v in voices if v.import_id is None and (alone or v.resolves)]
    by_reviewer: dict[str, list[ReviewerVote]] = {}
    for vote in voices:
        if any(vote.id < one.id and vote.id not in one.unaware_of for one in final):
            continue
        earlier = by_reviewer.setdefault(vote.reviewer, [])
        by_reviewer[vote.reviewer] = [*(one for one in earlier if _both_count(one, vote)), vote]
    newest = sorted(chain.from_iterable(by_reviewer.values()), key=lambda vote: vote.id)
    return _resolved_in_files(newest)


def unsigned(reviewer: str) -> bool:
    """Whether a vote of a file names no reviewer: each such vote may be another person's."""
    return not reviewer or reviewer.startswith(NOBODY)


def _resolved_in_files(voices: list[ReviewerVote]) -> list[ReviewerVote]:
    """Leave out the votes of a file that a resolution in the same file settled."""
    settled = {vote.import_id: vote.id for vote in voices if vote.resolves}
    return [v for v in voices if v.import_id is None or v.id >= settled.get(v.import_id, 0)]


def _both_count(earlier: ReviewerVote, later: ReviewerVote) -> bool:
    """Whether a vote still counts beside a later one under the same reviewer's name."""
    if later.import_id is None:  # on two copies, neither is a second thought
        return earlier.id in later.unaware_of
    # A file never overrides a person. Within one file neither vote is the later one.
    return earlier.import_id in (None, later.import_id) or unsigned(later.reviewer)


def settings(db: Database, stage: Stage = Stage.TITLE_ABSTRACT) -> list[Setting]:
    """Return the settings of double screening of a stage, oldest first; none without any."""
    rows = db.rows(
        "SELECT share, seed, reviewer, at, decision FROM double_screening WHERE stage = ?"
        " ORDER BY id",
        stage,
    )
    return [
        Setting(share=share, seed=seed, reviewer=reviewer, at=at, decision=decision)
        for share, seed, reviewer, at, decision in rows
    ]


def refresh_all(db: Database, numbers: Sequence[int]) -> None:
    """Update the decisions in force of these records at each stage."""
    refresh(db, numbers)
    if db.value("SELECT EXISTS (SELECT 1 FROM decision WHERE stage = 'full-text')"):
        refresh(db, numbers, Stage.FULL_TEXT)


def refresh(db: Database, numbers: Iterable[int], stage: Stage = Stage.TITLE_ABSTRACT) -> None:
    """Update the decision in force of these records at a stage, from all their sources."""
    wanted = list(numbers)
    known = settings(db, stage)
    if not known:
        # Where no file has a say and nothing was merged, or there is one vote, it is the newest:
        # that is fast.
        db.run(
            _SET_NEWEST[stage],
            json.dumps(wanted),
        )
        wanted = [
            row[0]
            for row in db.rows(
                "SELECT held_by FROM voice WHERE stage = ?"
                " AND held_by IN (SELECT value FROM json_each(?))"
                " GROUP BY held_by HAVING count(*) > 1"
                " AND (count(import_id) OR count(DISTINCT record_id) > 1)",
                *(stage, json.dumps(wanted)),
            )
        ]
    for first in range(0, len(wanted), _BATCH):
        _settle_some(db, wanted[first : first + _BATCH], known, stage)


def held_voices(
    db: Database, numbers: Sequence[int], stage: Stage = Stage.TITLE_ABSTRACT
) -> dict[int, list[ReviewerVote]]:
    """Return the decisions of some records that were not withdrawn, oldest first."""
    rows = db.rows(
        "SELECT held_by, id, reviewer, label, reason, import_id, resolves, record_id FROM voice"
        " WHERE held_by IN (SELECT value FROM json_each(?)) AND stage = ? ORDER BY held_by, id",
        *(json.dumps(list(numbers)), stage),
    )
    merged = _Mergers(db, sorted({row[0] for row in rows if row[0] != row[7]}))
    found: dict[int, list[ReviewerVote]] = {}
    decided_on: dict[int, list[tuple[int, int]]] = {}
    for held_by, id, reviewer, label, reason, import_id, resolves, record in rows:
        earlier = decided_on.setdefault(held_by, [])
        vote = ReviewerVote(
            id=id,
            reviewer=reviewer,
            label=label,
            reason=reason,
            import_id=import_id,
            resolves=bool(resolves),
            unaware_of=frozenset(
                other for other, there in earlier if merged.head(there, id) != record
            ),
        )
        earlier.append((id, record))
        found.setdefault(held_by, []).append(vote)
    return found


class _Mergers:
    """Which record held a source when a decision was made."""

    def __init__(self, db: Database, numbers: Sequence[int]) -> None:
        self._above: dict[int, tuple[int, int]] = {
            absorbed: (kept, decision)
            for absorbed, kept, decision in db.rows(
                "SELECT absorbed, kept, decision FROM merge JOIN source ON source.id = absorbed"
                " WHERE undone_at IS NULL"
                " AND source.record_id IN (SELECT value FROM json_each(?))",
                json.dumps(list(numbers)),
            )
        }

    def head(self, number: int, decision: int) -> int:
        """Return the record of a source at the time of a decision."""
        while number in self._above and self._above[number][1] < decision:
            number = self._above[number][0]
        return number


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


def _settle_some(db: Database, numbers: list[int], known: list[Setting], stage: Stage) -> None:
    voices, sources = held_voices(db, numbers, stage), held_sources(db, numbers)
    db.run_many(
        SET_LABEL[stage],
        [
            (*settle(voices.get(number, []), sources.get(number, []), known), number)
            for number in numbers
        ],
    )


def _place(seed: int, number: int) -> float:
    """Draw a number from 0 to 1 for a source; the same on each machine, and for ever."""
    digest = blake2b(f"{seed}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
