"""Forms groups from matches, and keeps apart what must not be in one group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from operator import attrgetter

from autoscreen.dedup._match_evidence import DuplicateMatch, EvidenceKind
from autoscreen.dedup._match_fields import MatchFields
from autoscreen.dedup._rules import contradict, dois_agree, other_identifier

_KINDS = list(EvidenceKind)
_COMPARED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Records that are one."""

    members: tuple[int, ...]  # Their positions, at least two, lowest first
    # The matches that joined them, one fewer than members, strongest first
    merges: tuple[DuplicateMatch, ...]


def clusters(
    n: int,
    matches: Iterable[DuplicateMatch],
    fields: Sequence[MatchFields],
    apart: Collection[tuple[int, int]] = (),
) -> list[Cluster]:
    """
    Return the groups of records that are one, from the strongest match to the weakest.

    A match does not join two groups if a person has set any record of one apart from any of the
    other, if their PMIDs differ, if their DOIs differ and no two records show that one DOI is a
    mistake, or if any two records contradict each other, e.g. in the place of publication. So no
    chain of matches can join records that must stay apart.
    """
    strangers: defaultdict[int, set[int]] = defaultdict(set)
    for a, b in apart:
        strangers[a].add(b)
        strangers[b].add(a)
    groups: list[_Group | None] = [None] * n
    accepted = []
    sufficient = [one for one in matches if one.evidence.kind is not EvidenceKind.POSSIBLE]
    for match in _strongest_first(sufficient, fields):
        first = groups[match.first] or _Group.of(match.first, fields[match.first])
        second = groups[match.second] or _Group.of(match.second, fields[match.second])
        if first is second or not first.may_join(second, strangers):
            continue
        joined = first.join(second)
        for member in joined.members:
            groups[member] = joined
        accepted.append(match)
    merges: defaultdict[int, list[DuplicateMatch]] = defaultdict(list)
    for match in accepted:
        merges[id(groups[match.first])].append(match)
    found = {id(group): group for group in groups if group is not None}
    return [
        Cluster(members=tuple(sorted(group.members)), merges=tuple(merges[name]))
        for name, group in found.items()
    ]


def possible_duplicates(
    matches: Iterable[DuplicateMatch],
    groups: Iterable[Cluster],
    fields: Sequence[MatchFields],
    apart: Collection[tuple[int, int]] = (),
) -> list[DuplicateMatch]:
    """
    Return the matches on which a person should decide: the strongest of each two groups.

    Left out are groups that identifiers or a person have set apart.
    """
    members = {position: group.members for group in groups for position in group.members}
    separated = {(min(pair), max(pair)) for pair in apart}
    found: dict[tuple[tuple[int, ...], ...], DuplicateMatch] = {}
    for match in _strongest_first(matches, fields):
        one, other = sorted(members.get(i, (i,)) for i in (match.first, match.second))
        if one != other and not any(
            (min(a, b), max(a, b)) in separated or other_identifier(fields[a], fields[b])
            for a, b in product(one, other)
        ):
            found.setdefault((one, other), match)
    return list(found.values())


def _strongest_first(
    matches: Iterable[DuplicateMatch], fields: Sequence[MatchFields]
) -> list[DuplicateMatch]:
    """Order by content, so that the groups do not depend on the order of the records."""
    matches = list(matches)
    used = {fields[i] for match in matches for i in (match.first, match.second)}
    rank = {key: i for i, key in enumerate(sorted(used, key=attrgetter("order")))}

    def order(match: DuplicateMatch) -> tuple[object, ...]:
        ranks = sorted((rank[fields[match.first]], rank[fields[match.second]]))
        kind = _KINDS.index(match.evidence.kind)
        return kind, -match.evidence.points, *ranks, match.first, match.second

    return sorted(matches, key=order)


@dataclass(slots=True)
class _Group:
    members: list[int]
    pmids: set[str]
    dois: dict[str, list[MatchFields]]
    keys: dict[MatchFields, None] = field(default_factory=dict)

    @classmethod
    def of(cls, position: int, key: MatchFields) -> _Group:
        dois = {key.doi: [key]} if key.doi else {}
        return cls([position], {key.pmid} - {""}, dois, {key: None})

    def may_join(self, other: _Group, strangers: dict[int, set[int]]) -> bool:
        if len(self.pmids | other.pmids) > 1:
            return False
        if strangers and any(
            not strangers[member].isdisjoint(other.members)
            for member in self.members
            if member in strangers
        ):
            return False
        for (doi, mine), (another, theirs) in product(self.dois.items(), other.dois.items()):
            if doi != another and not any(dois_agree(a, b) for a, b in product(mine, theirs)):
                return False
        pairs = product(islice(self.keys, _COMPARED), islice(other.keys, _COMPARED))
        return not any(contradict(a, b) for a, b in pairs)

    def join(self, other: _Group) -> _Group:
        """Take the smaller group into the larger one."""
        large, small = (self, other) if len(self.members) >= len(other.members) else (other, self)
        large.members += small.members
        large.pmids |= small.pmids
        large.keys |= small.keys
        for doi, keys in small.dois.items():
            large.dois.setdefault(doi, []).extend(keys)
        return large
