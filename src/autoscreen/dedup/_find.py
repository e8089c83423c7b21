"""Finds the pairs of records that are one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence

from autoscreen.dedup._match_evidence import DuplicateMatch
from autoscreen.dedup._match_fields import MatchFields
from autoscreen.dedup._rules import judge, weigh
from autoscreen.dedup.blocking import candidates


def find_duplicates(
    fields: Sequence[MatchFields],
    *,
    new_from: int = 0,
    apart: Collection[tuple[int, int]] = (),
    words: Mapping[str, int] | None = None,
    possible: bool = False,
) -> list[DuplicateMatch]:
    """
    Return the pairs of records which evidence says are one and the same.

    Ordered by positions. Not every pair of a group is in it, but enough to link its records;
    `clusters` forms the groups and may refuse some of the matches. With `possible`, pairs whose
    evidence does not suffice for a merge are among them too.
    """
    separated = {(min(pair), max(pair)) for pair in apart}
    originals, matches = _copies(fields, {position for pair in separated for position in pair})
    first_new = bisect_left(originals, new_from)
    keys = [fields[position] for position in originals]
    compare = weigh if possible else judge
    for i, j in candidates(keys, first_new, words):
        if evidence := compare(keys[i], keys[j]):
            matches.append(
                DuplicateMatch(first=originals[i], second=originals[j], evidence=evidence)
            )
    wanted = [
        match
        for match in matches
        if match.second >= new_from and (match.first, match.second) not in separated
    ]
    return sorted(wanted, key=lambda match: (match.first, match.second))


def _copies(
    fields: Sequence[MatchFields], single: Collection[int]
) -> tuple[list[int], list[DuplicateMatch]]:
    """
    Return the positions that are left to compare, and the matches of exact copies.

    Of equal keys only the first is left, unless a person has judged one of them. A key which has
    too little in it to match its own copy is dropped: it can match no other either.
    """
    firsts: dict[tuple[MatchFields, int], int] = {}
    matches = []
    for position, field in enumerate(fields):
        first = firsts.setdefault((field, position if position in single else -1), position)
        if first != position and (evidence := judge(field, field)):
            matches.append(DuplicateMatch(first=first, second=position, evidence=evidence))
    return [first for first in firsts.values() if _distinctive(fields[first])], matches


def _distinctive(field: MatchFields) -> bool:
    identifier = field.pmid or field.pmcid or field.doi or field.accession or field.registry
    return bool(identifier or field.has_abstract or judge(field, field))
