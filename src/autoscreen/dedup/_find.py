"""Finds the pairs of records that are one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain

from autoscreen.dedup._match_evidence import DuplicateMatch, MatchEvidence
from autoscreen.dedup._match_fields import MatchFields
from autoscreen.dedup._rules import judge, weigh
from autoscreen.dedup.blocking import candidates


def find_duplicates(
    fields: Sequence[MatchFields],
    *,
    new_from: int = 0,
    apart: Collection[tuple[int, int]] = (),
    pairs: Iterable[tuple[int, int]] | None = None,
    possible: bool = False,
) -> list[DuplicateMatch]:
    """
    Return the pairs of records which evidence says are one and the same.

    Ordered by positions. Not every pair of a group is in it, but enough to link its records;
    `clusters` forms the groups and may refuse some of the matches. With `possible`, pairs whose
    evidence does not suffice for a merge are among them too. With `pairs`, only these are compared,
    and the new records with each other.
    """
    separated = {(min(pair), max(pair)) for pair in apart}
    compare = weigh if possible else judge
    single = {position for pair in separated for position in pair}
    firsts, matches = _copies(fields, single, compare)
    originals = sorted({first for first in firsts if first >= 0})
    known = bisect_left(originals, new_from)
    if pairs is None:
        found = _among(fields, originals, known)
    else:
        asked = {(firsts[i], firsts[j]) for i, j in pairs}
        found = chain(asked, _among(fields, originals[known:], 0))
    for i, j in found:
        if i != j and i >= 0 and j >= 0 and (evidence := compare(fields[i], fields[j])):
            matches.append(DuplicateMatch(first=min(i, j), second=max(i, j), evidence=evidence))
    wanted = [
        match
        for match in matches
        if match.second >= new_from and (match.first, match.second) not in separated
    ]
    return sorted(wanted, key=lambda match: (match.first, match.second))


def _among(
    fields: Sequence[MatchFields], positions: Sequence[int], known: int
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of these positions to compare, of which so many are known."""
    keys = [fields[position] for position in positions]
    return ((positions[i], positions[j]) for i, j in candidates(keys, known))


def _copies(
    fields: Sequence[MatchFields],
    single: Collection[int],
    compare: Callable[[MatchFields, MatchFields], MatchEvidence | None],
) -> tuple[list[int], list[DuplicateMatch]]:
    """
    Return for each position the first one with an equal key, and the matches of exact copies.

    A position that a person has judged stays its own. A key which has too little in it to match its
    own copy gets -1: it can match no other either.
    """
    places: dict[tuple[MatchFields, int], int] = {}
    firsts, matches = [], []
    for position, field in enumerate(fields):
        first = places.setdefault((field, position if position in single else -1), position)
        if first != position and (evidence := compare(field, field)):
            matches.append(DuplicateMatch(first=first, second=position, evidence=evidence))
        firsts.append(first)
    bare = {first for first in places.values() if not _distinctive(fields[first])}
    return [-1 if first in bare else first for first in firsts], matches


def _distinctive(field: MatchFields) -> bool:
    identifier = field.pmid or field.pmcid or field.doi or field.accession or field.registry
    return bool(identifier or field.has_abstract or weigh(field, field))
