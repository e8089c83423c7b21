"""What holds for every set of records that duplicates are looked for in."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from itertools import combinations
from random import Random
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from autoscreen.dedup import blocking, clusters, combine, find_duplicates, match_fields
from autoscreen.dedup._compare import compare
from autoscreen.dedup._rules import THRESHOLD, _hopeless, _points, judge
from autoscreen.records import SCREENING_LABELS, Notice, NoticeKind, Record, Verdict

# Few values, so that records often share some of them and differ in others.
TITLES = [
    "",
    "Editorial comment",
    "Reply",
    "Coil pose and phantom limb pain: a randomised trial in forty amputees",
    "Coil pose and phantom limb pain: a randomized trial in forty amputees",
    "COIL POSE AND PHANTOM LIMB PAIN",
    "Coil pose and phantom limb pain. Part 1",
    "Coil pose and phantom limb pain. Part 2",
    "Erratum: Coil pose and phantom limb pain: a randomised trial in forty amputees",
    "Sleep of night nurses after a change of shifts in two large hospitals",
]
ABSTRACTS = [
    "",
    "No abstract available",
    "We moved a coil over the motor cortex of forty people with a lost limb. " * 4,
    "We moved a coil over the motor cortex of forty people with a lost limb. " * 4
    + "Pain fell by a third in the group that was treated and stayed low for a month. " * 4,
    "Nurses on night duty slept an hour less than their colleagues on day duty. " * 5,
]
AUTHORS = [(), ("Smith, Anna B.", "Okafor, Ben"), ("Smith AB", "Okafor B"), ("Novak C",)]
JOURNALS = ["", "European Journal of Pain", "Eur J Pain", "Pain", "Journal of Sleep Studies"]

texts = st.text(max_size=12)
lists = st.lists(st.sampled_from(["pain", "Pain", "rTMS", "sleep"]), max_size=3).map(tuple)
labels = st.sampled_from(SCREENING_LABELS)
records = st.builds(
    Record,
    title=st.sampled_from(TITLES),
    abstract=st.sampled_from(ABSTRACTS),
    authors=st.sampled_from(AUTHORS),
    year=st.sampled_from([None, 2001, 2002, 2005]),
    journal=st.sampled_from(JOURNALS),
    volume=st.sampled_from(["", "7", "8"]),
    issue=st.sampled_from(["", "1"]),
    pages=st.sampled_from(["", "21-29", "21-9", "55", "S21"]),
    pmid=st.sampled_from([None, None, "101", "102"]),
    pmcid=st.sampled_from([None, None, None, "PMC7"]),
    doi=st.sampled_from([None, None, "10.1000/a1", "10.1000/b2", "10.1000/b2.pub2"]),
    accession=st.sampled_from(["", "", "L900"]),
    mesh=lists,
    keywords=lists,
    publication_types=lists,
    notices=st.lists(st.builds(Notice, kind=st.sampled_from(NoticeKind)), max_size=2).map(tuple),
    verdicts=st.lists(st.builds(Verdict, label=labels, note=texts), max_size=2).map(tuple),
    note=st.sampled_from(["", "seen", "seen\ntwice", "odd"]),
    tags=lists,
    entered=st.sampled_from(["", "2001-05-03"]),
    raw=texts,
)
pools = st.lists(records, max_size=10)


def groups(pool: list[Record], apart: list[tuple[int, int]]) -> list[tuple[int, ...]]:
    keys = [match_fields(record) for record in pool]
    found = find_duplicates(keys, apart=apart)
    return [cluster.members for cluster in clusters(len(keys), found, keys, apart)]


@given(pools)
def test_no_group_holds_two_pmids(pool: list[Record]) -> None:
    """Records with different PMIDs are never in one group, not even through others."""
    for members in groups(pool, []):
        assert len({pool[i].pmid for i in members} - {None}) <= 1


@given(pools, st.data())
def test_what_a_person_separated_stays_apart(pool: list[Record], data: st.DataObject) -> None:
    """A pair that a person has set apart is in no group together, not even through others."""
    pairs = list(combinations(range(len(pool)), 2))
    apart = data.draw(st.lists(st.sampled_from(pairs), max_size=8)) if pairs else []
    for members in groups(pool, apart):
        assert not [pair for pair in apart if set(pair) <= set(members)]


@given(pools, st.randoms(use_true_random=False))
def test_order_of_records_does_not_matter(pool: list[Record], random: Random) -> None:
    """The same records in another order form the same groups."""

    def contents(some: list[Record]) -> Counter[tuple[object, ...]]:
        keys = [match_fields(record) for record in some]
        return Counter(tuple(sorted(keys[i].order for i in group)) for group in groups(some, []))

    assert contents(random.sample(pool, len(pool))) == contents(pool)


@given(pools, st.integers(min_value=0, max_value=10))
def test_an_import_finds_what_a_whole_search_finds(pool: list[Record], new_from: int) -> None:
    """Looking only for matches of new records gives the same as looking for all and choosing."""
    keys = [match_fields(record) for record in pool]
    for small in (blocking._SMALL, 1):
        with patch.object(blocking, "_SMALL", small):
            whole = [match for match in find_duplicates(keys) if match.second >= new_from]
            assert find_duplicates(keys, new_from=new_from) == whole


@given(pools)
def test_groups_are_linked_by_their_merges(pool: list[Record]) -> None:
    """Every group of n records names the n - 1 matches that brought them together."""
    keys = [match_fields(record) for record in pool]
    seen: set[int] = set()
    for cluster in clusters(len(keys), find_duplicates(keys), keys):
        assert len(cluster.merges) == len(cluster.members) - 1 >= 1
        assert {i for m in cluster.merges for i in (m.first, m.second)} == set(cluster.members)
        assert seen.isdisjoint(cluster.members)
        seen.update(cluster.members)


@given(records, records)
def test_evidence_does_not_depend_on_which_record_comes_first(a: Record, b: Record) -> None:
    """Two records are compared the same way round and the other way round."""
    first, second = match_fields(a), match_fields(b)
    assert judge(first, second) == judge(second, first)


@given(records, records)
def test_the_short_cut_drops_nothing(a: Record, b: Record) -> None:
    """A pair that is given up early could not have reached the threshold."""
    first, second = match_fields(a), match_fields(b)
    if _hopeless(first, second):
        assert _points(first, second, compare(first, second)) < THRESHOLD


@given(records, records)
def test_what_matches_another_matches_its_own_copy(a: Record, b: Record) -> None:
    """A record with too little in it to match its copy matches nothing, and may be left out."""
    first, second = match_fields(a), match_fields(b)
    if judge(first, second):
        assert judge(first, first)
        assert judge(second, second)


@given(pools.filter(bool), st.randoms(use_true_random=False))
def test_combining_is_idempotent_and_free_of_order(pool: list[Record], random: Random) -> None:
    """The merged view is the same for any order, and merging it again changes nothing."""
    merged = combine(pool)
    again = combine(random.sample(pool, len(pool)))
    assert (again, again.raw) == (merged, merged.raw)
    assert combine([merged]) == merged
    assert combine([merged, merged]) == merged
    assert combine([merged, *pool]) == merged


@given(pools.filter(bool))
def test_combining_loses_no_label_and_no_word(pool: list[Record]) -> None:
    """Whatever reviewers and indexers attached to any of the records is in the merged view."""
    merged = combine(pool)
    for record in pool:
        assert set(record.verdicts) <= set(merged.verdicts)
        assert set(record.notices) <= set(merged.notices)
        assert {k.casefold() for k in record.keywords} <= {k.casefold() for k in merged.keywords}
        assert set(record.note.split("\n")) - {""} <= set(merged.note.split("\n"))
    for field in fields(Record):
        filled = any(getattr(record, field.name) for record in pool)
        assert bool(getattr(merged, field.name)) == filled, field.name


@given(pools)
def test_large_blocks_hold_the_rules_too(pool: list[Record]) -> None:
    """Where only neighbours are compared, two PMIDs are in no group and exact copies are in one."""
    with patch.object(blocking, "_SMALL", 1), patch.object(blocking, "_NEIGHBOURS", 1):
        twice = pool + pool
        found = groups(twice, [])
    for members in found:
        assert len({twice[i].pmid for i in members} - {None}) <= 1
    group_of = {i: members for members in found for i in members}
    for i, record in enumerate(pool):
        if record.pmid and record.title:
            assert i + len(pool) in group_of[i]
