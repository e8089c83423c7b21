"""The rule of data extraction: which entry of a form is in force, and what two people agree on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from autoscreen.review.extraction_values import SEPARATOR
from autoscreen.store.extracted_values import EntryKind, ExtractionEntry

Entries = Mapping[str, ExtractionEntry]
"""Entries by the key of their field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionState:
    """The form of a study, as its entries settle it."""

    double: bool  # Whether two people fill it in
    own: Mapping[str, Entries]  # What each person entered, without resolutions, the first two
    done: tuple[str, ...]  # Who has filled in every field
    in_force: Entries
    conflicts: tuple[str, ...]  # Fields on which the two differ, until that is resolved

    @property
    def both_done(self) -> bool:
        """Whether two people have filled in every field, so that each may see the other's form."""
        return self.double and len(self.done) == 2

    def may_see(self, entry: ExtractionEntry, reviewer: str) -> bool:
        """Return whether a reviewer may see an entry: one of their own, or of a finished form."""
        return not self.double or self.both_done or entry.reviewer == reviewer


def settle_extraction(
    log: Sequence[ExtractionEntry], fields: Collection[str], *, double: bool
) -> ExtractionState:
    """Return the state of a study from its entries and withdrawals, oldest first."""
    given = [one for one in standing(log) if one.kind is not EntryKind.REJECTED]
    own: dict[str, dict[str, ExtractionEntry]] = {}
    for one in given:
        if not one.resolves:
            own.setdefault(one.reviewer, {})[one.field] = one
    two = dict(list(own.items())[:2])
    done = tuple(who for who, entries in two.items() if entries.keys() >= set(fields))
    in_force = {one.field: one for one in given}
    conflicts: list[str] = []
    if double:
        resolved = {one.field: one for one in given if one.resolves}
        in_force = {}
        for field in fields if len(done) == 2 else ():
            said = [entries[field] for entries in two.values()]
            if field in resolved:
                in_force[field] = resolved[field]
            elif _same(*said):
                newest = max(said, key=lambda one: one.id)
                in_force[field] = replace(newest, reviewer=SEPARATOR.join(two))
            else:
                conflicts.append(field)
    return ExtractionState(
        double=double, own=two, done=done, in_force=in_force, conflicts=tuple(conflicts)
    )


def independent_agreement(
    log: Sequence[ExtractionEntry], fields: Collection[str]
) -> Mapping[str, bool] | None:
    """
    Return for each field whether two people entered the same before they saw each other's form.

    None if no two people have filled in the whole form.
    """
    for at in range(1, len(log) + 1):
        state = settle_extraction(log[:at], fields, double=True)
        if state.both_done:
            one, other = state.own.values()
            return {field: _same(one[field], other[field]) for field in fields}
    return None


def standing(log: Sequence[ExtractionEntry]) -> list[ExtractionEntry]:
    """Return the entries that were not withdrawn."""
    withdrawn = {one.withdraws for one in log}
    return [one for one in log if one.withdraws is None and one.id not in withdrawn]


def _same(one: ExtractionEntry, other: ExtractionEntry) -> bool:
    """Return whether two entries give the same values, in any order and case."""
    parts = [set(entry.value.casefold().split(SEPARATOR)) for entry in (one, other)]
    return one.kind is other.kind and parts[0] == parts[1]
