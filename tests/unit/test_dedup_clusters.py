"""How matches become groups, and what keeps groups apart."""

from __future__ import annotations

import random
from dataclasses import replace

from autoscreen.dedup import EvidenceKind, clusters, find_duplicates, match_fields
from autoscreen.dedup._clusters import Cluster
from autoscreen.records import Record

BARE = Record(
    title="Coil pose and phantom limb pain: a randomised trial in forty amputees",
    authors=("Smith, Anna B.", "Okafor, Ben"),
    year=2012,
    journal="Eur J Pain",
    volume="16",
    pages="221-228",
)
OTHER = replace(BARE, title="Sleep of nurses on night duty in two hospitals", pages="330-338")


def grouped(records: list[Record], apart: tuple[tuple[int, int], ...] = ()) -> list[Cluster]:
    keys = [match_fields(record) for record in records]
    return clusters(len(keys), find_duplicates(keys, apart=apart), keys, apart)


def members(
    records: list[Record], apart: tuple[tuple[int, int], ...] = ()
) -> list[tuple[int, ...]]:
    return [cluster.members for cluster in grouped(records, apart)]


def test_groups_are_listed_by_their_lowest_member() -> None:
    """Groups come in the order of their records; who is alone is not listed."""
    alone = Record(title="Hospital food", year=2001)
    assert members([OTHER, BARE, alone, BARE, OTHER, BARE]) == [(0, 4), (1, 3, 5)]


def test_a_group_names_its_merges() -> None:
    """For each record that joined there is the match that brought it, the strongest first."""
    with_pmid = replace(BARE, pmid="7")
    (group,) = grouped([BARE, with_pmid, replace(with_pmid, title=BARE.title.upper()[:40])])
    assert [merge.evidence.kind for merge in group.merges] == [
        EvidenceKind.PMID,
        EvidenceKind.SIMILARITY,
    ]


def test_two_pmids_are_not_joined_through_a_third_record() -> None:
    """A record without a PMID goes to one of two articles and does not join them."""
    found = members([replace(BARE, pmid="1"), BARE, replace(BARE, pmid="2")])
    assert found in ([(0, 1)], [(1, 2)])


def test_two_dois_are_not_joined_through_a_third_record() -> None:
    """A record without DOI or place does not join a preprint and its article."""
    article = replace(BARE, doi="10.1000/ejp.221")
    preprint = replace(BARE, doi="10.1101/1.1", journal="", volume="", pages="")
    bridge = replace(BARE, journal="", volume="", pages="")
    assert sorted(map(len, members([article, preprint, bridge]))) == [2]


def test_a_mistaken_doi_is_accepted_through_the_record_that_shows_it() -> None:
    """One pair that shows a DOI to be a mistake suffices for the group."""
    right = replace(BARE, doi="10.1000/ejp.221")
    wrong = replace(BARE, doi="10.1000/ejp.212")
    stub = replace(right, volume="", pages="")
    assert members([right, wrong, stub]) == [(0, 1, 2)]
    assert members([wrong, stub]) == []


def test_years_do_not_drift_along_a_chain() -> None:
    """Records of 2012, 2013 and 2014 without a place do not become one."""
    chain = [replace(BARE, year=year, volume="", pages="") for year in (2012, 2013, 2014)]
    assert members(chain[:2]) == [(0, 1)]
    assert len(members(chain)) == 1
    assert len(members(chain)[0]) == 2


def test_what_a_person_separated_is_not_joined_through_others() -> None:
    """Two separated copies stay apart although a third one matches both."""
    found = members([BARE, replace(BARE, issue="3"), replace(BARE, pages="221-8")], apart=((0, 2),))
    assert len(found) == 1
    assert not {0, 2} <= set(found[0])


def test_separated_copies_each_find_their_own() -> None:
    """A copy that is set apart from one record may still join another."""
    keys = [match_fields(BARE)] * 4
    apart = ((0, 1), (0, 3), (2, 1), (2, 3))
    found = clusters(4, find_duplicates(keys, apart=apart), keys, apart)
    assert [cluster.members for cluster in found] == [(0, 2), (1, 3)]


def test_the_order_of_matches_has_no_influence() -> None:
    """The same matches in another order give the same groups and merges."""
    keys = [match_fields(replace(r, issue=i)) for r in (BARE, OTHER) for i in ("", "1", "2")]
    keys += [match_fields(replace(BARE, pmid="1")), match_fields(replace(BARE, pmid="2"))]
    matches = find_duplicates(keys)
    expected = clusters(len(keys), matches, keys)
    for seed in range(5):
        mixed = random.Random(seed).sample(matches, len(matches))
        assert clusters(len(keys), mixed, keys) == expected


def test_a_thousand_copies_make_one_group() -> None:
    """A group grows to any size without comparing all with all."""
    assert list(map(len, members([BARE] * 1000))) == [1000]
    same_pmid = [replace(BARE, pmid="7", pages=str(n + 2)) for n in range(300)]
    assert list(map(len, members(same_pmid))) == [300]


def test_nothing_to_do() -> None:
    """No records, or none that match, give no groups."""
    assert clusters(0, [], []) == []
    assert members([BARE, OTHER]) == []
