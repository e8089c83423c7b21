"""What a review was at some moment, computed from its log alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autoscreen.records import Stage
from autoscreen.store.effective_label import PendingState, ReviewerVote, Setting, settle
from autoscreen.store.review_history import Log, LoggedDecision, LoggedMerge

_EVER = "~"
"""Comes after each time that is stored."""


@dataclass(frozen=True, slots=True)
class LabelState:
    """What a stage says of a record: the decision in force, or why there is none."""

    decision: LoggedDecision | None = None
    open: PendingState | None = None


UNDECIDED = LabelState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The records of a review at one moment, and their labels."""

    heads: Mapping[int, int]  # Each source with the record that held it
    states: Mapping[Stage, Mapping[int, LabelState]]  # By record; those nobody decided are missing

    def state(self, stage: Stage, record: int) -> LabelState:
        """Return what a stage says of a record."""
        return self.states[stage].get(record, UNDECIDED)


def replay(log: Log, before: str = _EVER) -> Snapshot:
    """Return what the review was just before a moment, ISO 8601 in UTC; by default now."""
    imported = {one.id for one in log.imports if one.at < before}
    merges = [
        one
        for one in log.merges
        if one.at < before and (one.undone_at is None or one.undone_at >= before)
    ]
    above = {one.absorbed: one for one in merges}
    sources = [source for source, import_id in log.sources if import_id in imported]
    heads = {source: _head(above, source) for source in sources}
    members: dict[int, list[int]] = {}
    for source, head in heads.items():
        members.setdefault(head, []).append(source)
    standing = _standing(one for one in log.decisions if one.at < before)
    states = {
        stage: _states(
            [one for one in standing if one.stage is stage and one.record in heads],
            heads,
            (members, above),
            [one for one in log.settings[stage] if one.at < before],
        )
        for stage in Stage
    }
    return Snapshot(heads=heads, states=states)


def _standing(entries: Iterable[LoggedDecision]) -> list[LoggedDecision]:
    listed = list(entries)
    withdrawn = {one.withdraws for one in listed}
    return [one for one in listed if one.label is not None and one.id not in withdrawn]


def _head(above: Mapping[int, LoggedMerge], source: int, decision: int | None = None) -> int:
    """Return the record that held a source, or that held it when a decision was made."""
    while (merge := above.get(source)) is not None:
        if decision is not None and merge.decision >= decision:
            break
        source = merge.kept
    return source


def _states(
    standing: Sequence[LoggedDecision],
    heads: Mapping[int, int],
    merged: tuple[Mapping[int, Sequence[int]], Mapping[int, LoggedMerge]],
    known: Sequence[Setting],
) -> dict[int, LabelState]:
    members, above = merged
    said: dict[int, list[LoggedDecision]] = {}
    for one in standing:
        said.setdefault(heads[one.record], []).append(one)
    # One decision, and one reviewer for each record: it is in force. Most records are like that.
    single = () if known else [record for record, some in said.items() if len(some) == 1]
    found = {record: LabelState(said.pop(record)[0]) for record in single}
    for record, decisions in said.items():
        votes = [
            ReviewerVote(
                id=one.id,
                reviewer=one.reviewer,
                label=str(one.label),
                reason=one.reason if one.stage is Stage.FULL_TEXT else "",
                import_id=one.import_id,
                resolves=one.resolves,
                unaware_of=frozenset(
                    other.id
                    for other in decisions[:at]
                    if _head(above, other.record, one.id) != one.record
                ),
            )
            for at, one in enumerate(decisions)
        ]
        number, still_open = settle(votes, members[record], known)
        in_force = next((one for one in decisions if one.id == number), None)
        found[record] = LabelState(in_force, still_open)
    return found
